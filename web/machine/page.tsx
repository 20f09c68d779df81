// The kiosk page: asks the service what is so, about once a second, and shows it. Choices
// live in the service only; settings live here until the session ends.

import { useCallback, useEffect, useRef, useState } from "react";

import { speaker } from "../ui/glossary.ts";
import { firstSettings, useSettings } from "../ui/settings.tsx";
import { onKey } from "./keys.ts";
import { Officials } from "./officials.tsx";
import { Question, Screen } from "./screen.tsx";
import type { BallotView, Service, State } from "./service.ts";
import { Voter } from "./voter.tsx";
import { machineWords } from "./words.ts";

const rightToLeft = ["ar", "fa", "he", "ur"];

// The latest answer of the service; an older one never replaces it.
function useService(service: Service) {
  const [state, setState] = useState<State>();
  const [lost, setLost] = useState(false);
  const asked = useRef(0);
  const take = useCallback(async (answer: Promise<State>): Promise<void> => {
    const own = ++asked.current;
    try {
      const next = await answer;
      setLost(false);
      if (own === asked.current) setState(next);
    } catch {
      setLost(true);
    }
  }, []);
  useEffect(() => {
    void take(service.state());
    // A poll must not push aside the answer to what the voter just did.
    const timer = setInterval(() => {
      const before = asked.current;
      void service.state().then(
        (next) => {
          setLost(false);
          if (before === asked.current) setState((now) => ({ ...next, ...(now?.error && { error: now.error }) }));
        },
        () => setLost(true),
      );
    }, 1000);
    return () => clearInterval(timer);
  }, [service, take]);
  return { state, lost, take, forgive: () => setState((now) => now && { machine: now.machine, session: now.session }) };
}

export function Page({ service }: { readonly service: Service }) {
  const { state, lost, take, forgive } = useService(service);
  const [settings, change] = useSettings();
  const [ballot, setBallot] = useState<BallotView>();
  const [official, setOfficial] = useState(false);
  const say = speaker(machineWords, settings.language);
  const session = state?.session ?? undefined;
  const language = session?.language;

  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const [loaded, setLoaded] = useState<string>();
  const wanted = session === undefined || session.state === "idle" ? undefined : language;
  useEffect(() => {
    if (wanted === undefined) setBallot(undefined);
    else void service.ballot().then(setBallot, () => undefined);
    setLoaded(wanted);
  }, [wanted, service]);
  // The next voter starts as the machine does.
  const idle = session?.state === "idle";
  useEffect(() => {
    if (idle) change(firstSettings());
  }, [idle]);
  useEffect(() => {
    document.documentElement.dir = rightToLeft.includes((language ?? "").slice(0, 2)) ? "rtl" : "ltr";
    document.title = say("station", { station: state?.machine.station ?? "" });
  }, [language, settings.language, state?.machine.station]);

  if (lost) return <Screen title={say("lostTitle")} lead={say("lost")} />;
  if (state === undefined) return <Screen title={say("starting")} lead={say("wait")} />;
  const { machine } = state;
  const time = session?.seconds_left ?? null;
  const warned = session !== undefined && time !== null && time <= session.warning_at && session.state !== "ended";
  const showOfficials = session === undefined || official;
  return (
    <>
      <header className="head">
        <span>{say("station", { station: machine.station ?? "" })}</span>
        {ballot !== undefined && <span>{ballot.election}</span>}
        {machine.mode === "demo" && <strong>{say("modeDemo")}</strong>}
        {machine.mode === "test" && <strong>{say("modeTest")}</strong>}
        {idle && !official && (
          <button type="button" className="quiet" onClick={() => setOfficial(true)}>{say("officials")}</button>
        )}
      </header>
      {showOfficials ? (
        <Officials
          machine={machine}
          say={say}
          sticks={service.sticks}
          act={(step, body) => void take(service.official(step, body)).then(() => setOfficial(false))}
          leave={session === undefined ? undefined : () => setOfficial(false)}
        />
      ) : (
        <Voter
          state={state}
          session={session}
          ballot={loaded === language ? ballot : undefined}
          say={say}
          settings={settings}
          change={(changed) => {
            change(changed);
            const next = changed.language;
            if (next !== undefined && machine.languages.includes(next)) void take(service.language(next));
          }}
          event={(event) => void take(service.event(event))}
          choose={(contest, option, on) => take(service.choose(contest, option, on))}
          token={(text) => void take(service.token(text))}
        />
      )}
      {state.error !== undefined && (
        <Question title={state.error.title} safe={{ label: say("understood"), onPress: forgive }}>
          <p>{say("error", { message: state.error.message, number: state.error.number })}</p>
          {state.error.to_do !== "" && <p>{state.error.to_do}</p>}
        </Question>
      )}
      {warned && (
        <Question
          title={say("timeTitle")}
          safe={{ label: say("moreTime"), onPress: () => void take(service.language(session.language)) }}
        >
          <p>{say("time", { n: time })}</p>
        </Question>
      )}
    </>
  );
}

