// A log of one entry, signed by the log and a witness whose keys everybody knows: what a
// trustee's program asks for before it decrypts. Used by tests only.

import { ed25519 } from "@noble/curves/ed25519.js";

import { concat, toBase64, utf8, type Bytes } from "../bytes.ts";
import { leafHash } from "../merkle.ts";
import { VerifierKey, type KeyType } from "../note.ts";
import { PublicKey } from "../signature.ts";

export interface KnownCheckpoint {
  readonly text: string;
  readonly log: string; // the verifier keys, as `--log-key` and `--witness` take them
  readonly witness: string;
}

export function makeCheckpoint(entry: Bytes): KnownCheckpoint {
  const signer = (name: string, type: KeyType, seed: number) => {
    const secret = new Uint8Array(32).fill(seed);
    const verifier = new VerifierKey(name, type, PublicKey.decode(ed25519.getPublicKey(secret)));
    const id = Uint8Array.from(verifier.id.match(/../g)!, (pair) => Number.parseInt(pair, 16));
    return { text: verifier.text, line: (message: string, time: Bytes) => {
      const signature = ed25519.sign(utf8(message), secret);
      return `\u2014 ${name} ${toBase64(concat(id, time, signature))}\n`;
    } };
  };
  const log = signer("example.org/log", "ed25519", 51);
  const witness = signer("example.org/witness", "cosignature", 52);
  const head = `example.org/log\n1\n${toBase64(leafHash(entry))}\n`;
  const time = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 7]);
  return {
    text: `${head}\n${log.line(head, new Uint8Array())}${witness.line(`cosignature/v1\ntime 7\n${head}`, time)}`,
    log: log.text,
    witness: witness.text,
  };
}
