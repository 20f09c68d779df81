// The verdict over one station: every check under its name in docs/verification.md, and
// passed, failed or not run and why. Nothing passes by default.

import { Ballot } from "./ballot.ts";
import { wrongSlip } from "./check-in-slip.ts";
import { checkBox, type BoxReport, type CheckOptions } from "./box.ts";
import { equal, toHex, type Bytes } from "./bytes.ts";
import { combine, openPartial, parsePartial, sumFields, type Statement } from "./decryption.ts";
import { parseElectionKey, type ElectionKey } from "./election-key.ts";
import { attempt, faultText } from "./fault.ts";
import type { Element } from "./group.ts";
import { parsePackage, signedBy, wrongCounts, wrongEvent, wrongRoot, type StationPackage } from "./package.ts";
import {
  certifiedBy, checkSignedSheet, equalities, parseCertificate, parseSheetFile, type Certificate, type Equality, type Sheet,
  type SignedSheet,
} from "./sheet.ts";
import { PublicKey } from "./signature.ts";
import { hash } from "./transcript.ts";

export const checkNames = [
  "package", "package-signature", "certificates", "election-key", "definition", "ballot-box", "proofs",
  "openings", "unique", "order", "roots", "sheets", "counts", "equalities", "events", "decryptions",
  "sheet-totals",
] as const;
export type CheckName = (typeof checkNames)[number];
export type CheckState = "passed" | "failed" | "not run";

export interface Check {
  readonly name: CheckName;
  readonly state: CheckState;
  // What is wrong, one finding a line; or why the check was not run.
  readonly details: readonly string[];
}

export interface Totals {
  readonly contest: string;
  readonly options: readonly { readonly code: string; readonly sheet: number; readonly decrypted: number | undefined }[];
  readonly blank: { readonly sheet: number; readonly decrypted: number | undefined };
}

export interface StationVerdict {
  readonly station: string;
  readonly packageHash: string;
  readonly verdict: CheckState; // failed when any check failed; passed when all passed
  readonly checks: readonly Check[];
  readonly ballots: BoxReport | undefined;
  readonly equalities: readonly Equality[];
  readonly totals: readonly Totals[];
}

// Files of one station, in any order; each is known by its first bytes.
export interface Evidence {
  readonly package: Bytes;
  readonly electionKey?: Bytes;
  readonly partials?: readonly Bytes[];
  // The definition's files by name.
  readonly definition?: ReadonlyMap<string, Bytes>;
}

// Which check a ballot's fault belongs to.
function checkOfFault(number: number): "proofs" | "openings" | "unique" | "order" {
  if (number === 3044) return "order";
  if (number >= 3040 && number < 3044) return "unique";
  return number >= 3050 && number < 3055 ? "openings" : "proofs";
}

class Checks {
  readonly list: Check[] = [];

  // Runs `find`, which gives what is wrong; a refusal is a finding.
  run(name: CheckName, find: () => readonly string[]): boolean {
    const read = attempt(find);
    const details = "value" in read ? read.value : [faultText(read.fault)];
    this.list.push({ name, state: details.length === 0 ? "passed" : "failed", details });
    return details.length === 0;
  }

  skip(name: CheckName, why: string): void {
    this.list.push({ name, state: "not run", details: [why] });
  }
}

export async function verifyStation(evidence: Evidence, options: CheckOptions = {}): Promise<StationVerdict> {
  const checks = new Checks();
  const read = attempt(() => parsePackage(evidence.package));
  if ("fault" in read) {
    checks.run("package", () => [faultText(read.fault)]);
    for (const name of checkNames.slice(1)) checks.skip(name, "the package cannot be read");
    return finish(checks, "", "", undefined, [], []);
  }
  const pack = read.value;
  checks.run("package", () => []);
  const sheets = checkSheets(checks, pack, evidence);
  checks.run("roots", () => {
    const wrong = wrongRoot(pack);
    return wrong === undefined ? [] : [`the root of the ${wrong} ballots`];
  });
  const ballots = await checkBox(pack.box, options);
  for (const name of ["proofs", "openings", "unique", "order"] as const) {
    checks.run(name, () =>
      ballots.faults
        .filter((found) => checkOfFault(found.number) === name)
        .map((found) => `ballot ${found.ballot}: ${faultText(found)}`));
  }
  checks.run("events", () => {
    const line = wrongEvent(pack.events);
    return line === undefined ? [] : [`line ${line} of the public event log`];
  });
  const totals = checkTotals(checks, pack, sheets, ballots, evidence);
  const equal = sheets === undefined ? [] : equalities(sheets);
  return finish(checks, pack.box.station.code, toHex(pack.hash), ballots, equal, totals);
}

function finish(
  checks: Checks,
  station: string,
  packageHash: string,
  ballots: BoxReport | undefined,
  equal: readonly Equality[],
  totals: readonly Totals[],
): StationVerdict {
  const list = checkNames.map((name) => checks.list.find((check) => check.name === name)!);
  const has = (state: CheckState): boolean => list.some((check) => check.state === state);
  const verdict = has("failed") ? "failed" : has("not run") ? "not run" : "passed";
  return { station, packageHash, verdict, checks: list, ballots, equalities: equal, totals };
}

// The package's signature, its sheets, and the numbers on them.
function checkSheets(checks: Checks, pack: StationPackage, evidence: Evidence): readonly Sheet[] | undefined {
  const parsed = attempt(() => pack.sheets.map(parseSheetFile));
  const signed = "value" in parsed ? parsed.value : undefined;
  checks.run("sheets", () => {
    if ("fault" in parsed) return [faultText(parsed.fault)];
    return sheetFindings(pack, parsed.value, evidence);
  });
  const certificate = attempt(() => parseCertificate(pack.certificate));
  checks.run("package-signature", () => {
    if ("fault" in certificate) return [faultText(certificate.fault)];
    return signatureFindings(pack, certificate.value, signed, evidence);
  });
  const all = [
    ...("value" in certificate ? [certificate.value] : []),
    ...(signed ?? []).flatMap((item) => item.certificate ?? []),
  ];
  checkAuthority(checks, all, evidence);
  if (signed === undefined) {
    for (const name of ["counts", "equalities"] as const) checks.skip(name, "the sheets cannot be read");
    return undefined;
  }
  const sheets = signed.map((item) => item.sheet);
  checks.run("counts", () => wrongCounts(pack, sheets));
  checkEqualities(checks, pack, sheets, evidence);
  return sheets;
}

function sheetFindings(
  pack: StationPackage,
  signed: readonly SignedSheet[],
  { definition }: Evidence,
): string[] {
  const election = definition === undefined ? undefined : definitionHash(definition);
  const { station } = pack.box;
  const findings: string[] = [];
  for (const item of signed) {
    checkSignedSheet(item);
    if (item.sheet.station !== station.code) findings.push(`a sheet of station ${item.sheet.station}`);
    if (election !== undefined && !equal(item.sheet.election, election)) {
      findings.push(`segment ${item.sheet.segment}: a sheet of another election`);
    }
    if (!shapeFits(pack, item.sheet)) findings.push(`segment ${item.sheet.segment}: contests other than the ballots'`);
  }
  const segments = signed.map((item) => item.sheet.segment);
  const declared = station.segments.toSorted((a, b) => a - b);
  if (segments.join() !== declared.join()) {
    findings.push(`sheets for segments ${segments.join(", ")}; the ballots declare ${declared.join(", ")}`);
  }
  // The machine of the last segment closed the station and made the package.
  const closing = attempt(() => parseCertificate(pack.certificate));
  const last = signed.at(-1)?.sheet;
  if ("value" in closing && last !== undefined && last.device !== closing.value.name) {
    findings.push(`the last sheet is of ${last.device}, the package of ${closing.value.name}`);
  }
  return findings;
}

const shapeFits = (pack: StationPackage, sheet: Sheet): boolean =>
  pack.box.station.styles.length !== 1 ||
  (pack.box.station.styles[0]!.contests.length === sheet.contests.length &&
    pack.box.station.styles[0]!.contests.every((shape, i) =>
      shape.options === sheet.contests[i]!.options.length && shape.limit === sheet.contests[i]!.limit));

function signatureFindings(
  pack: StationPackage,
  certificate: Certificate,
  signed: readonly SignedSheet[] | undefined,
  { definition }: Evidence,
): string[] {
  const findings: string[] = [];
  const authorities = definition === undefined ? [] : deviceAuthorities(definition);
  if (authorities.length > 0 && !certifiedBy(certificate, authorities)) {
    findings.push(`the certificate of ${certificate.name} is by no authority of the definition`);
  }
  if (!signedBy(pack, certificate)) findings.push(faultText({ number: 1202, title: "signature does not verify", place: "the package" }));
  const { code } = pack.box.station;
  if (certificate.role !== "MACHINE" || (certificate.station !== "" && certificate.station !== code)) {
    findings.push(`the certificate is for ${certificate.role} at ${certificate.station || "every station"}`);
  }
  const last = signed?.at(-1)?.sheet;
  if (last !== undefined && last.device !== certificate.name) {
    findings.push(`signed by ${certificate.name}; the last segment was closed by ${last.device}`);
  }
  return findings;
}

function checkAuthority(checks: Checks, certificates: readonly Certificate[], evidence: Evidence): void {
  const authorities = evidence.definition === undefined ? undefined : deviceAuthorities(evidence.definition);
  if (authorities === undefined || authorities.length === 0) {
    const why = evidence.definition === undefined
      ? "the election definition was not given"
      : "the definition names no device authority";
    checks.skip("certificates", why);
    return;
  }
  checks.run("certificates", () =>
    certificates
      .filter((certificate) => !certifiedBy(certificate, authorities))
      .map((certificate) => `the certificate of ${certificate.name}`));
}

export function deviceAuthorities(definition: ReadonlyMap<string, Bytes>): PublicKey[] {
  const file = definition.get("election.json");
  if (file === undefined) return [];
  const json = JSON.parse(new TextDecoder().decode(file)) as { device_authorities?: unknown };
  const keys = Array.isArray(json.device_authorities) ? json.device_authorities : [];
  return keys.flatMap((text) => {
    const hex = typeof text === "string" && /^[0-9a-f]{64}$/.test(text) ? text : undefined;
    if (hex === undefined) return [];
    return [PublicKey.decode(Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16)))];
  });
}

function checkEqualities(checks: Checks, pack: StationPackage, sheets: readonly Sheet[], { definition }: Evidence): void {
  const authorities = definition === undefined ? undefined : deviceAuthorities(definition);
  const slip = attempt(() => wrongSlip(pack.checkIn, sheets, authorities));
  const wrongOnSlip = "fault" in slip ? [faultText(slip.fault)] : slip.value;
  const list = equalities(sheets);
  const wrong = list.filter(({ left, right }) => left !== undefined && right !== undefined && left !== right);
  const open = list.filter(({ left, right }) => left === undefined || right === undefined);
  if (wrong.length > 0 || wrongOnSlip.length > 0) {
    checks.run("equalities", () => [...wrongOnSlip, ...wrong.map(({ name, left, right }) => `${name}: ${left} is not ${right}`)]);
  } else if (open.length > 0) {
    checks.skip("equalities", `numbers not stated: ${open.map(({ name }) => name).join(", ")}`);
  } else {
    checks.run("equalities", () => []);
  }
}

// The key that the ballots are sealed with, the definition, and what the trustees say.
function checkTotals(
  checks: Checks,
  pack: StationPackage,
  sheets: readonly Sheet[] | undefined,
  ballots: BoxReport,
  evidence: Evidence,
): Totals[] {
  const key = checkKey(checks, pack, evidence);
  checkDefinition(checks, key, sheets, evidence);
  const decrypted = checkDecryption(checks, pack, ballots, key, evidence);
  return compareTotals(checks, pack, sheets, decrypted);
}

function checkKey(checks: Checks, pack: StationPackage, evidence: Evidence): ElectionKey | undefined {
  const { electionKey } = evidence;
  if (electionKey === undefined) {
    for (const name of ["election-key", "ballot-box"] as const) {
      checks.skip(name, "the election key record was not given");
    }
    return undefined;
  }
  const read = attempt(() => parseElectionKey(electionKey));
  checks.run("election-key", () => ("fault" in read ? [faultText(read.fault)] : []));
  if ("fault" in read) {
    checks.skip("ballot-box", "the election key record does not hold");
    return undefined;
  }
  checks.run("ballot-box", () => {
    const findings: string[] = [];
    if (!equal(read.value.electionHash, pack.box.station.electionHash)) findings.push("the ballots are of another election");
    if (!read.value.key.equals(pack.box.key)) findings.push("the ballots are sealed with another key");
    return findings;
  });
  return read.value;
}

// H("definition"; name, bytes, …) of docs/formats/definition.md.
export function definitionHash(files: ReadonlyMap<string, Bytes>): Bytes {
  const names = [...files.keys()].filter((name) => !name.endsWith(".md")).sort();
  return hash("definition", names.flatMap((name) => [name, files.get(name)!]));
}

function checkDefinition(
  checks: Checks,
  key: ElectionKey | undefined,
  sheets: readonly Sheet[] | undefined,
  evidence: Evidence,
): void {
  const { definition } = evidence;
  if (key === undefined && definition === undefined) {
    checks.skip("definition", "neither the election key record nor the definition was given");
    return;
  }
  const expected = definition === undefined ? key!.definition : definitionHash(definition);
  checks.run("definition", () => {
    const findings: string[] = [];
    if (key !== undefined && !equal(key.definition, expected)) findings.push("the key was made for another definition");
    for (const sheet of sheets ?? []) {
      if (!equal(sheet.election, expected)) findings.push(`the sheet of segment ${sheet.segment} is of another election`);
    }
    return findings;
  });
}

function checkDecryption(
  checks: Checks,
  pack: StationPackage,
  ballots: BoxReport,
  key: ElectionKey | undefined,
  evidence: Evidence,
): number[] | undefined {
  const partials = evidence.partials ?? [];
  const [style, ...others] = pack.box.station.styles;
  if (key === undefined || partials.length === 0 || style === undefined || others.length > 0) {
    checks.skip("decryptions", key === undefined ? "the election key record was not given"
      : partials.length === 0 ? "no trustee's decryption was given" : "the station has several ballot styles");
    return undefined;
  }
  const bad = new Set(ballots.faults.map((found) => found.ballot));
  const valid = pack.box.ballots
    .filter((item, i) => item.decision === "cast" && !bad.has(i))
    .map((item) => Ballot.read(pack.box.station, item.ballot));
  const statement: Statement = {
    key, station: pack.box.station, packageHash: pack.hash, fields: sumFields(style, valid),
  };
  const good = new Map<number, readonly Element[]>();
  const findings: string[] = [];
  for (const bytes of partials) {
    const opened = attempt(() => {
      const partial = parsePartial(bytes);
      return [partial.trustee, openPartial(statement, partial)] as const;
    });
    if ("value" in opened) good.set(...opened.value);
    else findings.push(faultText(opened.fault));
  }
  const combined = attempt(() => combine(statement, good, valid.length));
  checks.run("decryptions", () => ("fault" in combined ? [...findings, faultText(combined.fault)] : findings));
  if ("fault" in combined) return undefined;
  return valid.length > 0 ? combined.value : new Array<number>(style.ciphertextPoints / 2).fill(0);
}

// Sheet totals beside decrypted ones.
function compareTotals(
  checks: Checks,
  pack: StationPackage,
  sheets: readonly Sheet[] | undefined,
  decrypted: readonly number[] | undefined,
): Totals[] {
  if (sheets === undefined || !sheets.every((sheet) => shapeFits(pack, sheet))) {
    checks.skip("sheet-totals", "the sheets do not fit the ballots");
    return [];
  }
  let field = 0;
  const totals = sheets[0]!.contests.map((contest, c): Totals => ({
    contest: contest.code,
    options: contest.options.map((option, o) => ({
      code: option.code,
      sheet: sheets.reduce((sum, sheet) => sum + sheet.contests[c]!.options[o]!.votes, 0),
      decrypted: decrypted?.[field++],
    })),
    blank: {
      sheet: sheets.reduce((sum, sheet) => sum + (sheet.contests[c]!.blank ?? 0), 0),
      decrypted: decrypted?.[field++],
    },
  }));
  if (decrypted === undefined) {
    checks.skip("sheet-totals", "there are no decrypted totals");
    return totals;
  }
  checks.run("sheet-totals", () => totals.flatMap(({ contest, options, blank }) =>
    [...options.map((option) => ({ ...option, what: option.code })), { ...blank, what: "BLANK" }]
      .filter((item) => item.sheet !== item.decrypted)
      .map((item) => `${contest} ${item.what}: ${item.sheet} on the sheets, ${item.decrypted} decrypted`)));
  return totals;
}

