// The results site as people use it, made and served by the real `urna` from a sample
// record: pages without scripts, the receipt, the verifier, the citizens' count.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { expectAccessible, expectNoSidewaysScroll, launch, open, screenshot } from "./harness.ts";

const root = join(import.meta.dirname, "../..");
const urna = process.env["URNA_PROGRAM"] ?? join(root, "build/release/bin/urna");
const sample = join(dirname(urna), "record_sample");
const built = existsSync(urna) && existsSync(sample);
if (!built) console.log(`skipped, because ${urna} or ${sample} is not built`);

let browser: Browser;
let folder: string;
let address: string;
const children: ChildProcess[] = [];

// Serves a site with its record and gives its address.
async function serveSite(site: string, record: string): Promise<string> {
  const child = spawn(urna, ["results", "serve", site, "--record", record], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return new Promise((done, failed) => {
    let text = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = /(http:\/\/[0-9.:]+)/.exec(text);
      if (found !== null) done(found[1]!);
    });
    child.on("exit", (code) => failed(new Error(`urna ended with ${code}: ${text}`)));
  });
}

beforeAll(async () => {
  if (!built) return;
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "urna-results-"));
  execFileSync(sample, [join(folder, "record"), "--cast", "12"], { cwd: root });
  execFileSync(urna, ["results", "site", join(folder, "record"), "--out", join(folder, "site")], { cwd: root });
  address = await serveSite(join(folder, "site"), join(folder, "record"));
}, 120_000);
afterAll(async () => {
  for (const child of children) child.kill();
  await browser?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const firstCode = (): string => /^(\S+) cast$/m.exec(readFileSync(join(folder, "site/codes/N01.txt"), "utf8"))![1]!;

describe.skipIf(!built)("results", () => {
  const pages = ["index.html", "seats.html", "record.html", "area-NORTE.html", "station-N01.html"];

  test.each([["es", 360], ["en", 1280]] as const)("pages without scripts: %s at %i px", async (language, width) => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width, height: 800 } });
    const plain = await context.newPage();
    for (const name of pages) {
      await plain.goto(`${address}/${language}/${name}`);
      expect(await plain.locator("table, pre").count(), name).toBeGreaterThan(0);
    }
    await context.close();
    for (const name of pages) {
      const { context: own, page, complaints } = await open(browser, `${address}/${language}/${name}`, width, 800);
      await expectAccessible(page, name);
      await expectNoSidewaysScroll(page, name);
      await screenshot(page, `results-${language}-${width}-${name.replace(".html", "")}`);
      expect(complaints, name).toEqual([]);
      await own.close();
    }
  });

  test("the server sends the policy that the page states", async () => {
    const answer = await fetch(`${address}/en/station-N01.html`);
    const policy = answer.headers.get("content-security-policy")!;
    const stated = /content="(default-src[^"]*)"/.exec(await answer.text())![1]!;
    for (const part of stated.split("; ")) expect(policy).toContain(part);
    expect((await fetch(`${address}/app/index.html`)).headers.get("content-security-policy")).toContain("wasm-unsafe-eval");
  });

  test("dark colours keep their contrast", async () => {
    const context = await browser.newContext({ colorScheme: "dark", viewport: { width: 800, height: 800 } });
    const page = await context.newPage();
    for (const name of pages) {
      await page.goto(`${address}/en/${name}`);
      await expectAccessible(page, `dark ${name}`);
    }
    await context.close();
  });

  test("from the nation to a station's documents by links alone", async () => {
    const { context, page, complaints } = await open(browser, `${address}/en/index.html`, 1000, 800);
    await page.locator(".tiles a", { hasText: "North Ward" }).click();
    await page.getByRole("heading", { name: "North Ward", exact: true }).waitFor();
    await page.locator("tr#s-N01").getByRole("link", { name: "Evidence" }).click();
    await page.getByRole("heading", { name: "Three lines of evidence" }).waitFor();
    const link = page.getByRole("link", { name: /Station package/ });
    const answer = await fetch(new URL((await link.getAttribute("href"))!, page.url()));
    expect(answer.status).toBe(200);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test.each([["es", 360], ["en", 1280]] as const)("a receipt is found, and its code stays in the browser: %s", async (language, width) => {
    const { context, page, complaints } = await open(browser, `${address}/app/index.html?lang=${language}#receipt`, width, 800);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url() + (request.postData() ?? "")));
    const code = firstCode();
    const label = { es: { station: "Mesa", code: /Código/, look: "Buscar", found: /está entre los 15 votos/, lost: /no está entre/ },
      en: { station: "Polling station", code: /Code on/, look: "Look up", found: /is among the 15 published/, lost: /is not among/ } }[language];
    await page.getByLabel(label.station).fill("n01");
    await page.getByLabel(label.code).fill(code.toLowerCase().replaceAll("-", " "));
    await page.keyboard.press("Enter");
    await page.getByText(label.found).waitFor();
    await expectAccessible(page, "receipt found");
    await expectNoSidewaysScroll(page, "receipt found");
    await screenshot(page, `results-${language}-${width}-receipt`);
    await page.getByLabel(label.code).fill(code.replace(/^./, (letter) => (letter === "A" ? "B" : "A")));
    await page.getByRole("button", { name: label.look, exact: true }).click();
    await page.getByText(label.lost).waitFor();
    await page.getByLabel(label.station).fill("X99");
    await page.getByRole("button", { name: label.look, exact: true }).click();
    await page.getByText("X99").first().waitFor();
    expect(asked.some((url) => url.includes("codes/N01.txt"))).toBe(true);
    const bare = code.replaceAll("-", "");
    for (const url of asked) expect(url.toUpperCase().replaceAll("-", "")).not.toContain(bare.slice(0, 8));
    expect(complaints.filter((line) => !line.includes("404"))).toEqual([]);
    await context.close();
  });

  test("a station is verified in the browser; a changed byte is named", async () => {
    const { context, page, complaints } = await open(browser, `${address}/app/index.html?lang=en&station=N01#verify`, 1000, 800);
    await page.getByRole("button", { name: "Download and verify" }).click();
    await page.getByText(/(Everything agrees|Nothing fails) at station N01/).waitFor({ timeout: 120_000 });
    await expectAccessible(page, "verified");
    await screenshot(page, "results-en-1000-verified");
    expect(complaints).toEqual([]);

    const station = JSON.parse(readFileSync(join(folder, "site/data/station-N02.json"), "utf8")) as { package: string };
    const file = join(folder, "record/blob", station.package);
    const bytes = readFileSync(file);
    bytes[2000]! ^= 1;
    writeFileSync(file, bytes);
    await page.getByLabel("Polling station").fill("N02");
    await page.getByRole("button", { name: "Download and verify" }).click();
    await page.getByText(/SHA-256/).first().waitFor();
    await expectAccessible(page, "a changed byte");
    bytes[2000]! ^= 1;
    writeFileSync(file, bytes);
    await context.close();
  });

  test("photographs of a sheet are read, checked and set beside what was published", async () => {
    // The codes as a screen shows them: what a telephone would photograph.
    const shown = await open(browser, `${address}/en/station-N01.html`, 1000, 800);
    const pictures: { name: string; mimeType: string; buffer: Buffer }[] = [];
    for (const [i, image] of (await shown.page.locator(".qr img").all()).entries()) {
      await image.scrollIntoViewIfNeeded();
      await expect.poll(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBeGreaterThan(20);
      pictures.push({ name: `photo-${i}.png`, mimeType: "image/png", buffer: await image.screenshot() });
    }
    await shown.context.close();
    const { context, page, complaints } = await open(browser, `${address}/app/index.html?lang=en#count`, 1000, 900);
    await page.locator("input[type=file]").setInputFiles(pictures);
    await page.getByText(/Station N01, segment 1: signature good/).waitFor({ timeout: 60_000 });
    await page.getByText(/None of the 1 stations/).waitFor();
    await expectAccessible(page, "counted");
    await screenshot(page, "results-en-1000-count");
    // The other sheets as files; then everything that was published has been counted.
    const files = readdirSync(join(folder, "site/sheets")).filter((name) => !name.startsWith("N01"))
      .map((name) => join(folder, "site/sheets", name));
    await page.locator("input[type=file]").setInputFiles(files);
    await page.getByText(/None of the 3 stations/).waitFor();
    for (const row of await page.locator("tbody tr").all()) {
      const [here, published] = await row.locator("td").allInnerTexts();
      expect(here).toBe(published);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("the pages that compute are small: under 300 kB compressed, fonts and the photograph reader left out", () => {
    const assets = join(root, "build/web/results/assets");
    const size = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name) && !name.startsWith("photograph"))
      .reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
    console.log(`results pages: ${size} bytes compressed`);
    expect(size).toBeLessThan(300_000);
  });
});
