// The verifier on the command line:
//
//   web/tools/node web/verifier/main.ts box FILE           every ballot of a ballot box
//   web/tools/node web/verifier/main.ts station FILE…      one station: its package and, where
//       they are at hand, the election key record, the trustees' decryptions, the files of
//       the election definition, the box count, the officials' signatures
//   web/tools/node web/verifier/main.ts receipt CODE FILE… the ballot with this code in a
//       package; with a receipt of the log, and the log's key or a witness policy, also
//       that the log holds it
//   web/tools/node web/verifier/main.ts record FOLDER [--log-key KEY] [--election HASH]
//       [--policy FILE] [--seen CHECKPOINT]…                a whole copy of a record
//
// Prints the verdict as JSON. Exit status 0: everything holds; 1: something does not;
// 2: the question could not be answered.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";

import { parseCode } from "./ballot.ts";
import { checkBox, parseBox } from "./box.ts";
import { fromHex, type Bytes } from "./bytes.ts";
import { checkNumbers, type Check } from "./checks.ts";
import { sortFiles, type Sorted } from "./evidence.ts";
import { Refused } from "./fault.ts";
import { findBallot } from "./log-receipt.ts";
import { VerifierKey } from "./note.ts";
import { parsePackage } from "./package.ts";
import { verifyRecord, type Trust } from "./record.ts";
import { verifyStation } from "./verdict.ts";

const usage = "usage: main.ts box FILE | station FILE... | receipt CODE FILE... | record FOLDER [options]";

const read = (path: string): Bytes => new Uint8Array(readFileSync(path));
const print = (value: unknown): void => console.log(JSON.stringify(value, undefined, 2));

async function box(path: string): Promise<number> {
  const report = await checkBox(parseBox(read(path)), { batch: 16 });
  print(report);
  return report.faults.length === 0 ? 0 : 1;
}

function sorted(paths: readonly string[]): Sorted & { readonly evidence: NonNullable<Sorted["evidence"]> } {
  const files = sortFiles(paths.map((path) => ({ name: basename(path), bytes: read(path) })));
  if (files.evidence === undefined) throw new Error("none of the files is a station package");
  if (files.packages > 1) throw new Error("give the package of one station at a time");
  return { ...files, evidence: files.evidence };
}

async function station(paths: readonly string[]): Promise<number> {
  const verdict = await verifyStation(sorted(paths).evidence, { batch: 16 });
  print(verdict);
  return verdict.verdict === "failed" ? 1 : 0;
}

function receipt(codeText: string, paths: readonly string[]): number {
  const code = parseCode(codeText);
  if (code === undefined) throw new Error(`'${codeText}' is not a confirmation code`);
  const { evidence, logReceipt, logTrust } = sorted(paths);
  const { found, ...rest } = findBallot(parsePackage(evidence.package), code, logReceipt, logTrust);
  print({
    found: found !== undefined,
    ...(found === undefined ? {} : { recorded: found.decision, position: found.position, leaf: found.leaf }),
    ...rest,
  });
  return found !== undefined && rest.path !== undefined && rest.log.kind !== "wrong" ? 0 : 1;
}

function trustOf(words: readonly string[]): { folder: string; trust: Trust } {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      "log-key": { type: "string" }, election: { type: "string" }, policy: { type: "string" },
      seen: { type: "string", multiple: true },
    },
  });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new Error(usage);
  const election = values.election === undefined ? undefined : fromHex(values.election);
  if (values.election !== undefined && election?.length !== 32) throw new Error("--election is not a hash");
  return {
    folder,
    trust: {
      ...(values["log-key"] === undefined ? {} : { logKey: VerifierKey.parse(values["log-key"]) }),
      ...(election === undefined ? {} : { election }),
      ...(values.policy === undefined ? {} : { policy: read(values.policy) }),
      seen: (values.seen ?? []).map(read),
    },
  };
}

async function record(words: readonly string[]): Promise<number> {
  const { folder, trust } = trustOf(words);
  const files = {
    read: (path: string) => (existsSync(join(folder, path)) ? read(join(folder, path)) : undefined),
    list: (path: string) => (existsSync(join(folder, path)) ? readdirSync(join(folder, path)) : []),
  };
  const report = await verifyRecord(files, trust, { batch: 16 });
  const numbered = (checks: readonly Check[]): unknown[] =>
    checks.map((check) => ({ number: checkNumbers[check.name], ...check }));
  print({
    ...report,
    checks: numbered(report.checks),
    stations: report.stations.map((one) => ({ station: one.station, checks: numbered(one.checks) })),
  });
  return report.failed ? 1 : 0;
}

async function run([command, ...words]: readonly string[]): Promise<number> {
  if (command === "box" && words.length === 1) return box(words[0]!);
  if (command === "station" && words.length > 0) return station(words);
  if (command === "receipt" && words.length >= 2) return receipt(words[0]!, words.slice(1));
  if (command === "record") return record(words);
  throw new Error(usage);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof Refused) print({ refused: error.fault });
  process.exitCode = 2;
}
