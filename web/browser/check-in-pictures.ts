// Takes the pictures of check-in in docs, from the screens of the real urna-checkin:
//   web/tools/pictures

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { chromium, type Page } from "playwright-core";

import { checkinWords } from "../checkin/words.ts";
import { speaker } from "../ui/glossary.ts";
import { makeKit, startCheckIn, type CheckInProgram } from "./checkin-program.ts";

const folder = join(import.meta.dirname, "../../docs/operations");
const say = speaker(checkinWords, "en");
mkdirSync(folder, { recursive: true });
const id = (n: number): string => `V${10_000_000 + n * 37}`;

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium", args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
async function show(device: CheckInProgram): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1344, height: 720 } })).newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${device.address}/?lang=en`);
  return page;
}

const device = await startCheckIn("--morning");
const page = await show(device);

// Check-in alone, or with what a demonstration shows beside it.
async function picture(name: string, beside = false, of = page): Promise<void> {
  await of.evaluate(() => document.fonts.ready);
  await of.waitForTimeout(900);
  await of.screenshot({ path: join(folder, `check-in-${name}.png`), clip: { x: 0, y: 0, width: beside ? 1344 : 960, height: 720 } });
}
async function press(name: string, of = page): Promise<void> {
  const button = of.locator(".kiosk, [role=alertdialog]").getByRole("button", { name, exact: true }).first();
  await button.waitFor();
  await of.waitForFunction(() => document.querySelector("footer[data-settling]") === null);
  await button.click();
}
const title = (name: string): Promise<void> => page.getByRole("heading", { name, level: 1, exact: true }).waitFor();
async function officials(): Promise<void> {
  for (const [i, { pin }] of (await device.officials()).entries()) {
    await title(say("who", { n: i + 1 }));
    await page.getByRole("button", { name: /president|secretary/ }).first().waitFor();
    await page.getByLabel(say("pin")).fill(pin);
    await page.keyboard.press("Enter");
  }
}
async function begin(n: number): Promise<void> {
  await title(say("findTitle"));
  await page.getByLabel(say("idOrName")).fill(id(n));
  await page.keyboard.press("Enter");
  await press(say("yesPerson"));
}
async function put(whose: number): Promise<void> {
  await page.getByText(say("waiting")).waitFor();
  const right = (await page.getByRole("heading", { level: 1 }).innerText()).includes(say("right_thumb"));
  await device.put(id(whose), right ? "right_thumb" : "left_thumb");
  await page.getByText(say("waiting")).waitFor({ state: "detached" });
}

await title(say("unopenedTitle"));
await picture("unopened");
await press(say("doOpen"));
await officials();
await title(say("findTitle"));
await picture("find");
await begin(0);
await page.getByText(say("waiting")).waitFor();
await picture("finger", true);
while ((await device.state()).state.check?.matched !== true) {
  if (!(await page.getByText(say("waiting")).isVisible())) await page.locator("footer .primary").click();
  await put(0);
  await page.waitForTimeout(600);
}
await title(say("matchTitle"));
await picture("match");
await press(say("admit"));
await title(say("doneTitle"));
await picture("done", true);
await press(say("nextVoter"));
await page.getByLabel(say("idOrName")).fill("V13700000");
await page.keyboard.press("Enter");
await title(say("elsewhereTitle"));
await picture("elsewhere");
await press(say("nextVoter"));
await begin(1);
await put(2);
await page.getByText(say("alertWho", { id: id(2) })).waitFor();
await picture("alert");
await press(say("twoDecide"));
await title(say("who", { n: 1 }));
await picture("decide");
await officials();
await title(say("doneTitle"));
await press(say("nextVoter"));
await press(say("officials"));
await title(say("tasksTitle"));
await picture("tasks");
await press(say("doClose"));
await officials();
await press(say("yesDo"));
await title(say("closedTitle"));
await picture("closed");
await device.end();

// Two devices that were apart.
const kit = makeKit(2);
const devices = [await kit.device(1), await kit.device(2)];
const people = await devices[0]!.officials();
for (const each of devices) {
  await each.post("/api/officials/open", { officials: people });
  await each.post("/api/begin", { id: id(5) });
  await each.post("/api/admit", {});
}
for (const n of [1, 0]) await devices[n]!.post("/api/exchange", { stick: "blue" });
await picture("twice", false, await show(devices[0]!));

await browser.close();
await devices[1]!.kill();
await devices[0]!.end();
