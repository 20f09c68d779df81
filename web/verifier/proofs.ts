// The proofs of one ballot, equation by equation, as docs/formats/ballot.md writes them:
// slow and plain. It names the first equation that fails. batch.ts gives the same answer
// faster.

import type { Ballot, BallotFields } from "./ballot.ts";
import { fault, type Fault } from "./fault.ts";
import { mod, mul, mulBase, type Element, type Scalar } from "./group.ts";
import { branches } from "./style.ts";
import { hashToScalar } from "./transcript.ts";

// The numbers of one "either this value or that" statement: that a ciphertext (C, D)
// encrypts one of `values`.
export interface OrEquations {
  readonly values: readonly Scalar[];
  readonly commitments: readonly (readonly [Element, Element])[];
  readonly challenges: readonly Scalar[];
  readonly responses: readonly Scalar[];
}

interface OrProof extends OrEquations {
  readonly ciphertext: readonly [Element, Element];
  // The fault for a failing equation "a0", "b0", "a1", …
  readonly fault: (equation: string) => Fault;
}

export function optionEquations(
  ballot: Ballot,
  fields: BallotFields,
  contest: number,
  option: number,
): OrEquations {
  const place = ballot.style.places[contest]!;
  const first = place.commitments + 4 * option;
  const [c0, v0, v1] = fields.scalars.slice(place.scalars + 3 * option) as [Scalar, Scalar, Scalar];
  const c = hashToScalar("option", [
    ballot.hash,
    contest,
    option,
    ...ballot.pointsBytes(place.ciphertexts + 2 * option, 2),
    ...ballot.pointsBytes(first, 4),
  ]);
  return {
    values: [0n, 1n],
    commitments: pairs(fields, first, 2),
    challenges: [c0, mod(c - c0)],
    responses: [v0, v1],
  };
}

// gamma, which folds the limit and the blank indicator into one statement.
export function foldFactor(ballot: Ballot, contest: number): Scalar {
  const place = ballot.style.places[contest]!;
  const options = ballot.style.contests[contest]!.options;
  return hashToScalar("fold", [
    ballot.hash,
    contest,
    ...ballot.pointsBytes(place.ciphertexts, 2 * (options + 1)),
  ]);
}

export function contestEquations(
  ballot: Ballot,
  fields: BallotFields,
  contest: number,
  gamma: Scalar,
): OrEquations {
  const shape = ballot.style.contests[contest]!;
  const place = ballot.style.places[contest]!;
  const count = branches(shape);
  const first = place.commitments + 4 * shape.options;
  const own = place.scalars + 3 * shape.options;
  const shares = fields.scalars.slice(own, own + count - 1);
  const c = hashToScalar("contest", [
    ballot.hash,
    contest,
    ...ballot.pointsBytes(place.ciphertexts, 2 * (shape.options + 1)),
    ...ballot.pointsBytes(first, 2 * count),
  ]);
  return {
    values: [gamma, ...shares.map((_, i) => BigInt(i + 1))],
    commitments: pairs(fields, first, count),
    challenges: [mod(c - shares.reduce((sum, share) => sum + share, 0n)), ...shares],
    responses: fields.scalars.slice(own + count - 1, own + 2 * count - 1),
  };
}

function pairs(fields: BallotFields, first: number, count: number): (readonly [Element, Element])[] {
  return Array.from({ length: count }, (_, m) => [
    fields.points[first + 2 * m]!,
    fields.points[first + 2 * m + 1]!,
  ]);
}

function optionProof(ballot: Ballot, fields: BallotFields, contest: number, option: number): OrProof {
  const cipher = ballot.style.places[contest]!.ciphertexts + 2 * option;
  return {
    ...optionEquations(ballot, fields, contest, option),
    ciphertext: [fields.points[cipher]!, fields.points[cipher + 1]!],
    fault: (equation) => fault(3030, `contest ${contest}, option ${option}, equation ${equation}`),
  };
}

function contestProof(ballot: Ballot, fields: BallotFields, contest: number): OrProof {
  const options = ballot.style.contests[contest]!.options;
  const first = ballot.style.places[contest]!.ciphertexts;
  const gamma = foldFactor(ballot, contest);
  return {
    ...contestEquations(ballot, fields, contest, gamma),
    ciphertext: [
      foldedSum(fields, first, options, gamma),
      foldedSum(fields, first + 1, options, gamma),
    ],
    fault: (equation) => fault(3031, `contest ${contest}, equation ${equation}`),
  };
}

// The sum of every second point from `first`, and gamma times the one after them.
function foldedSum(fields: BallotFields, first: number, options: number, gamma: Scalar): Element {
  let sum = mul(gamma, fields.points[first + 2 * options]!);
  for (let option = 0; option < options; ++option) sum = sum.add(fields.points[first + 2 * option]!);
  return sum;
}

// The first equation that does not hold.
function failingEquation(proof: OrProof, key: Element): Fault | undefined {
  for (let m = 0; m < proof.values.length; ++m) {
    const c = proof.challenges[m]!;
    const r = proof.responses[m]!;
    const [a, b] = proof.commitments[m]!;
    const [alpha, beta] = proof.ciphertext;
    if (!a.equals(mulBase(r).add(mul(c, alpha)))) return proof.fault(`a${m}`);
    const onKey = mod(r - c * proof.values[m]!);
    if (!b.equals(mul(onKey, key).add(mul(c, beta)))) return proof.fault(`b${m}`);
  }
  return undefined;
}

// All proofs of the ballot, in the order in which they lie in it.
function* proofsOf(ballot: Ballot, fields: BallotFields): Generator<OrProof> {
  for (let contest = 0; contest < ballot.style.contests.length; ++contest) {
    const options = ballot.style.contests[contest]!.options;
    for (let option = 0; option < options; ++option) yield optionProof(ballot, fields, contest, option);
    yield contestProof(ballot, fields, contest);
  }
}

export function checkProofs(ballot: Ballot, fields: BallotFields, key: Element): Fault | undefined {
  for (const proof of proofsOf(ballot, fields)) {
    const found = failingEquation(proof, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

