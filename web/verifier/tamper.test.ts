// The C++ verifier's table of tamperings, row by row as whole records: this verifier, the
// fast and the reference path of the other give one verdict on each, the same checks
// failing for the same stations, among them the one that must catch it. Needs
// record_tamper; without URNA_LONG every 23rd row is judged. URNA_ROWS=2/6 judges the second
// of six parts of the table, for machines where the whole takes too long at once.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { fromHex, utf8, type Bytes } from "./bytes.ts";
import { checkNumbers, type CheckState } from "./checks.ts";
import type { RecordFiles } from "./log-scan.ts";
import { VerifierKey } from "./note.ts";
import { verifyRecord, type RecordReport, type Trust } from "./record.ts";
import { readBytes, root, temporaryFolder, urna } from "./testing/documents.ts";

interface Row {
  readonly name: string;
  readonly number?: number; // the check that must catch it; none of honest records
  readonly station: string;
  readonly trust: {
    readonly log_key: string;
    readonly election: string;
    readonly policy?: string;
    readonly seen: readonly string[];
  };
  readonly files: Readonly<Record<string, string>>;
  readonly fast: readonly string[];
  readonly reference: readonly string[];
  readonly not_run: readonly string[];
}

const program = process.env["URNA_RECORD_TAMPER"] ?? (urna === undefined ? "" : join(dirname(urna), "record_tamper"));
const long = process.env["URNA_LONG"] !== undefined;
const [part, parts] = (process.env["URNA_ROWS"] ?? (long ? "1/1" : "1/23")).split("/").map(Number) as [number, number];

// "7 N01": check 7 fails for station N01; "5": check 5 of the record. Sorted.
function checksIn(report: RecordReport, wanted: CheckState): string[] {
  const of = (checks: RecordReport["checks"], station: string): string[] =>
    checks.filter(({ state }) => state === wanted).map(({ name }) => `${checkNumbers[name]}${station}`);
  return [...of(report.checks, ""), ...report.stations.flatMap(({ station, checks }) => of(checks, ` ${station}`))].sort();
}
const failures = (report: RecordReport): string[] => checksIn(report, "failed");

// The other verifier says for which station a conflict or a missing total is; both name it
// in the finding, and what counts here is the check.
const checksOf = (list: readonly string[]): string[] =>
  [...new Set(list.map((one) => (/^8\b/.test(one) ? "8" : one)))].sort();

describe.skipIf(!existsSync(program))("the table of tamperings", () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder.path, "table", name);
  let rows: readonly Row[];

  beforeAll(() => {
    const ran = spawnSync(program, [at(""), "--first", String(part - 1), "--every", String(parts)], { encoding: "utf8", cwd: root });
    if (ran.status !== 0) throw new Error(ran.stderr);
    ({ rows } = JSON.parse(readFileSync(at("table.json"), "utf8")));
  }, 1_800_000);
  afterAll(folder.remove, 120_000);

  const blobs = new Map<string, Bytes>();
  function open(files: Row["files"]): RecordFiles {
    const load = (hash: string): Bytes => {
      const bytes = blobs.get(hash) ?? readBytes(at(`files/${hash}`));
      blobs.set(hash, bytes);
      return bytes;
    };
    return {
      read: (path) => (files[path] === undefined ? undefined : load(files[path])),
      list: (path) => Object.keys(files).filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1)),
    };
  }
  const trustOf = ({ trust }: Row): Trust => ({
    logKey: VerifierKey.parse(trust.log_key),
    election: fromHex(trust.election)!,
    seen: trust.seen.map(utf8),
    ...(trust.policy === undefined ? {} : { policy: utf8(trust.policy) }),
  });

  test("the honest record passes every check that can be run", async () => {
    const report = await verifyRecord(open(rows[0]!.files), trustOf(rows[0]!));
    expect(failures(report)).toEqual([]);
    expect(rows[0]!.fast).toEqual([]);
    const open_ = report.checks.filter(({ state }) => state === "not run").map(({ name }) => name);
    expect(open_).toEqual(["witnesses", "history"]); // nobody gave a policy or an earlier checkpoint
    for (const { station, checks } of report.stations) {
      const rest = checks.filter(({ state }) => state !== "passed").map(({ name }) => name);
      expect(rest, station).toEqual(station === "N01" ? ["exclusion"] : ["box-count", "officials", "exclusion"]);
    }
  }, 240_000);

  test("three verdicts on every record are one", async () => {
    const memory = new Map<string, unknown>();
    const wrong: string[] = [];
    const left: string[] = []; // checks that one made and the other did not
    for (const row of rows.slice(1)) {
      const report = await verifyRecord(open(row.files), trustOf(row), { memory });
      const ours = checksOf(failures(report));
      const [open_, theirOpen] = [checksIn(report, "not run").join(), [...row.not_run].sort().join()];
      if (open_ !== theirOpen) left.push(`${row.name}: not run ${open_}; the other verifier ${theirOpen}`);
      const theirs = [row.fast, row.reference].map(checksOf);
      const caught = row.number === undefined ? ours.length === 0 : ours.some((one) => Number(one.split(" ")[0]) === row.number);
      if (!caught || theirs.some((one) => one.join() !== ours.join())) {
        wrong.push(`${row.name}: ${ours.join(", ") || "nothing"}; fast ${theirs[0]!.join(", ")}; reference ${theirs[1]!.join(", ")}`);
      }
    }
    const tampered = rows.filter(({ number }) => number !== undefined).length;
    console.log(`${tampered} tampered records, one verdict of all three on each`);
    expect(wrong).toEqual([]);
    expect(left).toEqual([]);
    if (parts === 1) expect(tampered).toBeGreaterThanOrEqual(500);
  }, 3_600_000);
});

test.skipIf(existsSync(program))("record_tamper is not built: no table of tamperings", () => {
  console.warn("build record_tamper, or set URNA_RECORD_TAMPER");
});
