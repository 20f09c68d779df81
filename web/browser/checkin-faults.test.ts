// Check-in's page when things go wrong: the printer, the power, and two devices that
// admit the same voter while they are apart.

import { rmSync, writeFileSync } from "node:fs";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { checkinWords } from "../checkin/words.ts";
import { speaker } from "../ui/glossary.ts";
import { built, makeKit, startCheckIn, type CheckInProgram } from "./checkin-program.ts";
import { heading, look, settled, touch } from "./hands.ts";
import { launch, open } from "./harness.ts";

const say = speaker(checkinWords, "es");
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

// The fourth voter of a demonstration has no stored print when only two have any.
const plain = (n: number): string => `V${10_000_000 + n * 37}`;
const admit = async (device: CheckInProgram, n: number): Promise<void> => {
  expect((await device.post("/api/begin", { id: plain(n) })).status).toBe(200);
  expect((await device.post("/api/admit", { assisted: false })).status).toBe(200);
};

test.skipIf(!built)("the printer stops, then prints the same token; a lost device says so", async () => {
  const device = await startCheckIn();
  const screen = await open(browser, `${device.address}/?lang=es`, 1344, 800);
  const { page } = screen;
  const scan = async (text: string): Promise<void> => {
    await heading(page, say("findTitle"));
    await page.getByLabel(say("idOrName")).fill(text);
    await page.keyboard.press("Enter");
  };
  await admit(device, 6); // makes the tray
  rmSync(device.tray, { recursive: true });
  writeFileSync(device.tray, "no paper");
  await scan(plain(7));
  await touch(page, say("yesPerson"));
  await heading(page, say("noStoredTitle"));
  await touch(page, say("admit"));
  await heading(page, say("tokenWaits"));
  await look(page, "es-token-waits", true, "check-in");
  const left = (await device.state()).state.tokens_left;
  await touch(page, say("printAgain"));
  await page.getByRole("alertdialog").waitFor();
  await page.keyboard.press("Enter");
  rmSync(device.tray);
  await touch(page, say("printAgain"));
  await heading(page, say("doneTitle"));
  expect((await device.state()).state.tokens_left).toBe(left);
  expect(device.papers().length).toBe(1);
  await touch(page, say("nextVoter"));
  await device.kill();
  await heading(page, say("lostTitle"));
  await look(page, "es-lost", true, "check-in");
  await screen.context.close();
  await device.end();
});

test.skipIf(!built)("a voter whom two devices admitted apart is shown on both after the logs met", async () => {
  const kit = makeKit(2);
  const devices = [await kit.device(1), await kit.device(2)];
  const officials = await devices[0]!.officials();
  expect(officials.length).toBe(2);
  for (const device of devices) expect((await device.post("/api/officials/open", { officials })).status).toBe(200);
  await admit(devices[0]!, 5);
  await admit(devices[1]!, 5); // apart: nobody can know
  await admit(devices[1]!, 6);
  const screens = await Promise.all(devices.map((device) => open(browser, `${device.address}/?lang=es`, 1344, 800)));
  const join = async (n: number): Promise<void> => {
    const { page } = screens[n]!;
    await touch(page, say("officials"));
    await touch(page, say("doExchange"));
    await heading(page, say("exchangeTitle"));
    await touch(page, "blue");
    await touch(page, say("doExchange"));
    await page.getByText(/Hecho/).waitFor();
  };
  const back = async (n: number): Promise<void> => {
    await touch(screens[n]!.page, say("previous"));
    await touch(screens[n]!.page, say("toVoters"));
  };
  await join(1); // the second one first
  await back(1);
  await join(0);
  await look(screens[0]!.page, "es-exchange", true, "check-in");
  await back(0);
  await join(1);
  await back(1);
  for (const [n, { page }] of screens.entries()) {
    const twice = page.getByRole("region", { name: say("twiceTitle") });
    await twice.waitFor();
    expect(await twice.innerText()).toContain(plain(5));
    expect((await devices[n]!.state()).state.totals!.checked_in).toBe(3);
  }
  await settled(screens[0]!.page);
  await look(screens[0]!.page, "es-twice", true, "check-in");
  // Closed at both, the slip is printed at one.
  for (const device of devices) expect((await device.post("/api/officials/close", { officials })).status).toBe(200);
  await heading(screens[0]!.page, say("closedTitle"));
  await look(screens[0]!.page, "es-others-open", true, "check-in");
  expect((await devices[0]!.post("/api/print-slip")).status).toBe(409);
  for (const n of [1, 0]) expect((await devices[n]!.post("/api/exchange", { stick: "blue" })).status).toBe(200);
  expect((await devices[0]!.post("/api/print-slip")).status).toBe(200);
  expect(devices[0]!.papers().at(-1)).toContain(plain(5));
  for (const { context } of screens) await context.close();
  await devices[1]!.kill();
  await devices[0]!.end();
});
