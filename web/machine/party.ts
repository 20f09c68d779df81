// "Choose all of this party": which options that means, and where it changes nothing.

import type { BallotView } from "./service.ts";

export interface PartyPlan {
  readonly choose: readonly (readonly [contest: number, option: number])[];
  // Contests with options of the party that stay as they are: chosen already, or the
  // party has more options there than the voter has votes.
  readonly left: readonly number[];
}

export function planParty(
  ballot: BallotView,
  choices: readonly (readonly number[])[],
  party: string,
): PartyPlan {
  const choose: [number, number][] = [];
  const left: number[] = [];
  for (const [c, contest] of ballot.contests.entries()) {
    const options = contest.cards.flatMap((cards, o) => (cards.includes(party) ? [o] : []));
    if (options.length === 0) continue;
    const same = options.length === choices[c]!.length && options.every((option) => choices[c]!.includes(option));
    if (same) continue;
    if (choices[c]!.length > 0 || options.length > contest.limit) left.push(c);
    else choose.push(...options.map((option) => [c, option] as [number, number]));
  }
  return { choose, left };
}
