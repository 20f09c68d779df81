// The verifier on the command line:
//
//   web/tools/node web/verifier/main.ts box FILE     every ballot of a ballot box file
//
// Prints the verdict as JSON. Exit status 0: everything holds; 1: something does not;
// 2: the question could not be answered.

import { readFileSync } from "node:fs";

import { checkBox, parseBox } from "./box.ts";
import { Refused } from "./fault.ts";

const usage = "usage: main.ts box FILE";

async function run(words: readonly string[]): Promise<number> {
  const [command, file] = words;
  if (command !== "box" || file === undefined || words.length !== 2) throw new Error(usage);
  const report = await checkBox(parseBox(new Uint8Array(readFileSync(file))), { batch: 16 });
  console.log(JSON.stringify(report, undefined, 2));
  return report.faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(message);
  if (error instanceof Refused) console.log(JSON.stringify({ refused: error.fault }, undefined, 2));
  process.exitCode = 2;
}
