// Merkle trees of RFC 9162 over SHA-256: roots, and checking proofs. Sizes stay below
// 2^53, far above any election's.

import { equal, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import { sha256 } from "./transcript.ts";

export const leafHash = (entry: Bytes): Bytes => sha256(Uint8Array.of(0), entry);
export const nodeHash = (left: Bytes, right: Bytes): Bytes => sha256(Uint8Array.of(1), left, right);
export const emptyRoot = (): Bytes => sha256();

// A tree that grows leaf by leaf and remembers only its right edge.
export class TreeHasher {
  readonly #edge: Bytes[] = [];
  #size = 0;

  add(leaf: Bytes): void {
    let node = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = nodeHash(this.#edge.pop()!, node);
    }
    this.#edge.push(node);
    ++this.#size;
  }

  get size(): number {
    return this.#size;
  }

  root(): Bytes {
    if (this.#edge.length === 0) return emptyRoot();
    return this.#edge.reduceRight((right, left) => nodeHash(left, right));
  }
}

export function rootOf(leaves: Iterable<Bytes>): Bytes {
  const tree = new TreeHasher();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

const half = (value: number): number => Math.floor(value / 2);

function check32(hashes: readonly Bytes[]): void {
  if (hashes.some((hash) => hash.length !== 32)) throw new Refused(1301, "a hash of another length");
}

// RFC 9162 section 2.1.3.2.
export function checkInclusion(
  index: number,
  size: number,
  leaf: Bytes,
  proof: readonly Bytes[],
  root: Bytes,
): void {
  check32([leaf, root, ...proof]);
  if (index >= size) throw new Refused(1301, `leaf ${index} of a tree of ${size}`);
  let node = leaf;
  let fn = index;
  let sn = size - 1;
  for (const sibling of proof) {
    if (sn === 0) throw new Refused(1301, "the proof is too long");
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(sibling, node);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      node = nodeHash(node, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw new Refused(1301, "the proof is too short");
  if (!equal(node, root)) throw new Refused(1301, "the proof leads to another root");
}

// RFC 9162 section 2.1.4.2. The empty tree is consistent with every tree, by the empty
// proof.
export function checkConsistency(
  oldSize: number,
  oldRoot: Bytes,
  newSize: number,
  newRoot: Bytes,
  proof: readonly Bytes[],
): void {
  check32([oldRoot, newRoot, ...proof]);
  if (oldSize > newSize) throw new Refused(1301, "the old tree is the larger one");
  if (oldSize === 0 || oldSize === newSize) {
    const same = oldSize === 0 ? equal(oldRoot, emptyRoot()) : equal(oldRoot, newRoot);
    if (!same || proof.length > 0) throw new Refused(1301, "the trees differ");
    if (newSize === 0 && !equal(newRoot, emptyRoot())) throw new Refused(1301, "the trees differ");
    return;
  }
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  // A complete old tree is itself the first node of the path.
  const path = fn === 0 ? [oldRoot, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) throw new Refused(1301, "the proof is empty");
  let old = first;
  let fresh = first;
  for (const sibling of path) {
    if (sn === 0) throw new Refused(1301, "the proof is too long");
    if (fn % 2 === 1 || fn === sn) {
      old = nodeHash(sibling, old);
      fresh = nodeHash(sibling, fresh);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      fresh = nodeHash(fresh, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw new Refused(1301, "the proof is too short");
  if (!equal(old, oldRoot) || !equal(fresh, newRoot)) {
    throw new Refused(1301, "the proof leads to other roots");
  }
}

// RFC 9162 section 2.1.3.1, with all leaves at hand.
export function inclusionProof(index: number, leaves: readonly Bytes[]): Bytes[] {
  if (leaves.length <= 1) return [];
  let left = 1;
  while (2 * left < leaves.length) left *= 2;
  const [first, rest] = [leaves.slice(0, left), leaves.slice(left)];
  return index < left
    ? [...inclusionProof(index, first), rootOf(rest)]
    : [...inclusionProof(index - left, rest), rootOf(first)];
}
