// The verdict over one station: every check under its name in docs/verification.md, and
// passed, failed or not run and why. Nothing passes by default.

import { Ballot } from "./ballot.ts";
import { checkBox, type BoxReport, type CheckOptions } from "./box.ts";
import { compare, equal, toHex, type Bytes } from "./bytes.ts";
import { Checks, type Check, type CheckState } from "./checks.ts";
import { combine, openPartial, parsePartial, sumFields, type Statement } from "./decryption.ts";
import { parseDefinition, type Definition, type DefinedOfficial, type DefinitionFiles } from "./definition.ts";
import { parseElectionKey, type ElectionKey } from "./election-key.ts";
import { attempt, faultText } from "./fault.ts";
import type { Element } from "./group.ts";
import { parseExclusion } from "./officials.ts";
import { parsePackage, wrongCounts, wrongEvent, wrongRoot, type StationPackage } from "./package.ts";
import { checkPapers, shapeFits, wrongStyle } from "./papers.ts";
import type { Equality, Sheet } from "./sheet.ts";
import { sha256 } from "./transcript.ts";

export type { Check, CheckState } from "./checks.ts";
export { definitionHash } from "./definition.ts";

export const checkNames = [
  "package", "package-signature", "certificates", "election-key", "definition", "ballot-box", "proofs",
  "openings", "unique", "order", "roots", "sheets", "counts", "equalities", "box-count", "officials", "events",
  "exclusion", "decryptions", "decrypted-totals", "sheet-totals",
] as const;
export type CheckName = (typeof checkNames)[number];

// What a station need not have: a box that was counted, officials with keys, ballots left
// out. These checks are shown as not run, and say nothing against it.
const optional: readonly CheckName[] = ["box-count", "officials", "exclusion"];

export interface Totals {
  readonly contest: string;
  readonly options: readonly { readonly code: string; readonly sheet: number; readonly decrypted: number | undefined }[];
  readonly blank: { readonly sheet: number; readonly decrypted: number | undefined };
}

export interface StationVerdict {
  readonly station: string;
  readonly packageHash: string;
  readonly verdict: CheckState; // failed when any check failed; passed when all passed
  readonly checks: readonly Check<CheckName>[];
  readonly ballots: BoxReport | undefined;
  readonly equalities: readonly Equality[];
  readonly totals: readonly Totals[];
  // Decrypted: for every contest its options and then the blank votes.
  readonly decrypted: readonly number[] | undefined;
}

// What is known of one station.
export interface Evidence {
  readonly package: Bytes;
  readonly station?: string; // whose package this must be
  readonly electionKey?: Bytes;
  readonly partials?: readonly Bytes[];
  readonly partialNames?: readonly string[]; // in the record: the station's code, -, the trustee
  // The definition's files by name.
  readonly definition?: DefinitionFiles;
  readonly boxCount?: Bytes;
  readonly signatures?: Bytes; // the officials'
  readonly exclusion?: Bytes;
  readonly lostMachine?: Bytes | "unusable"; // declared by officials; a record may hold one that nobody can use
  readonly officials?: readonly DefinedOfficial[]; // certified beside those of the definition
  // Read already, by whoever verifies the stations of one record.
  readonly known?: { readonly definition?: Definition; readonly key?: ElectionKey };
}

export interface VerifyOptions extends CheckOptions {
  // Answers of earlier calls: whoever verifies a record again need not do all again.
  readonly memory?: Map<string, unknown>;
}

// Which check a ballot's fault belongs to.
function checkOfFault(number: number): "proofs" | "openings" | "unique" | "order" {
  if (number === 3044) return "order";
  if (number >= 3040 && number < 3044) return "unique";
  return number >= 3050 && number < 3055 ? "openings" : "proofs";
}

export async function verifyStation(evidence: Evidence, options: VerifyOptions = {}): Promise<StationVerdict> {
  const checks = new Checks<CheckName>();
  const read = attempt(() => parsePackage(evidence.package));
  if ("fault" in read) {
    checks.fail("package", faultText(read.fault));
    checks.skip("the package cannot be read", ...checkNames);
    return finish(checks, undefined, undefined, [], [], undefined);
  }
  const pack = read.value;
  checks.run("package", () => []);
  const definition = readDefinition(checks, evidence);
  const papers = checkPapers(checks, pack, evidence, definition);
  checks.run("events", () => {
    const line = wrongEvent(pack.events);
    return line === undefined ? [] : [`line ${line} of the public event log`];
  });
  const key = checkKey(checks, pack, evidence, definition);
  checkDefinition(checks, key, papers.sheets, evidence, definition);
  // A record without a usable key says not even whose ballots these are; a package that
  // somebody looks at alone is judged as far as it goes.
  const nobodys = evidence.station !== undefined && key === undefined;
  if (nobodys || checks.failed("ballot-box")) {
    checks.skip(nobodys ? "there is no usable election key" : "the ballots are not this station's", "proofs", "openings",
      "unique", "order", "roots", "counts", "exclusion", "decryptions", "decrypted-totals", "sheet-totals");
    return finish(checks, pack, undefined, papers.equalities, [], undefined);
  }
  const { sheets } = papers;
  if (sheets !== undefined) checks.run("counts", () => wrongCounts(pack, sheets));
  const ballots = await remembered(options, `box ${toHex(pack.hash)}`, () => checkBox(pack.box, options));
  checkBallots(checks, pack, ballots);
  const decrypted = checkDecryption(checks, pack, ballots, key, evidence, definition, options);
  const totals = compareTotals(checks, pack, papers.sheets, decrypted);
  return finish(checks, pack, ballots, papers.equalities, totals, decrypted);
}

export function remembered<T>({ memory }: VerifyOptions, name: string, find: () => T): T {
  if (memory?.has(name) === true) return memory.get(name) as T;
  const value = find();
  memory?.set(name, value);
  return value;
}

function finish(
  checks: Checks<CheckName>,
  pack: StationPackage | undefined,
  ballots: BoxReport | undefined,
  equal: readonly Equality[],
  totals: readonly Totals[],
  decrypted: readonly number[] | undefined,
): StationVerdict {
  const list = checks.list(checkNames);
  const open = list.some((check) => check.state === "not run" && !optional.includes(check.name));
  const verdict = list.some((check) => check.state === "failed") ? "failed" : open ? "not run" : "passed";
  return {
    station: pack?.box.station.code ?? "", packageHash: pack === undefined ? "" : toHex(pack.hash),
    verdict, checks: list, ballots, equalities: equal, totals, decrypted,
  };
}

function readDefinition(checks: Checks<CheckName>, evidence: Evidence): Definition | undefined {
  if (evidence.known?.definition !== undefined) return evidence.known.definition;
  const files = evidence.definition;
  if (files === undefined) return undefined;
  const read = attempt(() => parseDefinition(files));
  if ("value" in read) return read.value;
  checks.fail("definition", faultText(read.fault));
  return undefined;
}

function checkKey(
  checks: Checks<CheckName>,
  pack: StationPackage,
  evidence: Evidence,
  definition: Definition | undefined,
): ElectionKey | undefined {
  const { electionKey, known } = evidence;
  const { station } = pack.box;
  const misplaced = evidence.station === undefined || evidence.station === station.code
    ? [] : [`these are the ballots of station ${station.code}`];
  const style = definition === undefined ? [] : wrongStyle(pack, definition);
  if (electionKey === undefined) {
    checks.skip("the election key record was not given", "election-key", "ballot-box");
    return undefined;
  }
  const read = attempt(() => known?.key ?? parseElectionKey(electionKey));
  checks.run("election-key", () => ("fault" in read ? [faultText(read.fault)] : []));
  if ("fault" in read) {
    checks.skip("the election key record does not hold", "ballot-box");
    return undefined;
  }
  checks.run("ballot-box", () => {
    const findings = [...misplaced, ...style];
    if (!equal(read.value.electionHash, station.electionHash)) findings.push("the ballots are of another election");
    if (!read.value.key.equals(pack.box.key)) findings.push("the ballots are sealed with another key");
    return findings;
  });
  return read.value;
}

function checkDefinition(
  checks: Checks<CheckName>,
  key: ElectionKey | undefined,
  sheets: readonly Sheet[] | undefined,
  evidence: Evidence,
  definition: Definition | undefined,
): void {
  if (key === undefined && evidence.definition === undefined) {
    checks.skip("neither the election key record nor the definition was given", "definition");
    return;
  }
  const expected = definition?.hash ?? key?.definition;
  if (expected === undefined) return;
  checks.run("definition", () => {
    const findings: string[] = [];
    if (key !== undefined && !equal(key.definition, expected)) findings.push("the key was made for another definition");
    for (const sheet of sheets ?? []) {
      if (!equal(sheet.election, expected)) findings.push(`the sheet of segment ${sheet.segment} is of another election`);
    }
    return findings;
  });
}

function checkBallots(checks: Checks<CheckName>, pack: StationPackage, ballots: BoxReport): void {
  for (const name of ["proofs", "openings", "unique", "order"] as const) {
    checks.run(name, () =>
      ballots.faults
        .filter((found) => checkOfFault(found.number) === name)
        .map((found) => `ballot ${found.ballot}: ${faultText(found)}`));
  }
  checks.run("roots", () => {
    const wrong = wrongRoot(pack);
    return wrong === undefined ? [] : [`the root of the ${wrong} ballots`];
  });
}

// The ballots with a fault are left out of the sums, and a signed decision must name them.
function checkExclusion(
  checks: Checks<CheckName>,
  pack: StationPackage,
  bad: ReadonlySet<number>,
  key: ElectionKey,
  { exclusion }: Evidence,
  definition: Definition | undefined,
): void {
  const leaves = [...bad].map((i) => sha256(Uint8Array.of(0), pack.box.ballots[i]!.ballot)).sort(compare);
  const faulty = leaves.filter((leaf, i) => i === 0 || !equal(leaf, leaves[i - 1]!));
  if (exclusion === undefined) {
    if (faulty.length === 0) checks.skip("no ballot was left out, and no decision is needed", "exclusion");
    else checks.fail("exclusion", `${faulty.length} ballots are faulty, and no decision names them`);
    return;
  }
  checks.run("exclusion", () => {
    const decision = parseExclusion(exclusion);
    const official = definition?.officials.some((one) => one.station === "" && equal(one.key.bytes, decision.official.bytes));
    if (definition !== undefined && official !== true) return ["it is signed by somebody who may not decide this"];
    if (!equal(decision.electionHash, key.electionHash) || decision.station !== pack.box.station.code ||
        !equal(decision.packageHash, pack.hash)) {
      return ["it is about another package"];
    }
    const same = decision.excluded.length === faulty.length && decision.excluded.every((leaf, i) => equal(leaf, faulty[i]!));
    return same ? [] : [`it names ${decision.excluded.length} ballots; the faulty ones are ${faulty.length}, not all the same`];
  });
}

function checkDecryption(
  checks: Checks<CheckName>,
  pack: StationPackage,
  ballots: BoxReport,
  key: ElectionKey | undefined,
  evidence: Evidence,
  definition: Definition | undefined,
  { memory }: VerifyOptions,
): readonly number[] | undefined {
  const [style, ...others] = pack.box.station.styles;
  if (key === undefined || style === undefined || others.length > 0) {
    const why = key === undefined ? "the election key record was not given" : "the station has several ballot styles";
    checks.skip(why, "exclusion", "decryptions", "decrypted-totals");
    return undefined;
  }
  const bad = new Set(ballots.faults.map((found) => found.ballot));
  checkExclusion(checks, pack, bad, key, evidence, definition);
  const partials = evidence.partials ?? [];
  if (partials.length === 0) {
    checks.skip("no trustee's decryption was given", "decryptions", "decrypted-totals");
    return undefined;
  }
  const valid = pack.box.ballots
    .filter((item, i) => item.decision === "cast" && !bad.has(i))
    .map((item) => Ballot.read(pack.box.station, item.ballot));
  const statement: Statement = {
    key, station: pack.box.station, packageHash: pack.hash, fields: sumFields(style, valid),
  };
  const good = new Map<number, readonly Element[]>();
  const findings: string[] = [];
  for (const [i, bytes] of partials.entries()) {
    const opened = openOne(statement, bytes, evidence.partialNames?.[i], memory);
    if (opened.shares !== undefined) good.set(opened.trustee, opened.shares);
    if (opened.wrong !== undefined) findings.push(opened.wrong);
  }
  checks.run("decryptions", () => findings);
  const combined = attempt(() => combine(statement, good, valid.length));
  if (!checks.run("decrypted-totals", () => ("fault" in combined ? [faultText(combined.fault)] : []))) return undefined;
  const { value } = combined as { value: number[] };
  return valid.length > 0 ? value : new Array<number>(style.ciphertextPoints / 2).fill(0);
}

interface Opened {
  readonly trustee: number;
  readonly shares: readonly Element[] | undefined;
  readonly wrong: string | undefined;
}

function openOne(statement: Statement, bytes: Bytes, name: string | undefined, memory: Map<string, unknown> | undefined): Opened {
  const id = `partial ${[statement.key.electionHash, statement.packageHash, sha256(bytes)].map(toHex).join(" ")} ${name}`;
  const known = memory?.get(id) as Opened | undefined;
  if (known !== undefined) return known;
  let trustee = 0;
  const opened = attempt(() => {
    const partial = parsePartial(bytes);
    ({ trustee } = partial);
    return openPartial(statement, partial);
  });
  const place = `${statement.station.code}-${String(trustee).padStart(2, "0")}`;
  const answer: Opened = {
    trustee,
    shares: "value" in opened ? opened.value : undefined,
    wrong: "fault" in opened ? faultText(opened.fault)
      : name !== undefined && name !== place ? `${name} is the file of trustee ${trustee}` : undefined,
  };
  memory?.set(id, answer);
  return answer;
}

// Sheet totals beside decrypted ones.
function compareTotals(
  checks: Checks<CheckName>,
  pack: StationPackage,
  sheets: readonly Sheet[] | undefined,
  decrypted: readonly number[] | undefined,
): Totals[] {
  if (sheets === undefined || !sheets.every((sheet) => shapeFits(pack, sheet))) {
    checks.skip("there is no usable tally sheet", "sheet-totals");
    return [];
  }
  const uncounted = sheets.find((sheet) => sheet.origin === "UNCOUNTED");
  if (uncounted !== undefined) {
    checks.skip(`counted by the trustees only: the machine of segment ${uncounted.segment} had lost its closing key`, "sheet-totals");
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
    checks.skip("there are no decrypted totals", "sheet-totals");
    return totals;
  }
  checks.run("sheet-totals", () => totals.flatMap(({ contest, options, blank }) =>
    [...options.map((option) => ({ ...option, what: option.code })), { ...blank, what: "BLANK" }]
      .filter((item) => item.sheet !== item.decrypted)
      .map((item) => `${contest} ${item.what}: ${item.sheet} on the sheets, ${item.decrypted} decrypted`)));
  return totals;
}
