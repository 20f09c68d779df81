// A voter's own ballot: where its code stands in a station's package, the path from the
// ballot to the root that the machine signed, and the proof that the package's entry
// stands in the log (docs/formats/log-receipt.md).

import { fromBase64, fromUtf8, toHex, utf8, type Bytes } from "./bytes.ts";
import { attempt, faultText, Refused } from "./fault.ts";
import { checkInclusion, inclusionProof, leafHash } from "./merkle.ts";
import { checkNote, parseCheckpoint, parseNote, type Checkpoint, type Note, type VerifierKey } from "./note.ts";
import { findCode, type Found, type StationPackage } from "./package.ts";
import { checkPolicy, type Policy } from "./policy.ts";
import { decisions } from "./station-check.ts";

const firstLine = "c2sp.org/tlog-proof@v1\n";

export interface LogReceipt {
  readonly index: number;
  readonly proof: readonly Bytes[];
  readonly note: Note;
}

export function parseLogReceipt(bytes: Bytes): LogReceipt {
  const text = bytes.length <= 300_000 ? fromUtf8(bytes) : undefined;
  const gap = text?.indexOf("\n\n") ?? -1;
  if (text === undefined || !text.startsWith(firstLine) || gap < 0) throw new Refused(1314, "its first line or its end");
  const lines = text.slice(firstLine.length, gap).split("\n");
  const extra = /^extra (.+)$/.exec(lines[0]!);
  if (extra !== null) {
    if (fromBase64(extra[1]!) === undefined) throw new Refused(1314, "extra");
    lines.shift();
  }
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? "");
  if (index === null || !Number.isSafeInteger(Number(index[1]))) throw new Refused(1314, "index");
  const proof = lines.map((line, i) => {
    const hash = fromBase64(line);
    if (hash?.length !== 32) throw new Refused(1314, `hash ${i + 1}`);
    return hash;
  });
  if (proof.length > 63) throw new Refused(1314, `${proof.length} hashes`);
  return { index: Number(index[1]), proof, note: parseNote(utf8(text.slice(gap + 2))) };
}

// The receipt in a file: the text itself, or what `urna receipt check --out` wrote.
export function findLogReceipt(bytes: Bytes): Bytes | undefined {
  const text = fromUtf8(bytes);
  if (text?.startsWith(firstLine) === true) return bytes;
  if (text?.trimStart().startsWith("{") !== true) return undefined;
  try {
    const { log_proof: proof } = JSON.parse(text) as { log_proof?: unknown };
    return typeof proof === "string" && proof.startsWith(firstLine) ? utf8(proof) : undefined;
  } catch {
    return undefined;
  }
}

// What whoever checks knows of the log: its key, or a policy that names logs and the
// witnesses which must have signed.
export interface LogTrust {
  readonly logKey?: VerifierKey | undefined;
  readonly policy?: Policy | undefined;
}

export interface CheckedReceipt {
  readonly checkpoint: Checkpoint;
  readonly signed: boolean; // by a log that is known; false when none was given
  readonly witnesses: readonly VerifierKey[]; // of the policy, that signed
}

// Refuses what does not prove the entry: first the signatures, by key and by policy, then
// the path from the entry's leaf to the checkpoint's root.
export function checkLogReceipt(receipt: LogReceipt, entry: Bytes, { logKey, policy }: LogTrust): CheckedReceipt {
  const checkpoint = parseCheckpoint(receipt.note.text);
  if (logKey !== undefined &&
      (checkNote(receipt.note, [logKey]).length === 0 || checkpoint.origin !== logKey.name)) {
    throw new Refused(1306, logKey.name);
  }
  const witnesses = policy === undefined ? [] : checkPolicy(policy, receipt.note);
  checkInclusion(receipt.index, checkpoint.size, leafHash(entry), receipt.proof, checkpoint.root);
  return { checkpoint, signed: logKey !== undefined || policy !== undefined, witnesses };
}

// The log's entry of a station's package.
export const packageEntry = (pack: StationPackage): Bytes =>
  utf8(`urna-document/1 package ${pack.box.station.code} ${toHex(pack.hash)}\n`);

export type LogProof =
  | { readonly kind: "none" } // no receipt of the log was given
  | {
    readonly kind: "proved" | "no key"; // "no key": nobody has looked at the signatures
    readonly origin: string;
    readonly size: number;
    readonly root: string;
    readonly index: number;
    readonly path: readonly string[]; // from the entry's leaf to the root
    readonly witnesses: readonly string[] | undefined; // that signed; undefined without a policy
  }
  | { readonly kind: "wrong"; readonly why: string };

export interface OwnBallot {
  readonly station: string;
  readonly found: Found | undefined;
  // From the ballot's leaf to the root of its group in the package; undefined when they do
  // not lead there.
  readonly path: readonly string[] | undefined;
  readonly root: string;
  readonly log: LogProof;
}

export function findBallot(
  pack: StationPackage,
  code: Bytes,
  logReceipt?: Bytes,
  trust: LogTrust = {},
): OwnBallot {
  const station = pack.box.station.code;
  const log = proveEntry(pack, logReceipt, trust);
  const found = findCode(pack.box, code);
  if (found === undefined) return { station, found, path: undefined, root: "", log };
  const leaves = pack.box.ballots.filter((item) => item.decision === found.decision).map((item) => leafHash(item.ballot));
  const root = pack.roots[decisions.indexOf(found.decision)]!;
  const proof = inclusionProof(found.position, leaves);
  const leads = attempt(() => checkInclusion(found.position, leaves.length, leaves[found.position]!, proof, root));
  return { station, found, path: "fault" in leads ? undefined : proof.map(toHex), root: toHex(root), log };
}

function proveEntry(pack: StationPackage, logReceipt: Bytes | undefined, trust: LogTrust): LogProof {
  if (logReceipt === undefined) return { kind: "none" };
  const read = attempt((): LogProof => {
    const receipt = parseLogReceipt(logReceipt);
    const { checkpoint, signed, witnesses } = checkLogReceipt(receipt, packageEntry(pack), trust);
    return {
      kind: signed ? "proved" : "no key",
      origin: checkpoint.origin,
      size: checkpoint.size,
      root: toHex(checkpoint.root),
      index: receipt.index,
      path: receipt.proof.map(toHex),
      witnesses: trust.policy === undefined ? undefined : witnesses.map(({ name }) => name),
    };
  });
  return "value" in read ? read.value : { kind: "wrong", why: faultText(read.fault) };
}
