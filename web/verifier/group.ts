// Ristretto255 (docs/formats/group.md): strict decoding, scalars, and sums of many
// products. Everything here runs in variable time and sees public data only.

import { ristretto255 } from "@noble/curves/ed25519.js";

import { type Bytes } from "./bytes.ts";

export type Element = InstanceType<typeof ristretto255.Point>;
export type Scalar = bigint;

export const generator: Element = ristretto255.Point.BASE;
export const identity: Element = ristretto255.Point.ZERO;
export const order: bigint = ristretto255.Point.Fn.ORDER;

export function littleEndian(bytes: Bytes): bigint {
  let text = "0x0";
  for (let i = bytes.length - 1; i >= 0; --i) text += bytes[i]!.toString(16).padStart(2, "0");
  return BigInt(text);
}

export function scalarBytes(value: Scalar): Bytes {
  const out = new Uint8Array(32);
  let rest = value;
  for (let i = 0; rest > 0n; ++i, rest >>= 8n) out[i] = Number(rest & 0xffn);
  return out;
}

export const mod = (value: bigint): Scalar => {
  const rest = value % order;
  return rest < 0n ? rest + order : rest;
};

// Undefined when not below the order: there is one encoding of every scalar.
export function decodeScalar(bytes: Bytes): Scalar | undefined {
  if (bytes.length !== 32) return undefined;
  const value = littleEndian(bytes);
  return value < order ? value : undefined;
}

export const scalarFromWide = (bytes: Bytes): Scalar => littleEndian(bytes) % order;

export function invert(value: Scalar): Scalar {
  return ristretto255.Point.Fn.inv(value);
}

export function decodeElement(bytes: Bytes): Element | undefined {
  if (bytes.length !== 32) return undefined;
  try {
    return ristretto255.Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

export const isIdentity = (bytes: Bytes): boolean => bytes.every((byte) => byte === 0);

export const mul = (k: Scalar, p: Element): Element => p.multiplyUnsafe(k);

export const mulBase = (k: Scalar): Element =>
  k === 0n ? identity : generator.multiply(k);

// The sum of scalar times element, by Pippenger's buckets. Small scalars cost less.
export function sumOfProducts(scalars: readonly Scalar[], elements: readonly Element[]): Element {
  const width = windowWidth(elements.length);
  const digits = scalars.map(scalarBytes);
  const windows = Math.ceil(253 / width);
  let sum = identity;
  for (let window = windows - 1; window >= 0; --window) {
    for (let i = 0; i < width; ++i) sum = sum.double();
    sum = sum.add(bucketSum(digits, elements, window * width, width));
  }
  return sum;
}

function windowWidth(count: number): number {
  if (count < 20) return 4;
  if (count < 150) return 5;
  if (count < 600) return 6;
  if (count < 2000) return 7;
  return count < 6000 ? 8 : 9;
}

function bucketSum(
  digits: readonly Bytes[],
  elements: readonly Element[],
  first: number,
  width: number,
): Element {
  const buckets = new Array<Element | undefined>(1 << width);
  for (let i = 0; i < elements.length; ++i) {
    const digit = digitAt(digits[i]!, first, width);
    if (digit === 0) continue;
    const bucket = buckets[digit];
    buckets[digit] = bucket === undefined ? elements[i]! : bucket.add(elements[i]!);
  }
  let running = identity;
  let total = identity;
  for (let digit = buckets.length - 1; digit > 0; --digit) {
    const bucket = buckets[digit];
    if (bucket !== undefined) running = running.add(bucket);
    total = total.add(running);
  }
  return total;
}

// `width` bits of a little-endian number, from bit `first` up.
function digitAt(bytes: Bytes, first: number, width: number): number {
  const at = first >> 3;
  const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  return (word >> (first & 7)) & ((1 << width) - 1);
}

