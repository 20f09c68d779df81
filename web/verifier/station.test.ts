// A whole station, from the ceremony of real trustees to the package, and what each way
// of tampering with it is answered with.

import { describe, expect, test } from "vitest";

import { Ballot, codeText, parseCode } from "./ballot.ts";
import { parseBox } from "./box.ts";
import { concat, toHex, utf8, type Bytes } from "./bytes.ts";
import { parseElectionKey } from "./election-key.ts";
import { sortFiles } from "./evidence.ts";
import { findCode, parsePackage } from "./package.ts";
import { certificateLine, loadTown, packageBytes, sheetFile, townParts, townSheetText, type PackageParts } from "./testing/town.ts";
import { definitionHash, verifyStation, type CheckName, type Evidence, type StationVerdict } from "./verdict.ts";

const failed = (verdict: StationVerdict): CheckName[] =>
  verdict.checks.filter((check) => check.state === "failed").map((check) => check.name);
const notRun = (verdict: StationVerdict): CheckName[] =>
  verdict.checks.filter((check) => check.state === "not run").map((check) => check.name);

describe("a station of the town", () => {
  const town = loadTown();
  const text = townSheetText(definitionHash(town.definition));
  const parts = (): PackageParts => townParts(town, text);

  const evidence = (change: Partial<PackageParts> = {}, more: Partial<Evidence> = {}): Evidence => ({
    package: packageBytes({ ...parts(), ...change }),
    electionKey: town.electionKey,
    definition: town.definition,
    ...more,
  });

  test("the key was made for this definition", () => {
    const key = parseElectionKey(town.electionKey);
    expect(toHex(key.definition)).toBe(toHex(definitionHash(town.definition)));
  });

  test("the key record gives He and K of the sealed ballots", () => {
    const key = parseElectionKey(town.electionKey);
    const box = parseBox(town.box);
    expect(toHex(key.electionHash)).toBe(toHex(box.station.electionHash));
    expect(key.key.equals(box.key)).toBe(true);
    expect(key).toMatchObject({ threshold: 2, trustees: [{}, {}, {}] });
  });

  test("every byte of the key record matters", () => {
    for (let at = 0; at < town.electionKey.length; at += 397) {
      const bytes = town.electionKey.slice();
      bytes[at]! ^= 4;
      expect(() => parseElectionKey(bytes), `byte ${at}`).toThrow();
    }
  });

  test("an honest package passes everything that can be checked without the trustees", async () => {
    const verdict = await verifyStation(evidence());
    expect(failed(verdict)).toEqual([]);
    expect(notRun(verdict)).toEqual(["box-count", "officials", "exclusion", "decryptions", "decrypted-totals", "sheet-totals"]);
    expect(verdict).toMatchObject({
      verdict: "not run", station: "N01", ballots: { cast: 3, challenged: 1, voided: 1 },
    });
    const alone = await verifyStation({ package: packageBytes(parts()) });
    expect(notRun(alone)).toEqual([
      "certificates", "election-key", "definition", "ballot-box", "box-count", "officials", "exclusion", "decryptions",
      "decrypted-totals", "sheet-totals",
    ]);
  });

  test("each tampering fails the check that is there to catch it", async () => {
    const other = new Uint8Array(32).fill(7);
    const definition = definitionHash(town.definition);
    const lie = text.replace("CAST:3 NOVOTE:1", "CAST:4 NOVOTE:0").replace("SEALED:5", "SEALED:6")
      .replaceAll("BALLOTS:3", "BALLOTS:4").replaceAll(/BLANK:(\d)/g, (_, n) => `BLANK:${Number(n) + 1}`);
    const cases: readonly (readonly [string, Partial<PackageParts>, readonly CheckName[]])[] = [
      ["a root changed", { roots: [other, other, other] }, ["roots"]],
      ["a vote added on the sheet", { sheets: [sheetFile(lie, certificateLine(definition))] }, ["counts"]],
      ["a sheet of another election", {
        sheets: [sheetFile(townSheetText(other), certificateLine(other))],
      }, ["sheets"]],
      ["an impossible sum", { sheets: [sheetFile(text.replace("FARO:1", "FARO:9"), certificateLine(definition))] }, ["sheets"]],
      ["a sheet not signed", { sheets: [`${text}\n`] }, ["sheets"]],
      ["another device's sheet", { sheets: [sheetFile(text, certificateLine(definition, "UM-2"))] }, ["sheets"]],
      ["another device's package", { certificate: certificateLine(definition, "UM-2") }, ["sheets"]],
      ["another station's certificate", { certificate: certificateLine(definition, "UM-1", "N02") }, ["package-signature"]],
      ["an event with a code", { events: "20260510T060000-0400 OPENED ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567\n" }, ["events"]],
      ["an event about a vote", { events: "20260510T060000-0400 VOTE\n" }, ["events"]],
      ["time running back", { events: "20260510T060000-0400 OPENED\n20260510T050000-0400 CLOSED\n" }, ["events"]],
      ["checked in and tokens apart", {
        sheets: [sheetFile(text.replace("TOKENS:4", "TOKENS:5"), certificateLine(definition))],
      }, ["equalities"]],
    ];
    for (const [name, change, names] of cases) {
      expect(failed(await verifyStation(evidence(change))), name).toEqual(names);
    }
  });

  test("any two of the three trustees' decryptions give the totals of the sheet", async () => {
    const { partials } = town;
    for (const two of [partials.slice(0, 2), partials.slice(1), [partials[2]!, partials[0]!]]) {
      const verdict = await verifyStation(evidence({}, { partials: two }));
      expect(verdict.verdict).toBe("passed");
      expect(verdict.totals.find((total) => total.contest === "BRIDGE")).toEqual({
        contest: "BRIDGE",
        options: [{ code: "YES", sheet: 1, decrypted: 1 }, { code: "NO", sheet: 1, decrypted: 1 }],
        blank: { sheet: 1, decrypted: 1 },
      });
    }
    const one = await verifyStation(evidence({}, { partials: partials.slice(0, 1) }));
    expect(failed(one)).toEqual(["decrypted-totals"]);
  });

  test("a station whose machine could not count is counted by the trustees only", async () => {
    const lost = text.replace("ORIGIN:MACHINE", "ORIGIN:UNCOUNTED").replace(/CONTESTS:5 .* END/, "CONTESTS:0 END");
    const sheets = [sheetFile(lost, certificateLine(definitionHash(town.definition)))];
    const verdict = await verifyStation(evidence({ sheets }));
    expect(failed(verdict)).toEqual([]);
    expect(verdict.checks.find((check) => check.name === "sheet-totals")?.details.join()).toContain("trustees only");
    const claimed = text.replace("ORIGIN:MACHINE", "ORIGIN:UNCOUNTED");
    expect(failed(await verifyStation(evidence({ sheets: [sheetFile(claimed, certificateLine(definitionHash(town.definition)))] }))))
      .toEqual(["sheets"]);
  });

  test("every changed byte of a decryption is caught", async () => {
    const [first, second] = town.partials as [Bytes, Bytes];
    for (let at = 0; at < first.length; at += 97) {
      const changed = first.slice();
      changed[at]! ^= 2;
      const verdict = await verifyStation(evidence({}, { partials: [changed, second] }));
      expect(failed(verdict), `byte ${at}`).toEqual(["decryptions", "decrypted-totals"]);
    }
  });

  test("a decryption of another package is not used", async () => {
    const other = evidence({ events: "20260510T060000-0400 OPENED\n20260510T180001-0400 CLOSED\n" }, { partials: town.partials });
    const verdict = await verifyStation(other);
    expect(failed(verdict)).toEqual(["decryptions", "decrypted-totals"]);
    expect(verdict.checks.find((check) => check.name === "decryptions")?.details.join()).toContain("U3252");
  });

  test("votes moved between options of a sheet are not seen without the trustees", async () => {
    const moved = text.replace("FARO:1 MOLINO:0", "FARO:0 MOLINO:1");
    const sheets = [sheetFile(moved, certificateLine(definitionHash(town.definition)))];
    const verdict = await verifyStation(evidence({ sheets }));
    expect(failed(verdict)).toEqual([]);
  });

  test("any changed byte of the package is refused", async () => {
    const bytes = packageBytes(parts());
    for (let i = 0; i < 16; ++i) {
      const at = Math.floor((i * (bytes.length - 1)) / 15);
      const changed = bytes.slice();
      changed[at]! ^= 1;
      const verdict = await verifyStation({ ...evidence(), package: changed });
      expect(verdict.verdict, `byte ${at}`).toBe("failed");
    }
    expect((await verifyStation({ ...evidence(), package: bytes.subarray(1) })).verdict).toBe("failed");
    expect((await verifyStation({ ...evidence(), package: concat(bytes, utf8("x")) })).verdict).toBe("failed");
  });

  test("a receipt's code is found, however it was recorded", () => {
    const pack = parsePackage(packageBytes(parts()));
    const codes = pack.box.ballots.map((item) => Ballot.read(pack.box.station, item.ballot).code);
    const found = codes.map((code) => findCode(pack.box, parseCode(codeText(code))!));
    expect(found.map((item) => item?.decision)).toEqual(["cast", "cast", "cast", "challenged", "voided"]);
    expect(found[3]?.choices?.reduce((sum, bit) => sum + bit, 0)).toBe(2);
    expect(findCode(pack.box, new Uint8Array(32))).toBeUndefined();
  });

  test("files are known by their content", () => {
    const named = (name: string, bytes: Bytes) => ({ name, bytes });
    const sorted = sortFiles([
      named("a.bin", packageBytes(parts())), named("b", town.electionKey), named("photo.jpg", utf8("x")),
      named("election.json", town.definition.get("election.json")!),
    ]);
    expect(sorted).toMatchObject({ packages: 1, unknown: ["photo.jpg"] });
    expect(sorted.evidence?.electionKey).toBe(town.electionKey);
    expect(sorted.evidence?.definition?.size).toBe(1);
  });
});
