// The C++ verifier and this one give the same verdict on the same boxes, honest and
// tampered. Needs the urna program; skipped, with a word, where it is not built.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { Ballot, codeText } from "./ballot.ts";
import { checkBox, parseBox, type Box, type BoxBallot } from "./box.ts";
import { concat, fromUtf8, utf8, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import { findBallot, findLogReceipt } from "./log-receipt.ts";
import { VerifierKey } from "./note.ts";
import { packageMagic, parsePackage, type StationPackage } from "./package.ts";
import { u32 } from "./reader.ts";
import { mustUrna, readBytes, root, runUrna, temporaryFolder, urna } from "./testing/documents.ts";

const framed = (bytes: Bytes): Bytes => concat(u32(bytes.length), bytes);

// The bytes of a box with other ballots.
function boxBytes(box: Box, ballots: readonly BoxBallot[]): Bytes {
  const { station } = box;
  const number = { cast: 1, challenged: 2, voided: 3 } as const;
  return concat(
    framed(utf8("urna-ballot-box-1")),
    station.electionHash,
    framed(utf8(station.code)),
    u32(station.segments.length),
    ...station.segments.map(u32),
    u32(station.styles.length),
    ...station.styles.flatMap((style) => [
      u32(style.number),
      u32(style.contests.length),
      ...style.contests.flatMap((shape) => [u32(shape.options), u32(shape.limit)]),
    ]),
    box.keyBytes,
    u32(ballots.length),
    ...ballots.flatMap((item) => [
      Uint8Array.of(number[item.decision]),
      framed(item.ballot),
      framed(item.opening),
    ]),
  );
}

const flipped = (bytes: Bytes, at: number, bit = 1): Bytes => {
  const copy = bytes.slice();
  copy[at]! ^= bit;
  return copy;
};

describe.skipIf(urna === undefined)("verdicts of both verifiers", () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);

  // What each of them says about the bytes.
  async function verdicts(name: string, bytes: Bytes): Promise<[unknown, unknown]> {
    const path = join(folder.path, name);
    writeFileSync(path, bytes);
    const cpp = runUrna("ballot", "verify", path, "--json");
    const theirs =
      cpp.status === 2
        ? { refused: Number(/U(\d+)/.exec(cpp.stdout + cpp.stderr)?.[1]) }
        : JSON.parse(cpp.stdout);
    try {
      return [theirs, await checkBox(parseBox(bytes))];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return [theirs, { refused: error.fault.number }];
    }
  }

  const honest = join(folder.path, "honest.box");
  if (urna !== undefined) mustUrna("ballot", "sample", honest, "--ballots", "6", "--challenged", "2");
  const bytes = urna === undefined ? new Uint8Array() : readBytes(honest);

  test("an honest box", async () => {
    const [theirs, ours] = await verdicts("again.box", bytes);
    expect(ours).toEqual(theirs);
    expect(ours).toMatchObject({ cast: 4, challenged: 2, voided: 0, faults: [] });
    expect(boxBytes(parseBox(bytes), parseBox(bytes).ballots)).toEqual(bytes);
  });

  test("ballots doubled, dropped, swapped, moved, opened and closed", async () => {
    const box = parseBox(bytes);
    const [a, b, c, d, e, f] = box.ballots as [BoxBallot, BoxBallot, BoxBallot, BoxBallot, BoxBallot, BoxBallot];
    const empty = new Uint8Array();
    const cases: Record<string, readonly BoxBallot[]> = {
      doubled: [a, a, b, c, d, e, f],
      "cast and challenged": [a, b, c, d, { ...a, decision: "challenged", opening: e.opening }],
      swapped: [b, a, c, d, e, f],
      "cast and voided": [a, b, { ...a, decision: "voided", opening: empty }],
      "opening missing": [a, { ...e, opening: empty }],
      "opening of another": [a, { ...e, opening: f.opening }],
      "opening of a cast ballot": [{ ...a, opening: e.opening }, b],
      "opening cut short": [{ ...e, opening: e.opening.subarray(1) }],
      "opening of version 2": [{ ...e, opening: flipped(e.opening, 0, 3) }],
      "choice of 2": [{ ...e, opening: flipped(e.opening, 33, 2) }],
      "seed changed": [{ ...e, opening: flipped(e.opening, 5) }],
      "one choice changed": [{ ...e, opening: flipped(e.opening, e.opening.length - 1) }],
      "ballot cut short": [{ ...a, ballot: a.ballot.subarray(1) }],
      "ballot empty": [{ ...a, ballot: empty }],
      "ballot of ten bytes": [{ ...a, ballot: a.ballot.subarray(0, 10) }],
      "byte added": [{ ...a, ballot: concat(a.ballot, Uint8Array.of(0)) }],
      "byte missing": [{ ...a, ballot: a.ballot.subarray(0, -1) }],
    };
    for (const [name, ballots] of Object.entries(cases)) {
      const [theirs, ours] = await verdicts("case.box", boxBytes(box, ballots));
      expect(ours, name).toEqual(theirs);
      const faults = (ours as { faults: unknown[] }).faults;
      expect(faults.length, `${name} must be caught`).toBeGreaterThan(0);
    }
  });

  test("every field of a ballot changed", async () => {
    const box = parseBox(bytes);
    const [a] = box.ballots as [BoxBallot];
    const style = box.station.styles[0]!;
    const inFields = Array.from({ length: 20 }, (_, i) =>
      41 + 32 * Math.floor((i * (style.points + style.scalars)) / 20) + (i % 32));
    for (const at of [0, 1, 5, 9, 20, ...inFields, a.ballot.length - 1]) {
      const ballot = flipped(a.ballot, at, at % 2 === 0 ? 1 : 0x80);
      const [theirs, ours] = await verdicts("case.box", boxBytes(box, [{ ...a, ballot }]));
      expect(ours, `byte ${at}`).toEqual(theirs);
      expect((ours as { faults: unknown[] }).faults.length).toBeGreaterThan(0);
    }
  });

  test("identities, zeros and numbers that are too large", async () => {
    const box = parseBox(bytes);
    const [a] = box.ballots as [BoxBallot];
    const style = box.station.styles[0]!;
    const order = Uint8Array.from(
      "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010".match(/../g)!,
      (pair) => Number.parseInt(pair, 16),
    );
    const zero = new Uint8Array(32);
    const ones = new Uint8Array(32).fill(0xff);
    const places = [0, 1, 16, style.ciphertextPoints, style.points - 1, style.points,
      style.points + style.scalars - 1];
    for (const index of places) {
      for (const value of [zero, ones, order]) {
        const ballot = a.ballot.slice();
        ballot.set(value, 41 + 32 * index);
        const [theirs, ours] = await verdicts("case.box", boxBytes(box, [{ ...a, ballot }]));
        expect(ours, `field ${index}`).toEqual(theirs);
      }
    }
  });

  test("bytes of the box itself changed or cut", async () => {
    const box = parseBox(bytes);
    const one = boxBytes(box, box.ballots.slice(0, 1));
    const header = boxBytes(box, []).length;
    for (let at = 0; at < header; at += at % 3 === 0 ? 2 : 1) {
      const [theirs, ours] = await verdicts("case.box", flipped(one, at, 2));
      expect(ours, `byte ${at}`).toEqual(theirs);
    }
    for (const end of [0, 10, header - 1, header, one.length - 1]) {
      const [theirs, ours] = await verdicts("case.box", one.subarray(0, end));
      expect(ours, `cut at ${end}`).toEqual(theirs);
    }
  });

});

const recordSample = urna === undefined ? "" : join(dirname(urna), "record_sample");

describe.skipIf(!existsSync(recordSample))("a voter's receipt, written by the other verifier", () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);
  const at = (name: string): string => join(folder.path, name);
  const ran = existsSync(recordSample)
    ? spawnSync(recordSample, [at("town"), "--cast", "3"], { encoding: "utf8", cwd: root }).stdout : "";
  const logKey = /log key +(\S+)/.exec(ran)?.[1] ?? "";

  test("is proved here up to the log's signature, and to nothing else", () => {
    const packages = readdirSync(at("town/blob")).map((name) => readBytes(at(`town/blob/${name}`)))
      .filter((bytes) => fromUtf8(bytes.subarray(4, 4 + packageMagic.length)) === packageMagic).map(parsePackage);
    expect(packages.length).toBe(3);
    const [pack, other] = packages as [StationPackage, StationPackage];
    const { code } = Ballot.read(pack.box.station, pack.box.ballots[0]!.ballot);
    mustUrna("receipt", "check", at("town"), codeText(code), "--log-key", logKey, "--out", at("answer.json"));
    const logReceipt = findLogReceipt(readBytes(at("answer.json")))!;
    const trust = { logKey: VerifierKey.parse(logKey) };
    const { found, path, root: top, log } = findBallot(pack, code, logReceipt, trust);
    const theirs = JSON.parse(readFileSync(at("answer.json"), "utf8"));
    expect({ leaf: found?.leaf, proof: path, root: top }).toEqual({ leaf: theirs.leaf, proof: theirs.proof, root: theirs.root });
    expect(log).toMatchObject({ kind: "proved", origin: "example.org/town-2026", index: theirs.entry });
    expect(findBallot(other, code, logReceipt, trust)).toMatchObject({ found: undefined, log: { kind: "wrong" } });
  });
});

test.skipIf(urna !== undefined)("the urna program is not built: no cross tests", () => {
  console.warn("build/release/bin/urna is missing: run ./test, or set URNA_PROGRAM");
});
