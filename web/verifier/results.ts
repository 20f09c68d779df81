// The results document of a record (docs/formats/record.md), derived again from the totals
// of the stations and compared number by number.

import { toHex, type Bytes } from "./bytes.ts";
import type { Award, Definition } from "./definition.ts";
import { awardSeats, canAward, type Drawing } from "./seats.ts";

export interface CountedStation {
  readonly cast: number; // ballots in its package
  // For every contest of its ballot the options and then the blank votes.
  readonly fields: readonly number[] | undefined;
}

interface ContestTotal {
  readonly options: number[];
  blank: number;
}

export interface Derived {
  readonly json: Json;
  readonly lots: number; // ties that wait for a drawing
  readonly other: string | undefined; // an award whose rules this verifier does not know
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export function deriveResults(
  definition: Definition,
  electionHash: Bytes,
  stations: ReadonlyMap<string, CountedStation>,
  drawings: readonly Drawing[],
): Derived {
  const totals = definition.contests.map((contest): ContestTotal => ({ options: contest.options.map(() => 0), blank: 0 }));
  let cast = 0;
  let counted = 0;
  for (const { code, contests } of definition.stations) {
    const station = stations.get(code);
    cast += station?.cast ?? 0;
    if (station?.fields === undefined) continue;
    ++counted;
    let at = 0;
    for (const contest of contests) {
      const total = totals[contest]!;
      for (let option = 0; option < total.options.length; ++option) total.options[option]! += station.fields[at++]!;
      total.blank += station.fields[at++]!;
    }
  }
  const awards = definition.awards.map((award) => awardJson(definition, award, totals, drawings));
  const json: Json = {
    format: "urna-results-1",
    definition: toHex(definition.hash),
    election: toHex(electionHash),
    stations: { expected: definition.stations.length, counted },
    cast,
    contests: definition.contests.map((contest, c) => ({
      contest: contest.code,
      options: contest.options.map(({ code }, o) => ({ option: code, votes: totals[c]!.options[o]! })),
      blank: totals[c]!.blank,
    })),
    awards: awards.map(({ json: award }) => award),
  };
  return {
    json,
    lots: awards.reduce((sum, { lots }) => sum + lots, 0),
    other: definition.awards.find((award) => !canAward(award))?.code,
  };
}

function awardJson(
  definition: Definition,
  award: Award,
  totals: readonly ContestTotal[],
  drawings: readonly Drawing[],
): { json: Json; lots: number } {
  if (!canAward(award)) return { json: { award: award.code }, lots: 0 };
  let lots = 0;
  const parts = definition.contests.flatMap((contest, c): Json[] => {
    if (!contest.awards.includes(award.code)) return [];
    const votes = contest.contenders.map((_, i) =>
      contest.options.reduce((sum, { contender }, o) => (contender === i ? sum + totals[c]!.options[o]! : sum), 0));
    const standing = contest.contenders.map(({ code, candidates }, i) => ({
      name: code, votes: votes[i]!, most: contest.kind === "plurality" ? 1 : candidates > 0 ? candidates : Infinity,
    }));
    const given = awardSeats(award, contest.seats, standing, totals[c]!.blank, `${award.code} ${contest.code}`, drawings);
    lots += given.lots;
    const lists = standing.map((list, i) => ({ list: list.name, votes: list.votes, seats: given.seats[i]! }));
    return [{ contest: contest.code, lists, unassigned: given.unassigned, lots: given.lots }];
  });
  return { json: { award: award.code, parts }, lots };
}

export interface Difference {
  readonly pointer: string;
  readonly published: string;
  readonly derived: string;
}

export function differences(published: Json | undefined, derived: Json | undefined, pointer = ""): Difference[] {
  const text = (value: Json | undefined): string => (value === undefined ? "nothing" : JSON.stringify(value));
  const differ = (): Difference[] => [{ pointer: pointer || "/", published: text(published), derived: text(derived) }];
  if (Array.isArray(published) && Array.isArray(derived)) {
    if (published.length !== derived.length) return differ();
    return derived.flatMap((value, i) => differences(published[i], value, `${pointer}/${i}`));
  }
  if (isObject(published) && isObject(derived)) {
    const keys = new Set([...Object.keys(derived), ...Object.keys(published)]);
    return [...keys].flatMap((key) => differences(published[key], derived[key], `${pointer}/${key}`));
  }
  return published === derived ? [] : differ();
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
