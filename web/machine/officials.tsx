// The officials' screens: the state of the machine in one sentence, what can be done now,
// and then one question a screen. Nobody stays logged in: each step asks for sticks and
// PINs anew, and a PIN is forgotten as soon as it is sent.

import { useEffect, useState } from "react";
import { ToggleButton } from "react-aria-components";

import { Button, LongText, StateMark, TextBox, Tick } from "../ui/components.tsx";
import type { Say } from "../ui/glossary.ts";
import { Digits } from "./pads.tsx";
import { Question, Screen } from "../ui/screen.tsx";
import { StickList } from "../ui/sticks.tsx";
import type { Body, Counts, Credential, LifeState, MachineView } from "./service.ts";
import type { machineWords } from "./words.ts";

type Speak = Say<typeof machineWords>;
type Word = keyof typeof machineWords;
type Asked = "reason" | "check_in" | "unused" | "stick";

export interface Step {
  readonly step: string;
  readonly word: Word;
  readonly help: Word;
  readonly officials: 0 | 1 | 2;
  readonly asks?: readonly Asked[];
  // What cannot be taken back asks once more.
  readonly sure?: Word;
}

const test: Step = { step: "test", word: "doTest", help: "helpTest", officials: 0 };
const zero: Step = { step: "print-zero", word: "doZero", help: "helpZero", officials: 2 };
const open: Step = { step: "open", word: "doOpen", help: "helpOpen", officials: 2 };
const takeOver: Step = { step: "take-over", word: "doTakeOver", help: "helpTakeOver", officials: 2, asks: ["stick"] };
const declareLost: Step = {
  step: "declare-lost", word: "doDeclareLost", help: "helpDeclareLost", officials: 2, sure: "sureDeclareLost",
};
const pause: Step = { step: "pause", word: "doPause", help: "helpPause", officials: 2 };
const resume: Step = { step: "resume", word: "doResume", help: "helpResume", officials: 2 };
const activate: Step = { step: "activate", word: "doActivate", help: "helpActivate", officials: 2 };
const close: Step = { step: "close", word: "doClose", help: "helpClose", officials: 2, asks: ["reason"], sure: "sureClose" };
const sheet: Step = { step: "print-sheet", word: "doSheet", help: "helpSheet", officials: 2, asks: ["check_in", "unused"] };
const uncounted: Step = {
  step: "print-uncounted", word: "doUncounted", help: "helpUncounted", officials: 2, asks: ["check_in", "unused"],
  sure: "sureUncounted",
};
const copy: Step = { step: "print-copy", word: "doCopy", help: "helpCopy", officials: 0 };
const sign: Step = { step: "sign-sheet", word: "doSign", help: "helpSign", officials: 2, sure: "sureSign" };
const send: Step = { step: "export", word: "doExport", help: "helpExport", officials: 0, asks: ["stick"] };
const transmit: Step = { step: "transmit", word: "doTransmit", help: "helpTransmit", officials: 0 };
const archive: Step = { step: "archive", word: "doArchive", help: "helpArchive", officials: 0, sure: "sureArchive" };
const wipe: Step = { step: "wipe", word: "doWipe", help: "helpWipe", officials: 2, sure: "sureWipe" };
export const byHand: Step = { step: "", word: "byHand", help: "helpByHand", officials: 1 };

// What can be done in each state; `next` is the next step of the day.
const steps: Record<LifeState, { readonly next?: Step; readonly more: readonly Step[] }> = {
  empty: { more: [] },
  provisioned: { next: test, more: [wipe] },
  tested: { next: zero, more: [test, wipe] },
  zero: { next: open, more: [zero] },
  open: { more: [activate, pause, close] },
  paused: { next: resume, more: [close] },
  closed: { next: sheet, more: [uncounted] },
  printed: { next: sign, more: [copy] },
  signed: { next: send, more: [copy] },
  exported: { next: archive, more: [send, copy] },
  archived: { more: [wipe] },
  stopped: { more: [] },
};

// A spare machine opens by what the first one left, or by a declaration.
const ofSpare: { readonly next?: Step; readonly more: readonly Step[] } = { next: takeOver, more: [declareLost, zero] };

export interface OfficialsProps {
  readonly machine: MachineView;
  readonly say: Speak;
  readonly sticks: () => Promise<readonly string[]>;
  // Check-in's slip, when something else than this form scanned it.
  readonly slip?: string | undefined;
  // Whether the machine did it; what went wrong is shown by the page.
  readonly act: (step: string, body: Body) => Promise<boolean>;
  readonly leave: (() => void) | undefined;
}

export function Officials(props: OfficialsProps) {
  const { machine, say, act, leave } = props;
  const [chosen, setChosen] = useState<Step>();
  const [sure, setSure] = useState<Step>();
  useEffect(() => setChosen(undefined), [machine.state]);
  const spare = machine.state === "zero" && (machine.segment ?? 1) > 1;
  const { next, more: others } = spare ? ofSpare : steps[machine.state];
  const more = machine.transmits && others.includes(copy) && machine.state !== "printed" ? [transmit, ...others] : others;
  const start = (step: Step) => (): void => {
    if (step.officials > 0 || step.asks !== undefined) setChosen(step);
    else if (step.sure !== undefined) setSure(step);
    else void act(step.step, {});
  };
  if (chosen !== undefined) {
    return (
      <StepForm
        {...props}
        step={chosen}
        give={(body) => act(chosen.step, body)}
        leave={() => setChosen(undefined)}
      />
    );
  }
  return (
    <>
      <Screen
        title={say(machine.state)}
        lead={machine.state === "open" ? say("closesAt", { time: machine.closes ?? "" })
          : machine.state === "zero" ? say("opensAt", { time: machine.opens ?? "" }) : undefined}
        back={leave === undefined ? undefined : { label: say("toVoters"), onPress: leave }}
        next={next === undefined ? undefined : { label: say(next.word), onPress: start(next) }}
      >
        {machine.found !== "" && <p className="panel open">{say(`found_${machine.found}`)}</p>}
        {next !== undefined && <p className="panel">{say(next.help)}</p>}
        {machine.counts !== undefined && machine.counts.activated > 0 && <Agreement counts={machine.counts} say={say} />}
        {more.length > 0 && (
          <ul className="tasks" aria-label={say("otherSteps")}>
            {more.map((step) => (
              <li key={step.step}>
                <Button onPress={start(step)}>{say(step.word)}</Button>
                <span>{say(step.help)}</span>
              </li>
            ))}
          </ul>
        )}
      </Screen>
      {sure !== undefined && (
        <Sure step={sure} say={say} answer={(yes) => {
          setSure(undefined);
          if (yes) void act(sure.step, {});
        }} />
      )}
    </>
  );
}

const Sure = ({ step, say, answer }: {
  readonly step: Step;
  readonly say: Speak;
  readonly answer: (yes: boolean) => void;
}) => (
  <Question
    title={say(step.word)}
    safe={{ label: say("no"), onPress: () => answer(false) }}
    other={{ label: say("yesDo"), onPress: () => answer(true) }}
  >
    <p>{say(step.sure!)}</p>
  </Question>
);

// Numbers that must agree stand beside one another.
function Agreement({ counts, say }: { readonly counts: Counts; readonly say: Speak }) {
  const { activated, cast, ended_without_vote, sealed, challenged, voided } = counts;
  const lines: readonly (readonly [Word, readonly (readonly [Word, number])[], number])[] = [
    ["nActivated", [["nCast", cast], ["nEnded", ended_without_vote]], activated],
    ["nSealed", [["nCast", cast], ["nChallenged", challenged], ["nVoided", voided]], sealed],
  ];
  return (
    <section className="stack" aria-labelledby="numbers">
      <h2 id="numbers">{say("numbers")}</h2>
      {lines.map(([whole, parts, sum]) => {
        const agree = parts.reduce((all, [, n]) => all + n, 0) === sum;
        return (
          <StateMark key={whole} state={agree ? "passed" : "failed"}>
            <span>
              {say(whole, { n: sum })} = {parts.map(([part, n]) => say(part, { n })).join(" + ")}
              {agree ? "" : ` ${say("disagree")}`}
            </span>
          </StateMark>
        );
      })}
    </section>
  );
}

// One question a screen: each official, then what else the step needs.
export function StepForm({ machine, say, sticks, slip, step, give, leave }: Omit<OfficialsProps, "act" | "leave"> & {
  readonly step: Step;
  readonly give: (body: Body) => Promise<boolean>;
  readonly leave: () => void;
}) {
  const [at, setAt] = useState(0);
  const [people, setPeople] = useState<readonly Credential[]>([]);
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  const [present, setPresent] = useState<readonly string[]>([]);
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    const look = (): void => void sticks().then(setPresent, () => undefined);
    look();
    const timer = setInterval(look, 2000); // a stick may be put in at any moment
    return () => clearInterval(timer);
  }, [sticks]);
  useEffect(() => {
    if (slip !== undefined) answer("check_in", slip);
  }, [slip]);
  const asks = step.asks ?? [];
  const last = at + 1 === step.officials + asks.length;
  const person = people[at] ?? { stick: "", pin: "" };
  const set = (change: Partial<Credential>): void =>
    setPeople((now) => Object.assign([...now], { [at]: { ...person, ...change } }));
  const answer = (key: string, text: string): void => setAnswers((now) => ({ ...now, [key]: text }));
  const send = async (): Promise<void> => {
    const body: Record<string, unknown> = { officials: people };
    for (const key of asks) {
      const text = answers[key] ?? "";
      if (key === "unused" && text !== "") body[key] = Number(text);
      else if (key !== "unused") body[key] = text;
    }
    const done = await give(body);
    setPeople((now) => now.map(({ stick }) => ({ stick, pin: "" })));
    if (!done) setAt(0);
  };
  const official = at < step.officials;
  const complete = !official || (person.stick !== "" && person.pin !== "");
  const onward = (): void => {
    if (!complete) return;
    if (!last) setAt(at + 1);
    else if (step.sure !== undefined) setAsking(true);
    else void send();
  };
  const asked = asks[at - step.officials];
  const title = official ? say(step.officials === 1 ? "whoOne" : "who", { n: at + 1 })
    : step === takeOver ? say("ask_before") : say(`ask_${asked!}`);
  return (
    <>
      <Screen
        title={title}
        step={say(step.word)}
        lead={official ? say("whoHelp") : step === takeOver ? say("askHelp_before") : say(`askHelp_${asked!}`, { time: machine.closes ?? "" })}
        back={{ label: at === 0 ? say("cancel") : say("previous"), onPress: () => (at === 0 ? leave() : setAt(at - 1)) }}
        next={{ label: last ? say(step.word) : say("next"), onPress: onward }}
      >
        {official ? (
          <Official
            key={at}
            person={person}
            set={set}
            sticks={present.filter((stick) => people.every(({ stick: other }, i) => i >= at || other !== stick))}
            onEnter={onward}
            say={say}
          />
        ) : (
          <Answer key={asked} asked={asked!} text={answers[asked!] ?? ""} set={(text) => answer(asked!, text)}
            sticks={present} onEnter={onward} say={say} />
        )}
      </Screen>
      {asking && (
        <Sure step={step} say={say} answer={(yes) => {
          setAsking(false);
          if (yes) void send();
        }} />
      )}
    </>
  );
}

const Official = ({ person, set, sticks, onEnter, say }: {
  readonly person: Credential;
  readonly set: (change: Partial<Credential>) => void;
  readonly sticks: readonly string[];
  readonly onEnter: () => void;
  readonly say: Speak;
}) => (
  <>
    <StickList sticks={sticks} chosen={person.stick} set={(stick) => set({ stick })} label={say("stick")} none={say("noStick")} />
    <TextBox secret label={say("pin")} value={person.pin} onChange={(pin) => set({ pin })} onEnter={onEnter} />
    <Digits text={person.pin} set={(pin) => set({ pin })} say={say} />
  </>
);

const reasons = ["all-voted", "danger", "order", "other"] as const;

function Answer({ asked, text, set, sticks, onEnter, say }: {
  readonly asked: Asked;
  readonly text: string;
  readonly set: (text: string) => void;
  readonly sticks: readonly string[];
  readonly onEnter: () => void;
  readonly say: Speak;
}) {
  if (asked === "stick") return <StickList sticks={sticks} chosen={text} set={set} label={say("stick")} none={say("noStick")} />;
  if (asked === "check_in") {
    return (
      <>
        <LongText label={say("checkIn")} value={text} onChange={set} />
        {text === "" && <StateMark state="open">{say("slipMissing")}</StateMark>}
      </>
    );
  }
  if (asked === "unused") {
    return (
      <>
        <TextBox label={say("unused")} value={text} onChange={(typed) => set(typed.replace(/\D/g, ""))} onEnter={onEnter} />
        <Digits text={text} set={set} say={say} />
      </>
    );
  }
  return (
    <div className="options" role="group" aria-label={say("ask_reason")}>
      {reasons.map((reason) => (
        <ToggleButton key={reason} className="option" isSelected={text === reason}
          onChange={() => set(text === reason ? "" : reason)}>
          <Tick on={text === reason} />
          <span>{say(`reason_${reason}`)}</span>
        </ToggleButton>
      ))}
    </div>
  );
}
