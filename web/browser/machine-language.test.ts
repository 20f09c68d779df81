// A further language that the definition brings, written from right to left: the whole
// ballot in it on screen and paper, the page's own words in one that it has, and said so.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { BallotView } from "../machine/service.ts";
import { machineWords } from "../machine/words.ts";
import { speaker } from "../ui/glossary.ts";
import { heading, look, settled, touch } from "./hands.ts";
import { expectNoSidewaysScroll, launch, open, type Opened } from "./harness.ts";
import { built, root, startMachine, type MachineProgram } from "./program.ts";

const say = speaker(machineWords, "es");

// Not a translation: an Arabic word of its own for each text, so that each can be told.
const letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي";
const known = new Map<string, string>();
function inArabic(text: string): string {
  if (text === "") return "";
  if (!known.has(text)) {
    const n = known.size;
    known.set(text, `نص ${letters[n % 28]!}${letters[Math.floor(n / 28) % 28]!}${letters[(n * 5) % 28]!}`);
  }
  return known.get(text)!;
}
function translated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translated);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, translated(inner)] as const);
  const english = (value as Record<string, unknown>)["en"];
  return Object.fromEntries(typeof english === "string" ? [...entries, ["ar", inArabic(english)]] : entries);
}
function writeDefinition(folder: string): void {
  cpSync(join(root, "examples/town"), folder, { recursive: true });
  const path = join(folder, "election.json");
  const json = translated(JSON.parse(readFileSync(path, "utf8"))) as { languages: string[] };
  json.languages = ["es", "en", "ar"];
  writeFileSync(path, JSON.stringify(json));
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".csv"))) {
    const rows = readFileSync(join(folder, name), "utf8").trim().split("\n").map((line) => line.match(/("[^"]*"|[^,]*)(,|$)/g)!
      .map((cell) => cell.replace(/,$/, "")).slice(0, line.endsWith(",") ? undefined : -1));
    const columns = rows[0]!.map((title, at) => [title, at] as const).filter(([title]) => title.endsWith(":en"));
    for (const [i, row] of rows.entries()) {
      for (const [title, at] of columns) row.push(i === 0 ? title.replace(":en", ":ar") : inArabic(row[at]!.replaceAll('"', "")));
    }
    writeFileSync(join(folder, name), `${rows.map((row) => row.join(",")).join("\n")}\n`);
  }
}

describe.skipIf(!built)("a further language", () => {
  const folder = mkdtempSync(join(tmpdir(), "urna-language-"));
  let browser: Browser;
  let machine: MachineProgram;
  let screen: Opened;
  beforeAll(async () => {
    writeDefinition(join(folder, "definition"));
    browser = await launch();
    machine = await startMachine("--definition", join(folder, "definition"));
    screen = await open(browser, `${machine.address()}/`, 1080, 1920);
  });
  afterAll(async () => {
    await screen?.context.close();
    await machine?.end();
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is offered by its own name, and what is not in it is said", async () => {
    const { page } = screen;
    const box = page.getByLabel(say("token"));
    await box.waitFor();
    await settled(page);
    await box.fill(await machine.token());
    await page.keyboard.press("Enter");
    await heading(page, say("welcomeTitle"));
    expect(await page.getByText(/Lo demás sigue en español/).count()).toBe(0);
    await touch(page, "العربية");
    await page.getByText(say("ballotOnly", { language: "العربية" })).waitFor();
    expect(await page.evaluate(() => document.documentElement.dir)).toBe("rtl");
    await look(page, "ar-welcome");
  });

  test("has every text of the ballot, from right to left, on every screen and on the paper", async () => {
    const { page } = screen;
    await touch(page, say("start"));
    const ballot = (await (await fetch(`${machine.address()}/api/ballot`)).json()) as BallotView;
    expect(ballot.language).toBe("ar");
    for (const { title, options } of ballot.contests) {
      // A person's own name may be the same in every language.
      expect(title).toMatch(/^نص /u);
      expect(options.length).toBeGreaterThan(1);
    }
    await heading(page, ballot.contests[0]!.title);
    await look(page, "ar-contest");
    const first = page.getByRole("button", { name: ballot.contests[3]!.options[0]!, exact: true });
    for (const { title } of ballot.contests.slice(1, 4)) {
      await touch(page, say("next"));
      await heading(page, title);
    }
    expect(await first.locator("span[lang=ar]").evaluate((span) => getComputedStyle(span).direction)).toBe("rtl");
    // The mark of a choice stands at the right, where reading begins.
    const places = await first.evaluate((button) => [button.querySelector("span[lang]")!, button.firstElementChild!].map((part) => part.getBoundingClientRect().left));
    expect(places[1]).toBeGreaterThan(places[0]!);
    await touch(page, ballot.contests[3]!.options[0]!);
    await touch(page, say("whole"));
    await heading(page, ballot.election);
    await look(page, "ar-whole");
    await expectNoSidewaysScroll(page, "the whole ballot");
    await touch(page, say("toReview"));
    await heading(page, say("reviewTitle"));
    await look(page, "ar-review");
    await touch(page, say("printBallot"));
    await heading(page, say("decideTitle"));
    await touch(page, say("cast"));
    await heading(page, say("endedCast"));
    const slip = machine.papers().find((text) => /\bCAST\b/.test(text) && text.includes("Ballot"))!;
    // Joined letters may be written as one sign, and the line in either order.
    const plain = (text: string): string => [...text.normalize("NFKC").replace(/[^\p{Script=Arabic}]/gu, "")].sort().join("");
    const wanted = [...ballot.contests.map(({ title }) => title), ballot.contests[3]!.options[0]!].map(plain);
    const lines = slip.split("\n").map(plain);
    for (const line of wanted) expect(lines).toContain(line);
    await touch(page, say("finish"));
    await heading(page, say("idleTitle"));
    expect(await page.evaluate(() => document.documentElement.dir)).toBe("ltr");
    expect(screen.complaints.filter((text) => !/tray\/.*uncut/.test(text))).toEqual([]);
  });
});
