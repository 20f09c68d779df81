// A stick with a half of the closing key is lost: the station closes all the same, with a
// sheet that says so, and the trustees alone count it.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Credential } from "../machine/service.ts";
import { machineWords } from "../machine/words.ts";
import { speaker } from "../ui/glossary.ts";
import { heading, look, touch } from "./hands.ts";
import { launch, open } from "./harness.ts";
import { startTrustedStation, trusteesBuilt, type TrustedStation } from "./trusted-station.ts";

const say = speaker(machineWords, "es");

describe.skipIf(!trusteesBuilt)("a lost closing key", () => {
  let browser: Browser;
  let station: TrustedStation;
  let page: Page;
  let two: readonly Credential[];

  beforeAll(async () => {
    browser = await launch();
    station = await startTrustedStation();
    two = [station.officials[0]!, station.member];
    for (const option of [0, 2, 2]) {
      for (const [path, body] of [
        ["/api/token", { token: station.token() }], ["/api/session/begin", {}], ["/api/choose", { contest: 0, option, on: true }],
        ["/api/session/review", {}], ["/api/session/confirm", {}], ["/api/session/cast", {}], ["/api/session/go-on", {}],
      ] as const) expect((await station.service.post(path, body)).status, path).toBe(200);
    }
    await station.step("close", { reason: "all-voted" });
    page = (await open(browser, `${station.service.address()}/`, 1080, 1920)).page;
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await station?.end();
  });

  const papers = (): string => readdirSync(join(station.folder, "tray")).filter((name) => name.endsWith(".pdf")).sort()
    .map((name) => execFileSync("pdftotext", ["-layout", join(station.folder, "tray", name), "-"], { encoding: "utf8" })).join("\n").replace(/\s+/g, " ");
  const give = async (people: readonly Credential[], last: string): Promise<void> => {
    for (const [i, { stick, pin }] of people.entries()) {
      await heading(page, say("who", { n: i + 1 }));
      await touch(page, stick);
      await page.getByLabel(say("pin")).fill(pin);
      await touch(page, i === 0 ? say("next") : last);
    }
  };
  const printUncounted = async (people: readonly Credential[]): Promise<void> => {
    await touch(page, say("doUncounted"));
    await give(people, say("next"));
    await heading(page, say("ask_check_in"));
    await touch(page, say("next"));
    await heading(page, say("ask_unused"));
    await touch(page, say("doUncounted"));
    await page.getByText(say("sureUncounted")).waitFor();
    await look(page, "es-uncounted");
    await touch(page, say("yesDo"));
  };

  test("is no way to hide a count while both halves are there", async () => {
    await heading(page, say("closed"));
    await printUncounted(station.officials);
    await page.getByRole("alertdialog").waitFor();
    await touch(page, say("understood"));
    expect((await station.service.state()).machine.state).toBe("closed");
    await page.reload();
    await heading(page, say("closed"));
  });

  test("leads to a signed sheet that says who counts", async () => {
    rmSync(join(station.folder, "sticks/SECRETARY"), { recursive: true });
    await printUncounted(two);
    await heading(page, say("printed"));
    await look(page, "es-printed-uncounted");
    expect(papers()).toContain("SOLO LOS CUSTODIOS CUENTAN ESTAS BOLETAS");
    await touch(page, say("doSign"));
    await give(two, say("doSign"));
    await touch(page, say("yesDo"));
    await heading(page, say("signed"));
    await station.step("export", { stick: "PRESIDENT" });
    expect(readFileSync(join(station.folder, "sticks/PRESIDENT/N01.sheet"), "utf8")).toContain("ORIGIN:UNCOUNTED");
  });

  test("leaves the trustees' count whole, and the verifier says that it is the only one", async () => {
    const verdict = await station.judge(join(station.folder, "sticks/PRESIDENT/N01.package"));
    expect(verdict.checks.filter(({ state }) => state === "failed")).toEqual([]);
    expect(verdict.decrypted!.slice(0, 5)).toEqual([1, 0, 2, 0, 0]);
    expect(verdict.checks.find(({ name }) => name === "sheet-totals")).toMatchObject({ state: "not run" });
    expect(verdict.checks.find(({ name }) => name === "sheet-totals")!.details.join()).toContain("trustees only");
  });
});
