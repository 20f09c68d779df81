// The verifier on the command line:
//
//   web/tools/node web/verifier/main.ts box FILE           every ballot of a ballot box
//   web/tools/node web/verifier/main.ts station FILE…      one station: its package and, where
//       they are at hand, the election key record, the trustees' decryptions, and the files
//       of the election definition
//   web/tools/node web/verifier/main.ts receipt CODE FILE  the ballot with this code
//
// Prints the verdict as JSON. Exit status 0: everything holds; 1: something does not;
// 2: the question could not be answered.

import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { parseCode } from "./ballot.ts";
import { checkBox, parseBox } from "./box.ts";
import { type Bytes } from "./bytes.ts";
import { sortFiles } from "./evidence.ts";
import { Refused } from "./fault.ts";
import { findCode, parsePackage } from "./package.ts";
import { verifyStation } from "./verdict.ts";

const usage = "usage: main.ts box FILE | station FILE... | receipt CODE FILE";

const read = (path: string): Bytes => new Uint8Array(readFileSync(path));
const print = (value: unknown): void => console.log(JSON.stringify(value, undefined, 2));

async function box(path: string): Promise<number> {
  const report = await checkBox(parseBox(read(path)), { batch: 16 });
  print(report);
  return report.faults.length === 0 ? 0 : 1;
}

async function station(paths: readonly string[]): Promise<number> {
  const sorted = sortFiles(paths.map((path) => ({ name: basename(path), bytes: read(path) })));
  if (sorted.evidence === undefined) throw new Error("none of the files is a station package");
  if (sorted.packages > 1) throw new Error("give the package of one station at a time");
  const verdict = await verifyStation(sorted.evidence, { batch: 16 });
  print(verdict);
  return verdict.verdict === "failed" ? 1 : 0;
}

function receipt(codeText: string, path: string): number {
  const code = parseCode(codeText);
  if (code === undefined) throw new Error(`'${codeText}' is not a confirmation code`);
  const pack = parsePackage(read(path));
  const found = findCode(pack.box, code);
  print({
    station: pack.box.station.code,
    found: found !== undefined,
    ...(found === undefined ? {} : { recorded: found.decision, leaf: found.leaf }),
  });
  return found === undefined ? 1 : 0;
}

async function run([command, ...words]: readonly string[]): Promise<number> {
  if (command === "box" && words.length === 1) return box(words[0]!);
  if (command === "station" && words.length > 0) return station(words);
  if (command === "receipt" && words.length === 2) return receipt(words[0]!, words[1]!);
  throw new Error(usage);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof Refused) print({ refused: error.fault });
  process.exitCode = 2;
}
