// The verifier page as people use it: files in, keyboard only, no connection, in both
// languages, every theme and size.

import { gzipSync } from "node:zlib";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Browser, FileChooser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Ballot, codeText } from "../verifier/ballot.ts";
import { parseBox } from "../verifier/box.ts";
import { utf8 } from "../verifier/bytes.ts";
import { packageEntry } from "../verifier/log-receipt.ts";
import { parsePackage } from "../verifier/package.ts";
import { logReceipt, noteSigner } from "../verifier/testing/notes.ts";
import { definitionHash } from "../verifier/verdict.ts";
import { certificateLine, loadTown, packageBytes, sheetFile, townParts, townSheetText } from "../verifier/testing/town.ts";
import { expectAccessible, expectNoSidewaysScroll, launch, open, screenshot, serve, type Site } from "./harness.ts";

let browser: Browser;
let site: Site;
beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const town = loadTown();
const text = townSheetText(definitionHash(town.definition));
const box = parseBox(town.box);
const castCode = codeText(Ballot.read(box.station, box.ballots[0]!.ballot).code);
const file = (name: string, bytes: Uint8Array) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
const everything = [
  file("n01.urna", packageBytes(townParts(town, text))),
  file("election-key.urna", town.electionKey),
  ...town.partials.map((bytes, i) => file(`decryption-${i}.urna`, bytes)),
  ...[...town.definition].map(([name, bytes]) => file(name, bytes)),
];
// The package's receipt of a log of five entries, and the list of witnesses.
const log = noteSigner("registro.example/urna", "ed25519", 51);
const witnesses = ["universidad.example", "partido.example"].map((name, i) => noteSigner(name, "cosignature", 52 + i));
const entries = [0, 1, 2, 3, 4].map((i) => (i === 3 ? packageEntry(parsePackage(everything[0]!.buffer)) : utf8(`entry ${i}`)));
const receiptFiles = (signers: typeof witnesses) => [
  file("receipt.tlog-proof", logReceipt(3, entries, log, signers)),
  file("witnesses", utf8(`log ${log.key.text}\n${witnesses.map(({ key }, i) => `witness w${i} ${key.text}\n`).join("")}` +
    "group all all w0 w1\nquorum all\n")),
];
const forged = [
  file("n01.urna", packageBytes({
    ...townParts(town, text),
    sheets: [sheetFile(text.replace("TOKENS:4", "TOKENS:5"), certificateLine(definitionHash(town.definition)))],
    events: "20260510T060000-0400 VOTE\n",
  })),
];
const words = {
  es: { choose: "Elegir archivos", verify: "Verificar la mesa", good: "Todo concuerda en la mesa N01.",
    bad: /Algo no concuerda en la mesa N01/, code: "Código del comprobante", look: "Buscar", found: /está entre los depositados/,
    lost: /no está en el paquete/, log: /contiene este paquete: entrada 3 de 5/, steps: /3 pasos de la entrada/,
    signed: /Testigos que firmaron: universidad.example, partido.example/, few: /El comprobante del registro no vale/ },
  en: { choose: "Choose files", verify: "Verify the station", good: "Everything agrees at station N01.",
    bad: /Something does not agree at station N01/, code: "Code on the receipt", look: "Look up", found: /is among those cast/,
    lost: /is not in the package/, log: /holds this package: entry 3 of 5/, steps: /3 steps from the entry/,
    signed: /Witnesses that signed: universidad.example, partido.example/, few: /The log’s receipt does not hold/ },
} as const;

// Presses Tab until the element with this name has the focus.
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent;
      return label?.trim() ?? "";
    });
    if (here === name) return;
  }
  throw new Error(`Tab never reaches "${name}"`);
}

// A browser forgets a key press after some seconds; on a busy machine that is too soon.
async function chooserAfterEnter(page: Page): Promise<FileChooser> {
  for (let tries = 3; ; --tries) {
    const chooser = page.waitForEvent("filechooser", { timeout: 15_000 });
    await page.keyboard.press("Enter");
    try {
      return await chooser;
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}

test.each([["es", 360], ["en", 1280]] as const)("by keyboard, without a connection: %s at %i px", async (language, width) => {
  const say = words[language];
  const { context, page, complaints } = await open(browser, `${site.address}/verifier/?lang=${language}`, width, 800);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle");
  await screenshot(page, `verifier-${language}-${width}-start`);
  await context.setOffline(true);

  await tabTo(page, say.choose);
  await (await chooserAfterEnter(page)).setFiles(everything);
  await tabTo(page, say.verify);
  await page.keyboard.press("Enter");
  await page.getByText(say.good).waitFor();
  await expectAccessible(page, "verdict");
  await expectNoSidewaysScroll(page, "verdict");

  await tabTo(page, say.code);
  await page.keyboard.type(castCode.toLowerCase().replaceAll("-", " "));
  await page.keyboard.press("Enter");
  await page.getByText(say.found).waitFor();
  await screenshot(page, `verifier-${language}-${width}-good`);
  await page.getByLabel(say.code).fill(castCode.replace(/^./, (letter) => (letter === "A" ? "B" : "A")));
  await page.getByRole("button", { name: say.look }).click();
  await page.getByText(say.lost).waitFor();
  await page.getByLabel(say.code).fill("ABC");
  await page.getByRole("button", { name: say.look }).click();
  await expectAccessible(page, "a wrong code");
  expect(complaints).toEqual([]);
  await context.close();
});

test.each([["es", 1280], ["en", 360]] as const)("a forged package, failures first: %s at %i px", async (language, width) => {
  const say = words[language];
  const { context, page, complaints } = await open(browser, `${site.address}/verifier/?lang=${language}`, width, 800);
  await page.locator("input[type=file]").setInputFiles(forged);
  await page.getByRole("button", { name: say.verify }).click();
  await page.getByText(say.bad).waitFor();
  const states = await page.locator(".checks").last().locator(".state").allInnerTexts();
  const first = states.map((state) => /Falla|Failed/.test(state));
  expect(first.filter(Boolean).length).toBe(2);
  expect(first.slice(0, 2)).toEqual([true, true]);
  await screenshot(page, `verifier-${language}-${width}-forged`);
  for (const theme of ["light", "dark", "black-on-white", "yellow-on-black"]) {
    for (const size of ["1", "4"]) {
      await page.evaluate(([t, s]) => Object.assign(document.documentElement.dataset, { theme: t, size: s }), [theme, size]);
      await expectAccessible(page, `${theme}, size ${size}`);
      await expectNoSidewaysScroll(page, `${theme}, size ${size}`);
    }
  }
  await screenshot(page, `verifier-${language}-${width}-yellow-largest`);
  expect(complaints).toEqual([]);
  await context.close();
});

test.each([["es", 360], ["en", 1280]] as const)("a receipt up to the witnesses' signatures: %s at %i px", async (language, width) => {
  const say = words[language];
  const { context, page, complaints } = await open(browser, `${site.address}/verifier/?lang=${language}`, width, 800);
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  const ask = async (files: typeof everything): Promise<void> => {
    await page.locator("input[type=file]").setInputFiles(files);
    await page.getByLabel(say.code).fill(castCode);
    await page.getByRole("button", { name: say.look }).click();
  };
  await ask([everything[0]!, ...receiptFiles(witnesses)]);
  await page.getByText(say.log).waitFor();
  await page.getByText(say.signed).waitFor();
  await page.getByText(say.steps).click();
  await expectAccessible(page, "a receipt");
  await expectNoSidewaysScroll(page, "a receipt");
  await screenshot(page, `verifier-${language}-${width}-receipt`);
  await context.setOffline(false);
  await page.goto(`${site.address}/verifier/?lang=${language}`);
  await ask([everything[0]!, ...receiptFiles(witnesses.slice(1))]);
  await page.getByText(say.few).waitFor();
  await expectAccessible(page, "a receipt that does not hold");
  expect(complaints).toEqual([]);
  await context.close();
});

test("the page is small: under 300 kB compressed, fonts left out", () => {
  const folder = join(import.meta.dirname, "../../build/web/verifier");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.(js|css|html)$/.test(name));
  const size = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
  console.log(`verifier page: ${size} bytes compressed`);
  expect(size).toBeLessThan(300_000);
});
