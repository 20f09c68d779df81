// Tally sheets, their signatures and certificates (docs/formats/tally-sheet.md).

import { utf8, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import { FieldReader, type Count } from "./fields.ts";
import { PublicKey } from "./signature.ts";
import { sha256 } from "./transcript.ts";

export const countKeys = [
  "REGISTERED", "CHECKEDIN", "MATCHED", "NOTMATCHED", "NOPRINT", "NOTTAKEN", "NOREADER",
  "TOKENS", "UNUSED", "ACTIVATED", "BYOFFICIALS", "CAST", "NOVOTE", "SEALED", "CHALLENGED",
  "VOIDED",
] as const;
export type CountKey = (typeof countKeys)[number];

const modes = ["DEMO", "TEST", "OFFICIAL"] as const;
export type Mode = (typeof modes)[number];

// UNCOUNTED: a machine that could not count, and states no contest.
const origins = ["MACHINE", "IMPORTED", "UNCOUNTED"] as const;
export type Origin = (typeof origins)[number];

export interface ContestResult {
  readonly code: string;
  readonly limit: number;
  readonly ballots: Count;
  readonly options: readonly { readonly code: string; readonly votes: number }[];
  readonly blank: Count;
  readonly nullVotes: Count;
}

export interface Sheet {
  readonly text: string;
  readonly digest: Bytes;
  readonly mode: Mode;
  readonly origin: Origin;
  readonly election: Bytes;
  readonly station: string;
  readonly segment: number;
  readonly device: string;
  readonly opened: string | undefined;
  readonly closed: string | undefined;
  readonly counts: Readonly<Record<CountKey, Count>>;
  readonly contests: readonly ContestResult[];
}

export function parseSheet(text: string): Sheet {
  const reader = new FieldReader(text, 65_536);
  if (reader.text("URNA") !== "SHEET/1") throw new Refused(2404, reader.place("URNA"));
  const head = {
    text,
    digest: sha256(utf8(text)),
    mode: reader.oneOf("MODE", modes),
    origin: reader.oneOf("ORIGIN", origins),
    election: reader.hex("ELECTION", 32),
    station: reader.code("STATION"),
    segment: reader.number("SEGMENT", 1, 99),
    device: reader.labelOrNone("DEVICE"),
    software: reader.labelOrNone("SOFTWARE"),
    opened: reader.time("OPENED"),
    closed: reader.time("CLOSED"),
  };
  const counts = Object.fromEntries(
    countKeys.map((key) => [key, reader.count(key)]),
  ) as Record<CountKey, Count>;
  const [fewest, most] = head.origin === "UNCOUNTED" ? [0, 0] : [1, 100];
  const contests = Array.from({ length: reader.number("CONTESTS", fewest, most) }, () => readContest(reader));
  if (reader.text("END") !== "SHEET") throw new Refused(2403, reader.place("END"));
  reader.finish();
  const sheet: Sheet = { ...head, counts, contests };
  checkRules(sheet);
  return sheet;
}

export function readContest(reader: FieldReader): ContestResult {
  const code = reader.code("CONTEST");
  const limit = reader.number("LIMIT", 1, 1000);
  const ballots = reader.count("BALLOTS");
  const options = Array.from({ length: reader.number("OPTIONS", 1, 1000) }, () => {
    const [key, value] = reader.pair();
    if (!/^[A-Z0-9]{1,16}$/.test(key)) throw new Refused(2405, reader.place(key));
    const votes = Number(value);
    if (!/^(0|[1-9][0-9]{0,7})$/.test(value)) throw new Refused(2405, reader.place(key));
    return { code: key, votes };
  });
  return { code, limit, ballots, options, blank: reader.count("BLANK"), nullVotes: reader.count("NULL") };
}

function checkRules(sheet: Sheet): void {
  noRepeats(sheet.contests.map((contest) => contest.code));
  for (const contest of sheet.contests) {
    noRepeats(contest.options.map((option) => option.code));
    checkContest(contest, sheet.counts.CAST);
  }
  if (sheet.origin !== "IMPORTED") checkMachineSheet(sheet);
}

function noRepeats(codes: readonly string[]): void {
  const twice = codes.find((code, i) => codes.indexOf(code) !== i);
  if (twice !== undefined) throw new Refused(2422, twice);
}

export function checkContest(contest: ContestResult, cast: Count): void {
  const ballots = contest.ballots ?? cast;
  if (ballots === undefined) return;
  const impossible = (): never => {
    throw new Refused(2420, `contest ${contest.code}`);
  };
  if (cast !== undefined && ballots > cast) impossible();
  const without = (contest.blank ?? 0) + (contest.nullVotes ?? 0);
  if (without > ballots) impossible();
  const votes = contest.options.reduce((sum, option) => sum + option.votes, 0);
  if (votes > contest.limit * (ballots - without)) impossible();
  const known = contest.blank !== undefined && contest.nullVotes !== undefined;
  if (known && votes < ballots - without) impossible();
}

const fromCheckIn: readonly CountKey[] = [
  "CHECKEDIN", "MATCHED", "NOTMATCHED", "NOPRINT", "NOTTAKEN", "NOREADER", "TOKENS",
];
const fromPeople: readonly CountKey[] = [...fromCheckIn, "UNUSED"];

function checkMachineSheet(sheet: Sheet): void {
  const refuse = (what: string): never => {
    throw new Refused(2421, what);
  };
  if (sheet.device === "") refuse("DEVICE");
  if (sheet.opened === undefined || sheet.closed === undefined) refuse("OPENED, CLOSED");
  for (const key of countKeys) {
    if (!fromPeople.includes(key) && sheet.counts[key] === undefined) refuse(key);
  }
  const stated = fromCheckIn.filter((key) => sheet.counts[key] !== undefined).length;
  if (stated !== 0 && stated !== fromCheckIn.length) refuse("CHECKEDIN to TOKENS");
  for (const contest of sheet.contests) {
    if (contest.ballots === undefined || contest.blank === undefined || contest.nullVotes !== 0) {
      refuse(`contest ${contest.code}`);
    }
  }
}

export interface Certificate {
  readonly mode: Mode;
  readonly election: Bytes;
  readonly role: string;
  readonly station: string; // empty: every station
  readonly name: string;
  readonly key: PublicKey;
  readonly signedText: string;
  readonly signature: Bytes;
}

export function parseCertificate(text: string): Certificate {
  const reader = new FieldReader(text, 1024);
  if (reader.text("URNA") !== "CERT/1") throw new Refused(2404, reader.place("URNA"));
  const certificate = {
    mode: reader.oneOf("MODE", modes),
    election: reader.hex("ELECTION", 32),
    role: reader.code("ROLE"),
    station: reader.codeOrNone("STATION"),
    name: reader.label("NAME"),
    key: PublicKey.decode(reader.base32("KEY", 32)),
    signedText: reader.read,
    signature: reader.base32("SIGN", 64),
  };
  reader.finish();
  return certificate;
}

export const certifiedBy = (certificate: Certificate, authorities: readonly PublicKey[]): boolean =>
  authorities.some((authority) =>
    authority.verifies("certificate", utf8(certificate.signedText), certificate.signature),
  );

export interface SignedSheet {
  readonly sheet: Sheet;
  readonly signature: Bytes | undefined;
  readonly certificate: Certificate | undefined;
}

// One sheet file: the text, and if signed the signature and the certificate, each line
// ended by one line feed.
export function parseSheetFile(text: string): SignedSheet {
  const lines = text.split("\n");
  if (lines.pop() !== "" || (lines.length !== 1 && lines.length !== 3)) {
    throw new Refused(2407, `${lines.length} lines`);
  }
  const sheet = parseSheet(lines[0]!);
  if (lines.length === 1) return { sheet, signature: undefined, certificate: undefined };
  const reader = new FieldReader(lines[1]!, 200);
  const signature = reader.base32("SIGN", 64);
  reader.finish();
  return { sheet, signature, certificate: parseCertificate(lines[2]!) };
}

// Whether the device signed this sheet, and the certificate is for this device here.
export function checkSignedSheet({ sheet, signature, certificate }: SignedSheet): void {
  if (signature === undefined || certificate === undefined) throw new Refused(2461, sheet.station);
  if (!certificate.key.verifies("tally-sheet", sheet.digest, signature)) {
    throw new Refused(2460, `station ${sheet.station}, segment ${sheet.segment}`);
  }
  const fits =
    certificate.mode === sheet.mode &&
    certificate.role === "MACHINE" &&
    certificate.election.every((byte, i) => byte === sheet.election[i]) &&
    (certificate.station === "" || certificate.station === sheet.station) &&
    certificate.name === sheet.device;
  if (!fits) throw new Refused(2464, `device ${certificate.name}`);
}

export interface Equality {
  readonly name: "outcomes" | "tokens" | "activations" | "sessions" | "sealed";
  readonly left: Count;
  readonly right: Count;
}

// The equalities of the station, over all its segments; a side that needs a number that
// no sheet states is undefined.
export function equalities(sheets: readonly Sheet[]): Equality[] {
  const sum = (...keys: readonly CountKey[]): Count =>
    keys.reduce<Count>((total, key) => add(total, stationTotal(sheets, key)), 0);
  return [
    { name: "outcomes", left: sum("MATCHED", "NOTMATCHED", "NOPRINT", "NOTTAKEN", "NOREADER"), right: sum("CHECKEDIN") },
    { name: "tokens", left: sum("CHECKEDIN"), right: sum("TOKENS") },
    { name: "activations", left: sum("TOKENS", "BYOFFICIALS"), right: sum("ACTIVATED", "UNUSED") },
    { name: "sessions", left: sum("ACTIVATED"), right: sum("CAST", "NOVOTE") },
    { name: "sealed", left: sum("SEALED"), right: sum("CAST", "CHALLENGED", "VOIDED") },
  ];
}

const add = (a: Count, b: Count): Count => (a === undefined || b === undefined ? undefined : a + b);

// Over the segments: CHECKEDIN to TOKENS and UNUSED belong to the station,
// so the sheets that state them say the same total only once.
export function stationTotal(sheets: readonly Sheet[], key: CountKey): Count {
  if (fromPeople.includes(key)) {
    const stated = sheets.flatMap((sheet) => sheet.counts[key] ?? []);
    return stated.length === 0 ? undefined : stated.reduce((sum, count) => sum + count, 0);
  }
  return sheets.reduce<Count>((sum, sheet) => add(sum, sheet.counts[key]), 0);
}
