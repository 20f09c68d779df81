// Takes the pictures of docs/operations.md from the screens of the real urna-machine:
//   web/tools/pictures
// A polling day in English, with what goes wrong in it.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type Page } from "playwright-core";

import { machineWords } from "../machine/words.ts";
import { speaker } from "../ui/glossary.ts";
import { startMachine, type MachineProgram } from "./program.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "docs/operations");
const say = speaker(machineWords, "en");
mkdirSync(folder, { recursive: true });

// The example with English as its first language.
const work = mkdtempSync(join(tmpdir(), "urna-pictures-"));
const town = join(work, "town");
cpSync(join(root, "examples/town"), town, { recursive: true });
const file = join(town, "election.json");
writeFileSync(file, readFileSync(file, "utf8").replace('["es", "en"]', '["en", "es"]'));

const machine: MachineProgram = await startMachine("--morning", "--definition", town);
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium", args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const page: Page = await (await browser.newContext({ viewport: { width: 1344, height: 768 } })).newPage();
page.setDefaultTimeout(30_000);

// The machine alone, or with what a demonstration shows beside it.
async function picture(name: string, beside = false): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(900); // the tray's picture of the last paper
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, clip: { x: 0, y: 0, width: beside ? 1344 : 960, height: 768 } });
}
const press = async (name: string): Promise<void> => {
  const button = page.locator(".kiosk, [role=alertdialog]").getByRole("button", { name, exact: true }).first();
  await button.waitFor();
  await page.waitForFunction(() => document.querySelector("footer[data-settling]") === null);
  await button.click();
};
const title = (name: string): Promise<void> => page.getByRole("heading", { name, level: 1, exact: true }).waitFor();

async function officials(step: string, more: () => Promise<void> = async () => undefined, asks = false): Promise<void> {
  const people = await machine.officials();
  for (const [i, { stick, pin }] of people.entries()) {
    await title(say("who", { n: i + 1 }));
    await press(stick);
    await page.getByLabel(say("pin")).fill(pin);
    if (i + 1 < people.length || asks) await press(say("next"));
  }
  await more();
  await press(step);
}
async function show(): Promise<void> {
  await title(say("idleTitle"));
  await page.waitForFunction(() => document.querySelector("footer[data-settling]") === null);
  await page.getByLabel(say("token")).fill(await machine.token());
  await page.keyboard.press("Enter");
  await title(say("welcomeTitle"));
}

await page.goto(`${machine.address()}/`);
await press(say("doTest"));
await title(say("tested"));
await picture("tested");
await press(say("doZero"));
await title(say("who", { n: 1 }));
await press((await machine.officials())[0]!.stick);
await picture("official");
await press((await machine.officials())[0]!.stick);
await officials(say("doZero"));
await title(say("zero"));
await picture("zero", true);
await press(say("doOpen"));
await officials(say("doOpen"));
await title(say("idleTitle"));
await picture("idle");

await show();
await picture("welcome");
await press(say("start"));
await press("Darío Peña (Ceiba)");
await picture("contest");
await press(say("whole"));
await page.getByRole("heading", { name: say("parties") }).waitFor();
await picture("whole");
await press("Noelia Bravo (Faro · Molino)");
await press(say("toReview"));
await title(say("reviewTitle"));
await picture("review");
await press(say("printBallot"));
await title(say("decideTitle"));
await picture("paper", true);
await press(say("challenge"));
await page.getByRole("alertdialog").waitFor();
await picture("challenge", true);
await press(say("no"));
await press(say("cast"));
await title(say("endedCast"));
await picture("cast", true);
await press(say("finish"));

// What goes wrong: the printer, the power.
await show();
await press(say("start"));
await press(say("whole"));
await press(say("toReview"));
await press(say("printBallot"));
await title(say("decideTitle"));
await machine.printer("paper_out");
await press(say("cast"));
await title(say("printerTitle"));
await picture("printer");
await machine.printer("none");
await press(say("printerReady"));
await title(say("endedCast"));
await press(say("finish"));
await show();
await press(say("start"));
await machine.kill();
await title(say("lostTitle"));
await machine.again();
await title(say("paused"));
await picture("restart");
await press(say("doResume"));
await officials(say("doResume"));

await title(say("idleTitle"));
await press(say("officials"));
await title(say("open"));
await picture("officials");
await press(say("doClose"));
await officials(say("doClose"), async () => {
  await title(say("ask_reason"));
}, true);
await press(say("yesDo"));
await title(say("closed"));
await press(say("doSheet"));
await officials(say("doSheet"), async () => {
  const { check_in } = (await (await fetch(`${machine.address()}/api/demo/check-in`)).json()) as { check_in: string };
  await title(say("ask_check_in"));
  await page.getByLabel(say("checkIn")).fill(check_in);
  await picture("check-in");
  await press(say("next"));
  await title(say("ask_unused"));
  await page.getByLabel(say("unused")).fill("3");
}, true);
await title(say("printed"));
await picture("printed", true);

await browser.close();
await machine.end();
rmSync(work, { recursive: true, force: true });
