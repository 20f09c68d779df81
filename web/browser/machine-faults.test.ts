// The page of the real urna-machine when things go wrong: the printer, the power, a voter
// who leaves, and somebody who tries what is not allowed.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import type { BallotView, State } from "../machine/service.ts";
import { machineWords } from "../machine/words.ts";
import { speaker } from "../ui/glossary.ts";
import { heading, look, settled, touch } from "./hands.ts";
import { expectNoSidewaysScroll, launch, open, screenshot, serve, type Opened } from "./harness.ts";
import { built, startMachine, type MachineProgram } from "./program.ts";

const say = speaker(machineWords, "es");
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function begin(machine: MachineProgram, page: Page, token?: string): Promise<BallotView> {
  const box = page.getByLabel(say("token"));
  await box.waitFor();
  await settled(page);
  await box.fill(token ?? (await machine.token()));
  await page.keyboard.press("Enter");
  await heading(page, say("welcomeTitle"));
  await touch(page, say("start"));
  const ballot = (await (await fetch(`${machine.address()}/api/ballot`)).json()) as BallotView;
  await heading(page, ballot.contests[0]!.title);
  return ballot;
}

// To the paper, with the first candidate chosen.
async function print(machine: MachineProgram, page: Page): Promise<BallotView> {
  const ballot = await begin(machine, page);
  await touch(page, ballot.contests[0]!.options[0]!);
  await touch(page, say("whole"));
  await touch(page, say("toReview"));
  await touch(page, say("printBallot"));
  await heading(page, say("decideTitle"));
  return ballot;
}

async function resume(machine: MachineProgram, page: Page): Promise<void> {
  await touch(page, say("doResume"));
  for (const [i, { stick, pin }] of (await machine.officials()).entries()) {
    await heading(page, say("who", { n: i + 1 }));
    await touch(page, stick);
    await page.getByLabel(say("pin")).fill(pin);
    await touch(page, i === 0 ? say("next") : say("doResume"));
  }
  await heading(page, say("idleTitle"));
}

const choices = async (machine: MachineProgram): Promise<State["session"]> => (await machine.state()).session;

describe.skipIf(!built)("when something goes wrong", () => {
  let machine: MachineProgram;
  let screen: Opened;
  beforeAll(async () => {
    machine = await startMachine();
    screen = await open(browser, `${machine.address()}/`, 1366, 768);
    screen.page.setDefaultTimeout(15_000);
  });
  afterAll(async () => {
    await screen?.context.close();
    await machine?.end();
  });

  test("no paper: nothing is printed and the choices are kept", async () => {
    const { page } = screen;
    const ballot = await begin(machine, page);
    await touch(page, ballot.contests[0]!.options[0]!);
    await touch(page, say("whole"));
    await touch(page, say("toReview"));
    await machine.printer("paper_out");
    await touch(page, say("printBallot"));
    await page.getByRole("alertdialog").getByText(/La impresora no puede imprimir/).waitFor();
    await look(page, "es-no-paper");
    await touch(page, say("understood"));
    expect((await choices(machine))?.choices?.[0]).toEqual([0]);
    // Torn off in the middle of the slip: that paper is void, and said to be.
    await machine.printer("jam", 1);
    await touch(page, say("printBallot"));
    await heading(page, say("printerTitle"));
    await page.getByText(say("broken_slip")).waitFor();
    await look(page, "es-broken-slip");
    await machine.printer("none");
    await touch(page, say("printerReady"));
    await heading(page, ballot.contests[0]!.title);
    expect((await choices(machine))?.choices?.[0]).toEqual([0]);
    expect(machine.papers().at(-1)).toContain("ANULADO");
    // Start again with a printer that jams at VOID; an official finishes by hand.
    await touch(page, say("whole"));
    await touch(page, say("toReview"));
    await touch(page, say("printBallot"));
    await heading(page, say("decideTitle"));
    await machine.printer("jam");
    await touch(page, say("startAgain"));
    await touch(page, say("yesStart"));
    await page.getByText(say("void_blocked")).waitFor();
    await touch(page, say("byHand"));
    await heading(page, say("whoOne"));
    await look(page, "es-by-hand");
    const [official] = await machine.officials();
    await touch(page, official!.stick);
    await page.getByLabel(say("pin")).fill(official!.pin);
    await touch(page, say("byHand"));
    await heading(page, ballot.contests[0]!.title);
    await machine.printer("none");
    // A test that jams, is mended and opened.
    await touch(page, say("whole"));
    await touch(page, say("toReview"));
    await touch(page, say("printBallot"));
    await heading(page, say("decideTitle"));
    await machine.printer("cover_open");
    await touch(page, say("challenge"));
    await touch(page, say("yesTest"));
    await page.getByText(say("open_blocked")).waitFor();
    await page.getByText("La tapa de la impresora está abierta", { exact: false }).waitFor();
    await machine.printer("none");
    await touch(page, say("printerReady"));
    await heading(page, say("openedTitle"));
    await touch(page, say("voteNow"));
    // Cast with a jam: the vote counts, and the screen says so.
    await touch(page, say("whole"));
    await touch(page, say("toReview"));
    await touch(page, say("printBallot"));
    await heading(page, say("decideTitle"));
    await machine.printer("offline");
    await touch(page, say("cast"));
    await page.getByText(say("cast_blocked")).waitFor();
    await look(page, "es-cast-blocked");
    await machine.printer("none");
    await touch(page, say("printerReady"));
    await heading(page, say("endedCast"));
    await touch(page, say("finish"));
    await heading(page, say("idleTitle"));
  });

  test("back, reload and a second window change nothing", async () => {
    const { page } = screen;
    const ballot = await begin(machine, page);
    await touch(page, ballot.contests[0]!.options[1]!);
    await page.evaluate(() => history.back());
    await page.waitForTimeout(400);
    await page.evaluate(() => history.go(-5));
    await page.waitForTimeout(400);
    await heading(page, ballot.contests[0]!.title);
    await page.reload();
    await heading(page, ballot.contests[0]!.title);
    expect(await page.getByRole("button", { name: ballot.contests[0]!.options[1]!, exact: true }).getAttribute("aria-pressed")).toBe("true");
    await touch(page, say("whole"));
    await touch(page, say("toReview"));
    await touch(page, say("printBallot"));
    await heading(page, say("decideTitle"));
    await page.reload();
    await heading(page, say("decideTitle"));
    const other = await open(browser, `${machine.address()}/`, 1366, 768);
    await heading(other.page, say("decideTitle"));
    await touch(other.page, say("cast"));
    await heading(other.page, say("endedCast"));
    await heading(page, say("endedCast"));
    await other.context.close();
    // Both windows said so; whoever is first goes on.
    await touch(page, say("finish"));
    await heading(page, say("idleTitle"));
  });

  test("a page of another site gets nothing, and can do nothing", async () => {
    const { page } = screen;
    await begin(machine, page);
    const site = await serve(() => undefined);
    const elsewhere = await browser.newPage();
    await elsewhere.goto(`${site.address}/verifier/`);
    const got = await elsewhere.evaluate(async (address) => {
      const tries: Promise<unknown>[] = [
        fetch(`${address}/api/state`).then((answer) => answer.text()),
        fetch(`${address}/api/session/end`, { method: "POST", mode: "no-cors", body: "{}" }).then((answer) => answer.type),
      ];
      return (await Promise.allSettled(tries)).map((result) => (result.status === "fulfilled" ? String(result.value) : "refused"));
    }, machine.address());
    expect(got[0]).toBe("refused");
    expect((await choices(machine))?.state).toBe("voting");
    for (const headers of [{ origin: "http://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
      const answer = await fetch(`${machine.address()}/api/session/end`, {
        method: "POST", body: "{}", headers: { "content-type": "application/json", ...headers },
      });
      expect(answer.status).toBe(403);
    }
    expect((await choices(machine))?.state).toBe("voting");
    await elsewhere.close();
    await site.close();
    await machine.post("/api/session/end");
    await touch(page, say("finish"));
    await heading(page, say("idleTitle"));
  });

  test("killed while somebody chooses: nothing is stored, and the token is good again", async () => {
    const { page } = screen;
    const token = await machine.token();
    const ballot = await begin(machine, page, token);
    await touch(page, ballot.contests[0]!.options[0]!);
    await machine.kill();
    await heading(page, say("lostTitle"));
    await look(page, "es-lost");
    await machine.again();
    await heading(page, say("paused"));
    await page.getByText(say("found_session")).waitFor();
    await look(page, "es-found");
    await resume(machine, page);
    await begin(machine, page, token);
    expect((await choices(machine))?.choices?.flat()).toEqual([]);
    await machine.post("/api/session/end");
    await touch(page, say("finish"));
    await heading(page, say("idleTitle"));
  });

  test("killed between the paper and the decision: void, marked, and said", async () => {
    const { page } = screen;
    await print(machine, page);
    await machine.kill();
    await heading(page, say("lostTitle"));
    await machine.again();
    await heading(page, say("endedNone"));
    await touch(page, say("finish"));
    await heading(page, say("paused"));
    await page.getByText(say("found_void")).waitFor();
    expect(machine.papers().at(-1)).toContain("ANULADO");
    await resume(machine, page);
  });

  test("killed at any moment of casting: what the voter is told is what is stored", async () => {
    const { page } = screen;
    for (const wait of [0, 15, 40, 90]) {
      await print(machine, page);
      const asked = machine.post("/api/session/cast").then(async (answer) => ((await answer.json()) as State).session?.vote_counts, () => undefined);
      await new Promise((done) => setTimeout(done, wait));
      await machine.kill();
      const told = await asked;
      await machine.again();
      const { machine: found, session } = await machine.state();
      if (told === true) expect(found.found === "void").toBe(false);
      if (found.found === "cast") expect(session?.vote_counts).toBe(true);
      if (found.found === "void") expect(machine.papers().at(-1)).toContain("ANULADO");
      if (found.found !== "") {
        await heading(page, say(found.found === "cast" ? "endedCast" : "endedNone"));
        await touch(page, say("finish"));
      }
      await heading(page, say("paused"));
      await resume(machine, page);
    }
  });

  test("the warning before the time is over", async () => {
    // Looking at it takes longer than it stays: the answers are changed on their way.
    const { page, context } = await open(browser, "about:blank", 1080, 1400);
    await page.route("**/api/state", async (route) => {
      const answer = await route.fetch();
      const state = (await answer.json()) as { session: { state: string; seconds_left: number } };
      Object.assign(state.session, { state: "activated", seconds_left: 20 });
      await route.fulfill({ response: answer, json: state });
    });
    await page.goto(`${machine.address()}/`);
    await page.getByRole("alertdialog").getByText(/Quedan 20 segundos/).waitFor();
    await look(page, "es-time-out");
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  });

  test("right to left", async () => {
    // The example election has no such language: the answers are changed on their way.
    const { page, context } = await open(browser, "about:blank", 1080, 1400);
    await page.route("**/api/state", async (route) => {
      const answer = await route.fetch();
      const state = (await answer.json()) as { session: { language: string } };
      state.session.language = "ar";
      await route.fulfill({ response: answer, json: state });
    });
    await page.goto(`${machine.address()}/`);
    await page.waitForFunction(() => document.documentElement.dir === "rtl");
    await expectNoSidewaysScroll(page, "right to left");
    await screenshot(page, "machine-rtl");
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  });
});

test.skipIf(!built)("whoever goes away is warned, then everything is cleared", async () => {
  const machine = await startMachine("--patience", "36");
  onTestFinished(() => machine.end());
  const { page, context } = await open(browser, `${machine.address()}/`, 1080, 1400);
  page.setDefaultTimeout(60_000);
  await begin(machine, page);
  await page.getByRole("alertdialog").getByText(/Quedan \d+ segundos/).waitFor();
  await touch(page, say("moreTime"));
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await heading(page, say("endedNone"));
  await heading(page, say("idleTitle")); // by itself
  expect((await machine.state()).session).toMatchObject({ state: "idle", choices: null, code: null });
  await context.close();
});
