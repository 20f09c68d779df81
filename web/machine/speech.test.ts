import { expect, test } from "vitest";

import { fixedPieces, phrases } from "./speech.ts";

const glossary = {
  step: { es: "Pregunta {n} de {all}", en: "Question {n} of {all}" },
  change: { es: "Cambiar {title}", en: "Change {title}" },
  left: { es: "No se tocó: {titles}.", en: "Left: {titles}." },
  plain: { es: "Elegir", en: "Choose" },
} as const;
const texts = ["Pregunta", "de", "Cambiar", "No se tocó:", "Elegir", "1", "2", "5", "Alcaldía", "Concejo"];
const clips = { es: Object.fromEntries(texts.map((text, i) => [text, i])), en: { Ana: 100 } };
const { of } = phrases(clips, ["es"], [glossary], "es");
const numbers = (...wanted: string[]): number[] => wanted.map((text) => texts.indexOf(text));

test("a template is spoken in its fixed pieces", () => {
  expect(fixedPieces("Pregunta {n} de {all}")).toEqual(["Pregunta", "de"]);
  expect(fixedPieces("{n}: «{x}».")).toEqual([]);
});

test("values are said at their place", () => {
  expect(of("Pregunta 2 de 5")).toEqual(numbers("Pregunta", "2", "de", "5"));
  expect(of("Cambiar Alcaldía")).toEqual(numbers("Cambiar", "Alcaldía"));
  expect(of("No se tocó: Alcaldía, Concejo.")).toEqual(numbers("No se tocó:", "Alcaldía", "Concejo"));
  expect(of(" Elegir ")).toEqual(numbers("Elegir"));
});

test("a text of another language is found there, and one without sound is told apart from nothing to say", () => {
  expect(of("Ana")).toEqual([100]);
  expect(of("…")).toEqual([]);
  expect(of("Nadie")).toBeUndefined();
  expect(of("Cambiar Nadie")).toBeUndefined();
});
