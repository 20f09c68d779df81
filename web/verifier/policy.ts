// Which witnesses must have signed a checkpoint (docs/formats/log-policy.md).

import { equal, fromUtf8, type Bytes } from "./bytes.ts";
import { attempt, Refused } from "./fault.ts";
import { checkNote, parseCheckpoint, VerifierKey, type Note } from "./note.ts";

type Member = { readonly key: VerifierKey } | { readonly least: number; readonly of: readonly Member[] };

export interface Policy {
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  readonly quorum: Member | undefined; // undefined: the log alone
}

export function parsePolicy(bytes: Bytes): Policy {
  const text = fromUtf8(bytes);
  const lines = text?.split("\n") ?? [];
  if (text === undefined || lines.pop() !== "" || lines.length > 1000 || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) {
    throw new Refused(1312, "its text");
  }
  const logs: VerifierKey[] = [];
  const witnesses: VerifierKey[] = [];
  const members = new Map<string, Member>();
  const used = new Set<string>();
  let quorum: readonly [Member | undefined] | undefined;
  for (const [i, line] of lines.entries()) {
    const [what, ...words] = line.split(/[ \t]+/).filter((word) => word !== "");
    if (what === undefined || what.startsWith("#")) continue;
    const bad = (): Refused => new Refused(1312, `line ${i + 1}`);
    const keyOf = (word: string | undefined, type: VerifierKey["type"], known: readonly VerifierKey[]): VerifierKey => {
      const key = attempt(() => VerifierKey.parse(word ?? ""));
      if ("fault" in key || key.value.type !== type || known.some((one) => equal(one.key.bytes, key.value.key.bytes))) throw bad();
      return key.value;
    };
    const define = (name: string | undefined, member: Member): void => {
      if (name === undefined || name === "none" || members.has(name)) throw bad();
      members.set(name, member);
    };
    const defined = (name: string): Member => {
      const member = members.get(name);
      if (member === undefined) throw bad();
      return member;
    };
    const take = (name: string): Member => {
      if (used.has(name)) throw bad();
      used.add(name);
      return defined(name);
    };
    if (what === "log" && words.length >= 1 && words.length <= 2) {
      logs.push(keyOf(words[0], "ed25519", logs));
    } else if (what === "witness" && words.length >= 2 && words.length <= 3) {
      const key = keyOf(words[1], "cosignature", witnesses);
      define(words[0], { key });
      witnesses.push(key);
    } else if (what === "group" && words.length >= 3) {
      const of = words.slice(2).map(take);
      const least = words[1] === "any" ? 1 : words[1] === "all" ? of.length
        : /^[1-9][0-9]{0,3}$/.test(words[1]!) ? Number(words[1]) : 0;
      if (least < 1 || least > of.length) throw bad();
      define(words[0], { least, of });
    } else if (what === "quorum" && words.length === 1 && quorum === undefined) {
      quorum = [words[0] === "none" ? undefined : defined(words[0]!)];
    } else {
      throw bad();
    }
  }
  if (quorum === undefined) throw new Refused(1312, "no quorum");
  return { logs, witnesses, quorum: quorum[0] };
}

// Refuses a checkpoint that the policy does not accept; gives the witnesses that signed it.
export function checkPolicy(policy: Policy, note: Note): readonly VerifierKey[] {
  const checkpoint = parseCheckpoint(note.text);
  const signers = checkNote(note, [...policy.logs, ...policy.witnesses]).map(({ key }) => key);
  if (!signers.some((key) => policy.logs.includes(key) && key.name === checkpoint.origin)) {
    throw new Refused(1306, checkpoint.origin);
  }
  const holds = (member: Member): boolean =>
    "key" in member ? signers.includes(member.key) : member.of.filter(holds).length >= member.least;
  if (policy.quorum !== undefined && !holds(policy.quorum)) {
    const missing = policy.witnesses.filter((key) => !signers.includes(key)).map((key) => key.name);
    throw new Refused(1313, `not signed by ${missing.join(", ")}`);
  }
  return policy.witnesses.filter((key) => signers.includes(key));
}
