// What the officials do: open, close, decide, print, join the devices' logs. Nobody stays
// logged in: each step asks two of them for stick and PIN anew, and a PIN is forgotten
// as soon as it is sent.

import { useEffect, useState, type ReactNode } from "react";

import { Button, StateMark, TextBox } from "../ui/components.tsx";
import { Question, Screen } from "../ui/screen.tsx";
import { SettingsBar, type Settings } from "../ui/settings.tsx";
import { StickList } from "../ui/sticks.tsx";
import { fullName } from "./find.tsx";
import type { Credential, Device, OfficialStep, Service, Station, Stick, Totals, Voter } from "./service.ts";
import type { ScreenProps, Speak, Word } from "./screens.ts";

// A stick may be put in at any moment.
function useSticks(service: Service): readonly Stick[] {
  const [sticks, setSticks] = useState<readonly Stick[]>([]);
  useEffect(() => {
    const look = (): void => void service.sticks().then(setSticks, () => undefined);
    look();
    const timer = setInterval(look, 2000);
    return () => clearInterval(timer);
  }, [service]);
  return sticks;
}

// Two officials, one after the other. The next stick that is here is chosen already, so
// that a PIN and Enter are enough.
export function OfficialForm({ service, say, word, help, lead, children, give, leave }: ScreenProps & {
  readonly word: Word;
  readonly help: Word;
  readonly lead?: string;
  readonly children?: ReactNode;
  // Whether it was done; what went wrong is shown by the page.
  readonly give: (officials: readonly Credential[]) => Promise<boolean>;
  readonly leave: () => void;
}) {
  const [at, setAt] = useState(0);
  const [people, setPeople] = useState<readonly Credential[]>([]);
  const [busy, setBusy] = useState(false);
  // The second official's PIN goes into the same field; a refusal keeps the focus.
  useEffect(() => {
    if (document.querySelector("[role=alertdialog]") === null) {
      document.querySelector<HTMLInputElement>(".kiosk input[type=password]")?.focus();
    }
  }, [at]);
  const others = people.slice(0, at).map(({ stick }) => stick);
  const sticks = useSticks(service).filter(({ official, stick }) => official && !others.includes(stick)).map(({ stick }) => stick);
  const typed = people[at] ?? { stick: "", pin: "" };
  const person = { stick: typed.stick === "" ? (sticks[0] ?? "") : typed.stick, pin: typed.pin };
  const set = (change: Partial<Credential>): void =>
    setPeople((now) => Object.assign([...now], { [at]: { ...person, ...change } }));
  const onward = async (): Promise<void> => {
    if (person.stick === "" || person.pin === "" || busy) return;
    if (at === 0) {
      set({});
      setAt(1);
      return;
    }
    setBusy(true);
    const done = await give([people[0]!, person]);
    setPeople([]);
    setBusy(false);
    if (!done) setAt(0);
  };
  return (
    <Screen
      title={say("who", { n: at + 1 })}
      step={say(word)}
      lead={lead}
      keepFocus
      back={{ label: say(at === 0 ? "cancel" : "previous"), onPress: at === 0 ? leave : () => setAt(0) }}
      next={{ label: busy ? say("wait") : say(at === 0 ? "next" : word), onPress: () => void onward() }}
    >
      <p>{say(help)}</p>
      <StickList sticks={sticks} chosen={person.stick} set={(stick) => set({ stick })} label={say("stick")} none={say("noStick")} />
      <TextBox secret focus label={say("pin")} value={person.pin} onChange={(pin) => set({ pin })} onEnter={() => void onward()} />
      <p className="soft">{say("whoHelp")}</p>
      {children}
    </Screen>
  );
}

export const Twice = ({ voters, say }: { readonly voters: readonly Voter[]; readonly say: Speak }) => voters.length === 0 ? null : (
  <section className="panel failed stack" aria-label={say("twiceTitle")}>
    <StateMark state="failed">{say("twiceTitle")}</StateMark>
    <p>{say("twiceHelp")}</p>
    <ul>
      {voters.map((voter) => (
        <li key={voter.id}>
          {`${fullName(voter)} (${voter.id}): `}
          {voter.admissions.map(({ at, device }) => say("twiceWhere", { at, device })).join("; ")}
        </li>
      ))}
    </ul>
  </section>
);

interface DayProps extends ScreenProps {
  readonly station: Station;
  readonly settings: Settings;
  readonly change: (change: Partial<Settings>) => void;
}

const Look = ({ settings, change, say }: { readonly settings: Settings; readonly change: DayProps["change"]; readonly say: Speak }) => (
  <section className="stack" aria-label={say("settings")}>
    <h2>{say("settings")}</h2>
    <SettingsBar settings={settings} change={change} />
  </section>
);

// In the morning.
export function Unopened(props: DayProps) {
  const { service, say, ask, station, settings, change } = props;
  const [opening, setOpening] = useState(false);
  const [note, setNote] = useState<string>();
  if (opening) {
    return (
      <OfficialForm {...props} word="doOpen" help="helpOpen" leave={() => setOpening(false)}
        give={async (people) => (await ask(service.official("open", people)))?.error === undefined} />
    );
  }
  return (
    <Screen title={say("unopenedTitle")} lead={say("unopenedHelp")} next={{ label: say("doOpen"), onPress: () => setOpening(true) }}>
      <ul className="counts">
        <li>{say("votersOnRoll", { n: station.voters })}</li>
        <li>{say("tokensInDrawer", { n: station.tokens_left })}</li>
        <li>{say("nobodyYet", { n: station.totals.checked_in })}</li>
      </ul>
      <Note note={note} />
      <TaskList say={say} tasks={[printList(props, setNote)]} />
      <Look settings={settings} change={change} say={say} />
    </Screen>
  );
}

interface Task {
  readonly word: Word;
  readonly help: Word;
  readonly start: () => void;
}

const TaskList = ({ say, tasks }: { readonly say: Speak; readonly tasks: readonly Task[] }) => (
  <ul className="tasks" aria-label={say("otherSteps")}>
    {tasks.map(({ word, help, start }) => (
      <li key={word}>
        <Button onPress={start}>{say(word)}</Button>
        <span>{say(help)}</span>
      </li>
    ))}
  </ul>
);

const Note = ({ note }: { readonly note: string | undefined }) => (
  <div role="status">{note !== undefined && <StateMark state="passed">{note}</StateMark>}</div>
);

const printList = ({ service, ask, say }: ScreenProps, note: (text: string | undefined) => void): Task => ({
  word: "doList",
  help: "helpList",
  start: () => {
    note(undefined);
    void ask(service.printList()).then((got) => got !== undefined && got.error === undefined && note(say("listDone")));
  },
});

// What one official's step needs besides the two.
interface Step {
  readonly step: OfficialStep;
  readonly word: Word;
  readonly help: Word;
  readonly more?: object;
  readonly sure?: Word;
}

export function Tasks(props: DayProps & { readonly leave: () => void }) {
  const { service, say, ask, view, station, settings, change, leave } = props;
  const [step, setStep] = useState<Step>();
  const [sure, setSure] = useState<readonly Credential[]>();
  const [exchanging, setExchanging] = useState(false);
  const [note, setNote] = useState<string>();
  const give = async (chosen: Step, people: readonly Credential[]): Promise<boolean> => {
    const got = await ask(service.official(chosen.step, people, chosen.more));
    if (got === undefined || got.error !== undefined) return false;
    setStep(undefined);
    return true;
  };
  if (step !== undefined) {
    return (
      <>
        <OfficialForm key={step.word} {...props} word={step.word} help={step.help} leave={() => setStep(undefined)}
          give={async (people) => {
            if (step.sure === undefined) return give(step, people);
            setSure(people);
            return true;
          }} />
        {sure !== undefined && (
          <Question title={say(step.word)}
            safe={{ label: say("no"), onPress: () => { setSure(undefined); setStep(undefined); } }}
            other={{ label: say("yesDo"), onPress: () => { setSure(undefined); void give(step, sure).then((done) => !done && setStep(undefined)); } }}>
            <p>{say(step.sure!)}</p>
          </Question>
        )}
      </>
    );
  }
  if (exchanging) return <Exchange {...props} leave={() => setExchanging(false)} />;
  const official = (chosen: Step): Task => ({ word: chosen.word, help: chosen.help, start: () => setStep(chosen) });
  return (
    <Screen title={say("tasksTitle")} lead={say("tasksOpen")} back={{ label: say("toVoters"), onPress: leave }}>
      <Twice voters={station.admitted_twice} say={say} />
      <Note note={note} />
      <TaskList say={say} tasks={[
        printList(props, setNote),
        ...(station.devices > 1 ? [{ word: "doExchange", help: "helpExchange", start: () => setExchanging(true) } as const] : []),
        official({ step: "replace-token", word: "doReplace", help: "helpReplace" }),
        view.reader
          ? official({ step: "reader", word: "doReaderOut", help: "helpReaderOut", more: { works: false } })
          : official({ step: "reader", word: "doReaderBack", help: "helpReaderBack", more: { works: true } }),
        official({ step: "close", word: "doClose", help: "helpClose", sure: "sureClose" }),
      ]} />
      <Counts station={station} say={say} />
      <Look settings={settings} change={change} say={say} />
    </Screen>
  );
}

// In the evening.
export function Closed(props: DayProps) {
  const { service, say, ask, station, settings, change } = props;
  const [exchanging, setExchanging] = useState(false);
  const [note, setNote] = useState<string>();
  const closed = station.logs.filter((device) => device.closed).length;
  if (exchanging) return <Exchange {...props} leave={() => setExchanging(false)} />;
  const exchange: Task = { word: "doExchange", help: "helpExchange", start: () => setExchanging(true) };
  return (
    <Screen
      title={say("closedTitle")}
      lead={closed < station.devices ? say("othersOpen", { n: closed, all: station.devices }) : say("closedHelp")}
      next={closed < station.devices ? { label: say("doExchange"), onPress: () => setExchanging(true) } : {
        label: say("doSlip"),
        onPress: () => {
          setNote(undefined);
          void ask(service.printSlip()).then((got) => got !== undefined && got.error === undefined && setNote(say("slipDone")));
        },
      }}
    >
      <Note note={note} />
      <Twice voters={station.admitted_twice} say={say} />
      <Counts station={station} say={say} />
      <TaskList say={say} tasks={[printList(props, setNote), ...(station.devices > 1 && closed === station.devices ? [exchange] : [])]} />
      <Look settings={settings} change={change} say={say} />
    </Screen>
  );
}

// Numbers that must agree stand beside one another.
function Counts({ station, say }: { readonly station: Station; readonly say: Speak }) {
  const { totals: t, logs } = station;
  const parts: readonly (readonly [Word, number])[] = [
    ["nMatched", t.matched], ["nNotMatched", t.not_matched], ["nNoStored", t.no_stored_print],
    ["nNotTaken", t.not_taken], ["nNoReader", t.no_reader],
  ];
  const all = logs.every(({ closed }) => closed);
  const sums = parts.reduce((sum, [, n]) => sum + n, 0) === t.checked_in;
  const also: readonly (readonly [Word, keyof Totals])[] = [
    ["nLost", "tokens_lost"], ["nDecided", "decided_by_officials"], ["nAssisted", "assisted"], ["nAlerts", "alerts"], ["nClaims", "claims"],
  ];
  return (
    <section className="stack" aria-labelledby="numbers">
      <h2 id="numbers">{say("numbers")}</h2>
      <Agreement agree={sums} say={say}>
        {`${say("sumOutcomes", { n: t.checked_in })} = ${parts.map(([word, n]) => say(word, { n })).join(" + ")}`}
      </Agreement>
      {all && (
        <Agreement agree={t.tokens_issued === t.checked_in} say={say}>
          {`${say("sumOutcomes", { n: t.checked_in })} = ${say("nIssued", { n: t.tokens_issued })}`}
        </Agreement>
      )}
      <h2>{say("alsoCounted")}</h2>
      <ul className="counts">
        <li>{say("nLeft", { n: all ? t.tokens_left : station.tokens_left })}</li>
        {also.map(([word, key]) => <li key={key}>{say(word, { n: t[key] })}</li>)}
      </ul>
    </section>
  );
}

const Agreement = ({ agree, say, children }: { readonly agree: boolean; readonly say: Speak; readonly children: string }) => (
  <StateMark state={agree ? "passed" : "failed"}><span>{children}{agree ? "" : ` ${say("disagree")}`}</span></StateMark>
);

// Any stick, any order.
function Exchange({ service, say, ask, station, leave }: DayProps & { readonly leave: () => void }) {
  const sticks = useSticks(service).map(({ stick }) => stick);
  const [chosen, setChosen] = useState("");
  const [note, setNote] = useState<string>();
  const stick = chosen === "" ? (sticks[0] ?? "") : chosen;
  const exchange = (): void => {
    setNote(undefined);
    if (stick === "") return;
    void ask(service.exchange(stick)).then((got) => {
      if (got === undefined || got.error !== undefined) return;
      const devices = (got.result ?? []).map((n) => say("deviceName", { n })).join(", ");
      setNote(devices === "" ? say("exchangedNone") : say("exchanged", { devices }));
    });
  };
  return (
    <Screen title={say("exchangeTitle")} lead={say("exchangeHelp")} back={{ label: say("previous"), onPress: leave }}
      next={{ label: say("doExchange"), onPress: exchange }}>
      <StickList sticks={sticks} chosen={stick} set={setChosen} label={say("stick")} none={say("noAnyStick")} />
      <Note note={note} />
      <Twice voters={station.admitted_twice} say={say} />
      <section className="stack" aria-labelledby="devices">
        <h2 id="devices">{say("devicesHere")}</h2>
        <ul>{station.logs.map((device) => <li key={device.device}>{deviceLine(device, say)}</li>)}</ul>
      </section>
    </Screen>
  );
}

function deviceLine({ device: n, here, heard_at: at, closed }: Device, say: Speak): string {
  if (at !== null && closed) return say("deviceClosed", { n, at });
  if (here) return say("deviceThis", { n });
  return at === null ? say("deviceNever", { n }) : say("deviceHeard", { n, at });
}
