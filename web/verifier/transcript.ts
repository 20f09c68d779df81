// H(tag; parts) of docs/formats/transcript.md: the one hash of the ballot protocol.

import { sha256 as sha256Noble, sha512 } from "@noble/hashes/sha2.js";

import { concat, utf8, type Bytes } from "./bytes.ts";
import { scalarFromWide, type Scalar } from "./group.ts";
import { u32 } from "./reader.ts";

// Text is hashed as UTF-8, a number as u32 little-endian.
export type Part = Bytes | string | number;

const protocolPrefix = utf8("urna/1");

const bytesOf = (part: Part): Bytes =>
  typeof part === "string" ? utf8(part) : typeof part === "number" ? u32(part) : part;

const framed = (bytes: Bytes): Bytes => concat(u32(bytes.length), bytes);

export function hashWide(tag: string, parts: readonly Part[]): Bytes {
  return sha512(concat(...[protocolPrefix, utf8(tag), ...parts.map(bytesOf)].map(framed)));
}

export function hash(tag: string, parts: readonly Part[]): Bytes {
  return hashWide(tag, parts).subarray(0, 32);
}

export function hashToScalar(tag: string, parts: readonly Part[]): Scalar {
  return scalarFromWide(hashWide(tag, parts));
}

// Parts one behind the other, each with its length: the statements that devices sign.
export const statement = (parts: readonly Part[]): Bytes =>
  concat(...parts.map(bytesOf).map(framed));

export const sha256 = (...parts: readonly Bytes[]): Bytes => sha256Noble(concat(...parts));
