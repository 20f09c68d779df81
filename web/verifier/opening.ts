// The opening of a challenged ballot: the seed and the choices, from which anybody can
// encrypt again and compare. Such a ballot is a test and never counts.

import type { Ballot } from "./ballot.ts";
import { equal, type Bytes } from "./bytes.ts";
import { fault, type Fault } from "./fault.ts";
import { mod, mul, mulBase, type Element } from "./group.ts";
import { openingHeader, type BallotStyle } from "./style.ts";
import { hashToScalar } from "./transcript.ts";

export function checkOpening(ballot: Ballot, key: Element, opening: Bytes): Fault | undefined {
  const style = ballot.style;
  if (opening.length !== style.openingSize || opening[0] !== 1) {
    const sizes = `${opening.length} bytes where style ${style.number} has ${style.openingSize}`;
    return fault(3050, `${sizes}, version ${opening[0] ?? 0}`);
  }
  const choices = opening.subarray(openingHeader);
  return checkLimits(style, choices) ?? compareCiphertexts(ballot, key, opening.subarray(1, 33), choices);
}

function checkLimits(style: BallotStyle, choices: Bytes): Fault | undefined {
  let at = 0;
  for (const [contest, shape] of style.contests.entries()) {
    let chosen = 0;
    for (let option = 0; option < shape.options; ++option, ++at) {
      const value = choices[at]!;
      if (value > 1) return fault(3051, `contest ${contest}, option ${option}: value ${value}`);
      chosen += value;
    }
    if (chosen > shape.limit) {
      return fault(3051, `contest ${contest}: ${chosen} choices where ${shape.limit} are allowed`);
    }
  }
  return undefined;
}

function compareCiphertexts(ballot: Ballot, key: Element, seed: Bytes, choices: Bytes): Fault | undefined {
  let at = 0;
  for (const [contest, shape] of ballot.style.contests.entries()) {
    const own = choices.subarray(at, at + shape.options);
    const blank = own.every((value) => value === 0) ? 1 : 0;
    at += shape.options;
    for (let option = 0; option <= shape.options; ++option) {
      if (encrypts(ballot, key, seed, contest, option, own[option] ?? blank)) continue;
      const name = option === shape.options ? "blank indicator" : `option ${option}`;
      return fault(3052, `contest ${contest}, ${name}`);
    }
  }
  return undefined;
}

// Whether the ciphertext is Enc(value; x) with the nonce x that the seed gives.
function encrypts(
  ballot: Ballot,
  key: Element,
  seed: Bytes,
  contest: number,
  option: number,
  value: number,
): boolean {
  const x = hashToScalar("nonce", [ballot.hash, contest, option, seed]);
  const at = ballot.style.places[contest]!.ciphertexts + 2 * option;
  return (
    equal(mulBase(x).toBytes(), ballot.pointBytes(at)) &&
    equal(mul(mod(x + BigInt(value)), key).toBytes(), ballot.pointBytes(at + 1))
  );
}
