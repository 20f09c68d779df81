// Reads the binary formats: little-endian integers, fields with their u32 length in
// front, nothing after the end. Refuses what docs/formats does not allow.

import { fromUtf8, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";

export class Reader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(count: number): Bytes {
    if (count > this.left) {
      throw new Refused(1010, `${count} bytes wanted at offset ${this.#at}, ${this.left} left`);
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u32(): number {
    const b = this.take(4);
    return b[0]! + 256 * (b[1]! + 256 * (b[2]! + 256 * b[3]!));
  }

  // A field with its length in front.
  bytes(most: number): Bytes {
    const at = this.#at;
    const length = this.u32();
    if (length > most) throw new Refused(1012, `${length} bytes at offset ${at}, ${most} allowed`);
    return this.take(length);
  }

  text(most: number): string {
    const at = this.#at;
    const text = fromUtf8(this.bytes(most));
    if (text === undefined) throw new Refused(1014, `offset ${at}`);
    return text;
  }

  finish(): void {
    if (this.left > 0) throw new Refused(1011, `${this.left} bytes at offset ${this.#at}`);
  }
}

export function u32(value: number): Bytes {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value, true);
  return out;
}
