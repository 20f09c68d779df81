// Sheets that agree with what was published, and sheets that do not.

import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";

import { toHex } from "../../verifier/bytes.ts";
import { definitionHash } from "../../verifier/verdict.ts";
import { authoritySeed, certificateLine, loadTown, sheetFile, townSheetText } from "../../verifier/testing/town.ts";
import { countSheets, readSources, type Published } from "./citizens.ts";
import type { PublishedContest } from "./site.ts";

const town = loadTown();
const election = definitionHash(town.definition);
const honest = townSheetText(election);
const signed = (text: string): string => sheetFile(text, certificateLine(election));

const contest = (code: string, votes: Readonly<Record<string, number>>, blank: number): PublishedContest => ({
  code, title: { en: code }, blank, null: 0,
  options: Object.entries(votes).map(([option, count]) => ({ code: option, name: { en: option }, votes: count })),
});
const published: Published = {
  definition: toHex(election),
  authorities: [ed25519.getPublicKey(authoritySeed)],
  contests: [
    contest("MAYOR", { FARO: 1, MOLINO: 0, DARIO: 1, IRENE: 0 }, 1),
    contest("COUNCIL", { FARO: 0, MOLINO: 0, CEIBA: 1, RUTA: 0 }, 2),
    contest("NORTE", { NOELIA: 1, OSCAR: 1, PILAR: 0, RAMON: 0 }, 2),
    contest("BRIDGE", { YES: 1, NO: 1 }, 1),
    contest("PARK", { TREES: 1, COURT: 1, STAGE: 1, BENCHES: 1 }, 2),
  ],
};
const count = (texts: readonly string[], sheets: readonly string[] = [digest(honest)], of = published) =>
  countSheets(readSources([{ name: "a.txt", texts }]), of, new Map([["N01", sheets]]));
const digest = (text: string): string =>
  toHex(readSources([{ name: "", texts: [signed(text)] }]).sheets[0]!.signed.sheet.digest);

test("an honest sheet agrees, number by number", () => {
  const result = count([signed(honest)]);
  expect(result.contradictions).toEqual([]);
  expect(result.sheets[0]!.fault).toBeUndefined();
  expect(result.stations).toBe(1);
  for (const { rows } of result.contests) {
    for (const row of rows) expect(row.counted, row.code).toBe(row.published);
  }
});

test("a sheet with another total is not the published one, and gives more than was published", () => {
  const other = honest.replace("FARO:1 MOLINO:0 DARIO:1", "FARO:2 MOLINO:0 DARIO:0");
  const result = count([signed(other)]);
  expect(result.contradictions.map(({ kind }) => kind)).toEqual(["differs", "more"]);
});

test("two signed sheets of one station are shown, and one of them counts", () => {
  const other = honest.replace("FARO:1 MOLINO:0 DARIO:1", "FARO:0 MOLINO:1 DARIO:1");
  const result = count([signed(honest) + signed(other)]);
  expect(result.contradictions.map(({ kind }) => kind)).toEqual(["two"]);
  expect(result.contests[0]!.rows[0]!.counted).toBe(1);
});

test("a station that the site has nothing of is a contradiction", () => {
  expect(count([signed(honest)], []).contradictions).toMatchObject([{ kind: "missing", station: "N01" }]);
});

test("a machine that could not count gives no zeros", () => {
  const text = honest.replace("ORIGIN:MACHINE", "ORIGIN:UNCOUNTED").replace(/CONTESTS:5 .* END/, "CONTESTS:0 END");
  const result = count([signed(text)]);
  expect(result.sheets[0]!.fault).toBe("uncounted");
  expect(result.contests).toEqual([]);
  expect(() => digest(text.replace("UNCOUNTED", "MACHINE"))).toThrow();
});

test("what no certified machine signed is not counted", () => {
  const forged = signed(honest).replace("FARO:1", "FARO:0").replace("BLANK:1 NULL:0 CONTEST:COUNCIL", "BLANK:2 NULL:0 CONTEST:COUNCIL");
  expect(count([forged]).sheets[0]!.fault).toMatch(/^U2460/);
  expect(count([`${honest}\n`]).sheets[0]!.fault).toMatch(/^U2461/);
  expect(count([signed(honest)], undefined, { ...published, authorities: [] }).sheets[0]!.fault).toBe("authority");
  expect(count([signed(honest)], undefined, { ...published, definition: "00" }).sheets[0]!.fault).toBe("election");
  expect(count([forged]).contests).toEqual([]);
});

test("what is no sheet is said", () => {
  expect(count(["hello"]).unread).toEqual([{ source: "a.txt", why: "" }]);
  expect(count(["URNA:QR/1 PART:1/2 broken"]).unread).toHaveLength(1);
});
