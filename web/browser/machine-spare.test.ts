// The spare machine's screens: it goes on with what the first machine exported, refuses
// its tokens, and exports the ballots and sheets of both, which trustees and verifier
// accept as one station; or officials declare the first one lost.

import { cpSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { BallotView } from "../machine/service.ts";
import { machineWords } from "../machine/words.ts";
import { speaker } from "../ui/glossary.ts";
import { heading, look, settled, touch } from "./hands.ts";
import { launch, open } from "./harness.ts";
import { closeAndExport, startTrustedStation, trusteesBuilt, type TrustedMachine, type TrustedStation } from "./trusted-station.ts";

const say = speaker(machineWords, "es");

async function showToken(page: Page, token: string): Promise<void> {
  const box = page.getByLabel(say("token"));
  await box.waitFor();
  await settled(page);
  await box.fill(token);
  await page.keyboard.press("Enter");
}

// Chooses this option of the first question.
async function vote(machine: TrustedMachine, page: Page, token: string, option: number): Promise<void> {
  await showToken(page, token);
  await heading(page, say("welcomeTitle"));
  await touch(page, say("start"));
  const ballot = (await (await fetch(`${machine.service.address()}/api/ballot`)).json()) as BallotView;
  await heading(page, ballot.contests[0]!.title);
  await touch(page, ballot.contests[0]!.options[option]!);
  await touch(page, say("whole"));
  await touch(page, say("toReview"));
  await touch(page, say("printBallot"));
  await heading(page, say("decideTitle"));
  await touch(page, say("cast"));
  await heading(page, say("endedCast"));
  await touch(page, say("finish"));
  await heading(page, say("idleTitle"));
}

async function giveOfficials(machine: TrustedMachine, page: Page, last: string): Promise<void> {
  for (const [i, { stick, pin }] of machine.officials.entries()) {
    await heading(page, say("who", { n: i + 1 }));
    await touch(page, stick);
    await page.getByLabel(say("pin")).fill(pin);
    await touch(page, i === 0 ? say("next") : last);
  }
}

describe.skipIf(!trusteesBuilt)("a spare machine", () => {
  let browser: Browser;
  let station: TrustedStation;
  let spare: TrustedMachine;
  let page: Page;
  let used = "";

  beforeAll(async () => {
    browser = await launch();
    station = await startTrustedStation();
    const first = await open(browser, `${station.service.address()}/`, 1080, 1920);
    used = station.token();
    await vote(station, first.page, used, 0);
    await vote(station, first.page, station.token(), 1);
    await first.context.close();
    await closeAndExport(station);
    spare = await station.spare();
    page = (await open(browser, `${spare.service.address()}/`, 1080, 1920)).page;
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await station?.end();
  });

  test("offers to go on for the first one, and not simply to open", async () => {
    await heading(page, say("zero"));
    await page.getByRole("button", { name: say("doTakeOver") }).waitFor();
    expect(await page.getByRole("button", { name: say("doOpen") }).count()).toBe(0);
    await look(page, "es-spare");
    // A stick without the first machine's export is refused, and nothing changes.
    await touch(page, say("doTakeOver"));
    await giveOfficials(spare, page, say("next"));
    await heading(page, say("ask_before"));
    await look(page, "es-spare-stick");
    await touch(page, "PRESIDENT");
    await touch(page, say("doTakeOver"));
    await page.getByRole("alertdialog").waitFor();
    await look(page, "es-spare-refused");
    await touch(page, say("understood"));
    expect((await spare.service.state()).machine.state).toBe("zero");
  });

  test("goes on with the first one's export and refuses its tokens", async () => {
    cpSync(join(station.folder, "sticks/PRESIDENT"), join(spare.folder, "sticks/first"), { recursive: true });
    await page.reload();
    await touch(page, say("doTakeOver"));
    await giveOfficials(spare, page, say("next"));
    await heading(page, say("ask_before"));
    await touch(page, "first");
    await touch(page, say("doTakeOver"));
    await heading(page, say("idleTitle"));
    await showToken(page, used);
    await page.getByRole("alertdialog").getByText(/ya se usó/).waitFor();
    await touch(page, say("understood"));
    for (const option of [1, 1, 3]) await vote(spare, page, station.token(), option);
  });

  test("exports one station of two machines, which trustees and verifier accept", async () => {
    const verdict = await station.judge(await closeAndExport(spare));
    expect(verdict.checks.filter(({ state }) => state === "failed")).toEqual([]);
    for (const name of ["package-signature", "proofs", "sheets", "counts", "decrypted-totals", "sheet-totals"]) {
      expect(verdict.checks.find((check) => check.name === name)?.state, name).toBe("passed");
    }
    expect(verdict.ballots).toMatchObject({ cast: 5 });
    expect(verdict.decrypted!.slice(0, 5)).toEqual([1, 3, 0, 1, 0]);
  });

  test("opens when two officials declare the first one lost", async () => {
    const other = await startTrustedStation();
    try {
      const alone = await other.spare();
      const opened = await open(browser, `${alone.service.address()}/`, 1080, 1920);
      await heading(opened.page, say("zero"));
      await touch(opened.page, say("doDeclareLost"));
      await giveOfficials(alone, opened.page, say("doDeclareLost"));
      await opened.page.getByText(say("sureDeclareLost")).waitFor();
      await look(opened.page, "es-declare-lost");
      await touch(opened.page, say("yesDo"));
      await heading(opened.page, say("idleTitle"));
      await vote(alone, opened.page, other.token(), 2);
      await opened.context.close();
    } finally {
      await other.end();
    }
  });
});
