// The ballot by ear: what has the focus is said, a new screen is read out, and what
// changes is told. It listens to the page itself, so a screen needs nothing of its own to
// be heard. Rate, volume and the dark screen hold for one session and live here only.

import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { Button } from "../ui/components.tsx";
import type { Language, Say } from "../ui/glossary.ts";
import { common } from "../ui/glossary.ts";
import { errorWords } from "./errors.ts";
import { phrases, type Clips, type Phrases } from "./speech.ts";
import { machineWords } from "./words.ts";

const rates = [0.7, 0.85, 1, 1.25, 1.5, 2] as const;
const volumes = [0.2, 0.4, 0.6, 0.8, 1] as const;

export interface Sound {
  readonly on: boolean;
  readonly rate: number;
  readonly volume: number;
  readonly dark: boolean;
}
export const silence: Sound = { on: false, rate: 2, volume: 3, dark: false };

// One clip after another; a new text cuts the old one off.
class Player {
  readonly #audio = new Audio();
  #queue: number[] = [];
  rate = 1;
  volume = 1;

  constructor() {
    this.#audio.addEventListener("ended", () => this.#next());
    this.#audio.addEventListener("error", () => this.#next());
  }
  say(clips: readonly number[]): void {
    this.#queue = [...clips];
    this.#next();
  }
  stop(): void {
    this.#queue = [];
    this.#audio.pause();
  }
  #next(): void {
    const clip = this.#queue.shift();
    if (clip === undefined) return;
    this.#audio.src = `/voice/${clip}`;
    this.#audio.playbackRate = this.rate;
    this.#audio.volume = this.volume;
    // A text that is cut off by the next one is no failure.
    void this.#audio.play().catch(() => undefined);
  }
}

const within = (): Element | null =>
  document.querySelector("[role=alertdialog]") ?? document.querySelector(".kiosk main");

// What stands on the screen besides its controls; codes are for telephones, not for ears.
function blocks(): readonly string[] {
  const texts: string[] = [];
  for (const element of within()?.querySelectorAll<HTMLElement>("h1, h2, p, .state") ?? []) {
    if (element.closest("button") !== null) continue;
    for (const line of element.innerText.split("\n")) {
      if (![...element.querySelectorAll(".code")].some((code) => code.textContent === line)) texts.push(line);
    }
  }
  return texts;
}

function focused(say: Say<typeof machineWords>): readonly string[] {
  const element = document.activeElement;
  if (!(element instanceof HTMLButtonElement)) return [];
  const name = element.getAttribute("aria-label") ?? element.innerText.trim();
  const pressed = element.getAttribute("aria-pressed");
  return pressed === null ? [name] : [name, say(pressed === "true" ? "chosen" : "notChosen")];
}

const title = (): string => within()?.querySelector("h1, h2")?.textContent ?? "";
const notes = (): readonly string[] =>
  [...(within()?.querySelectorAll<HTMLElement>(".notes p, .notes .state") ?? [])].map((note) => note.innerText);

export interface Voice {
  // Whether the package has a voice at all.
  readonly there: boolean;
  readonly sound: Sound;
  readonly change: (change: Partial<Sound>) => void;
  readonly repeat: () => void;
}

export function useVoice({ there, tag, language, offered, say, offering }: {
  readonly there: boolean;
  readonly tag: string | undefined;
  readonly language: Language;
  readonly offered: readonly string[];
  readonly say: Say<typeof machineWords>;
  // A voter has just come and may want to hear.
  readonly offering: boolean;
}): Voice {
  const [clips, setClips] = useState<Clips>();
  const [sound, setSound] = useState(silence);
  const player = useRef<Player>(null);
  player.current ??= new Player();
  useEffect(() => {
    if (!there) setClips(undefined);
    else void fetch("/api/voice", { cache: "no-store" }).then(async (answer) => setClips((await answer.json()) as Clips), () => undefined);
  }, [there]);
  const words = useMemo<Phrases | undefined>(
    () => clips && phrases(clips, [...(tag === undefined ? [] : [tag]), language], [machineWords, errorWords, common], language),
    [clips, tag, language],
  );
  const tell = useCallback((texts: readonly string[]): void => {
    if (words === undefined) return;
    const found = texts.map(words.of);
    // For tests: how many texts had no sound. Which ones may be a choice, so they are
    // named nowhere.
    const silent = found.filter((part) => part === undefined).length;
    if (silent > 0) {
      const { dataset } = document.documentElement;
      dataset["unspoken"] = String(Number(dataset["unspoken"] ?? 0) + silent);
    }
    player.current!.say(found.flatMap((part) => part ?? []));
  }, [words]);
  const last = useRef<readonly string[]>([]);
  const speak = useCallback((texts: readonly string[]): void => {
    last.current = texts;
    tell(texts);
  }, [tell]);

  useEffect(() => {
    player.current!.rate = rates[sound.rate]!;
    player.current!.volume = volumes[sound.volume]!;
    document.documentElement.toggleAttribute("data-dark", sound.on && sound.dark);
  }, [sound]);

  // Whoever cannot see the first screen hears how to go on, in every language.
  useEffect(() => {
    if (!offering || sound.on || clips === undefined) return;
    const languages = offered.filter((other): other is Language => other in machineWords.soundOffer);
    const numbers = languages.flatMap((other) => clips[other]?.[machineWords.soundOffer[other]] ?? []);
    player.current!.say(numbers);
    return () => player.current!.stop();
  }, [offering, sound.on, clips]);

  useEffect(() => {
    if (!sound.on || words === undefined) return;
    let screen = "";
    let told = "";
    let noted = notes().join("\n");
    const look = (): void => {
      const now = title();
      const focus = focused(say);
      const here = notes().join("\n");
      if (now !== screen) {
        screen = now;
        told = focus.join("\n");
        speak([...blocks(), ...focus]);
      } else if (focus.join("\n") !== told) {
        told = focus.join("\n");
        speak(here === noted ? focus : [...focus, ...notes()]);
      } else if (here !== noted) {
        speak(notes());
      }
      noted = here;
    };
    // After the page has finished changing.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(look, 40);
    };
    const changes = new MutationObserver(soon);
    changes.observe(document.getElementById("page")!, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["aria-pressed"] });
    addEventListener("focusin", soon);
    soon();
    return () => {
      changes.disconnect();
      removeEventListener("focusin", soon);
      clearTimeout(timer);
      player.current!.stop();
    };
  }, [sound.on, words, language]);

  return {
    there: there && clips !== undefined,
    sound,
    change: (change) => setSound((now) => ({ ...now, ...change })),
    repeat: () => tell(last.current.length > 0 ? [...blocks(), ...last.current.filter((text) => !blocks().includes(text))] : blocks()),
  };
}

const clamp = (value: number, count: number): number => Math.min(Math.max(value, 0), count - 1);

// At the end of the ring, one step before its beginning.
export function SoundBar({ voice, say }: { readonly voice: Voice; readonly say: Say<typeof machineWords> }) {
  const { sound, change, repeat } = voice;
  const rate = (by: number) => (): void => change({ rate: clamp(sound.rate + by, rates.length) });
  const volume = (by: number) => (): void => change({ volume: clamp(sound.volume + by, volumes.length) });
  return (
    <section className="sound row" aria-label={say("soundBar")}>
      <Button onPress={repeat}>{say("repeat")}</Button>
      <Button onPress={rate(-1)}>{say("slower")}</Button>
      <Button onPress={rate(1)}>{say("faster")}</Button>
      <Button onPress={volume(-1)}>{say("softer")}</Button>
      <Button onPress={volume(1)}>{say("louder")}</Button>
      <Button onPress={() => change({ dark: !sound.dark })}>{say(sound.dark ? "screenOn" : "screenOff")}</Button>
      <Button onPress={() => change({ on: false, dark: false })}>{say("soundOff")}</Button>
    </section>
  );
}
