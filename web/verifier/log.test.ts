// Trees, proofs and signed notes, against the definitions of RFC 9162 written naively.

import { describe, expect, test } from "vitest";

import { toBase64, toHex, utf8, type Bytes } from "./bytes.ts";
import { checkConsistency, checkInclusion, emptyRoot, leafHash, nodeHash, rootOf } from "./merkle.ts";
import { openCheckpoint, parseNote, VerifierKey } from "./note.ts";
import { noteSigner } from "./testing/notes.ts";

const leaves = Array.from({ length: 40 }, (_, i) => leafHash(Uint8Array.of(i)));
const split = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);

function mth(list: readonly Bytes[]): Bytes {
  if (list.length < 2) return list[0] ?? emptyRoot();
  const k = split(list.length);
  return nodeHash(mth(list.slice(0, k)), mth(list.slice(k)));
}

function path(m: number, list: readonly Bytes[]): Bytes[] {
  if (list.length === 1) return [];
  const k = split(list.length);
  return m < k
    ? [...path(m, list.slice(0, k)), mth(list.slice(k))]
    : [...path(m - k, list.slice(k)), mth(list.slice(0, k))];
}

function proof(m: number, list: readonly Bytes[], complete: boolean): Bytes[] {
  if (m === list.length) return complete ? [] : [mth(list)];
  const k = split(list.length);
  return m <= k
    ? [...proof(m, list.slice(0, k), complete), mth(list.slice(k))]
    : [...proof(m - k, list.slice(k), false), mth(list.slice(0, k))];
}

describe("Merkle trees", () => {
  test("published roots", () => {
    expect(toHex(emptyRoot())).toMatch(/^e3b0c442.*b855$/);
    expect(toHex(leafHash(new Uint8Array()))).toMatch(/^6e340b9c.*a01d$/);
  });

  test("roots, inclusion and consistency of all sizes to 40; any change is refused", () => {
    for (let size = 1; size <= leaves.length; ++size) {
      const list = leaves.slice(0, size);
      const top = mth(list);
      expect(toHex(rootOf(list))).toBe(toHex(top));
      for (let at = 0; at < size; ++at) {
        const hashes = path(at, list);
        checkInclusion(at, size, list[at]!, hashes, top);
        expect(() => checkInclusion(at, size, leaves[39 - at]!, hashes, top)).toThrow();
        expect(() => checkInclusion(at, size, list[at]!, [...hashes, top], top)).toThrow();
        if (hashes.length > 0) expect(() => checkInclusion(at, size, list[at]!, hashes.slice(1), top)).toThrow();
        const old = at + 1;
        const consistency = proof(old, list, true);
        checkConsistency(old, mth(list.slice(0, old)), size, top, consistency);
        expect(() => checkConsistency(old, leaves[0]!, size, leaves[1]!, consistency)).toThrow();
      }
      expect(() => checkInclusion(size, size, top, [], top)).toThrow();
    }
    checkConsistency(0, emptyRoot(), 5, mth(leaves.slice(0, 5)), []);
  });
});

describe("signed notes", () => {
  const log = noteSigner("example.org/log", "ed25519", 1);
  const witness = noteSigner("example.org/w", "cosignature", 2);
  const text = `example.org/log\n7\n${toBase64(leaves[0]!)}\n`;
  const note = `${text}\n${log.line(text)}${witness.line(text, 258)}`;
  const open = (changed: string) => openCheckpoint(utf8(changed), log.key, [witness.key]);

  test("a verifier key has one spelling", () => {
    expect(VerifierKey.parse(log.key.text).id).toBe(log.key.id);
    expect(() => VerifierKey.parse(log.key.text.replace(log.key.id, "00000000"))).toThrow("U1304");
    expect(() => VerifierKey.parse(log.key.text.toUpperCase())).toThrow();
  });

  test("a checkpoint with its witness", () => {
    const opened = open(note);
    expect(opened).toMatchObject({ origin: "example.org/log", size: 7 });
    expect(opened.witnesses.map((signed) => signed.time)).toEqual([258n]);
  });

  test("what is refused", () => {
    const cases: readonly (readonly [string, string])[] = [
      [note.replace("\n7\n", "\n8\n"), "U1305"], [note.replace("\n7\n", "\n07\n"), "U1307"],
      [`${text}\n${witness.line(text, 258)}`, "U1306"],
      [`${text}\n${log.line(text)}${witness.line(`${text}x\n`, 258)}`, "U1305"],
      [text, "U1302"], [note.replaceAll("\n", "\r\n"), "U1302"], [note.slice(0, -1), "U1302"],
    ];
    for (const [changed, number] of cases) expect(() => open(changed), changed).toThrow(number);
    expect(() => parseNote(Uint8Array.of(0xff))).toThrow("U1302");
  });
});
