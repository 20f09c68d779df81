// A day of check-in on the page of the real urna-checkin, in both languages and by the
// keyboard alone: officials open it, voters of every kind come, officials close it, and
// papers and slip say what happened.

import { gzipSync } from "node:zlib";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { Totals } from "../checkin/service.ts";
import { checkinWords } from "../checkin/words.ts";
import { speaker, type Language } from "../ui/glossary.ts";
import { built, startCheckIn, type CheckInProgram } from "./checkin-program.ts";
import { hands, heading, look as lookAt, settled } from "./hands.ts";
import { expectAccessible, expectNoSidewaysScroll, launch, open, screenshot, type Opened } from "./harness.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

type Word = keyof typeof checkinWords;
const id = (n: number): string => `V${10_000_000 + n * 37}`;
const token = /\b[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}\b/;

// A poll worker at the keyboard.
class Worker {
  readonly device: CheckInProgram;
  readonly screen: Opened;
  readonly language: Language;
  readonly page: Page;
  readonly say;
  constructor(device: CheckInProgram, screen: Opened, language: Language) {
    this.device = device;
    this.screen = screen;
    this.language = language;
    this.page = screen.page;
    this.say = speaker(checkinWords, language);
  }
  at = (word: Word, values: Record<string, string | number> = {}): Promise<void> => heading(this.page, this.say(word, values));
  // Looks at the screen in every theme and size, and on a telephone.
  async look(name: string): Promise<void> {
    await lookAt(this.page, `${this.language}-${name}`, true, "check-in");
    const size = this.page.viewportSize()!;
    await this.page.setViewportSize({ width: 360, height: 740 });
    await expectNoSidewaysScroll(this.page, `${name} at 360 px`);
    await expectAccessible(this.page, `${name} at 360 px`);
    await screenshot(this.page, `check-in-${this.language}-${name}-360`);
    await this.page.setViewportSize(size);
  }
  // The screen's primary button, wherever the focus is not.
  async enter(): Promise<void> {
    await settled(this.page);
    await this.page.keyboard.press("Enter");
  }
  async tabTo(word: Word, values: Record<string, string | number> = {}): Promise<void> {
    await hands["keyboard"]!(this.page, this.say(word, values));
  }
  // The scanner types and ends with Enter.
  async scan(text: string): Promise<void> {
    await settled(this.page);
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
  }
  async begin(n: number): Promise<void> {
    await this.scan(id(n));
    await this.page.getByText(this.say("personHelp")).waitFor();
    await this.enter();
  }
  // Two officials: the stick that is chosen already, the PIN, Enter.
  async officials(look = ""): Promise<void> {
    for (const [i, { pin }] of (await this.device.officials()).entries()) {
      await this.at("who", { n: i + 1 });
      if (look !== "" && i === 0) await this.look(look);
      await this.page.getByRole("button", { name: /president|secretary/ }).first().waitFor();
      await this.page.keyboard.type(pin);
      await this.page.keyboard.press("Enter");
    }
  }
  async done(outcome: Word): Promise<void> {
    await this.at("doneTitle");
    await this.page.getByText(this.say(outcome)).waitFor();
  }
  async totals(): Promise<Totals> {
    return (await this.device.state()).state.totals!;
  }
  // Fingers until they match; at most what the voter has.
  async match(n: number): Promise<void> {
    for (let touch = 0; touch < 6; ++touch) {
      await this.page.getByText(this.say("waiting")).waitFor();
      const title = await this.page.getByRole("heading", { level: 1 }).innerText();
      const finger = title.includes(this.say("right_thumb")) ? "right_thumb" : "left_thumb";
      await this.device.put(id(n), finger);
      await this.page.getByText(this.say("waiting")).waitFor({ state: "detached" });
      if ((await this.device.state()).state.check?.matched === true) return;
      await this.enter();
    }
    throw new Error("the voter's own fingers never match");
  }
}

// A refusal is an answer (409).
const complaints = ({ complaints: all }: Opened): readonly string[] => all.filter((text) => !/status of 409/.test(text));

describe.skipIf(!built).each(["es", "en"] as const)("a day of check-in, %s", (language) => {
  let device: CheckInProgram;
  let w: Worker;
  beforeAll(async () => {
    device = await startCheckIn("--morning");
    w = new Worker(device, await open(browser, `${device.address}/?lang=${language}`, 1344, 800), language);
  });
  afterAll(async () => {
    await w?.screen.context.close();
    await device?.end();
  });

  beforeEach(({ onTestFailed }) => onTestFailed(() => screenshot(w.page, `check-in-${language}-failed`)));

  test("two officials open it", async () => {
    await w.at("unopenedTitle");
    await w.page.getByText(w.say("tokensInDrawer", { n: 430 })).waitFor();
    await w.look("unopened");
    await w.enter();
    await w.officials("official");
    await w.at("findTitle");
    await w.look("find");
  });

  test("the fingers match and a token is printed, shown nowhere on the page", async () => {
    await w.scan(id(0));
    await w.page.getByText(w.say("personHelp")).waitFor();
    await w.look("person");
    await w.enter();
    await w.at("putTitle", { finger: w.say("right_thumb") });
    await w.look("finger");
    await w.match(0);
    await w.at("matchTitle");
    await w.look("match");
    await w.enter();
    await w.done("outcome_matched");
    await w.look("done");
    expect(device.papers()[0]).toMatch(token);
    expect(await w.page.locator(".kiosk").innerText()).not.toMatch(token);
    expect(JSON.stringify(await device.state())).not.toMatch(token);
    expect(await w.totals()).toMatchObject({ checked_in: 1, matched: 1 });
  });

  test("whoever came is told when; two officials record the claim", async () => {
    await w.scan(id(0)); // the scanner needs no field
    await w.at("alreadyTitle");
    expect(await w.page.locator("main").innerText()).toMatch(/\d\d:\d\d/);
    await w.look("already");
    await w.tabTo("doClaim");
    await w.officials();
    await w.at("claimDone");
    await w.look("claimed");
    await w.enter();
    expect(await w.totals()).toMatchObject({ checked_in: 1, claims: 1 });
  });

  test("a voter of another station is shown the way, a stranger is not found", async () => {
    await w.scan("V13700000");
    await w.at("elsewhereTitle");
    expect(await w.page.locator("main").innerText()).toMatch(/[NS]0\d/);
    await w.look("elsewhere");
    await w.scan("V99999999");
    await w.page.getByText(w.say("notFound")).waitFor();
    await w.look("not-found");
    await w.page.keyboard.press("Control+a");
    await w.page.keyboard.press("Delete");
  });

  test("by name, without a stored print, assisted", async () => {
    await w.scan("gala leon");
    await w.at("whichTitle");
    await w.look("which");
    await w.page.keyboard.press("Tab");
    await w.page.keyboard.press("Enter");
    await w.page.getByText(w.say("personHelp")).waitFor();
    await w.enter();
    await w.at("noStoredTitle");
    await w.look("no-stored-print");
    for (let i = 0; i < 20 && !(await w.page.evaluate((name) => document.activeElement?.textContent === name, w.say("assisted"))); ++i) {
      await w.page.keyboard.press("Tab");
    }
    await w.page.keyboard.press("Space");
    await w.tabTo("admit");
    await w.done("outcome_no_stored_print");
    await w.enter();
    expect(await w.totals()).toMatchObject({ no_stored_print: 1, assisted: 1 });
  });

  test("another's finger raises an alert and refuses nobody: two officials decide", async () => {
    await w.begin(1);
    await w.page.getByText(w.say("waiting")).waitFor();
    await device.put(id(2), "right_thumb");
    await w.page.getByText(w.say("alertWho", { id: id(2) })).waitFor();
    await w.at("noMatchTitle");
    await w.look("alert");
    for (let touch = 0; touch < 5; ++touch) {
      await w.enter();
      await w.page.getByText(w.say("waiting")).waitFor();
      await device.put(id(2), touch % 2 === 0 ? "left_thumb" : "right_thumb");
      await w.page.getByText(w.say("waiting")).waitFor({ state: "detached" });
    }
    await w.at("triedTitle");
    await w.look("tried");
    await w.enter();
    await w.officials("decide");
    await w.done("outcome_not_matched");
    await w.enter();
    expect(await w.totals()).toMatchObject({ not_matched: 1, decided_by_officials: 1, alerts: 1 });
  });

  test("a wrong PIN is refused; whoever cannot give prints is admitted by two officials", async () => {
    await w.begin(2);
    await w.page.getByText(w.say("waiting")).waitFor();
    await w.tabTo("cannotGive");
    await w.at("who", { n: 1 });
    await w.page.getByRole("button", { name: "president" }).waitFor();
    await w.page.keyboard.type("wrong-one");
    await w.page.keyboard.press("Enter");
    await w.at("who", { n: 2 });
    await w.page.getByRole("button", { name: "secretary" }).waitFor();
    await w.page.keyboard.type("wrong-too");
    await w.page.keyboard.press("Enter");
    await w.page.getByRole("alertdialog").waitFor();
    await w.look("wrong-pin");
    await w.page.keyboard.press("Enter");
    await w.page.getByRole("alertdialog").waitFor({ state: "detached" });
    await w.officials();
    await w.done("outcome_not_taken");
    await w.enter();
    expect(await w.totals()).toMatchObject({ not_taken: 1, decided_by_officials: 2 });
  });

  test("a poor picture says what to do better", async () => {
    await w.begin(3);
    let asked = false;
    for (let touch = 0; touch < 2 && !asked; ++touch) {
      await w.page.getByText(w.say("waiting")).waitFor();
      const right = (await w.page.getByRole("heading", { level: 1 }).innerText()).includes(w.say("right_thumb"));
      await device.put(id(3), right ? "right_thumb" : "left_thumb", true);
      await w.page.getByText(w.say("waiting")).waitFor({ state: "detached" });
      asked = !(await w.page.locator("main").innerText()).includes(w.say("advice_good"));
      if (asked) await w.look("poor");
      await w.enter();
    }
    expect(asked).toBe(true);
    if ((await device.state()).state.check?.matched !== true) await w.match(3);
    await w.at("matchTitle");
    await w.enter();
    await w.done("outcome_matched");
  });

  test("a token that did not arrive is replaced by two officials, and counted", async () => {
    await w.tabTo("noPaper");
    await w.officials();
    await w.at("doneTitle");
    await w.enter();
    await w.at("findTitle");
    expect(await w.totals()).toMatchObject({ tokens_lost: 1 });
    const tokens = device.papers().map((text) => token.exec(text)?.[0]).filter((text) => text !== undefined);
    expect(new Set(tokens).size).toBe(6);
  });

  test("without the reader, declared by two officials", async () => {
    await w.tabTo("officials");
    await w.at("tasksTitle");
    await w.look("tasks");
    await w.tabTo("doReaderOut");
    await w.officials();
    await w.at("tasksTitle");
    await w.tabTo("toVoters");
    await w.begin(4);
    await w.at("noReaderTitle");
    await w.look("no-reader");
    await w.enter();
    await w.done("outcome_no_reader");
    await w.enter();
    await w.tabTo("officials");
    await w.tabTo("doReaderBack");
    await w.officials();
    await w.at("tasksTitle");
    expect(await w.totals()).toMatchObject({ no_reader: 1 });
  });

  test("the paper list can be printed at any time", async () => {
    await w.tabTo("doList");
    await w.page.getByText(w.say("listDone")).waitFor();
    const list = device.papers().at(-1)!;
    expect(list).toContain(id(5));
    expect([...list.matchAll(/\b\d\d:\d\d\b/g)].length).toBeGreaterThanOrEqual(6);
    expect(list).not.toMatch(token);
  });

  test("two officials close it, and the slip says what happened", async () => {
    await w.tabTo("doClose");
    await w.officials();
    await w.page.getByRole("alertdialog").waitFor();
    await w.look("sure-close");
    await w.page.keyboard.press("Tab");
    await w.page.keyboard.press("Enter");
    await w.at("closedTitle");
    const counts = { checked_in: 6, matched: 2, not_matched: 1, no_stored_print: 1, not_taken: 1, no_reader: 1, tokens_issued: 6, tokens_left: 423 };
    expect(await w.totals()).toMatchObject(counts);
    await w.page.getByText(w.say("nLeft", { n: 423 })).waitFor();
    await w.look("closed");
    await w.enter();
    await w.page.getByText(w.say("slipDone")).waitFor();
    await w.look("slip");
    expect(device.papers().at(-1)!.replaceAll(/\s+/g, "")).toContain("CHECKEDIN:6MATCHED:2NOTMATCHED:1NOPRINT:1NOTTAKEN:1NOREADER:1TOKENS:6LEFT:423");
    expect(complaints(w.screen)).toEqual([]);
  });
});

test.skipIf(!built)("foreign pages are refused, and what is served may load nothing foreign", async () => {
  const device = await startCheckIn();
  const foreign = await device.post("/api/cancel", {}, { origin: "http://elsewhere.example" });
  expect(foreign.status).toBe(403);
  const page = await fetch(`${device.address}/`);
  expect(page.headers.get("content-security-policy")).toContain("'self'");
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  expect(new URL(device.address).hostname).toBe("127.0.0.1");
  await device.end();
});

test("the page is small: under 300 kB compressed, fonts left out", () => {
  const folder = join(import.meta.dirname, "../../build/web/checkin");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.(js|css|html)$/.test(name));
  const size = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
  console.log(`check-in page: ${size} bytes compressed`);
  expect(size).toBeLessThan(300_000);
});
