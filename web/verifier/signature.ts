// Ed25519 as docs/formats/signature.md fixes it: keys of the prime-order group only,
// verification without the cofactor, and a "use" that goes into what is signed.

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";

import { concat, equal, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import { decodeScalar, scalarFromWide } from "./group.ts";
import { hashWide } from "./transcript.ts";

const Point = ed25519.Point;

export class PublicKey {
  readonly bytes: Bytes;
  readonly #point: InstanceType<typeof Point>;

  private constructor(bytes: Bytes, point: InstanceType<typeof Point>) {
    this.bytes = bytes;
    this.#point = point;
  }

  static decode(bytes: Bytes): PublicKey {
    if (bytes.length !== 32) throw new Refused(1201, `${bytes.length} bytes`);
    let point: InstanceType<typeof Point>;
    try {
      point = Point.fromBytes(bytes);
    } catch {
      throw new Refused(1201, "not on the curve");
    }
    if (!equal(point.toBytes(), bytes)) throw new Refused(1201, "not the one legal encoding");
    if (point.is0() || !point.isTorsionFree()) throw new Refused(1201, "not of full order");
    return new PublicKey(bytes, point);
  }

  // RFC 8032 section 5.1.7 over the message itself: signed notes of the log.
  verifiesRaw(message: Bytes, signature: Bytes): boolean {
    if (signature.length !== 64) return false;
    const s = decodeScalar(signature.subarray(32));
    if (s === undefined) return false;
    const r = signature.subarray(0, 32);
    const h = scalarFromWide(sha512(concat(r, this.bytes, message)));
    const expected = Point.BASE.multiplyUnsafe(s).add(this.#point.multiplyUnsafe(h).negate());
    return equal(expected.toBytes(), r);
  }

  verifies(use: string, message: Bytes, signature: Bytes): boolean {
    return this.verifiesRaw(hashWide("signature", [use, message]), signature);
  }
}
