// A voter's own ballot: where its code stands in a station's package, the path from the
// ballot to the root that the machine signed, and the proof that the package's entry
// stands in the log (docs/formats/log-receipt.md).

import { fromBase64, fromUtf8, toHex, utf8, type Bytes } from "./bytes.ts";
import { attempt, faultText, Refused } from "./fault.ts";
import { checkInclusion, inclusionProof, leafHash } from "./merkle.ts";
import { checkNote, parseCheckpoint, parseNote, type Note, type VerifierKey } from "./note.ts";
import { findCode, type Found, type StationPackage } from "./package.ts";
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

// Refuses what does not prove the entry. True when the log's key is known and has signed;
// false when no key was given, so that nobody has looked at the signature.
export function checkLogReceipt(receipt: LogReceipt, entry: Bytes, logKey: VerifierKey | undefined): boolean {
  const checkpoint = parseCheckpoint(receipt.note.text);
  const signers = checkNote(receipt.note, logKey === undefined ? [] : [logKey]);
  if (logKey !== undefined && (signers.length === 0 || checkpoint.origin !== logKey.name)) {
    throw new Refused(1306, logKey.name);
  }
  checkInclusion(receipt.index, checkpoint.size, leafHash(entry), receipt.proof, checkpoint.root);
  return logKey !== undefined;
}

// The log's entry of a station's package.
export const packageEntry = (pack: StationPackage): Bytes =>
  utf8(`urna-document/1 package ${pack.box.station.code} ${toHex(pack.hash)}\n`);

export type LogProof =
  | { readonly kind: "none" } // no receipt of the log was given
  | { readonly kind: "proved" | "no key"; readonly origin: string; readonly size: number; readonly index: number }
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
  logReceipt: Bytes | undefined,
  logKey: VerifierKey | undefined,
): OwnBallot {
  const station = pack.box.station.code;
  const log = proveEntry(pack, logReceipt, logKey);
  const found = findCode(pack.box, code);
  if (found === undefined) return { station, found, path: undefined, root: "", log };
  const leaves = pack.box.ballots.filter((item) => item.decision === found.decision).map((item) => leafHash(item.ballot));
  const root = pack.roots[decisions.indexOf(found.decision)]!;
  const proof = inclusionProof(found.position, leaves);
  const leads = attempt(() => checkInclusion(found.position, leaves.length, leaves[found.position]!, proof, root));
  return { station, found, path: "fault" in leads ? undefined : proof.map(toHex), root: toHex(root), log };
}

function proveEntry(pack: StationPackage, logReceipt: Bytes | undefined, logKey: VerifierKey | undefined): LogProof {
  if (logReceipt === undefined) return { kind: "none" };
  const read = attempt((): LogProof => {
    const receipt = parseLogReceipt(logReceipt);
    const { origin, size } = parseCheckpoint(receipt.note.text);
    const kind = checkLogReceipt(receipt, packageEntry(pack), logKey) ? "proved" : "no key";
    return { kind, origin, size, index: receipt.index };
  });
  return "value" in read ? read.value : { kind: "wrong", why: faultText(read.fault) };
}
