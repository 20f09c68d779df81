// The officials' screen: the state of the machine in one sentence, and what to do next.

import { useEffect, useState } from "react";

import { TextBox } from "../ui/components.tsx";
import type { Say } from "../ui/glossary.ts";
import { Screen } from "./screen.tsx";
import type { Credential, LifeState, MachineView } from "./service.ts";
import type { machineWords } from "./words.ts";

type Speak = Say<typeof machineWords>;
type Word = keyof typeof machineWords;

interface Step {
  readonly step: string;
  readonly word: Word;
  readonly officials: number;
  readonly asks?: readonly ("reason" | "check_in" | "unused" | "stick")[];
}

const copy: Step = { step: "print-copy", word: "doCopy", officials: 0 };
// The first step of each state is the next one of the day.
const steps: Record<LifeState, readonly Step[]> = {
  empty: [],
  provisioned: [{ step: "test", word: "doTest", officials: 0 }],
  tested: [{ step: "print-zero", word: "doZero", officials: 2 }],
  zero: [{ step: "open", word: "doOpen", officials: 2 }],
  open: [
    { step: "pause", word: "doPause", officials: 2 },
    { step: "close", word: "doClose", officials: 2, asks: ["reason"] },
    { step: "activate", word: "doActivate", officials: 2 },
  ],
  paused: [
    { step: "resume", word: "doResume", officials: 2 },
    { step: "close", word: "doClose", officials: 2, asks: ["reason"] },
  ],
  closed: [{ step: "print-sheet", word: "doSheet", officials: 2, asks: ["check_in", "unused"] }],
  printed: [{ step: "sign-sheet", word: "doSign", officials: 2 }, copy],
  signed: [{ step: "export", word: "doExport", officials: 0, asks: ["stick"] }, copy],
  exported: [{ step: "archive", word: "doArchive", officials: 0 }, copy],
  archived: [],
  stopped: [],
};

const labels = { reason: "reason", check_in: "checkIn", unused: "unused", stick: "stick" } as const;

export function Officials({ machine, say, sticks, act, leave }: {
  readonly machine: MachineView;
  readonly say: Speak;
  readonly sticks: () => Promise<readonly string[]>;
  readonly act: (step: string, body: Readonly<Record<string, unknown>>) => void;
  readonly leave: (() => void) | undefined;
}) {
  const [people, setPeople] = useState<readonly Credential[]>([]);
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => {
    void sticks().then((names) => setPeople([0, 1].map((i) => ({ stick: names[i] ?? "", pin: "" }))));
    setAnswers({});
  }, [machine.state]);
  const [first, ...others] = steps[machine.state];
  const asked = [...new Set(steps[machine.state].flatMap((step) => step.asks ?? []))];
  const needed = Math.max(0, ...steps[machine.state].map((step) => step.officials));
  const press = (step: Step) => (): void => {
    const body: Record<string, unknown> = { officials: people.slice(0, step.officials) };
    for (const key of step.asks ?? []) {
      const text = answers[key] ?? "";
      if (key === "unused" && text !== "") body[key] = Number(text);
      else if (key !== "unused") body[key] = text;
    }
    act(step.step, body);
    setPeople((now) => now.map((person) => ({ ...person, pin: "" })));
  };
  const set = (i: number, change: Partial<Credential>): void =>
    setPeople((now) => now.map((person, at) => (at === i ? { ...person, ...change } : person)));
  return (
    <Screen
      title={say(machine.state)}
      back={leave === undefined ? undefined : { label: say("previous"), onPress: leave }}
      more={others.map((step) => ({ label: say(step.word), onPress: press(step) }))}
      next={first === undefined ? undefined : { label: say(first.word), onPress: press(first) }}
    >
      {people.slice(0, needed).map((person, i) => (
        <fieldset key={i} className="row">
          <legend>{say("official", { n: i + 1 })}</legend>
          <TextBox label={say("stick")} value={person.stick} onChange={(stick) => set(i, { stick })} onEnter={() => undefined} />
          <TextBox secret label={say("pin")} value={person.pin} onChange={(pin) => set(i, { pin })} onEnter={() => undefined} />
        </fieldset>
      ))}
      {asked.map((key) => (
        <TextBox
          key={key}
          label={say(labels[key])}
          value={answers[key] ?? ""}
          onChange={(text) => setAnswers((now) => ({ ...now, [key]: text }))}
          onEnter={() => undefined}
        />
      ))}
    </Screen>
  );
}
