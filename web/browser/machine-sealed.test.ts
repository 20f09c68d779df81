// What the machine seals is what people chose, whichever way they voted: everybody votes
// by the same script, and two of three trustees decrypt the sum of the sealed ballots.
// With n ballots, a sum of n for an option means that each of them has it, and a sum of 0
// that none has: so the sum alone says that all ballots are alike, and what they hold.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { BallotView } from "../machine/service.ts";
import type { Clips } from "../machine/speech.ts";
import { machineWords } from "../machine/words.ts";
import { speaker, type Language } from "../ui/glossary.ts";
import { clipsOf, ear, listen } from "./ears.ts";
import { hands, heading, settled, type Hand } from "./hands.ts";
import { launch, open, type Opened } from "./harness.ts";
import { scriptChoices, voteByScript } from "./script.ts";
import { closeAndExport, startTrustedStation, trusteesBuilt, type TrustedStation } from "./trusted-station.ts";

const words = (language: Language) => speaker(machineWords, language);
const ears = { "sound and four keys": ["ArrowDown", "Enter"], "sound and two switches": ["1", "2"] } as const;
const ways = [...Object.keys(hands), ...Object.keys(ears)];

describe.skipIf(!trusteesBuilt)("sealed choices", () => {
  let browser: Browser;
  let station: TrustedStation;
  let screen: Opened;
  let clips: Clips;
  let ballot: BallotView | undefined;
  let voted = 0;

  beforeAll(async () => {
    browser = await launch();
    station = await startTrustedStation({ sound: true });
    clips = await clipsOf(station.service.address());
    screen = await open(browser, "about:blank", 1080, 1920);
    await listen(screen.page);
    await screen.page.goto(`${station.service.address()}/`);
  }, 400_000);
  afterAll(async () => {
    await screen?.context.close();
    await station?.end();
    await browser?.close();
  });

  for (const language of ["es", "en"] as const) {
    test.each(ways)(`the script by %s, ${language}`, async (way) => {
      const { page } = screen;
      const byEar = way in ears ? ears[way as keyof typeof ears] : undefined;
      const hand: Hand = byEar === undefined ? hands[way]! : ear(clips, byEar[0], byEar[1]);
      const press = (label: string): Promise<void> => hand(page, label);
      const box = page.getByLabel(words("es")("token"));
      await box.waitFor();
      await settled(page);
      await box.fill(station.token());
      await page.keyboard.press("Enter");
      await heading(page, words("es")("welcomeTitle"));
      await settled(page);
      if (byEar !== undefined) for (const key of byEar) await page.keyboard.press(key);
      if (language === "en") await press("English");
      await heading(page, words(language)("welcomeTitle"));
      await press(words(language)("start"));
      ballot = (await (await fetch(`${station.service.address()}/api/ballot`)).json()) as BallotView;
      expect(ballot.language).toBe(language);
      await heading(page, ballot.contests[0]!.title);
      await voteByScript(page, ballot, language, press);
      ++voted;
    });
  }

  test("are those of the script in every ballot, decrypted by the trustees", async () => {
    const verdict = await station.judge(await closeAndExport(station));
    expect(verdict.checks.filter(({ state }) => state === "failed")).toEqual([]);
    expect(verdict.ballots).toMatchObject({ cast: voted, challenged: 0, voided: 0 });
    expect(voted).toBe(2 * ways.length);
    const expected = ballot!.contests.flatMap(({ options }, c) => {
      const chosen = scriptChoices[c]!;
      return [...options.map((_, o) => (chosen.includes(o) ? voted : 0)), chosen.length === 0 ? voted : 0];
    });
    expect(verdict.decrypted).toEqual(expected);
    // The machine's own count agrees, field by field.
    expect(verdict.checks.find(({ name }) => name === "sheet-totals")?.state).toBe("passed");
  });
});
