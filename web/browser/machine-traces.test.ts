// What the browser and the temporary files of a voting machine's screen keep after a day
// of votes: no token, no code, no choice, and nothing that grows with each vote.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { BallotView } from "../machine/service.ts";
import { machineWords } from "../machine/words.ts";
import { speaker } from "../ui/glossary.ts";
import { heading, settled, touch } from "./hands.ts";
import { built, root, startMachine, type MachineProgram } from "./program.ts";

const say = speaker(machineWords, "es");
const votes = 32;

// The options with which tools/kiosk/screen starts Chromium.
const kioskOptions = [...readFileSync(join(root, "tools/kiosk/screen"), "utf8").matchAll(/(?<= )--[a-z-]+(?:=[^\s"\\]+)?/g)]
  .map(([option]) => option).filter((option) => option !== "--kiosk" && !option.startsWith("--user-data-dir"));

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name)).filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

// As bytes may hold a text: one or two bytes a character.
const spellings = (text: string): readonly Buffer[] => [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")];

describe.skipIf(!built)("after a day of votes", () => {
  const folder = mkdtempSync(join(tmpdir(), "urna-traces-"));
  const profile = join(folder, "profile");
  const temporary = join(folder, "temporary");
  let machine: MachineProgram;
  let context: BrowserContext;
  let page: Page;
  const secrets: string[] = []; // tokens and codes
  const chosen: string[] = [];

  const openPage = async (): Promise<void> => {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: "/usr/bin/chromium", hasTouch: true, viewport: { width: 1080, height: 1920 },
      args: [...kioskOptions, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
      env: { ...process.env, TMPDIR: temporary },
    });
    page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(20_000);
    await page.goto(`${machine.address()}/`);
    await heading(page, say("idleTitle"));
  };
  const vote = async (n: number): Promise<void> => {
    const token = await machine.token();
    const box = page.getByLabel(say("token"));
    await box.waitFor();
    await settled(page);
    await box.pressSequentially(token);
    await page.keyboard.press("Enter");
    await heading(page, say("welcomeTitle"));
    await touch(page, say("start"));
    const { contests } = (await (await fetch(`${machine.address()}/api/ballot`)).json()) as BallotView;
    await heading(page, contests[0]!.title);
    const option = contests[0]!.options[n % contests[0]!.options.length]!;
    await touch(page, option);
    await touch(page, say("whole"));
    await touch(page, say("toReview"));
    await touch(page, say("printBallot"));
    await heading(page, say("decideTitle"));
    const code = (await machine.state()).session?.code;
    await touch(page, say("cast"));
    await heading(page, say("endedCast"));
    await touch(page, say("finish"));
    await heading(page, say("idleTitle"));
    secrets.push(token, code!);
    chosen.push(option);
  };
  const inventory = (): ReadonlyMap<string, Buffer> =>
    new Map([profile, temporary].flatMap(filesIn).map((path) => [path, readFileSync(path)]));
  let afterTwo: ReadonlyMap<string, Buffer>;

  beforeAll(async () => {
    mkdirSync(temporary);
    expect(kioskOptions).toContain("--disk-cache-dir=/dev/null");
    machine = await startMachine();
    await openPage();
    for (let n = 0; n < 2; ++n) await vote(n);
    await context.close();
    afterTwo = inventory();
    await openPage();
    for (let n = 2; n < votes; ++n) await vote(n);
    await context.close();
  }, 600_000);
  afterAll(async () => {
    await context?.close().catch(() => undefined);
    await machine?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test("no file of the browser, and no temporary file, knows a token, a code or a choice", () => {
    expect(secrets.length).toBe(2 * votes);
    const files = inventory();
    expect(files.size).toBeGreaterThan(10); // the profile is really there
    const wanted = [...secrets, ...secrets.map((text) => text.replaceAll("-", "")), ...new Set(chosen), '"choices"', "endedCast"];
    const found: string[] = [];
    for (const [path, bytes] of files) {
      for (const text of wanted) {
        if (spellings(text).some((spelling) => bytes.includes(spelling))) found.push(`${text} in ${path.slice(folder.length)}`);
      }
    }
    expect(found).toEqual([]);
  });

  test("the search finds what is there", () => {
    const address = machine.address();
    const known = [...inventory().values()].some((bytes) => spellings(address).some((spelling) => bytes.includes(spelling)));
    expect(known).toBe(true);
  });

  test("thirty more votes leave no more behind than two did", () => {
    const size = (files: ReadonlyMap<string, Buffer>): number => [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    const names = (files: ReadonlyMap<string, Buffer>): number => files.size;
    const now = inventory();
    console.log(`browser profile: ${names(afterTwo)} files, ${size(afterTwo)} bytes after 2 votes; ${names(now)} files, ${size(now)} bytes after ${votes}`);
    // A start writes a few files of its own; thirty votes at one byte each would be more.
    expect(names(now) - names(afterTwo)).toBeLessThan(30);
    expect(filesIn(temporary).length).toBeLessThan(5);
  });
});
