// A blind voter at the real urna-machine: sound and four keys, sound and two switches, in
// both languages, the screen dark. Nothing on the screen is looked at to find the way.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { BallotView } from "../machine/service.ts";
import type { Clips } from "../machine/speech.ts";
import { machineWords } from "../machine/words.ts";
import { speaker, type Language } from "../ui/glossary.ts";
import { clipsOf, ear, hear, heard, listen } from "./ears.ts";
import { heading, look, settled } from "./hands.ts";
import { launch, open, type Opened } from "./harness.ts";
import { built, startMachine, type MachineProgram } from "./program.ts";

const words = (language: Language) => speaker(machineWords, language);
const ways = { "four keys": ["ArrowDown", "Enter"], "two switches": ["1", "2"] } as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe.skipIf(!built)("by ear", () => {
  let machine: MachineProgram;
  let screen: Opened;
  let clips: Clips;
  beforeAll(async () => {
    machine = await startMachine("--sound");
    clips = await clipsOf(machine.address());
    screen = await open(browser, "about:blank", 1080, 1920);
    await listen(screen.page);
    await screen.page.goto(`${machine.address()}/`);
  }, 240_000);
  afterAll(async () => {
    await screen?.context.close();
    await machine?.end();
  });

  for (const language of ["es", "en"] as const) {
    test.each(Object.keys(ways) as (keyof typeof ways)[])(`the whole vote by sound and %s, ${language}`, async (way) => {
      const { page } = screen;
      const [step, choose] = ways[way];
      const say = words(language);
      const press = (name: string): Promise<void> => ear(clips, step, choose)(page, name);
      const box = page.getByLabel(words("es")("token"));
      await box.waitFor();
      await settled(page);
      const before = (await heard(page)).length;
      await box.fill(await machine.token());
      await page.keyboard.press("Enter");
      // What is offered is said before anything is pressed, in every language.
      await hear(page, clips, words("es")("soundOffer"), before);
      for (const text of [machineWords.soundOffer.es, machineWords.soundOffer.en]) {
        expect(Object.values(clips).some((list) => list[text] !== undefined)).toBe(true);
      }
      // As it says: once the key that moves on, then the key that chooses.
      await settled(page);
      await page.keyboard.press(step);
      await page.keyboard.press(choose);
      await hear(page, clips, words("es")("welcomeTitle"), before);
      await look(page, "es-welcome-sound");
      if (language === "en") {
        await press("English");
        await hear(page, clips, say("welcomeTitle"));
      }
      await press(say("faster"));
      await press(say("screenOff"));
      expect(await page.evaluate(() => getComputedStyle(document.querySelector(".kiosk")!, "::after").backgroundColor)).toBe("rgb(0, 0, 0)");
      await press(say("start"));
      const ballot = (await (await fetch(`${machine.address()}/api/ballot`)).json()) as BallotView;
      const option = (c: number, o: number): string => ballot.contests[c]!.options[o]!;
      const title = (c: number): Promise<void> => hear(page, clips, ballot.contests[c]!.title);
      await title(0);
      await press(option(0, 2));
      await hear(page, clips, say("chosen"));
      const repeated = (await heard(page)).length;
      await press(say("repeat"));
      await hear(page, clips, ballot.contests[0]!.title, repeated);
      await press(say("next"));
      await title(1);
      await press(say("next")); // the council stays blank
      await title(2);
      await press(option(2, 0));
      await press(option(2, 2));
      await press(say("next"));
      await title(3);
      await press(option(3, 0));
      await press(say("next"));
      await title(4);
      await press(say("toReview"));
      const reviewed = (await heard(page)).length;
      await hear(page, clips, say("reviewTitle"), Math.max(0, reviewed - 3));
      await hear(page, clips, option(2, 2), reviewed); // the choices are read out
      await press(say("changeOf", { title: ballot.contests[0]!.title }));
      await press(option(0, 2)); // takes it away
      await hear(page, clips, say("notChosen"), reviewed);
      // One too many is explained by ear as well.
      await press(option(0, 3));
      const full = (await heard(page)).length;
      await press(option(0, 1));
      await hear(page, clips, say("overvoteTitle"), full);
      await press(say("understood"));
      await press(say("backToReview"));
      await hear(page, clips, say("reviewTitle"), full);
      expect((await machine.state()).session?.choices).toEqual([[3], [], [0, 2], [0], []]);
      await press(say("printBallot"));
      await hear(page, clips, say("decideTitle"), full);
      await press(say("cast"));
      await hear(page, clips, say("endedCast"), full);
      await press(say("finish"));
      await heading(page, words("es")("idleTitle"));
      // The next voter finds neither sound nor darkness.
      expect(await page.evaluate(() => document.documentElement.hasAttribute("data-dark"))).toBe(false);
      expect(await page.getByRole("region", { name: say("soundBar") }).count()).toBe(0);
      expect(await page.evaluate(() => document.documentElement.dataset["unspoken"])).toBeUndefined();
      expect(screen.complaints.filter((text) => !/status of 409/.test(text) && !/tray\/.*uncut/.test(text) && !/^asked about:|^asked http/.test(text))).toEqual([]);
    });
  }

  test("every slip says the same as those of voters who see", () => {
    const slips = machine.papers().filter((text) => /\b(EMITIDO|CAST)\b/.test(text) && /Boleta S1|Ballot S1/.test(text));
    expect(slips.length).toBe(4);
    for (const text of slips) expect([...text.matchAll(/sin elegir|no choice/g)].length).toBe(9 - 4);
  });
});
