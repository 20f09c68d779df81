// From votes to seats, for the rules that most elections use (docs/seats.md): relative
// majority and the highest averages of D'Hondt and Sainte-Laguë, with a threshold and with
// drawings of lots. All numbers are exact. For other rules there is no answer.

import type { Award } from "./definition.ts";
import { Refused } from "./fault.ts";

export interface Drawing {
  readonly stage: string;
  readonly among: readonly string[];
  readonly drawn: readonly string[];
}

export interface Standing {
  readonly name: string;
  readonly votes: number;
  readonly most: number; // seats that it can fill
}

export interface Awarded {
  readonly seats: readonly number[];
  readonly unassigned: number;
  readonly lots: number; // ties that wait for a drawing
}

export const canAward = (award: Award): boolean =>
  award.plain && award.scope === "each" && ["plurality", "dhondt", "sainte-lague"].includes(award.method);

export function awardSeats(
  award: Award,
  seats: number,
  standing: readonly Standing[],
  blank: number,
  stage: string,
  drawings: readonly Drawing[],
): Awarded {
  const given = standing.map(() => 0);
  const inside = overThreshold(award, standing, blank);
  let open = seats;
  while (open > 0) {
    const rest = standing.flatMap((list, i) => (inside[i] && given[i]! < list.most ? [i] : []));
    if (rest.length === 0) break;
    // votes / divisor, compared by multiplying crosswise.
    const divisor = (i: number): bigint =>
      award.method === "plurality" ? 1n : award.method === "dhondt" ? BigInt(given[i]! + 1) : BigInt(2 * given[i]! + 1);
    const above = (i: number, j: number): bigint =>
      BigInt(standing[i]!.votes) * divisor(j) - BigInt(standing[j]!.votes) * divisor(i);
    const first = rest.reduce((best, i) => (above(i, best) > 0n ? i : best));
    let level = rest.filter((i) => above(i, first) === 0n);
    if (level.length > open && award.ties === "more-votes-then-lot") {
      level.sort((a, b) => standing[b]!.votes - standing[a]!.votes || a - b);
      const last = standing[level[open - 1]!]!.votes;
      const sure = level.filter((i) => standing[i]!.votes > last);
      if (sure.length > 0) level = sure;
      else level = level.filter((i) => standing[i]!.votes === last);
    }
    if (level.length > open) {
      const drawn = drawnBy(drawings, stage, level.map((i) => standing[i]!.name), open);
      if (drawn === undefined) return { seats: given, unassigned: 0, lots: 1 };
      level = level.filter((i) => drawn.includes(standing[i]!.name));
    }
    for (const i of level) ++given[i]!;
    open -= level.length;
  }
  return { seats: given, unassigned: open, lots: 0 };
}

// Votes of at least (or more than) a share of the valid ones.
function overThreshold(award: Award, standing: readonly Standing[], blank: number): boolean[] {
  const { threshold } = award;
  const took = standing.map((list) => award.method === "plurality" || list.votes > 0);
  if (threshold === undefined) return took;
  const share = /^(\d+)\/(\d+)$/.exec(String(threshold["share"]));
  if (share === null) throw new Refused(2018, `the threshold of ${award.code}`);
  const valid = standing.reduce((sum, list) => sum + list.votes, threshold["of"] === "valid-and-blank" ? blank : 0);
  return standing.map(({ votes }, i) => {
    const difference = BigInt(votes) * BigInt(share[2]!) - BigInt(valid) * BigInt(share[1]!);
    return took[i]! && (threshold["more_than"] === true ? difference > 0n : difference >= 0n);
  });
}

function drawnBy(drawings: readonly Drawing[], stage: string, among: readonly string[], take: number): readonly string[] | undefined {
  const same = (a: readonly string[], b: readonly string[]): boolean => a.toSorted().join() === b.toSorted().join();
  const drawing = drawings.find((one) => one.stage === stage && same(one.among, among));
  if (drawing === undefined) return undefined;
  const distinct = new Set(drawing.drawn.filter((name) => among.includes(name)));
  if (distinct.size !== take || drawing.drawn.length !== take) throw new Refused(2210, stage);
  return drawing.drawn;
}
