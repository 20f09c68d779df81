// Voting by ear: what the page plays is heard clip by clip, and a control is found by what
// is said of it, never by what is seen.

import type { Page } from "playwright-core";

import { errorWords } from "../machine/errors.ts";
import { phrases, type Clips } from "../machine/speech.ts";
import { machineWords } from "../machine/words.ts";
import { common, type Language } from "../ui/glossary.ts";
import { settled, type Hand } from "./hands.ts";

// Before the page loads: remembers what is played, and plays it fast.
export const listen = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const heard: number[] = [];
    Object.assign(globalThis, { heard });
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      heard.push(Number(/\/voice\/(\d+)/.exec(this.src)?.[1] ?? -1));
      this.playbackRate = 12;
      return play.call(this);
    };
  });

export const heard = (page: Page): Promise<number[]> =>
  page.evaluate(() => [...(globalThis as unknown as { heard: number[] }).heard]);

export const clipsOf = async (address: string): Promise<Clips> =>
  (await (await fetch(`${address}/api/voice`)).json()) as Clips;

async function said(page: Page, clips: Clips, text: string): Promise<readonly number[]> {
  const language = await page.evaluate(() => document.documentElement.lang) as Language;
  const numbers = phrases(clips, [language], [machineWords, errorWords, common], language).of(text);
  if (numbers === undefined) throw new Error(`no sound for "${text}"`);
  return numbers;
}

// Presses a key and waits until something is said about where it leads.
async function stepAndHear(page: Page, key: string, wanted: readonly number[]): Promise<boolean> {
  const before = (await heard(page)).length;
  await page.keyboard.press(key);
  for (let wait = 0; wait < 100; ++wait) {
    const now = (await heard(page)).slice(before);
    if (now.length > 0 && now.some((clip, i) => i < wanted.length && clip !== wanted[i])) return false;
    if (now.length >= wanted.length) return true;
    await page.waitForTimeout(30);
  }
  return false;
}

export const ear = (clips: Clips, step: string, press: string): Hand => async (page, name) => {
  await settled(page);
  // A new screen first says itself; a step would only cut it off.
  await page.waitForTimeout(150);
  const wanted = await said(page, clips, name);
  for (let i = 0; i < 80; ++i) {
    if (await stepAndHear(page, step, wanted)) return page.keyboard.press(press);
  }
  throw new Error(`"${name}" is never said`);
};

// Waits until this text is heard, from the place `since` in what was heard.
export async function hear(page: Page, clips: Clips, text: string, since = 0): Promise<void> {
  const wanted = await said(page, clips, text);
  for (let wait = 0; wait < 300; ++wait) {
    const now = (await heard(page)).slice(since);
    if (now.some((_, i) => wanted.every((clip, k) => now[i + k] === clip))) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`"${text}" is never said`);
}
