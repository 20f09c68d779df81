// Every worked example of docs/formats that this verifier reads.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { Ballot, codeText, parseCode } from "./ballot.ts";
import { fromHex, toHex, utf8, type Bytes } from "./bytes.ts";
import { decodeElement, generator, mul } from "./group.ts";
import { checkOpening } from "./opening.ts";
import { checkProofs } from "./proofs.ts";
import { checkBatch } from "./batch.ts";
import { PublicKey } from "./signature.ts";
import { Station } from "./station.ts";
import { BallotStyle } from "./style.ts";
import { hexBlocks, namedHex, page, root } from "./testing/documents.ts";
import { hash } from "./transcript.ts";

describe("transcript.md", () => {
  test("gives the example's hash", () => {
    const blocks = hexBlocks(page("transcript.md"));
    expect(toHex(hash("example", ["abc", 7]))).toBe(toHex(blocks[1]!));
  });
});

describe("group.md", () => {
  test("3 G is the example's element", () => {
    expect(toHex(mul(3n, generator).toBytes())).toBe(toHex(hexBlocks(page("group.md"))[0]!));
  });

  test("an odd encoding is refused", () => {
    const odd = new Uint8Array(32);
    odd[0] = 1;
    expect(decodeElement(odd)).toBeUndefined();
  });

  const vectors = readFileSync(join(root, "src/group/testdata/rfc9496.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/));

  test("the vectors of RFC 9496 are accepted and refused as it says", () => {
    const encodings = vectors.filter((words) => fromHex(words.at(-1)!)?.length === 32);
    expect(encodings.length).toBeGreaterThan(40);
    for (const words of encodings) {
      const good = !words[0]!.startsWith("bad");
      if (words[0] !== "multiple" && good) continue;
      expect(decodeElement(fromHex(words.at(-1)!)!) !== undefined, words.join(" ")).toBe(good);
    }
  });
});

describe("signature.md", () => {
  test("the example verifies, and under no other use or message", () => {
    const blocks = hexBlocks(page("signature.md"));
    const key = PublicKey.decode(blocks[0]!.subarray(0, 32));
    const signature = blocks[0]!.subarray(32);
    expect(key.verifies("example", utf8("abc"), signature)).toBe(true);
    expect(key.verifies("other", utf8("abc"), signature)).toBe(false);
    expect(key.verifies("example", utf8("abd"), signature)).toBe(false);
  });

  test("keys of small order, off the curve or not canonical are refused", () => {
    const small = fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")!;
    const one = new Uint8Array(32);
    one[0] = 1;
    const wide = new Uint8Array(32).fill(0xff);
    for (const bytes of [small, one, wide, one.subarray(1)]) {
      expect(() => PublicKey.decode(bytes)).toThrow(/U1201/);
    }
  });
});

describe("ballot.md", () => {
  const text = page("ballot.md");
  const field = (name: string): Bytes => namedHex(text, name);
  const key = decodeElement(field("joint_key"))!;
  const station = new Station(field("election_hash"), "0101001", [1], [
    new BallotStyle(0, [{ options: 1, limit: 1 }]),
  ]);
  const ballot = Ballot.read(station, field("ballot"));

  test("the joint key is the one that the page says", () => {
    expect(toHex(mul(123456789n, generator).toBytes())).toBe(toHex(field("joint_key")));
  });

  test("hash and code are the example's", () => {
    expect(toHex(ballot.hash)).toBe(toHex(field("ballot_hash")));
    expect(toHex(ballot.code)).toBe(toHex(field("code")));
    const spelt = /code_text:\n {4}(\S+)/.exec(text)![1]!;
    expect(codeText(ballot.code)).toBe(spelt);
    expect(toHex(parseCode(spelt.toLowerCase().replaceAll("-", " "))!)).toBe(toHex(ballot.code));
  });

  test("every proof holds, one by one and in a batch, and the opening fits", () => {
    expect(checkProofs(ballot, ballot.fields(), key)).toBeUndefined();
    expect(checkBatch([{ ballot, fields: ballot.fields() }], key)).toEqual([undefined]);
    expect(checkOpening(ballot, key, field("opening"))).toBeUndefined();
  });

  test("every byte of the ballot matters", () => {
    for (let at = 0; at < ballot.bytes.length; at += 7) {
      const bytes = ballot.bytes.slice();
      bytes[at]! ^= 1;
      expect(() => {
        const changed = Ballot.read(station, bytes);
        const found = checkBatch([{ ballot: changed, fields: changed.fields() }], key)[0];
        if (found !== undefined) throw new Error(found.title);
      }, `byte ${at}`).toThrow();
    }
  });
});
