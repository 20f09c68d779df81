// The C++ verifier's table of tamperings: every row that one station's package can show
// fails here too, by the check that must catch it. Needs record_tamper; without URNA_LONG
// every thirteenth row is judged.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Bytes } from "./bytes.ts";
import { readBytes, root, temporaryFolder, urna } from "./testing/documents.ts";
import { verifyStation, type CheckName } from "./verdict.ts";

interface Row {
  readonly name: string;
  readonly station: string;
  readonly package: string;
  readonly check: CheckName;
}

const program = process.env["URNA_RECORD_TAMPER"] ?? (urna === undefined ? "" : join(dirname(urna), "record_tamper"));
const step = process.env["URNA_LONG"] === undefined ? 13 : 1;

describe.skipIf(!existsSync(program))("the table of tamperings", () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder.path, "table", name);
  let table: { honest: readonly { station: string; package: string }[]; rows: readonly Row[] };
  let definition: ReadonlyMap<string, Bytes>;

  beforeAll(() => {
    const ran = spawnSync(program, [at("")], { encoding: "utf8", cwd: root });
    if (ran.status !== 0) throw new Error(ran.stderr);
    table = JSON.parse(readFileSync(at("table.json"), "utf8"));
    definition = new Map(readdirSync(at("definition")).map((name) => [name, readBytes(at(`definition/${name}`))]));
  }, 120_000);
  afterAll(folder.remove);

  const evidence = (path: string) => ({ package: readBytes(at(path)), electionKey: readBytes(at("election-key")), definition });

  test("the honest packages pass, decryptions included", async () => {
    const names = readdirSync(at("decryption"));
    for (const { station, package: path } of table.honest) {
      const partials = names.filter((name) => name.startsWith(`${station}-`)).map((name) => readBytes(at(`decryption/${name}`)));
      const verdict = await verifyStation({ ...evidence(path), partials });
      expect(verdict.checks.filter((check) => check.state !== "passed"), station).toEqual([]);
    }
  }, 120_000);

  test("every tampered package fails by the check that must catch it", async () => {
    // Left out: what only the trustees' decryption of that very package can show, and what
    // needs the ballot derived from the definition's tables, which this verifier does not do.
    const rows = table.rows.filter((row, i) =>
      row.check !== "sheet-totals" && !row.name.endsWith("another option") && i % step === 0);
    const missed: string[] = [];
    for (const row of rows) {
      const verdict = await verifyStation(evidence(row.package));
      const failed = verdict.checks.filter((check) => check.state === "failed").map((check) => check.name);
      if (!failed.includes(row.check)) missed.push(`${row.name}: ${row.check}, but failed ${failed.join(", ") || "nothing"}`);
    }
    console.log(`${rows.length} of ${table.rows.length} tampered packages judged`);
    expect(missed).toEqual([]);
  }, 900_000);
});

test.skipIf(existsSync(program))("record_tamper is not built: no table of tamperings", () => {
  console.warn("build record_tamper, or set URNA_RECORD_TAMPER");
});
