// The one voting script that every way of voting must end in alike: a choice that is
// changed on review, two of two, one, and two questions left blank.

import type { Page } from "playwright-core";

import type { BallotView } from "../machine/service.ts";
import { machineWords } from "../machine/words.ts";
import { speaker, type Language } from "../ui/glossary.ts";
import { heading } from "./hands.ts";

export const scriptChoices: readonly (readonly number[])[] = [[3], [], [0, 2], [0], []];

// From the first question to "finish". `see` is told of each new screen, `before` of the
// moment before printing.
export async function voteByScript(
  page: Page, ballot: BallotView, language: Language, press: (label: string) => Promise<void>,
  { see = async () => undefined, before = async () => undefined }: {
    see?: (screen: string) => Promise<void>; before?: () => Promise<void>;
  } = {},
): Promise<void> {
  const say = speaker(machineWords, language);
  const option = (c: number, o: number): string => ballot.contests[c]!.options[o]!;
  await see("contest");
  await press(option(0, 2));
  await press(say("next"));
  await heading(page, ballot.contests[1]!.title);
  await press(say("next")); // the council stays blank
  await press(option(2, 0));
  await press(option(2, 2));
  await press(say("next"));
  await press(option(3, 0));
  await press(say("next"));
  await heading(page, ballot.contests[4]!.title);
  await press(say("toReview"));
  await heading(page, say("reviewTitle"));
  await press(say("changeOf", { title: ballot.contests[0]!.title }));
  await press(option(0, 2)); // takes it away
  await press(option(0, 3));
  await press(say("backToReview"));
  await heading(page, say("reviewTitle"));
  await see("review");
  await before();
  await press(say("printBallot"));
  await heading(page, say("decideTitle"));
  await see("deciding");
  await press(say("cast"));
  await heading(page, say("endedCast"));
  await see("ended");
  await press(say("finish"));
  await heading(page, speaker(machineWords, "es")("idleTitle"));
}
