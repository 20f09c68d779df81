// Opens built pages in Debian's Chromium, from a small static server on loopback, and
// checks what every page promises: no request to anybody else, no error, axe clean.

import { createServer, type Server } from "node:http";
import { mkdirSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";

import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { expect } from "vitest";

const web = join(import.meta.dirname, "../../build/web");
export const screens = join(web, "screens");
const axe = readFileSync(join(import.meta.dirname, "../node_modules/axe-core/axe.min.js"), "utf8");

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2",
};

export interface Site {
  readonly address: string;
  readonly close: () => Promise<void>;
}

// Serves build/web; `answer` may take a request first.
export async function serve(
  answer: (path: string, body: string) => { status: number; json: unknown } | undefined = () => undefined,
): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
      const own = answer(path, Buffer.concat(chunks).toString("utf8"));
      if (own !== undefined) {
        response.writeHead(own.status, { "content-type": "application/json" }).end(JSON.stringify(own.json));
        return;
      }
      try {
        const file = join(web, path.endsWith("/") ? `${path}index.html` : path);
        const bytes = readFileSync(file);
        response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(bytes);
      } catch {
        response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const at = server.address();
  if (at === null || typeof at === "string") throw new Error("no port");
  return {
    address: `http://127.0.0.1:${at.port}`,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

// Root may not use Chromium's sandbox; the pages opened here are our own.
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: "/usr/bin/chromium", args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });

export interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
}

export async function open(browser: Browser, url: string, width: number, height: number): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height }, bypassCSP: false, hasTouch: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  return { context, page, complaints };
}

// No violation of axe-core's rules, best practices included; or of the named rules only.
export async function expectAccessible(page: Page, name: string, rules?: readonly string[]): Promise<void> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(async (only) => {
    const run = (globalThis as unknown as { axe: { run: (node: Document, options: object) => Promise<{
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe.run;
    const { violations } = await run(document, only === undefined ? {} : { runOnly: only });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary}`);
  }, rules);
  expect(found, name).toEqual([]);
}

// Nothing is cut off sideways.
export async function expectNoSidewaysScroll(page: Page, name: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(over, name).toBeLessThanOrEqual(0);
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: join(screens, `${name}.png`), fullPage: true });
}
