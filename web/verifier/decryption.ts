// From the trustees' partial decryptions to a station's totals
// (docs/formats/decryption.md): every proof is checked, any k good ones are combined.

import type { Ballot } from "./ballot.ts";
import { equal, fromUtf8, toHex, type Bytes } from "./bytes.ts";
import type { ElectionKey } from "./election-key.ts";
import { Refused } from "./fault.ts";
import {
  decodeElement, decodeScalar, identity, invert, mod, mul, mulBase, sumOfProducts, type Element, type Scalar,
} from "./group.ts";
import { Reader } from "./reader.ts";
import type { Station } from "./station.ts";
import type { BallotStyle } from "./style.ts";
import { hashToScalar, type Part } from "./transcript.ts";
import { readList } from "./box.ts";

export interface Field {
  readonly alpha: Element;
  readonly beta: Element;
}

// The sums over the valid cast ballots of one style: for every contest its options and
// then the blank indicator. No fields when there are no ballots.
export function sumFields(style: BallotStyle, ballots: readonly Ballot[]): Field[] {
  if (ballots.length === 0) return [];
  return Array.from({ length: style.ciphertextPoints / 2 }, (_, field) => {
    const sum = (point: number): Element =>
      ballots.reduce((total, ballot) => total.add(decodeElement(ballot.pointBytes(point))!), identity);
    return { alpha: sum(2 * field), beta: sum(2 * field + 1) };
  });
}

export interface PartialDecryption {
  readonly trustee: number;
  readonly electionHash: Bytes;
  readonly station: string;
  readonly segments: readonly number[];
  readonly packageHash: Bytes;
  readonly shares: readonly Bytes[];
  readonly r1: Bytes;
  readonly r2: Bytes;
  readonly v: Bytes;
  readonly message: Bytes;
  readonly signature: Bytes;
}

export function parsePartial(bytes: Bytes): PartialDecryption {
  const reader = new Reader(bytes);
  if (fromUtf8(reader.take(8)) !== "urna-dec" || reader.u32() !== 1) throw new Refused(3251, "the magic is missing");
  const electionHash = reader.take(32);
  const station = reader.text(64);
  const segments = readList(reader, 4, () => reader.u32());
  const packageHash = reader.take(32);
  const trustee = reader.u32();
  const shares = readList(reader, 32, () => reader.take(32));
  const [r1, r2, v] = [reader.take(32), reader.take(32), reader.take(32)];
  const message = bytes.subarray(0, reader.offset);
  const signature = reader.take(64);
  reader.finish();
  return { trustee, electionHash, station, segments, packageHash, shares, r1, r2, v, message, signature };
}

export interface Statement {
  readonly key: ElectionKey;
  readonly station: Station;
  readonly packageHash: Bytes;
  readonly fields: readonly Field[];
}

// The decryption shares M_f, once everything about the file holds.
export function openPartial(statement: Statement, partial: PartialDecryption): Element[] {
  const { key, station, packageHash, fields } = statement;
  const trustee = key.trustees[partial.trustee - 1];
  const place = `trustee ${partial.trustee}`;
  if (trustee === undefined) throw new Refused(3251, place);
  if (!trustee.signingKey.verifies("decryption", partial.message, partial.signature)) throw new Refused(1202, place);
  const segments = station.segments.toSorted((a, b) => a - b);
  if (!equal(partial.electionHash, key.electionHash) || partial.station !== station.code ||
      partial.segments.join() !== segments.join() || !equal(partial.packageHash, packageHash) ||
      partial.shares.length !== fields.length) {
    throw new Refused(3252, place);
  }
  const shares = partial.shares.map(decodeElement);
  const commitments = [decodeElement(partial.r1), decodeElement(partial.r2)];
  const v = decodeScalar(partial.v);
  if (v === undefined || [...shares, ...commitments].includes(undefined)) throw new Refused(3251, place);
  const good = shares as Element[];
  checkProof(statement, partial, trustee.share, good, commitments as Element[], v);
  return good;
}

function checkProof(
  { key, station, packageHash, fields }: Statement,
  partial: PartialDecryption,
  publicShare: Element,
  shares: readonly Element[],
  commitments: readonly Element[],
  v: Scalar,
): void {
  const s: readonly Part[] = [
    key.electionHash, station.code, packageHash, partial.trustee, publicShare.toBytes(), fields.length,
    ...fields.flatMap((field) => [field.alpha.toBytes(), field.beta.toBytes()]),
    ...partial.shares,
  ];
  const weights = fields.map((_, f) => hashToScalar("dw", [...s, f]));
  const a = sumOfProducts(weights, fields.map((field) => field.alpha));
  const b = sumOfProducts(weights, shares);
  const c = hashToScalar("decryption", [...s, partial.r1, partial.r2]);
  const [r1, r2] = commitments as [Element, Element];
  const holds =
    r1.equals(mulBase(v).add(mul(c, publicShare))) && r2.equals(mul(v, a).add(mul(c, b)));
  if (!holds) throw new Refused(3253, `trustee ${partial.trustee}`);
}

// The factor of trustee l among these trustees.
export function lagrange(l: number, among: readonly number[]): Scalar {
  return among.filter((m) => m !== l).reduce(
    (product, m) => mod(product * BigInt(m) * invert(mod(BigInt(m - l)))), 1n);
}

// The totals, field by field, from at least k good partial decryptions.
export function combine(
  { key, fields }: Statement,
  good: ReadonlyMap<number, readonly Element[]>,
  ballots: number,
): number[] {
  const chosen = [...good.keys()].sort((a, b) => a - b).slice(0, key.threshold);
  if (chosen.length < key.threshold) throw new Refused(3254, `${chosen.length} of ${key.threshold}`);
  const totals = smallMultiples(key.key, ballots);
  return fields.map((field, f) => {
    const m = sumOfProducts(chosen.map((l) => lagrange(l, chosen)), chosen.map((l) => good.get(l)![f]!));
    const total = totals.get(toHex(field.beta.subtract(m).toBytes()));
    if (total === undefined) throw new Refused(3255, `field ${f}`);
    return total;
  });
}

// The encodings of 0·K to most·K, and what they are multiples of.
function smallMultiples(key: Element, most: number): Map<string, number> {
  const table = new Map<string, number>();
  let multiple = identity;
  for (let t = 0; t <= most; ++t, multiple = multiple.add(key)) table.set(toHex(multiple.toBytes()), t);
  return table;
}

