// Every worked example of docs/formats that this verifier reads.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";

import { Ballot, codeText, parseCode } from "./ballot.ts";
import { fromHex, toBase32, toHex, utf8, type Bytes } from "./bytes.ts";
import { decodeElement, generator, mul } from "./group.ts";
import { checkOpening } from "./opening.ts";
import { checkProofs } from "./proofs.ts";
import { checkBatch } from "./batch.ts";
import { readChain } from "./chain.ts";
import { parsePartial } from "./decryption.ts";
import { attempt } from "./fault.ts";
import { wrongLoss } from "./officials.ts";
import { parsePackage, wrongRoot } from "./package.ts";
import { certifiedBy, checkSignedSheet, equalities, parseSheet, parseSheetFile } from "./sheet.ts";
import { definitionHash } from "./verdict.ts";
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

describe("tally-sheet.md", () => {
  const text = page("tally-sheet.md");
  const block = /^URNA:SHEET[^]*?(?=^```)/m.exec(text)![0];

  test("the example is signed, certified and has the digest that the page says", () => {
    const signed = parseSheetFile(block);
    checkSignedSheet(signed);
    expect(toHex(signed.sheet.digest)).toBe(/Digest of the example: `([0-9a-f]+)`/.exec(text)![1]);
    const authority = PublicKey.decode(fromHex(/Authority's key: `([0-9a-f]+)`/.exec(text)![1]!)!);
    expect(certifiedBy(signed.certificate!, [authority])).toBe(true);
    expect(certifiedBy(signed.certificate!, [signed.certificate!.key])).toBe(false);
    for (const { left, right } of equalities([signed.sheet])) expect(left).toBe(right);
  });

  test("there is one legal text for each sheet", () => {
    const line = block.split("\n")[0]!;
    const broken: readonly (readonly [string, string])[] = [
      [line.toLowerCase(), "U2400"], [`${line}\n`, "U2401"], [`${line} `, "U2408"],
      [`${line} X:1`, "U2407"], [line.replace(" CAST", "  CAST"), "U2408"],
      [line.replace("SEGMENT:1", "SEGMENT:01"), "U2405"], [line.replace("SHEET/1", "SHEET/2"), "U2404"],
      [line.replace("20261206T060312-0400", "20261306T060312-0400"), "U2405"],
      [line.replace("MODE:OFFICIAL ORIGIN:MACHINE", "ORIGIN:MACHINE MODE:OFFICIAL"), "U2406"],
      [line.replace(" END:SHEET", ""), "U2403"], [line.replace("RIVER:", "SUN:"), "U2422"],
      [line.replace("SUN:251", "SUN:999"), "U2420"], [line.replace("REGISTERED:794", "REGISTERED:-"), "U2421"],
    ];
    for (const [changed, number] of broken) expect(() => parseSheet(changed), number).toThrow(number);
  });
});

describe("station-package.md", () => {
  const bytes = hexBlocks(page("station-package.md")).at(-1)!;

  test("the example's parts are read, its roots are those of no ballots, its key signed it", () => {
    const pack = parsePackage(bytes);
    expect(pack).toMatchObject({ sheets: ["sheet\n"], checkIn: "slip\n", events: "events\n", certificate: "certificate" });
    expect(wrongRoot(pack)).toBeUndefined();
    const seed = new Uint8Array(32);
    seed[0] = 1;
    const key = PublicKey.decode(ed25519.getPublicKey(seed));
    expect(key.verifies("station-package", pack.message, pack.signature)).toBe(true);
  });
});

describe("definition.md", () => {
  test("the hash of examples/town is the page's", () => {
    const folder = join(root, "examples/town");
    const files = new Map(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
    expect(page("definition.md")).toContain(toHex(definitionHash(files)));
  });
});

describe("decryption.md", () => {
  test("the partial decryption's fields", () => {
    const partial = parsePartial(hexBlocks(page("decryption.md")).at(-1)!);
    expect(partial).toMatchObject({ station: "0101", segments: [0], trustee: 1 });
    expect(partial.shares.length).toBe(1);
    expect(partial.packageHash[0]).toBe(2);
  });
});

describe("handover.md", () => {
  const bytes = hexBlocks(page("handover.md")).at(-1)!;
  const seeded = (first: number): Uint8Array => Uint8Array.of(first, ...new Uint8Array(31));
  const official = (role: string, seed: number) =>
    ({ station: "", role, key: PublicKey.decode(ed25519.getPublicKey(seeded(seed))) });
  const about = { station: "N01", election: seeded(2), segment: 1 };

  test("the declaration is of two officials, about one machine", () => {
    const both = [official("PRESIDENT", 3), official("SECRETARY", 4)];
    expect(wrongLoss(bytes, about, both)).toEqual([]);
    expect(wrongLoss(bytes, about, both.slice(1)).join()).toContain("PRESIDENT");
    expect(() => wrongLoss(bytes, { ...about, segment: 2 }, both)).toThrow("U2530");
    expect(() => wrongLoss(bytes, { ...about, station: "N02" }, both)).toThrow("U2530");
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      const wrong = attempt(() => wrongLoss(changed, about, both));
      expect("fault" in wrong || wrong.value.length > 0, `byte ${at}`).toBe(true);
    }
  });
});

describe("qr-chain.md", () => {
  test("the parts of the example make the sheet of tally-sheet.md", () => {
    const codes = page("qr-chain.md").match(/^URNA:QR.*$/gm)!;
    const { text, signature } = readChain(codes);
    const [sheet, signed] = /^URNA:SHEET[^]*?(?=^```)/m.exec(page("tally-sheet.md"))![0].split("\n");
    expect(text).toBe(sheet);
    expect(`SIGN:${toBase32(signature)}`).toBe(signed);
    const [one, two] = codes as [string, string];
    expect(() => readChain([one])).toThrow("U2441");
    expect(() => readChain([])).toThrow("U2440");
    expect(() => readChain([one, two.replace("SUN:251", "SUN:252")])).toThrow("U2445");
    expect(() => readChain([one, two, two.replace("SUN:251", "SUN:252")])).toThrow("U2443");
    expect(() => readChain([one, two.replace("PART:2/2", "PART:2/3")])).toThrow("U2447");
    expect(() => readChain([one, two.replace("STATION:22010300701", "STATION:22010300702")])).toThrow("U2444");
    expect(() => readChain([one.replace("PART:1/2", "PART:2/2"), two.replace("PART:2/2", "PART:1/2")])).toThrow("U2442");
  });
});
