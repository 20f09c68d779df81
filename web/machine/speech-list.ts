// Writes what the page says by itself, for the voice that the machine's package carries
// (web/tools/build puts it beside the page as speech.json; src/machine/voice.hpp reads it).

import { common, languages, type Glossary } from "../ui/glossary.ts";
import { errorWords } from "./errors.ts";
import { fixedPieces, letters } from "./speech.ts";
import { machineWords } from "./words.ts";

// Officials see, and read; only what a voter may meet is spoken.
const forOfficials = /^(do[A-Z]|help|sure|ask|reason_|found_|n[A-Z]|fault_|pins?$|tray|lostTitle)/;

const own = new Set([...Object.keys(common)]);
const spoken = (glossary: Glossary): readonly string[] =>
  Object.keys(glossary).filter((key) => own.has(key) || !forOfficials.test(key));

const texts = Object.fromEntries(languages.map((language) => {
  const all = [common, errorWords, machineWords].flatMap((glossary: Glossary) =>
    spoken(glossary).flatMap((key) => {
      const words = glossary[key]![language];
      return typeof words === "string" ? fixedPieces(words) : [];
    }));
  return [language, [...new Set([...all, ...Object.values(common.languageName), ...letters])].sort()];
}));

// What languages call themselves, for whatever an election offers.
const tags = [
  "es", "en", "pt", "fr", "de", "it", "ca", "eu", "gl", "qu", "gn", "ay", "ar", "fa", "he", "ur", "zh", "ja", "ko",
  "ru", "uk", "pl", "ro", "tr", "hi", "id", "sw", "nl", "sv", "fi", "el", "hu", "cs", "vi", "th",
];
const names = Object.fromEntries(tags.map((tag) => {
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  return [tag, name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)];
}));

console.log(JSON.stringify({ texts, names }, undefined, 1));
