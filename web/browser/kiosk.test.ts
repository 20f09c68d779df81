// The machine's page as tools/kiosk/screen shows it: Debian's Chromium with its windows,
// in an X session of its own, under the policy file, with keys pressed at the keyboard's
// end. The page cannot be left. Needs root, because the policy belongs to the system: it
// is put in place for this test's processes alone, in a mount namespace of their own.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { machineWords } from "../machine/words.ts";
import { speaker } from "../ui/glossary.ts";
import { heading } from "./hands.ts";
import { built, root, startMachine, type MachineProgram } from "./program.ts";

const tools = ["Xvfb", "xdotool", "xmodmap", "setxkbmap", "unshare"];
const missing = tools.filter((name) => spawnSync("which", [name]).status !== 0);
const possible = built && process.getuid?.() === 0 && missing.length === 0 &&
  spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
if (!possible) console.log(`the kiosk is not tried: it needs root, a mount namespace and ${tools.join(", ")}`);

const say = speaker(machineWords, "es");
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

// Codes of a PC keyboard, as the kernel numbers them plus 8.
const keys = {
  control: 37, alt: 64, shift: 50, super: 133, menu: 135,
  a: 38, b: 56, d: 40, f: 41, h: 43, i: 31, j: 44, k: 45, l: 46, n: 57, o: 32, p: 33, q: 24, r: 27, s: 39, t: 28,
  u: 30, w: 25, f1: 67, f3: 69, f4: 70, f5: 71, f6: 72, f7: 73, f10: 76, f11: 95, f12: 96, home: 110, left: 113,
  tab: 23, escape: 9, delete: 119, print: 107, homePage: 180, back: 166, reload: 181, search: 225, mail: 163, www: 158,
} as const;
type Key = keyof typeof keys;

const ways: readonly (readonly Key[])[] = [
  ["control", "t"], ["control", "n"], ["control", "shift", "n"], ["control", "w"], ["control", "shift", "w"],
  ["control", "q"], ["control", "l"], ["control", "k"], ["control", "o"], ["control", "p"], ["control", "s"],
  ["control", "u"], ["control", "h"], ["control", "j"], ["control", "d"], ["control", "f"], ["control", "r"],
  ["control", "tab"], ["control", "shift", "i"], ["control", "shift", "j"], ["control", "shift", "t"],
  ["control", "shift", "delete"], ["control", "alt", "delete"], ["alt", "f4"], ["alt", "home"], ["alt", "left"],
  ["alt", "d"], ["alt", "f"], ["alt", "tab"], ["super"], ["super", "l"], ["menu"], ["f1"], ["f3"], ["f5"], ["f6"],
  ["f7"], ["f10"], ["f11"], ["f12"], ["shift", "escape"], ["print"], ["homePage"], ["back"], ["reload"], ["search"],
  ["mail"], ["www"],
];

describe.skipIf(!possible)("the kiosk", () => {
  const folder = mkdtempSync(join(tmpdir(), "urna-kiosk-"));
  let machine: MachineProgram;
  let session: ChildProcess;
  let display = "";
  let browser: Browser;
  let page: Page;
  let port = 0;

  const pages = async (): Promise<readonly string[]> => {
    const list = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { type: string; url: string }[];
    return list.filter(({ type }) => type === "page").map(({ url }) => url);
  };
  const inSession = (program: string, ...words: string[]): string =>
    execFileSync(program, words, { encoding: "utf8", env: { ...process.env, DISPLAY: display } });
  const press = (way: readonly Key[]): void => {
    const codes = way.map((key) => String(keys[key]));
    const [last, ...held] = [codes.at(-1)!, ...codes.slice(0, -1)];
    inSession("xdotool", ...held.flatMap((code) => ["keydown", code]), "key", last, ...held.flatMap((code) => ["keyup", code]));
  };

  beforeAll(async () => {
    machine = await startMachine();
    // The policy as it is shipped, for this machine's port, but with the developer tools
    // that this test looks through.
    let policy = readFileSync(join(root, "tools/kiosk/policy.json"), "utf8").replace("http://127.0.0.1:8080", machine.address());
    for (const line of ['  "RemoteDebuggingAllowed": false,\n', '  "DeveloperToolsAvailability": 2,\n']) {
      expect(policy).toContain(line);
      policy = policy.replace(line, "");
    }
    writeFileSync(join(folder, "urna.json"), policy);
    // The keyboard's map outlives a moment without a window here as in a session that
    // xinit holds: -noreset.
    writeFileSync(join(folder, "session"), `#!/bin/bash
mount -t tmpfs none /etc/chromium && mkdir -p /etc/chromium/policies/managed
cp ${folder}/urna.json /etc/chromium/policies/managed/
Xvfb -displayfd 1 -screen 0 1080x1920x24 -nolisten tcp -noreset >${folder}/display 2>/dev/null &
server=$!
trap 'kill $screen $server; wait' TERM
until [ -s ${folder}/display ]; do sleep 0.1; done
export DISPLAY=:$(cat ${folder}/display) XDG_RUNTIME_DIR=${folder} URNA_CHROMIUM=${folder}/chromium
${root}/tools/kiosk/screen ${machine.address()}/ & screen=$!
wait $screen
`);
    writeFileSync(join(folder, "chromium"), `#!/bin/bash
for word; do case $word in --user-data-dir=*) echo "\${word#*=}" >${folder}/profile;; esac; done
exec chromium --no-sandbox --remote-debugging-port=0 "$@" 2>/dev/null
`);
    for (const name of ["session", "chromium"]) chmodSync(join(folder, name), 0o755);
    session = spawn("unshare", ["-m", join(folder, "session")], { detached: true, stdio: ["ignore", "ignore", "inherit"] });
    for (let tries = 0; port === 0; ++tries) {
      await pause(200);
      if (tries > 200) throw new Error("Chromium did not start");
      try {
        display = `:${readFileSync(join(folder, "display"), "utf8").trim()}`;
        const profile = readFileSync(join(folder, "profile"), "utf8").trim();
        port = Number(readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n")[0]);
      } catch { /* not there yet */ }
    }
    for (let tries = 0; tries < 200 && !(await pages()).includes(`${machine.address()}/`); ++tries) await pause(200);
    browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const [context] = browser.contexts();
    page = context!.pages()[0] ?? (await context!.waitForEvent("page"));
    page.setDefaultTimeout(20_000);
    await heading(page, say("idleTitle"));
  }, 120_000);

  afterAll(async () => {
    await browser?.close().catch(() => undefined);
    if (session?.pid !== undefined) {
      const gone = new Promise((done) => session.once("exit", done));
      process.kill(-session.pid, "SIGTERM");
      await gone;
    }
    await machine?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const only = async (after: string): Promise<void> => {
    expect(await pages(), after).toEqual([`${machine.address()}/`]);
    expect(inSession("xdotool", "search", "--onlyvisible", "--class", "chromium").trim().split("\n").length, after).toBe(1);
    await heading(page, say("idleTitle"));
  };

  test("fills the screen with the machine's page", async () => {
    await only("the start");
    // Without a window manager Chromium leaves one line and one column free.
    const [width, height] = await page.evaluate(() => [innerWidth, innerHeight] as const);
    expect(width).toBeGreaterThanOrEqual(1079);
    expect(height).toBeGreaterThanOrEqual(1919);
  });

  test.each(ways.map((way) => [way.join("-"), way] as const))("%s leads nowhere", async (name, way) => {
    press(way);
    await pause(400);
    await only(name);
  });

  test("text can still be typed, and Shift still works", async () => {
    const box = page.getByLabel(say("token"));
    await box.fill(""); // the letters of the keys pressed above
    await box.focus();
    inSession("xdotool", "key", String(keys.a), "keydown", String(keys.shift), "key", String(keys.b), "keyup", String(keys.shift));
    await expect.poll(() => box.inputValue()).toMatch(/^aB$/i);
    inSession("xdotool", "key", "22", "key", "22"); // backspace
    await expect.poll(() => box.inputValue()).toBe("");
  });

  test("neither the right nor the middle button opens a menu or a page", async () => {
    for (const button of ["3", "2", "8", "9"]) {
      inSession("xdotool", "mousemove", "500", "900", "click", button);
      await pause(300);
      await only(`button ${button}`);
    }
  });

  test("no other origin, no file and no page of the browser's own", async () => {
    const other = await startMachine(); // the same service on another port
    for (const address of [`${other.address()}/`, "http://example.org/", "https://127.0.0.1/", "file:///etc/passwd", "file:///"]) {
      const answer = await page.goto(address).then(() => "opened", (error: unknown) => String(error));
      expect(answer, address).toMatch(/ERR_BLOCKED_BY_ADMINISTRATOR/);
      await page.waitForTimeout(500); // the browser's own page about it
      await page.goto(`${machine.address()}/`);
      await heading(page, say("idleTitle"));
    }
    for (const address of [
      "chrome://settings/", "chrome://policy/", `view-source:${machine.address()}/`, "data:text/html,x",
      "devtools://devtools/bundled/inspector.html",
    ]) {
      await page.evaluate((to) => location.assign(to), address).catch(() => undefined);
      await pause(500);
      await only(address);
    }
    await other.end();
  });

  test("with all its keys, the same keyboard does leave the page", async () => {
    // So the presses above arrive, and it is the keys script that holds them.
    let escaped = false;
    for (let tries = 0; tries < 20 && !escaped; ++tries) {
      inSession("setxkbmap", "us");
      press(["control", "t"]);
      await pause(150);
      escaped = (await pages()).length > 1;
    }
    expect(escaped).toBe(true);
  });
});
