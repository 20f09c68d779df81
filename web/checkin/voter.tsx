// The voter at the table: fingers with what to do better, what two officials decide, the
// assisted voter, and the token that was printed.

import { useEffect, useRef, useState } from "react";
import { ToggleButton } from "react-aria-components";

import { StateMark, Tick } from "../ui/components.tsx";
import { Screen } from "../ui/screen.tsx";
import { fullName, useScanner } from "./find.tsx";
import { OfficialForm } from "./officials.tsx";
import type { Admit, Capture, Check, Finger, Outcome } from "./service.ts";
import type { ScreenProps, Speak } from "./screens.ts";

interface CheckingProps extends ScreenProps {
  readonly check: Check;
  readonly done: (outcome: Outcome) => void;
}

export function Checking(props: CheckingProps) {
  const { service, say, ask, view, check, done } = props;
  const [assisted, setAssisted] = useState(false);
  const [cannot, setCannot] = useState(false);
  const [deciding, setDeciding] = useState(false);
  const [resembles, setResembles] = useState<string>();
  // Whether it is settled: also when only the printer failed.
  const admit = async (how: Admit): Promise<boolean> => {
    const got = await ask(service.admit(how), ({ number }) => number === "U6260");
    if (got?.result !== undefined && got.result !== null) done(got.result);
    return got !== undefined && (got.error === undefined || got.error.number === "U6260");
  };
  const cancel = { label: say("notPerson"), onPress: () => void ask(service.cancel()) };
  const alert = check.alerted || resembles !== undefined ? <Alert say={say} who={resembles} /> : undefined;
  const assist = <Assist say={say} on={assisted} set={setAssisted} />;
  if (deciding) {
    return (
      <OfficialForm {...props} word="twoDecide" help="decideHelp" lead={`${fullName(check)}. ${say("idNumber", { id: check.id })}`}
        leave={() => setDeciding(false)}
        give={(officials) => admit({ assisted, cannot_give_prints: cannot, officials })}>
        {assist}
        {alert}
      </OfficialForm>
    );
  }
  const plain = check.matched ? "matchTitle" : !view.reader ? "noReaderTitle" : check.fingers.length === 0 ? "noStoredTitle" : undefined;
  if (plain !== undefined) {
    return (
      <Screen title={say(plain)} lead={`${fullName(check)}. ${say("idNumber", { id: check.id })}`} back={cancel}
        next={{ label: say("admit"), onPress: () => void admit({ assisted }) }}>
        {!check.matched && <StateMark state="open">{say("byDocument")}</StateMark>}
        {check.matched && <StateMark state="passed">{say("outcome_matched")}</StateMark>}
        {alert}
        {assist}
      </Screen>
    );
  }
  return (
    <Fingers {...props} alert={alert} cancel={cancel}
      resembles={setResembles}
      decide={(unable) => {
        setCannot(unable);
        setDeciding(true);
      }} />
  );
}

const Assist = ({ say, on, set }: { readonly say: Speak; readonly on: boolean; readonly set: (on: boolean) => void }) => (
  <div className="setting">
    <ToggleButton className="option" isSelected={on} onChange={set}>
      <Tick on={on} />
      <span>{say("assisted")}</span>
    </ToggleButton>
  </div>
);

const Alert = ({ say, who }: { readonly say: Speak; readonly who: string | undefined }) => (
  <section className="panel open" aria-label={say("alertTitle")}>
    <StateMark state="open">{say("alertTitle")}</StateMark>
    <p>{say("alertHelp")}</p>
    {who !== undefined && <p>{say("alertWho", { id: who })}</p>}
  </section>
);

// The next finger: another one than the last, while it has tries; the one with most left.
function nextFinger(check: Check, last: Finger | undefined): Finger | undefined {
  const left = (finger: Finger): number => check.tries_left[finger] ?? 0;
  return check.fingers
    .filter((finger) => left(finger) > 0)
    .sort((a, b) => left(b) - left(a) || Number(a === last) - Number(b === last))[0];
}

function Fingers({ service, say, ask, check, cancel, alert, decide, resembles }: CheckingProps & {
  readonly cancel: { readonly label: string; readonly onPress: () => void };
  readonly alert: React.ReactNode;
  readonly decide: (cannotGivePrints: boolean) => void;
  readonly resembles: (id: string) => void;
}) {
  const [waiting, setWaiting] = useState<Finger>();
  const [last, setLast] = useState<{ readonly finger: Finger; readonly capture: Capture }>();
  const here = useRef(true);
  const read = async (finger: Finger): Promise<void> => {
    setWaiting(finger);
    // When the check has ended meanwhile, nobody asks any more what became of the finger.
    const got = await ask(service.capture(finger), ({ number }) => !here.current || number === "U6234");
    if (!here.current) return;
    setWaiting(undefined);
    const capture = got?.result;
    if (capture === undefined || capture === null) return;
    setLast({ finger, capture });
    if (capture.resembles !== null) resembles(capture.resembles);
  };
  const begun = useRef(false);
  useEffect(() => {
    here.current = true;
    const first = nextFinger(check, undefined);
    if (!begun.current && first !== undefined) void read(first);
    begun.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  // A picture that is no use asks for the same finger once more; another try, for another.
  const retry = last !== undefined && !last.capture.usable && (check.tries_left[last.finger] ?? 0) > 0;
  const next = retry ? last.finger : nextFinger(check, last?.finger);
  const spent = next === undefined && waiting === undefined;
  const name = (finger: Finger): string => say(finger);
  const title = waiting !== undefined ? say(last?.finger === waiting ? "putAgainTitle" : "putTitle", { finger: name(waiting) })
    : spent ? say("triedTitle") : say(retry || last === undefined ? "putAgainTitle" : "noMatchTitle", { finger: name(next!) });
  const more = [
    ...(check.compared && !spent ? [{ label: say("twoDecide"), onPress: () => decide(false) }] : []),
    ...(check.compared ? [] : [{ label: say("cannotGive"), onPress: () => decide(true) }]),
  ];
  return (
    <Screen title={title} lead={`${fullName(check)}. ${say("idNumber", { id: check.id })}`} back={cancel}
      more={spent ? [] : more}
      next={spent ? { label: say("twoDecide"), onPress: () => decide(!check.compared) }
        : waiting !== undefined ? undefined
        : { label: say("putFinger", { finger: name(next!) }), onPress: () => void read(next!) }}>
      {spent && <p>{say("triedHelp")}</p>}
      <div role="status" className="stack">
        {waiting !== undefined && <StateMark state="open">{say("waiting")}</StateMark>}
        {last !== undefined && waiting === undefined && (
          <StateMark state={last.capture.usable ? "open" : "failed"}>
            <span>
              {say(`advice_${last.capture.advice}`)}
              {last.capture.quality > 0 && ` ${say("quality", { n: last.capture.quality })}.`}
            </span>
          </StateMark>
        )}
      </div>
      <ul className="fingers" aria-label={say("fingersList")}>
        {check.fingers.map((finger) => {
          const left = check.tries_left[finger] ?? 0;
          return (
            <li key={finger}>
              <span>{name(finger)}</span>
              <span className="soft">{left === 0 ? say("noTries") : say("triesLeft", { n: left })}</span>
            </li>
          );
        })}
      </ul>
      {alert}
    </Screen>
  );
}

export function Done({ say, outcome, scan, next, noPaper }: {
  readonly say: Speak;
  readonly outcome: Outcome | "unknown";
  readonly scan: (text: string, search: boolean) => void;
  readonly next: () => void;
  readonly noPaper: () => void;
}) {
  useScanner(scan);
  return (
    <Screen title={say("doneTitle")} lead={say("doneHelp")}
      more={[{ label: say("noPaper"), onPress: noPaper }]}
      next={{ label: say("nextVoter"), onPress: next }}>
      <StateMark state="passed">{say("printed")}</StateMark>
      {outcome !== "unknown" && <p>{say(`outcome_${outcome}`)}</p>}
    </Screen>
  );
}
