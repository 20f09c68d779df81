// Signers of notes with keys that everybody knows, and checkpoints and receipts of small
// logs that they signed. Used by tests and make-town.ts only.

import { ed25519 } from "@noble/curves/ed25519.js";

import { concat, fromHex, toBase64, utf8, type Bytes } from "../bytes.ts";
import { inclusionProof, leafHash, rootOf } from "../merkle.ts";
import { VerifierKey, type KeyType } from "../note.ts";
import { PublicKey } from "../signature.ts";

export interface NoteSigner {
  readonly key: VerifierKey;
  // The signature line under a note's text; `time` in POSIX seconds, of cosignatures.
  readonly line: (text: string, time?: number) => string;
}

export function noteSigner(name: string, type: KeyType, seed: number): NoteSigner {
  const secret = new Uint8Array(32).fill(seed);
  const key = new VerifierKey(name, type, PublicKey.decode(ed25519.getPublicKey(secret)));
  const line = (text: string, time = 0): string => {
    const head = new Uint8Array(type === "cosignature" ? 8 : 0);
    if (type === "cosignature") new DataView(head.buffer).setBigUint64(0, BigInt(time));
    const message = type === "cosignature" ? `cosignature/v1\ntime ${time}\n${text}` : text;
    return `\u2014 ${name} ${toBase64(concat(fromHex(key.id)!, head, ed25519.sign(utf8(message), secret)))}\n`;
  };
  return { key, line };
}

// The receipt of entry `index` of a log of these entries, cosigned by the witnesses.
export function logReceipt(
  index: number,
  entries: readonly Bytes[],
  log: NoteSigner,
  witnesses: readonly NoteSigner[],
): Bytes {
  const leaves = entries.map(leafHash);
  const text = `${log.key.name}\n${entries.length}\n${toBase64(rootOf(leaves))}\n`;
  const proof = inclusionProof(index, leaves).map((hash) => `${toBase64(hash)}\n`).join("");
  const lines = [log.line(text), ...witnesses.map((witness) => witness.line(text, 1_800_000_000))].join("");
  return utf8(`c2sp.org/tlog-proof@v1\nindex ${index}\n${proof}\n${text}\n${lines}`);
}

export interface KnownCheckpoint {
  readonly text: string;
  readonly log: string; // the verifier keys, as `--log-key` and `--witness` take them
  readonly witness: string;
}

// A log of one entry, signed by the log and a witness: what a trustee's program asks for
// before it decrypts.
export function makeCheckpoint(entry: Bytes): KnownCheckpoint {
  const log = noteSigner("example.org/log", "ed25519", 51);
  const witness = noteSigner("example.org/witness", "cosignature", 52);
  const head = `example.org/log\n1\n${toBase64(leafHash(entry))}\n`;
  return { text: `${head}\n${log.line(head)}${witness.line(head, 7)}`, log: log.key.text, witness: witness.key.text };
}
