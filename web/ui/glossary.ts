// Every word that a page shows, in Spanish and English. A page asks for words by key, so
// a missing one does not compile; glossary.test.ts holds both languages to each other.
// `{name}` stands for a value.

export const languages = ["es", "en"] as const;
export type Language = (typeof languages)[number];
export type Words = Readonly<Record<Language, string>>;
export type Glossary = Readonly<Record<string, Words>>;

export const common = {
  language: { es: "Idioma", en: "Language" },
  languageName: { es: "Español", en: "English" },
  textSize: { es: "Tamaño del texto", en: "Text size" },
  size1: { es: "Normal", en: "Normal" },
  size2: { es: "Grande", en: "Large" },
  size3: { es: "Más grande", en: "Larger" },
  size4: { es: "Muy grande", en: "Very large" },
  theme: { es: "Colores", en: "Colours" },
  themeLight: { es: "Claro", en: "Light" },
  themeDark: { es: "Oscuro", en: "Dark" },
  themeBlack: { es: "Negro sobre blanco", en: "Black on white" },
  themeYellow: { es: "Amarillo sobre negro", en: "Yellow on black" },
  passed: { es: "Correcto", en: "Passed" },
  failed: { es: "Falla", en: "Failed" },
  notRun: { es: "No comprobado", en: "Not checked" },
} as const satisfies Glossary;

export type Say<G extends Glossary> = (
  key: keyof G & string,
  values?: Readonly<Record<string, string | number>>,
) => string;

// Fills a text of the glossary for one language. Numbers follow the language.
export function speaker<G extends Glossary>(glossary: G, language: Language): Say<G> {
  const numbers = new Intl.NumberFormat(language);
  return (key, values = {}) =>
    glossary[key]![language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      return typeof value === "number" ? numbers.format(value) : (value ?? `{${name}}`);
    });
}
