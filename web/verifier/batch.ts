// The proofs of many ballots at once: every equation times an independent random weight,
// all added up, is one sum of products that must be the identity. A false equation
// passes with probability 2^-128. When the sum fails, the batch is halved until the
// faulty ballots are alone; proofs.ts then names the equation.

import type { Ballot, BallotFields } from "./ballot.ts";
import { type Bytes } from "./bytes.ts";
import { type Fault } from "./fault.ts";
import { generator, littleEndian, mod, sumOfProducts, type Element, type Scalar } from "./group.ts";
import { checkProofs, contestEquations, foldFactor, optionEquations, type OrEquations } from "./proofs.ts";
import { hashWide } from "./transcript.ts";

export interface OpenBallot {
  readonly ballot: Ballot;
  readonly fields: BallotFields;
}

// Weights of 128 bits, from a seed that mixes fresh randomness with the whole batch.
class Weights {
  readonly #seed: Bytes;
  #block: Bytes = new Uint8Array(0);
  #counter = 0;

  constructor(batch: readonly OpenBallot[]) {
    const fresh = globalThis.crypto.getRandomValues(new Uint8Array(32));
    this.#seed = hashWide("batch", [fresh, ...batch.map((item) => item.ballot.bytes)]);
  }

  next(): Scalar {
    if (this.#block.length === 0) this.#block = hashWide("weights", [this.#seed, this.#counter++]);
    const weight = littleEndian(this.#block.subarray(0, 16));
    this.#block = this.#block.subarray(16);
    return weight;
  }
}

// One sum of products that grows by equations.
class Sum {
  readonly scalars: Scalar[] = [];
  readonly elements: Element[] = [];
  onGenerator: Scalar = 0n;
  onKey: Scalar = 0n;

  add(scalar: Scalar, element: Element): void {
    this.scalars.push(scalar);
    this.elements.push(element);
  }

  isIdentity(key: Element): boolean {
    return sumOfProducts(
      [...this.scalars, mod(this.onGenerator), mod(this.onKey)],
      [...this.elements, generator, key],
    ).is0();
  }
}

// Adds the proof's equations, weighted; gives the factors of alpha and of beta, which
// the caller adds to whatever the ciphertext is made of.
function addEquations(
  sum: Sum,
  weights: Weights,
  proof: OrEquations,
): readonly [Scalar, Scalar] {
  let alpha = 0n;
  let beta = 0n;
  for (let m = 0; m < proof.values.length; ++m) {
    const c = proof.challenges[m]!;
    const r = proof.responses[m]!;
    const [a, b] = proof.commitments[m]!;
    const wa = weights.next();
    const wb = weights.next();
    sum.onGenerator += wa * r;
    sum.onKey += wb * (r - c * proof.values[m]!);
    alpha += wa * c;
    beta += wb * c;
    sum.add(wa, a.negate());
    sum.add(wb, b.negate());
  }
  return [mod(alpha), mod(beta)];
}

function addContest(sum: Sum, weights: Weights, { ballot, fields }: OpenBallot, contest: number): void {
  const shape = ballot.style.contests[contest]!;
  const place = ballot.style.places[contest]!;
  const gamma = foldFactor(ballot, contest);
  // C and D are sums of the contest's ciphertexts: their factors go into those.
  const folded = addEquations(sum, weights, contestEquations(ballot, fields, contest, gamma));
  for (let option = 0; option < shape.options; ++option) {
    const own = addEquations(sum, weights, optionEquations(ballot, fields, contest, option));
    const at = place.ciphertexts + 2 * option;
    sum.add(mod(own[0] + folded[0]), fields.points[at]!);
    sum.add(mod(own[1] + folded[1]), fields.points[at + 1]!);
  }
  const blank = place.ciphertexts + 2 * shape.options;
  sum.add(mod(gamma * folded[0]), fields.points[blank]!);
  sum.add(mod(gamma * folded[1]), fields.points[blank + 1]!);
}

function batchHolds(batch: readonly OpenBallot[], key: Element): boolean {
  const sum = new Sum();
  const weights = new Weights(batch);
  for (const item of batch) {
    for (let contest = 0; contest < item.ballot.style.contests.length; ++contest) {
      addContest(sum, weights, item, contest);
    }
  }
  return sum.isIdentity(key);
}

// The first fault of every ballot of the batch; undefined where all proofs hold.
export function checkBatch(batch: readonly OpenBallot[], key: Element): (Fault | undefined)[] {
  if (batch.length === 0) return [];
  if (batchHolds(batch, key)) return batch.map(() => undefined);
  if (batch.length === 1) return [checkProofs(batch[0]!.ballot, batch[0]!.fields, key)];
  const half = Math.ceil(batch.length / 2);
  return [...checkBatch(batch.slice(0, half), key), ...checkBatch(batch.slice(half), key)];
}

