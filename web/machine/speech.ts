// From a text on the screen to the clips that say it. The package holds fixed texts only
// (src/machine/voice.hpp); a text with values in it, "Question 2 of 5", is recognised by
// its template and said in pieces: "Question", "2", "of", "5".

import type { Glossary, Language } from "../ui/glossary.ts";

// By language: each text and the number of its clip.
export type Clips = Readonly<Record<string, Readonly<Record<string, number>>>>;

const hole = /\{\w+\}/;
// Something to say: not only spaces and signs.
const sayable = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

// The fixed pieces of a template: what must be spoken for it.
export const fixedPieces = (template: string): readonly string[] =>
  template.split(hole).map((piece) => piece.trim()).filter(sayable);

// The letters of a token or a code, one by one.
export const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

interface Template {
  readonly whole: RegExp;
  readonly pieces: readonly string[];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function templatesOf(glossaries: readonly Glossary[], language: Language): readonly Template[] {
  return glossaries.flatMap((glossary) => Object.values(glossary))
    .map((words) => words[language])
    .filter((text) => hole.test(text))
    .map((text) => {
      const pieces = text.split(hole);
      return { whole: new RegExp(`^${pieces.map(escaped).join("(.+?)")}$`, "su"), pieces };
    })
    // The one with the most fixed text first: it says most precisely what is meant.
    .sort((a, b) => b.pieces.join("").length - a.pieces.join("").length);
}

export interface Phrases {
  // The clips that say this text, in order; undefined when a part of it has no sound.
  readonly of: (text: string) => readonly number[] | undefined;
}

// `languages`: where to look, in this order: the ballot's, then the page's own.
export function phrases(
  clips: Clips, languages: readonly string[], glossaries: readonly Glossary[], page: Language,
): Phrases {
  const templates = templatesOf(glossaries, page);
  const find = (text: string): number | undefined => {
    for (const language of [...languages, ...Object.keys(clips)]) {
      const number = clips[language]?.[text];
      if (number !== undefined) return number;
    }
    return undefined;
  };
  const of = (raw: string): readonly number[] | undefined => {
    const text = raw.trim();
    if (!sayable(text)) return [];
    const clip = find(text);
    if (clip !== undefined) return [clip];
    for (const { whole, pieces } of templates) {
      const match = whole.exec(text);
      if (match === null) continue;
      const said = pieces.map((piece, i) => [of(piece), i < match.length - 1 ? of(match[i + 1]!) : []]);
      if (said.flat().every((part) => part !== undefined)) return said.flat().flatMap((part) => part ?? []);
    }
    // Several titles in a row.
    if (text.includes(", ")) {
      const parts = text.split(", ").map(of);
      if (parts.every((part) => part !== undefined)) return parts.flat();
    }
    return undefined;
  };
  return { of };
}
