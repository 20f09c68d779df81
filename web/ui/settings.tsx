// Language, text size and colours: chosen by the person, kept in the page's memory only.

import { useEffect, useState } from "react";
import { ToggleButton } from "react-aria-components";

import { Tick } from "./components.tsx";
import { common, languages, speaker, type Language } from "./glossary.ts";

export const themes = ["light", "dark", "black-on-white", "yellow-on-black"] as const;
export type Theme = (typeof themes)[number];
export const sizes = ["1", "2", "3", "4"] as const;
export type Size = (typeof sizes)[number];

export interface Settings {
  readonly language: Language;
  readonly theme: Theme;
  readonly size: Size;
}

const wantedLanguage = (): Language =>
  languages.find((language) => navigator.language.startsWith(language)) ?? "es";

// A page is opened with ?lang=, ?theme=, ?size= by whoever links to it.
export function firstSettings(): Settings {
  const asked = new URLSearchParams(location.search);
  return {
    language: languages.find((language) => language === asked.get("lang")) ?? wantedLanguage(),
    theme: themes.find((theme) => theme === asked.get("theme")) ?? "light",
    size: sizes.find((size) => size === asked.get("size")) ?? "1",
  };
}

export function useSettings(): readonly [Settings, (change: Partial<Settings>) => void] {
  const [settings, set] = useState(firstSettings);
  useEffect(() => {
    const { documentElement } = document;
    documentElement.lang = settings.language;
    documentElement.dataset["theme"] = settings.theme;
    documentElement.dataset["size"] = settings.size;
  }, [settings]);
  return [settings, (change) => set((now) => ({ ...now, ...change }))];
}

export const themeWords = {
  light: "themeLight", dark: "themeDark", "black-on-white": "themeBlack", "yellow-on-black": "themeYellow",
} as const;

interface Choice<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

function Select<T extends string>({ label, value, options, onChange }: Choice<T>) {
  return (
    <label className="choice">
      <span>{label}</span>
      <select
        value={value}
        onChange={(event) => {
          const chosen = options.find(([option]) => option === event.target.value);
          if (chosen !== undefined) onChange(chosen[0]);
        }}
      >
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

// What a language calls itself.
export function ownName(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

// The same choices as buttons, for screens that are worked with a few keys.
// `offered`: the languages of what is shown, as tags; the page may have no words of its
// own in some of them.
export function SettingsButtons({ settings, change, offered, language, onLanguage }: {
  readonly settings: Settings;
  readonly change: (change: Partial<Settings>) => void;
  readonly offered: readonly string[];
  readonly language: string;
  readonly onLanguage: (language: string) => void;
}) {
  const say = speaker(common, settings.language);
  const groups: readonly (readonly [string, readonly (readonly [string, boolean, () => void])[]])[] = [
    [say("language"), offered.map((tag) => [ownName(tag), tag === language, () => onLanguage(tag)])],
    [say("textSize"), sizes.map((size) => [say(`size${size}`), size === settings.size, () => change({ size })])],
    [say("theme"), themes.map((theme) => [say(themeWords[theme]), theme === settings.theme, () => change({ theme })])],
  ];
  return groups.map(([name, options]) => (
    <section key={name} className="stack" aria-label={name}>
      <h2>{name}</h2>
      <div className="setting">
        {options.map(([label, chosen, set]) => (
          <ToggleButton key={label} className="option" isSelected={chosen} onChange={set}>
            <Tick on={chosen} />
            <span>{label}</span>
          </ToggleButton>
        ))}
      </div>
    </section>
  ));
}

export function SettingsBar({ settings, change }: {
  readonly settings: Settings;
  readonly change: (change: Partial<Settings>) => void;
}) {
  const say = speaker(common, settings.language);
  return (
    <div className="row no-print">
      <Select
        label={say("language")}
        value={settings.language}
        options={languages.map((language) => [language, common.languageName[language]] as const)}
        onChange={(language) => change({ language })}
      />
      <Select
        label={say("textSize")}
        value={settings.size}
        options={sizes.map((size) => [size, say(`size${size}`)] as const)}
        onChange={(size) => change({ size })}
      />
      <Select
        label={say("theme")}
        value={settings.theme}
        options={themes.map((theme) => [theme, say(themeWords[theme])] as const)}
        onChange={(theme) => change({ theme })}
      />
    </div>
  );
}
