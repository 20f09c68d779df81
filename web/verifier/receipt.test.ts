// A voter's offline receipt: from the ballot to the root that the machine signed, and
// from the package's entry to a checkpoint that a policy accepts.

import { describe, expect, test } from "vitest";

import { Ballot } from "./ballot.ts";
import { fromUtf8, utf8, type Bytes } from "./bytes.ts";
import { sortFiles } from "./evidence.ts";
import { attempt } from "./fault.ts";
import { checkLogReceipt, findBallot, packageEntry, parseLogReceipt } from "./log-receipt.ts";
import { parsePackage } from "./package.ts";
import { checkPolicy, parsePolicy } from "./policy.ts";
import { page, shownText } from "./testing/documents.ts";
import { logReceipt, noteSigner } from "./testing/notes.ts";
import { loadTown, packageBytes, townParts, townSheetText } from "./testing/town.ts";
import { definitionHash } from "./verdict.ts";

const log = noteSigner("example.org/log", "ed25519", 51);
const [red, blue, green] = ["red", "blue", "green"].map((name, i) => noteSigner(`${name}.example`, "cosignature", 52 + i)) as [
  ReturnType<typeof noteSigner>, ReturnType<typeof noteSigner>, ReturnType<typeof noteSigner>,
];
const policyText = (quorum: string): string =>
  `# ours\nlog ${log.key.text}\nwitness red ${red.key.text}\nwitness blue ${blue.key.text}\n` +
  `witness green ${green.key.text} https://w.example\n${quorum}\n`;
const policy = parsePolicy(utf8(policyText("group two 2 red blue green\nquorum two")));

const town = loadTown();
const bytes = packageBytes(townParts(town, townSheetText(definitionHash(town.definition))));
const pack = parsePackage(bytes);
const castCode = Ballot.read(pack.box.station, pack.box.ballots[0]!.ballot).code;
const entries = [0, 1, 2, 3, 4].map((i) => (i === 3 ? packageEntry(pack) : utf8(`entry ${i}`)));
const receipt = logReceipt(3, entries, log, [red, blue]);

describe("receipts of the log", () => {
  test("a cast ballot, proved to a checkpoint that the policy accepts", () => {
    const { found, path, log: proof } = findBallot(pack, castCode, receipt, { policy });
    expect(found?.decision).toBe("cast");
    expect(path?.length).toBe(2); // of three ballots cast
    expect(proof).toMatchObject({
      kind: "proved", origin: "example.org/log", size: 5, index: 3, witnesses: ["red.example", "blue.example"],
    });
    expect(proof.kind === "proved" && proof.path.length).toBe(3);
  });

  test("what nobody gave is not said to be checked", () => {
    expect(findBallot(pack, castCode).log).toEqual({ kind: "none" });
    expect(findBallot(pack, castCode, receipt).log).toMatchObject({ kind: "no key", witnesses: undefined });
    expect(findBallot(pack, castCode, receipt, { logKey: log.key }).log).toMatchObject({ kind: "proved", witnesses: undefined });
  });

  test("another log, too few witnesses, another entry, another place", () => {
    const wrong = (text: Bytes, trust = { policy }): string => {
      const { log: proof } = findBallot(pack, castCode, text, trust);
      return proof.kind === "wrong" ? proof.why : proof.kind;
    };
    const forger = noteSigner("example.org/log", "ed25519", 99);
    expect(wrong(logReceipt(3, entries, forger, [red, blue]))).toContain("U1306");
    expect(wrong(logReceipt(3, entries, log, [green]))).toContain("U1313");
    expect(wrong(logReceipt(2, entries, log, [red, blue]))).toContain("U1301");
    expect(wrong(logReceipt(3, [...entries.slice(0, 3), utf8("x")], log, [red, blue]))).toContain("U1301");
    const own = parseLogReceipt(receipt);
    expect(() => checkLogReceipt({ ...own, index: 2 }, packageEntry(pack), { policy })).toThrow("U1301");
  });

  test("every flipped bit of a receipt is refused", () => {
    const all = parsePolicy(utf8(policyText("group both all red blue\nquorum both")));
    for (let at = 0; at < receipt.length; ++at) {
      const changed = receipt.slice();
      changed[at]! ^= 1 << (at % 7);
      const checked = attempt(() => checkLogReceipt(parseLogReceipt(changed), packageEntry(pack), { policy: all }));
      expect("fault" in checked, `byte ${at}`).toBe(true);
    }
  });

  test("the worked examples of log-receipt.md and log-policy.md", () => {
    const read = parseLogReceipt(utf8(shownText("log-receipt.md", /^ {4}c2sp\.org\/tlog-proof@v1$/)));
    const logOfPage = /^ {4}(example\.org\/log\+\S+)$/m.exec(page("log.md"))![1]!;
    const checked = checkLogReceipt(read, utf8("entry 1"), { policy: parsePolicy(utf8(`log ${logOfPage}\nquorum none\n`)) });
    expect(checked).toMatchObject({ signed: true, witnesses: [], checkpoint: { size: 2 } });
    const rules = parsePolicy(utf8(shownText("log-policy.md", /^ {4}log example/)));
    expect(rules.witnesses.length).toBe(4);
    expect(() => checkPolicy(rules, read.note)).toThrow("U1313"); // the university alone signed
  });

  test("every mistake in a policy is refused, as docs/formats/log-policy.md says", () => {
    const [a, b, l] = [red.key.text, blue.key.text, log.key.text];
    const renamed = noteSigner("other.example", "cosignature", 52).key.text; // the key of red
    const bad = [
      "", "quorum A\n", "quorum none", "quorum none\nquorum none\n", "quorum none none\n", "nonsense\nquorum none\n",
      `log ${a}\nquorum none\n`, "log x\nquorum none\n", `log ${l}\nlog ${l}\nquorum none\n`, `witness A ${l}\nquorum A\n`,
      `witness A ${a}\nwitness A ${b}\nquorum A\n`, `witness A ${a}\nwitness B ${renamed}\nquorum A\n`,
      `witness none ${a}\nquorum none\n`, `witness A ${a}\ngroup G 0 A\nquorum G\n`, `witness A ${a}\ngroup G 2 A\nquorum G\n`,
      `witness A ${a}\ngroup G 01 A\nquorum G\n`, `witness A ${a}\ngroup G 1.0 A\nquorum G\n`, `witness A ${a}\ngroup G any\nquorum G\n`,
      `witness A ${a}\ngroup G any A A\nquorum G\n`, `witness A ${a}\ngroup G any A\ngroup H any A\nquorum H\n`,
      "group G any G\nquorum G\n", "group G any none\nquorum G\n", `witness A ${a}\r\nquorum A\n`, "quorum none\n#\0\n",
    ];
    for (const text of bad) expect(() => parsePolicy(utf8(text)), text).toThrow("U1312");
    parsePolicy(utf8("\t # x\n \n\tquorum\t none \n"));
    parsePolicy(utf8(`witness A ${a}\ngroup G any A\nquorum A\n`));
  });

  test("files are known by their content", () => {
    const sorted = sortFiles([
      { name: "a", bytes }, { name: "b", bytes: receipt }, { name: "c", bytes: utf8(policyText("quorum red")) },
      { name: "d", bytes: utf8(`${log.key.text}\n`) },
      { name: "e", bytes: utf8(JSON.stringify({ log_proof: fromUtf8(receipt) })) },
    ]);
    expect(sorted.unknown).toEqual([]);
    expect(sorted.logTrust.policy?.witnesses.length).toBe(3);
    expect(sorted.logTrust.logKey?.text).toBe(log.key.text);
    expect(fromUtf8(sorted.logReceipt!)).toBe(fromUtf8(receipt));
  });
});
