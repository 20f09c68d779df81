// What officials sign beside a sheet: their signatures (docs/formats/tally-sheet.md), the
// count of the papers in the box (box-count.md), and the decision that names the ballots
// left out (decryption.md).

import { equal, fromUtf8, utf8, type Bytes } from "./bytes.ts";
import type { DefinedOfficial } from "./definition.ts";
import { attempt, faultText, Refused } from "./fault.ts";
import { FieldReader } from "./fields.ts";
import { readList } from "./box.ts";
import { Reader } from "./reader.ts";
import { checkContest, readContest, type ContestResult, type Mode, type Sheet } from "./sheet.ts";
import { PublicKey } from "./signature.ts";
import { sha256 } from "./transcript.ts";

interface OfficialSignature {
  readonly document: "SHEET" | "BOX";
  readonly digest: Bytes;
  readonly station: string;
  readonly role: string;
  readonly key: PublicKey;
  readonly message: Bytes;
  readonly signature: Bytes;
}

// Every line ended by one line feed.
export function linesOf(bytes: Bytes): string[] {
  const lines = fromUtf8(bytes)?.split("\n");
  if (lines?.pop() !== "") throw new Refused(2403, "the last line");
  return lines;
}

function parseSignature(line: string): OfficialSignature {
  const reader = new FieldReader(line, 1024);
  if (reader.text("URNA") !== "SIGNATURE/1") throw new Refused(2404, reader.place("URNA"));
  const document = reader.oneOf("DOCUMENT", ["SHEET", "BOX"] as const);
  const digest = reader.hex("DIGEST", 32);
  const station = reader.code("STATION");
  const role = reader.code("ROLE");
  reader.label("NAME");
  const key = PublicKey.decode(reader.base32("KEY", 32));
  const message = utf8(reader.read);
  const signature = reader.base32("SIGN", 64);
  reader.finish();
  return { document, digest, station, role, key, message, signature };
}

// Which of these lines do not count, and why.
export function wrongSignatures(
  lines: readonly string[],
  document: "SHEET" | "BOX",
  digest: Bytes,
  station: string,
  officials: readonly DefinedOfficial[],
): string[] {
  const seen: PublicKey[] = [];
  return lines.map(parseSignature).flatMap((item) => {
    const read = attempt(() => {
      const who = `${item.role} of station ${item.station}`;
      if (!item.key.verifies("official", item.message, item.signature)) throw new Refused(2460, who);
      if (item.document !== document || !equal(item.digest, digest) || item.station !== station) throw new Refused(2465, who);
      const known = officials.some((one) => equal(one.key.bytes, item.key.bytes) &&
        (one.station === "" || one.station === station) && (one.role === "" || one.role === item.role));
      if (!known) throw new Refused(2464, who);
      if (seen.some((key) => equal(key.bytes, item.key.bytes))) throw new Refused(2466, who);
      seen.push(item.key);
    });
    return "fault" in read ? [faultText(read.fault)] : [];
  });
}

interface BoxCount {
  readonly text: string;
  readonly mode: Mode;
  readonly election: Bytes;
  readonly station: string;
  readonly sheet: Bytes;
  readonly papers: number;
  readonly contests: readonly ContestResult[];
  readonly signatures: readonly string[];
}

function parseBoxCount(bytes: Bytes): BoxCount {
  const [text, ...signatures] = linesOf(bytes);
  const reader = new FieldReader(text ?? "", 65_536);
  if (reader.text("URNA") !== "BOX/1") throw new Refused(2404, reader.place("URNA"));
  const head = {
    mode: reader.oneOf("MODE", ["DEMO", "TEST", "OFFICIAL"] as const),
    election: reader.hex("ELECTION", 32),
    station: reader.code("STATION"),
    sheet: reader.hex("SHEET", 32),
    papers: reader.number("PAPERS", 0, 99_999_999),
  };
  if (reader.text("IMAGE") !== "-" && !/ IMAGE:[0-9A-F]{64} /.test(text!)) throw new Refused(2405, "IMAGE");
  const contests = Array.from({ length: reader.number("CONTESTS", 0, 100) }, () => readContest(reader));
  if (reader.text("END") !== "BOX") throw new Refused(2403, reader.place("END"));
  reader.finish();
  for (const contest of contests) checkContest(contest, head.papers);
  return { text: text!, ...head, contests, signatures };
}

// What is wrong with the box count beside these sheets; a count that nobody can use is
// refused.
export function wrongBoxCount(bytes: Bytes, sheets: readonly Sheet[], officials: readonly DefinedOfficial[]): string[] {
  const box = parseBoxCount(bytes);
  const last = sheets.at(-1)!;
  if (!equal(box.election, last.election) || box.mode !== last.mode || box.station !== last.station) {
    throw new Refused(2500, `it stands beside a sheet of station ${last.station}`);
  }
  if (!equal(box.sheet, last.digest)) throw new Refused(2500, "it names another sheet");
  const options = (contest: ContestResult): string => [contest.code, ...contest.options.map(({ code }) => code)].join();
  const other = box.contests.find((contest) => !last.contests.some((on) => options(on) === options(contest)));
  if (other !== undefined) throw new Refused(2500, `contest ${other.code}`);
  const wrong = wrongSignatures(box.signatures, "BOX", sha256(utf8(box.text)), box.station, officials);
  if (wrong.length > 0) return wrong;
  if (box.signatures.length < 2) throw new Refused(2500, `${box.signatures.length} official signed, two must`);
  const cast = sheets.reduce((sum, sheet) => sum + (sheet.counts.CAST ?? Number.NaN), 0);
  const findings = cast === box.papers ? [] : [`${box.papers} papers in the box, ${cast} ballots cast`];
  for (const counted of box.contests) {
    const on = sheets.map((sheet) => sheet.contests.find(({ code }) => code === counted.code)!);
    const compare = (item: string, paper: number | undefined, machine: number | undefined): void => {
      if (paper !== undefined && machine !== undefined && paper !== machine) {
        findings.push(`contest ${counted.code}, ${item}: ${paper} on paper, ${machine} on the sheet`);
      }
    };
    const sum = (of: (contest: ContestResult) => number | undefined): number | undefined =>
      on.reduce<number | undefined>((all, contest) => {
        const one = of(contest);
        return all === undefined || one === undefined ? undefined : all + one;
      }, 0);
    compare("BALLOTS", counted.ballots, sum(({ ballots }) => ballots));
    counted.options.forEach((option, i) => compare(option.code, option.votes, sum(({ options: of }) => of[i]?.votes)));
    compare("BLANK", counted.blank, sum(({ blank }) => blank));
    compare("NULL", counted.nullVotes, sum(({ nullVotes }) => nullVotes));
  }
  return findings;
}

// What is wrong with the declaration that machine `segment` of a station is lost
// (docs/formats/handover.md); one that nobody can read is refused. Without the definition
// nobody can tell who may sign, and that is not looked at.
export function wrongLoss(
  bytes: Bytes,
  { station, election, segment }: { readonly station: string; readonly election: Bytes; readonly segment: number },
  officials: readonly DefinedOfficial[] | undefined,
): string[] {
  const read = attempt(() => readLoss(bytes));
  if ("fault" in read) throw new Refused(2530, faultText(read.fault));
  const lost = read.value;
  if (!equal(lost.definition, election) || lost.station !== station || lost.segment !== segment) {
    throw new Refused(2530, `it is about machine ${lost.segment} of station ${lost.station}`);
  }
  const unknown = lost.signers.find(({ role, key }) => officials?.some((one) => equal(one.key.bytes, key.bytes) &&
    (one.station === "" || one.station === station) && (one.role === "" || one.role === role)) === false);
  if (unknown !== undefined) return [`the election knows no ${unknown.role} with this key at station ${station}`];
  const [first, second] = lost.signers;
  return equal(first!.key.bytes, second!.key.bytes) ? [`the key of ${first!.role} signs twice`] : [];
}

export const lostMagic = "urna-machine-lost-1";

function readLoss(bytes: Bytes) {
  const reader = new Reader(bytes);
  if (reader.text(64) !== lostMagic) throw new Refused(2530, "the magic is missing");
  const definition = reader.take(32);
  const station = reader.text(16);
  const segment = reader.u32();
  const message = bytes.subarray(0, reader.offset);
  const signers = [0, 1].map(() => {
    const role = reader.text(16);
    if (!/^[A-Z0-9]{1,16}$/.test(role)) throw new Refused(2530, "a role is no code");
    const key = PublicKey.decode(reader.take(32));
    if (!key.verifies("machine-lost", message, reader.take(64))) throw new Refused(2460, role);
    return { role, key };
  });
  reader.finish();
  return { definition, station, segment, signers };
}

export interface Exclusion {
  readonly electionHash: Bytes;
  readonly station: string;
  readonly packageHash: Bytes;
  readonly excluded: readonly Bytes[];
  readonly official: PublicKey;
}

export function parseExclusion(bytes: Bytes): Exclusion {
  const read = attempt(() => readExclusion(bytes));
  if ("value" in read) return read.value;
  throw new Refused(3264, faultText(read.fault));
}

function readExclusion(bytes: Bytes): Exclusion {
  const reader = new Reader(bytes);
  if (fromUtf8(reader.take(8)) !== "urna-xcl" || reader.u32() !== 1) throw new Refused(3264, "the magic is missing");
  const electionHash = reader.take(32);
  const station = reader.text(64);
  const packageHash = reader.take(32);
  const excluded = readList(reader, 32, () => reader.take(32));
  reader.text(4096);
  const official = PublicKey.decode(reader.take(32));
  const message = bytes.subarray(0, reader.offset);
  const signature = reader.take(64);
  reader.finish();
  if (excluded.length === 0 || !official.verifies("exclusion-decision", message, signature)) {
    throw new Refused(3264, "its signature or its list");
  }
  return { electionHash, station, packageHash, excluded, official };
}
