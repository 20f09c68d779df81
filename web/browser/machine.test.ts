// A polling day on the page of the real urna-machine: officials open it, people vote by
// touch, mouse, keyboard, four keys and two switches in both languages, and the evening's
// sheet and the papers say what they chose.

import { gzipSync } from "node:zlib";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { machineWords } from "../machine/words.ts";
import type { BallotView, State } from "../machine/service.ts";
import { speaker, type Language } from "../ui/glossary.ts";
import { hands, heading, look, settled, touch, type Hand } from "./hands.ts";
import { launch, open, type Opened } from "./harness.ts";
import { built, readExported, startMachine, type MachineProgram } from "./program.ts";
import { scriptChoices, voteByScript } from "./script.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const words = (language: Language) => speaker(machineWords, language);

// From "confirm" on, no answer of any kind may say what was chosen.
function guardSecrecy(page: Page): readonly string[] {
  const leaks: string[] = [];
  page.on("response", (response) => {
    if (!response.url().includes("/api/")) return;
    void response.text().then((text) => {
      if (!text.includes('"session"')) return;
      const { session } = JSON.parse(text) as State;
      if (session !== null && session.choices !== null && !["voting", "review", "opened"].includes(session.state)) {
        leaks.push(`${response.url()}: ${session.state}`);
      }
    }, () => undefined);
  });
  return leaks;
}

async function show(machine: MachineProgram, width = 1080, height = 1920): Promise<Opened & { leaks: readonly string[] }> {
  const opened = await open(browser, `${machine.address()}/`, width, height);
  const leaks = guardSecrecy(opened.page);
  return { ...opened, leaks };
}

// A refusal is an answer (409); a paper that is not cut yet becomes another one.
const complaints = ({ complaints: all }: Opened): readonly string[] =>
  all.filter((text) => !/status of 409/.test(text) && !/tray\/.*uncut/.test(text));

async function showToken(machine: MachineProgram, page: Page): Promise<string> {
  const token = await machine.token();
  const box = page.getByLabel(words("es")("token"));
  await box.waitFor();
  await settled(page);
  await box.pressSequentially(token); // a scanner types it
  await page.keyboard.press("Enter");
  return token;
}

// Begins as a voter does: the token, then the language.
async function begin(machine: MachineProgram, page: Page, language: Language, press: Hand): Promise<BallotView> {
  await showToken(machine, page);
  await heading(page, words("es")("welcomeTitle"));
  await look(page, "es-welcome");
  if (language === "en") {
    await press(page, "English");
    await heading(page, words("en")("welcomeTitle"));
    await look(page, "en-welcome");
  }
  const ballot = (await (await fetch(`${machine.address()}/api/ballot`)).json()) as BallotView;
  expect(ballot.language).toBe(language);
  await press(page, words(language)("start"));
  await heading(page, ballot.contests[0]!.title);
  return ballot;
}

// One official's step: each gives stick and PIN, then `answers`, then the step's button.
async function officialStep(
  machine: MachineProgram, page: Page, step: string, language: Language,
  { typed = true, name = "", answers = async () => undefined, sure = false }: {
    typed?: boolean; name?: string; answers?: () => Promise<void>; sure?: boolean;
  } = {},
): Promise<void> {
  const say = words(language);
  const people = await machine.officials();
  for (const [i, { stick, pin }] of people.entries()) {
    await heading(page, say("who", { n: i + 1 }));
    if (i === 0) await look(page, `${language}-official`);
    await touch(page, stick);
    if (typed) await page.getByLabel(say("pin")).fill(pin);
    else for (const digit of pin) await touch(page, digit);
    if (i + 1 < people.length || name !== "") await touch(page, say("next"));
  }
  await answers();
  await touch(page, step);
  if (sure) await touch(page, say("yesDo"));
}

describe.skipIf(!built)("a polling day", () => {
  let machine: MachineProgram;
  let screen: Opened & { leaks: readonly string[] };
  // What the slips in the box say, each once for every vote.
  const cast: string[][] = [];
  const votes: Record<string, number> = {};
  let voted = 0;

  beforeAll(async () => {
    machine = await startMachine("--morning");
    screen = await show(machine);
  });
  afterAll(async () => {
    await screen?.context.close();
    await machine?.end();
  });

  const remember = (ballot: BallotView, choices: readonly (readonly number[])[]): void => {
    cast.push(choices.flatMap((chosen, c) => chosen.map((o) => ballot.contests[c]!.options[o]!)));
    for (const [c, chosen] of choices.entries()) {
      const { code } = ballot.contests[c]!;
      if (chosen.length === 0) votes[`${code} BLANK`] = (votes[`${code} BLANK`] ?? 0) + 1;
      for (const o of chosen) votes[`${code} ${o}`] = (votes[`${code} ${o}`] ?? 0) + 1;
    }
    ++voted;
  };

  test("in the morning officials test it, print the zero report and open", async () => {
    const { page } = screen;
    const say = words("es");
    await heading(page, say("provisioned"));
    await look(page, "es-provisioned");
    await touch(page, say("doTest"));
    await heading(page, say("tested"));
    await look(page, "es-tested");
    await touch(page, say("doZero"));
    await officialStep(machine, page, say("doZero"), "es", { typed: false });
    await heading(page, say("zero"));
    expect(machine.papers()[0]).toContain("ACTA DE INICIO EN CERO");
    await look(page, "es-zero");
    // The other language is one touch away.
    await touch(page, "English");
    await heading(page, words("en")("zero"));
    await touch(page, words("en")("doOpen"));
    await officialStep(machine, page, words("en")("doOpen"), "en");
    await heading(page, say("idleTitle")); // voters begin in the first language
    await look(page, "es-idle");
  });

  for (const language of ["es", "en"] as const) {
    test.each(Object.keys(hands))(`the whole vote by %s, ${language}`, async (name) => {
      const { page } = screen;
      const press = (label: string): Promise<void> => hands[name]!(page, label);
      const ballot = await begin(machine, page, language, hands[name]!);
      await voteByScript(page, ballot, language, press, {
        see: (name) => look(page, `${language}-${name}`),
        before: async () => expect((await machine.state()).session?.choices).toEqual(scriptChoices),
      });
      remember(ballot, scriptChoices);
      expect(complaints(screen)).toEqual([]);
      expect(screen.leaks).toEqual([]);
    });
  }

  test("a hurried double tap answers no question that was not read", async () => {
    const { page } = screen;
    const say = words("es");
    const ballot = await begin(machine, page, "es", touch);
    const twice = async (label: string): Promise<void> => {
      await settled(page);
      const box = (await page.getByRole("button", { name: label, exact: true }).boundingBox())!;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.touchscreen.tap(x, y);
      await page.waitForTimeout(60);
      await page.touchscreen.tap(x, y);
    };
    await twice(say("next"));
    await heading(page, ballot.contests[1]!.title);
    await page.waitForTimeout(300);
    await heading(page, ballot.contests[1]!.title);
    for (const contest of ballot.contests.slice(2)) {
      await touch(page, say("next"));
      await heading(page, contest.title);
    }
    await twice(say("toReview"));
    await page.waitForTimeout(700);
    await heading(page, say("reviewTitle"));
    await twice(say("printBallot"));
    await heading(page, say("decideTitle"));
    await page.waitForTimeout(300);
    await heading(page, say("decideTitle"));
    await touch(page, say("cast"));
    await heading(page, say("endedCast"));
    await touch(page, say("finish"));
    await heading(page, say("idleTitle"));
    remember(ballot, [[], [], [], [], []]);
  });

  test("one too many is explained, and takes nothing away", async () => {
    const { page } = screen;
    const say = words("es");
    const { contests } = await begin(machine, page, "es", touch);
    const [first, second] = contests[0]!.options;
    await touch(page, first!);
    await touch(page, second!);
    await page.getByRole("alertdialog").getByText(/toque primero/).waitFor();
    await look(page, "es-overvote");
    expect((await machine.state()).session?.choices?.[0]).toEqual([0]);
    await touch(page, say("understood"));
    expect(await page.getByRole("button", { name: first!, exact: true }).getAttribute("aria-pressed")).toBe("true");
    for (const contest of contests.slice(1)) {
      await touch(page, say("next"));
      await heading(page, contest.title);
    }
    await touch(page, say("toReview"));
    await touch(page, say("leave"));
    await page.getByText(say("leaveSure")).waitFor();
    await look(page, "es-leave");
    await touch(page, say("yesLeave"));
    await heading(page, say("endedNone"));
    await look(page, "es-ended-none");
    await touch(page, say("finish"));
    await heading(page, say("idleTitle"));
  });

  test("all of a party, start again, test the machine, then the vote", async () => {
    const { page } = screen;
    const say = words("en");
    const ballot = await begin(machine, page, "en", touch);
    const council = ballot.contests[1]!.options;
    await touch(page, ballot.contests[0]!.options[3]!);
    await touch(page, say("whole"));
    await heading(page, ballot.election);
    await touch(page, say("wholeParty", { party: "Ceiba Movement" }));
    await page.getByText("All of Ceiba Movement is chosen in 2 questions", { exact: false }).waitFor();
    await page.getByText("Left as they were: Mayor.", { exact: false }).waitFor();
    await look(page, "en-whole");
    expect((await machine.state()).session?.choices).toEqual([[3], [2], [1], [], []]);
    await touch(page, say("toReview"));
    await touch(page, say("printBallot"));
    await heading(page, say("decideTitle"));
    // Start again: the paper becomes void, the choices are kept.
    await touch(page, say("startAgain"));
    await page.getByText(say("startAgainSure")).waitFor();
    await touch(page, say("no"));
    await heading(page, say("decideTitle"));
    await touch(page, say("startAgain"));
    await touch(page, say("yesStart"));
    await heading(page, ballot.contests[0]!.title);
    expect(machine.papers().at(-1)).toMatch(/VOID/);
    expect((await machine.state()).session?.choices).toEqual([[3], [2], [1], [], []]);
    await touch(page, say("whole"));
    await touch(page, say("toReview"));
    await touch(page, say("printBallot"));
    await heading(page, say("decideTitle"));
    // Test: the choices become public, and can never be cast.
    await touch(page, say("challenge"));
    await page.getByText(say("challengeSure")).waitFor();
    await look(page, "en-challenge");
    await touch(page, say("yesTest"));
    await heading(page, say("openedTitle"));
    await page.getByText(council[2]!, { exact: true }).waitFor();
    await look(page, "en-opened");
    expect(machine.papers().at(-1)).toContain("OPENED BALLOT");
    expect(machine.papers().at(-1)).toContain(council[2]!);
    await touch(page, say("voteNow"));
    await heading(page, ballot.contests[0]!.title);
    expect((await machine.state()).session?.choices).toEqual([[], [], [], [], []]);
    await touch(page, say("whole"));
    await touch(page, council[0]!);
    await touch(page, say("toReview"));
    await touch(page, say("printBallot"));
    await heading(page, say("decideTitle"));
    await page.getByText(say("testsLeft", { n: 1 })).waitFor();
    await touch(page, say("cast"));
    await heading(page, say("endedCast"));
    await touch(page, say("finish"));
    await heading(page, words("es")("idleTitle"));
    remember(ballot, [[], [0], [], [], []]);
    expect(screen.leaks).toEqual([]);
  });

  test("a token counts once, and a wrong one is explained", async () => {
    const { page } = screen;
    const say = words("es");
    const token = await showToken(machine, page);
    await heading(page, say("welcomeTitle"));
    await machine.post("/api/session/end");
    await touch(page, say("finish"));
    await heading(page, say("idleTitle"));
    for (const [text, message] of [[token, /ya se usó/], ["AAAA-BBBB-CCCC-DDDD", /no es de esta mesa/]] as const) {
      await page.getByLabel(say("token")).fill(text);
      await page.keyboard.press("Enter");
      await page.getByRole("alertdialog").getByText(message).waitFor();
      await look(page, "es-refused");
      await touch(page, say("understood"));
    }
    // On the screen's own keys.
    await touch(page, say("typeHere"));
    await look(page, "es-idle-letters");
    for (const key of ["A", "7", "A"]) await touch(page, key);
    await touch(page, say("erase"));
    expect(await page.getByLabel(say("token")).inputValue()).toBe("A7");
    await touch(page, say("erase"));
    await touch(page, say("erase"));
  });

  test("officials activate, pause and go on", async () => {
    const { page } = screen;
    const say = words("es");
    await touch(page, say("officials"));
    await heading(page, say("open"));
    await look(page, "es-officials");
    await touch(page, say("doActivate"));
    await officialStep(machine, page, say("doActivate"), "es");
    await heading(page, say("welcomeTitle"));
    const ballot = (await (await fetch(`${machine.address()}/api/ballot`)).json()) as BallotView;
    await touch(page, say("start"));
    await touch(page, say("whole"));
    await touch(page, ballot.contests[3]!.options[1]!);
    await touch(page, say("toReview"));
    await touch(page, say("printBallot"));
    await touch(page, say("cast"));
    await touch(page, say("finish"));
    remember(ballot, [[], [], [], [1], []]);
    await heading(page, say("idleTitle"));
    await touch(page, say("officials"));
    await touch(page, say("doPause"));
    await officialStep(machine, page, say("doPause"), "es");
    await heading(page, say("paused"));
    await look(page, "es-paused");
    await touch(page, say("doResume"));
    await page.waitForTimeout(100);
    // A wrong PIN is explained, and the stick is still chosen.
    await heading(page, say("who", { n: 1 }));
    const [president, secretary] = await machine.officials();
    await touch(page, president!.stick);
    await page.getByLabel(say("pin")).fill("00000000");
    await touch(page, say("next"));
    await touch(page, secretary!.stick);
    await page.getByLabel(say("pin")).fill(secretary!.pin);
    await touch(page, say("doResume"));
    await page.getByRole("alertdialog").getByText(/PIN no es correcto/).waitFor();
    await touch(page, say("understood"));
    await heading(page, say("who", { n: 1 }));
    await officialStep(machine, page, say("doResume"), "es");
    await heading(page, say("idleTitle"));
  });

  test("in the evening: close, sheet, signatures, export, archive", async () => {
    const { page } = screen;
    const say = words("es");
    await touch(page, say("officials"));
    await touch(page, say("doClose"));
    await officialStep(machine, page, say("doClose"), "es", {
      name: "more", sure: true,
      answers: async () => {
        await heading(page, say("ask_reason"));
        await look(page, "es-reason");
        await touch(page, say("reason_all-voted"));
      },
    });
    await heading(page, say("closed"));
    await look(page, "es-closed");
    await touch(page, say("doSheet"));
    await officialStep(machine, page, say("doSheet"), "es", {
      name: "more",
      answers: async () => {
        await heading(page, say("ask_check_in"));
        await page.getByText(say("slipMissing")).waitFor();
        await look(page, "es-check-in");
        const { check_in } = (await (await fetch(`${machine.address()}/api/demo/check-in`)).json()) as { check_in: string };
        await page.getByLabel(say("checkIn")).pressSequentially(check_in.trimEnd(), { timeout: 60_000 }); // lines end in Enter
        await touch(page, say("next"));
        await heading(page, say("ask_unused"));
        await look(page, "es-unused");
        await touch(page, "2"); // the two that the program printed at its start
      },
    });
    await heading(page, say("printed"));
    await look(page, "es-printed");
    await touch(page, say("doCopy"));
    await page.waitForTimeout(300);
    await touch(page, say("doSign"));
    await officialStep(machine, page, say("doSign"), "es", { sure: true });
    await heading(page, say("signed"));
    await touch(page, say("doExport"));
    await heading(page, say("ask_stick"));
    await look(page, "es-export");
    await touch(page, "president");
    await touch(page, say("doExport"));
    await heading(page, say("exported"));
    await touch(page, say("doArchive"));
    await touch(page, say("yesDo"));
    await heading(page, say("archived"));
    await look(page, "es-archived");
    expect(complaints(screen)).toEqual([]);
  });

  test("the sheet counts exactly what was cast on the page", () => {
    const fields = readExported(machine, "president", "N01.sheet").split(/\s+/);
    const value = (key: string): number => Number(fields.find((field) => field.startsWith(`${key}:`))!.slice(key.length + 1));
    expect(value("CAST")).toBe(voted);
    expect(value("BYOFFICIALS")).toBe(1);
    expect(value("CHALLENGED")).toBe(1);
    expect(value("VOIDED")).toBe(1);
    expect(value("NOVOTE")).toBe(2);
    expect(value("ACTIVATED")).toBe(voted + 2);
    expect(value("SEALED")).toBe(voted + 2);
    // Everybody who came got a token; two tokens are left over.
    expect(value("TOKENS") + 1).toBe(value("ACTIVATED") + value("UNUSED"));
    const counted: Record<string, number> = {};
    let contest = "";
    for (const field of fields.slice(fields.findIndex((text) => text.startsWith("CONTEST:")))) {
      const [key, text] = field.split(":") as [string, string];
      if (key === "END") break;
      if (key === "CONTEST") contest = text;
      else if (!["LIMIT", "BALLOTS", "NULL", "OPTIONS"].includes(key)) {
        const o = Object.keys(counted).filter((name) => name.startsWith(`${contest} `)).length;
        counted[key === "BLANK" ? `${contest} BLANK` : `${contest} ${o}`] = Number(text);
      }
    }
    const expected = Object.fromEntries(Object.keys(counted).map((key) => [key, votes[key] ?? 0]));
    expect(counted).toEqual(expected);
    expect(Object.keys(votes).filter((key) => counted[key] === undefined)).toEqual([]);
  });

  test("the slips in the box say what was chosen, and nothing else differs", () => {
    const slips = machine.papers().filter((text) => /\b(EMITIDO|CAST)\b/.test(text) && /Boleta S1|Ballot S1/.test(text));
    expect(slips.length).toBe(cast.length);
    for (const [i, text] of slips.entries()) {
      for (const line of cast[i]!) expect(text).toContain(line);
      expect([...text.matchAll(/sin elegir|no choice/g)].length).toBe(9 - cast[i]!.length);
    }
    const alike = slips.slice(0, 5);
    for (const text of alike) expect(text).toBe(alike[0]);
  });
});

test.skipIf(!built)("everything that is touched is at least 20 mm high, and a tap shows at once", async () => {
  const machine = await startMachine();
  const { page, context } = await show(machine);
  const { contests } = await begin(machine, page, "es", touch);
  const heights = await page.locator(".kiosk main button, .kiosk footer button").evaluateAll((list) => list.map((item) => item.getBoundingClientRect().height));
  expect(Math.min(...heights)).toBeGreaterThanOrEqual((20 / 25.4) * 96);
  const times = await page.evaluate(async (name) => {
    const button = [...document.querySelectorAll("button")].find((item) => item.textContent?.includes(name))!;
    const found: number[] = [];
    for (let i = 0; i < 100; ++i) {
      const before = button.getAttribute("aria-pressed");
      const start = performance.now();
      button.click();
      while (button.getAttribute("aria-pressed") === before) await new Promise(requestAnimationFrame);
      found.push(performance.now() - start);
    }
    return found.sort((a, b) => a - b);
  }, contests[0]!.options[3]!);
  console.log(`tap to screen, with the real service: median ${times[50]!.toFixed(1)} ms, p99 ${times[98]!.toFixed(1)} ms`);
  expect(times[50]).toBeLessThan(150); // wanted on a quiet machine: 50; other work may triple it
  await context.close();
  await machine.end();
});

test("the page is small: under 300 kB compressed, fonts left out", () => {
  const folder = join(import.meta.dirname, "../../build/web/machine");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.(js|css|html)$/.test(name));
  const size = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
  console.log(`machine page: ${size} bytes compressed`);
  expect(size).toBeLessThan(300_000);
});
