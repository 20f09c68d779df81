// How people reach a control of a station's page by its name and press it: by touch,
// with Tab and Enter, with four keys, with two switches. And what every screen promises,
// looked at once for each name: axe clean, nothing cut off at any text size.

import type { Page } from "playwright-core";

import { themes } from "../ui/settings.tsx";
import { expectAccessible, expectNoSidewaysScroll, screenshot } from "./harness.ts";

export type Hand = (page: Page, name: string) => Promise<void>;

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (element === null || element === document.body) return "";
    return (element.getAttribute("aria-label") ?? (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent) ?? "").trim();
  });

// A screen takes no press of its bottom buttons in its first moments (screen.tsx).
export const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => document.querySelector("footer[data-settling]") === null);

const walk = (step: string, press: string): Hand => async (page, name) => {
  await page.getByRole("button", { name, exact: true }).waitFor();
  await settled(page);
  for (let i = 0; i < 80; ++i) {
    await page.keyboard.press(step);
    if ((await focused(page)) === name) return page.keyboard.press(press);
  }
  throw new Error(`${step} never reaches "${name}"`);
};

export const touch: Hand = async (page, name) => {
  await page.getByRole("button", { name, exact: true }).waitFor();
  await settled(page);
  await page.getByRole("button", { name, exact: true }).tap();
};
export const hands: Readonly<Record<string, Hand>> = {
  touch,
  mouse: async (page, name) => {
    await page.getByRole("button", { name, exact: true }).waitFor();
    await settled(page);
    await page.getByRole("button", { name, exact: true }).click();
  },
  keyboard: walk("Tab", "Enter"),
  "four keys": walk("ArrowDown", "Enter"),
  "two switches": walk("1", "2"),
};

export const heading = (page: Page, name: string): Promise<void> =>
  page.getByRole("heading", { name, level: 1, exact: true }).waitFor();

const looked = new Set<string>();

// Looks at the screen that is shown, once for each name.
export async function look(page: Page, name: string, keep = true, device = "machine"): Promise<void> {
  if (looked.has(`${device}-${name}`)) return;
  looked.add(`${device}-${name}`);
  await page.evaluate(() => document.fonts.ready);
  const dress = (theme: string, size: string): Promise<unknown> =>
    page.evaluate(([t, s]) => Object.assign(document.documentElement.dataset, { theme: t, size: s }), [theme, size]);
  for (const size of ["4", "3", "2", "1"]) {
    await dress("light", size);
    await expectNoSidewaysScroll(page, `${name}, size ${size}`);
    if (size === "4" || size === "1") await expectAccessible(page, `${name}, size ${size}`);
    if (size === "4" && keep) await screenshot(page, `${device}-${name}-large`);
  }
  if (keep) await screenshot(page, `${device}-${name}`);
  for (const theme of themes.filter((other) => other !== "light")) {
    await dress(theme, "1");
    await expectAccessible(page, `${name}, ${theme}`, ["color-contrast"]);
  }
  await dress("light", "1");
}
