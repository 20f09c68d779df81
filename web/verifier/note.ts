// Signed notes, checkpoints and cosignatures (c2sp.org/signed-note, tlog-checkpoint,
// tlog-cosignature): what the transparency log and its witnesses sign.

import { concat, fromBase64, fromUtf8, toBase64, toHex, utf8, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import { PublicKey } from "./signature.ts";
import { sha256 } from "./transcript.ts";

export type KeyType = "ed25519" | "cosignature";
const typeByte: Record<KeyType, number> = { ed25519: 1, cosignature: 4 };

const goodName = (name: string): boolean =>
  name.length > 0 && !/[\p{White_Space}\u0000-\u001f\u007f+]/u.test(name);

// A public key with its name: `example.com/log+530d903a+AQ…`.
export class VerifierKey {
  readonly name: string;
  readonly type: KeyType;
  readonly key: PublicKey;
  readonly id: string; // eight hexadecimal digits

  constructor(name: string, type: KeyType, key: PublicKey) {
    if (!goodName(name)) throw new Refused(1303, name);
    this.name = name;
    this.type = type;
    this.key = key;
    const bytes = concat(utf8(name), Uint8Array.of(0x0a, typeByte[type]), key.bytes);
    this.id = toHex(sha256(bytes).subarray(0, 4));
  }

  static parse(text: string): VerifierKey {
    const match = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/.exec(text);
    const bytes = match === null ? undefined : fromBase64(match[2]!);
    const type = (["ed25519", "cosignature"] as const).find((t) => typeByte[t] === bytes?.[0]);
    if (match === null || bytes?.length !== 33 || type === undefined) throw new Refused(1304, text);
    const key = new VerifierKey(match[1]!, type, PublicKey.decode(bytes.subarray(1)));
    if (key.text !== text) throw new Refused(1304, text);
    return key;
  }

  get text(): string {
    const bytes = concat(Uint8Array.of(typeByte[this.type]), this.key.bytes);
    return `${this.name}+${this.id}+${toBase64(bytes)}`;
  }
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Bytes;
}

export interface Note {
  readonly text: string; // ends with a line feed
  readonly signatures: readonly NoteSignature[];
}

export function parseNote(bytes: Bytes): Note {
  if (bytes.length > 100_000) throw new Refused(1302, `${bytes.length} bytes`);
  const text = fromUtf8(bytes);
  if (text === undefined || /[\u0000-\u0009\u000b-\u001f]/.test(text)) {
    throw new Refused(1302, "not plain UTF-8 text with line feeds");
  }
  const gap = text.lastIndexOf("\n\n");
  if (gap < 0 || !text.endsWith("\n")) throw new Refused(1302, "no signatures after an empty line");
  const lines = text.slice(gap + 2).split("\n").slice(0, -1);
  if (lines.length === 0) throw new Refused(1302, "not signed");
  if (lines.length > 64) throw new Refused(1302, `${lines.length} signatures`);
  return { text: text.slice(0, gap + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string, i: number): NoteSignature {
  const match = /^\u2014 (\S+) (\S+)$/u.exec(line);
  const bytes = match === null ? undefined : fromBase64(match[2]!);
  if (match === null || !goodName(match[1]!) || bytes === undefined || bytes.length < 5) {
    throw new Refused(1302, `signature line ${i + 1}`);
  }
  return { name: match[1]!, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

export interface Signer {
  readonly key: VerifierKey;
  readonly time?: bigint; // POSIX seconds, of cosignatures
}

// The known keys that signed, each once. A line by an unknown key is ignored; a false
// line by a known key refuses the whole note.
export function checkNote(note: Note, known: readonly VerifierKey[]): Signer[] {
  const signers: Signer[] = [];
  for (const { name, keyId, signature } of note.signatures) {
    const key = known.find((k) => k.name === name && k.id === keyId);
    if (key === undefined) continue;
    const signer = signerOf(key, note.text, signature);
    if (signer === undefined) throw new Refused(1305, name);
    if (!signers.some((seen) => seen.key === key)) signers.push(signer);
  }
  return signers;
}

function signerOf(key: VerifierKey, text: string, signature: Bytes): Signer | undefined {
  if (key.type === "ed25519") {
    return key.key.verifiesRaw(utf8(text), signature) ? { key } : undefined;
  }
  if (signature.length !== 72) return undefined;
  const time = BigInt(`0x${toHex(signature.subarray(0, 8))}`);
  if (time >= 1n << 63n) return undefined;
  const message = utf8(`cosignature/v1\ntime ${time}\n${text}`);
  return key.key.verifiesRaw(message, signature.subarray(8)) ? { key, time } : undefined;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
}

export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Refused(1307, "the last line is not ended");
  if (lines.some((line) => line === "")) throw new Refused(1307, "it has an empty line");
  const [origin, sizeText, rootText] = lines;
  if (origin === undefined || sizeText === undefined || rootText === undefined) {
    throw new Refused(1307, "origin, size and root are needed");
  }
  const size = Number(sizeText);
  if (!/^(0|[1-9][0-9]{0,18})$/.test(sizeText) || !Number.isSafeInteger(size)) {
    throw new Refused(1307, "line 2 is not a size");
  }
  const root = fromBase64(rootText);
  if (root?.length !== 32) throw new Refused(1307, "line 3 is not a root of 32 bytes");
  return { origin, size, root };
}

export interface OpenCheckpoint extends Checkpoint {
  readonly witnesses: readonly Signer[];
}

// A checkpoint signed by its log; and which of the witnesses cosigned it.
export function openCheckpoint(
  bytes: Bytes,
  log: VerifierKey,
  witnesses: readonly VerifierKey[],
): OpenCheckpoint {
  const note = parseNote(bytes);
  const checkpoint = parseCheckpoint(note.text);
  const signers = checkNote(note, [log, ...witnesses]);
  if (checkpoint.origin !== log.name || !signers.some((signer) => signer.key === log)) {
    throw new Refused(1306, log.name);
  }
  return { ...checkpoint, witnesses: signers.filter((signer) => signer.key !== log) };
}
