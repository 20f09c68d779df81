// The election key record (docs/formats/ceremony.md): who the trustees are, their public
// coefficients, and from them the joint key K, the election hash He and the trustees'
// public shares. Everything in the record is derived again.

import { concat, equal, fromUtf8, utf8, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import { decodeElement, decodeScalar, identity, isIdentity, mul, mulBase, type Element, type Scalar } from "./group.ts";
import { Reader, u32 } from "./reader.ts";
import { PublicKey } from "./signature.ts";
import { hash, hashToScalar, type Part } from "./transcript.ts";

export interface Terms {
  readonly binding: readonly Part[]; // ceremony, attempt, n, k, definition hash
  readonly ceremony: Bytes;
  readonly attempt: number;
  readonly definition: Bytes;
  readonly k: number;
  readonly members: readonly { readonly name: string; readonly key: PublicKey; readonly boxKey: Bytes }[];
}

export interface ElectionKey {
  readonly electionHash: Bytes; // He
  readonly key: Element; // K
  readonly definition: Bytes;
  readonly threshold: number;
  readonly terms: Bytes; // the terms of the ceremony, and its files in order of trustees
  readonly reveals: readonly Bytes[];
  readonly confirms: readonly Bytes[];
  readonly trustees: readonly {
    readonly name: string;
    readonly signingKey: PublicKey;
    readonly boxKey: Bytes;
    readonly share: Element; // Z_l
  }[];
}

const magic = (reader: Reader, text: string): boolean =>
  fromUtf8(reader.take(8)) === text && reader.u32() === 1;

export function parseElectionKey(bytes: Bytes): ElectionKey {
  const reader = new Reader(bytes);
  if (!magic(reader, "urna-ekr")) throw new Refused(3240, "the magic is missing");
  const termsBytes = reader.bytes(1 << 16);
  const terms = parseTerms(termsBytes);
  const n = terms.members.length;
  const files = Array.from({ length: 2 * n }, () => reader.bytes(1 << 20));
  reader.finish();
  const rows = files.slice(0, n).map((file, i) => readReveal(terms, i + 1, file));
  const key = rows.reduce((sum, row) => sum.add(row[0]!), identity);
  const shares = terms.members.map((_, i) => publicShare(rows, i + 1));
  if ([key, ...shares].some((element) => element.is0())) throw new Refused(3216, "a sum is the identity");
  const encoded = rows.flatMap((row) => row.map((element): Part => element.toBytes()));
  const electionHash = hash("election", [
    terms.definition, "ristretto255", n, terms.k, ...encoded, key.toBytes(),
  ]);
  files.slice(n).forEach((file, i) => checkConfirmation(terms, i + 1, file, electionHash));
  return {
    electionHash,
    key,
    definition: terms.definition,
    threshold: terms.k,
    terms: termsBytes,
    reveals: files.slice(0, n),
    confirms: files.slice(n),
    trustees: terms.members.map((member, i) => ({
      name: member.name,
      signingKey: member.key,
      boxKey: member.boxKey,
      share: shares[i]!,
    })),
  };
}

export function parseTerms(bytes: Bytes): Terms {
  const reader = new Reader(bytes);
  if (!magic(reader, "urna-ctr")) throw new Refused(3201, "the magic is missing");
  const ceremony = reader.take(32);
  const attempt = reader.u32();
  const definition = reader.take(32);
  const k = reader.u32();
  const n = reader.u32();
  if (attempt < 1 || n < 2 || n > 25 || 2 * k <= n || k > n) throw new Refused(3201, `${k} of ${n}`);
  const members = Array.from({ length: n }, () => {
    const name = reader.text(1024);
    const key = PublicKey.decode(reader.take(32));
    return { name, key, boxKey: reader.take(32) };
  });
  reader.finish();
  if (new Set(members.map((member) => member.name)).size !== n) throw new Refused(3201, "a name twice");
  return { binding: [ceremony, attempt, n, k, definition], ceremony, attempt, definition, k, members };
}

export type Step = 1 | 2 | 3 | 4; // commit, reveal, shares, confirm

// Everything before the payload, which is what the trustee signs with the payload's hash.
function header(terms: Terms, step: Step, trustee: number): Bytes {
  return concat(
    utf8("urna-cer"),
    u32(1), terms.ceremony, u32(terms.attempt), u32(terms.members.length), u32(terms.k),
    terms.definition, Uint8Array.of(step), u32(trustee), u32(0),
  );
}

export const payloadHash = (payload: Bytes): Bytes => hash("ceremony-payload", [payload]);

function signedBy(terms: Terms, step: Step, trustee: number, hashed: Bytes, signature: Bytes): boolean {
  const message = concat(header(terms, step, trustee), hashed);
  return terms.members[trustee - 1]!.key.verifies("ceremony", message, signature);
}

// The payload of a ceremony file that this trustee signed for this step of this ceremony.
export function openFile(terms: Terms, step: Step, trustee: number, bytes: Bytes): Reader {
  const expected = header(terms, step, trustee);
  const place = `step ${step} of trustee ${trustee}`;
  const reader = new Reader(bytes);
  if (!equal(reader.take(Math.min(expected.length, reader.left)), expected)) throw new Refused(3211, place);
  const payload = reader.bytes(1 << 20);
  const signature = reader.take(64);
  reader.finish();
  if (!signedBy(terms, step, trustee, payloadHash(payload), signature)) throw new Refused(3212, place);
  return new Reader(payload);
}

// Citations of all n files of a step: (payload hash, signature) each.
export function readCitations(terms: Terms, step: Step, reader: Reader, place: string): Bytes[] {
  return terms.members.map((_, i) => {
    const hashed = reader.take(32);
    if (!signedBy(terms, step, i + 1, hashed, reader.take(64))) throw new Refused(3217, place);
    return hashed;
  });
}

function readReveal(terms: Terms, trustee: number, bytes: Bytes): Element[] {
  const reader = openFile(terms, 2, trustee, bytes);
  const place = `reveal of trustee ${trustee}`;
  const coefficients = reader.take(96 * terms.k);
  const commits = readCitations(terms, 1, reader, place);
  reader.finish();
  const commit = hash("commit", [...terms.binding, trustee, coefficients]);
  if (!equal(payloadHash(commit), commits[trustee - 1]!)) throw new Refused(3214, place);
  return Array.from({ length: terms.k }, (_, j) => {
    const [a, r, v] = [0, 32, 64].map((at) => coefficients.slice(96 * j + at, 96 * j + at + 32));
    const element = decodeElement(a!);
    const commitment = decodeElement(r!);
    const response = decodeScalar(v!);
    if (element === undefined || commitment === undefined || response === undefined ||
        (j === 0 && isIdentity(a!))) {
      throw new Refused(3216, `${place}, coefficient ${j}`);
    }
    const c = hashToScalar("coefficient", [...terms.binding, trustee, j, a!, r!]);
    if (!commitment.equals(mulBase(response).add(mul(c, element)))) {
      throw new Refused(3215, `${place}, coefficient ${j}`);
    }
    return element;
  });
}

function checkConfirmation(terms: Terms, trustee: number, bytes: Bytes, electionHash: Bytes): void {
  const reader = openFile(terms, 4, trustee, bytes);
  readCitations(terms, 3, reader, `confirmation of trustee ${trustee}`);
  const confirmed = reader.take(32);
  reader.finish();
  if (!equal(confirmed, electionHash)) throw new Refused(3221, `trustee ${trustee}`);
}

// Z_l: every trustee's polynomial at l, added up.
function publicShare(rows: readonly (readonly Element[])[], l: number): Element {
  let sum = identity;
  for (const row of rows) {
    let power: Scalar = 1n;
    for (const element of row) {
      sum = sum.add(mul(power, element));
      power *= BigInt(l);
    }
  }
  return sum;
}
