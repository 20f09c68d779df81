// One sealed ballot (docs/formats/ballot.md): its bytes cut into fields, its hash, its
// confirmation code. Whether the proofs hold is asked in proofs.ts and batch.ts.

import { fromBase32, toBase32, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import { decodeElement, decodeScalar, isIdentity, type Element, type Scalar } from "./group.ts";
import { Reader } from "./reader.ts";
import type { Station } from "./station.ts";
import { fieldSize, headerSize, type BallotStyle } from "./style.ts";
import { hash, sha256, statement } from "./transcript.ts";

export class Ballot {
  readonly bytes: Bytes;
  readonly style: BallotStyle;
  readonly segment: number;
  readonly id: Bytes;
  readonly hash: Bytes; // Hi
  #code: Bytes | undefined;

  private constructor(station: Station, bytes: Bytes, style: BallotStyle, segment: number, id: Bytes) {
    this.bytes = bytes;
    this.style = style;
    this.segment = segment;
    this.id = id;
    this.hash = hash("ballot", [station.electionHash, station.code, segment, style.number, id]);
  }

  // Refuses everything that docs/formats/ballot.md refuses before looking at fields.
  static read(station: Station, bytes: Bytes): Ballot {
    if (bytes.length === 0) throw new Refused(3010, "0 bytes");
    if (bytes[0] !== 1) throw new Refused(3012, `version ${bytes[0]}`);
    if (bytes.length < headerSize) throw new Refused(3010, `${bytes.length} bytes`);
    const reader = new Reader(bytes);
    reader.u8();
    const number = reader.u32();
    const segment = reader.u32();
    const id = reader.take(32);
    const style = station.style(number);
    if (style === undefined) throw new Refused(3013, `style ${number}`);
    if (!station.segments.includes(segment)) throw new Refused(3014, `segment ${segment}`);
    if (bytes.length !== style.ballotSize) {
      throw new Refused(
        bytes.length < style.ballotSize ? 3010 : 3011,
        `${bytes.length} bytes where style ${number} has ${style.ballotSize}`,
      );
    }
    return new Ballot(station, bytes, style, segment, id);
  }

  pointBytes(index: number): Bytes {
    const at = headerSize + fieldSize * index;
    return this.bytes.subarray(at, at + fieldSize);
  }

  // The encodings of points first, first + 1, …, each a part of its own.
  pointsBytes(first: number, count: number): Bytes[] {
    return Array.from({ length: count }, (_, i) => this.pointBytes(first + i));
  }

  get code(): Bytes {
    this.#code ??= hash("code", [
      this.hash,
      ...this.pointsBytes(0, this.style.ciphertextPoints),
    ]);
    return this.#code;
  }

  // The leaf of the station's Merkle tree.
  get leaf(): Bytes {
    return sha256(Uint8Array.of(0), this.bytes);
  }

  // All fields decoded; refuses what is not canonical, and the identity as ciphertext.
  fields(): BallotFields {
    const scalars: Scalar[] = [];
    for (let i = 0; i < this.style.scalars; ++i) {
      const scalar = decodeScalar(this.pointBytes(this.style.points + i));
      if (scalar === undefined) throw new Refused(3020, this.style.scalarName(i));
      scalars.push(scalar);
    }
    const points: Element[] = [];
    for (let i = 0; i < this.style.points; ++i) {
      const point = decodeElement(this.pointBytes(i));
      if (point === undefined) throw new Refused(3021, this.style.pointName(i));
      points.push(point);
    }
    for (let i = 0; i < this.style.ciphertextPoints; ++i) {
      if (isIdentity(this.pointBytes(i))) throw new Refused(3022, this.style.pointName(i));
    }
    return { scalars, points };
  }
}

export interface BallotFields {
  readonly scalars: readonly Scalar[];
  readonly points: readonly Element[];
}

// 13 groups of four letters and digits: how a receipt shows the code.
export const codeText = (code: Bytes): string => toBase32(code).match(/.{4}/g)!.join("-");

// Reads a code as people type it: case, spaces and dashes do not matter.
export function parseCode(text: string): Bytes | undefined {
  const bytes = fromBase32(text.toUpperCase().replace(/[\s-]/g, ""));
  return bytes?.length === 32 ? bytes : undefined;
}

// What a device signs for the receipt, and again when the ballot is cast.
export const ballotStatement = (station: Station, code: Bytes): Bytes =>
  statement([station.electionHash, station.code, code]);
