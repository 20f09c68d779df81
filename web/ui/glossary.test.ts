// No string is missing in either language, and no page writes words past the glossary.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { common, languages, speaker, type Glossary } from "./glossary.ts";
import { checkinErrors } from "../checkin/errors.ts";
import { checkinWords } from "../checkin/words.ts";
import { errorWords } from "../machine/errors.ts";
import { machineWords } from "../machine/words.ts";
import { resultsWords } from "../pages/results/words.ts";
import { verifierWords } from "../pages/verifier/words.ts";

const glossaries: Record<string, Glossary> = { common, machineWords, errorWords, checkinWords, checkinErrors, resultsWords, verifierWords };

describe.each(Object.entries(glossaries))("%s", (_, glossary) => {
  test.each(Object.entries(glossary))("%s", (key, words) => {
    const holes = languages.map((language) => [...words[language].matchAll(/\{\w+\}/g)].map(String).sort());
    for (const language of languages) {
      expect(words[language].trim(), `${key} in ${language}`).not.toBe("");
    }
    expect(holes[0], `${key}: the same values in both`).toEqual(holes[1]);
  });
});

const web = join(import.meta.dirname, "..");
const pages = ["ui", "pages", "machine", "checkin"].flatMap((folder) =>
  readdirSync(join(web, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => join(folder, name)));

test.each(pages)("%s shows words of the glossary only", (name) => {
  const text = readFileSync(join(web, name), "utf8");
  const literal = /(?:<[a-zA-Z][^<>]*[^=]>|<\/\w+>)\s*([A-Za-zÁ-ú][^<>{}()=;]*[a-zÁ-ú]{2,}[^<>{}()=;]*)\s*</.exec(text);
  expect(literal?.[1], "a text outside the glossary").toBeUndefined();
  expect(/aria-label="[^"]+"/.exec(text)?.[0]).toBeUndefined();
});

test("the machine's page has words for every error of the machine", () => {
  const kinds = readFileSync(join(web, "../src/machine/errors.hpp"), "utf8").matchAll(/ErrorKind \w+\{(\d+),/g);
  const numbers = [...kinds].map(([, number]) => `U${number}`).sort();
  expect(numbers.length).toBeGreaterThan(15);
  expect(Object.keys(errorWords).filter((key) => /^U\d/.test(key)).sort()).toEqual(numbers);
});

test("check-in's page has words for every error that its service can answer", () => {
  const kinds = readFileSync(join(web, "../src/checkin/errors.hpp"), "utf8").matchAll(/ErrorKind \w+\{(\d+),/g);
  // 6200 to 6209 are the authority's: importing a roll.
  const numbers = [...kinds].map(([, number]) => `U${number}`).filter((number) => number >= "U6210");
  expect(numbers.length).toBeGreaterThan(10);
  expect(Object.keys(checkinErrors).filter((key) => /^U62/.test(key)).sort()).toEqual(numbers.sort());
});

test("values are filled in, numbers as the language writes them", () => {
  const say = speaker({ votes: { es: "{n} votos", en: "{n} votes" } }, "en");
  expect(say("votes", { n: 12345 })).toBe("12,345 votes");
});
