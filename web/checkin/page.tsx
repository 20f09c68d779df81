// Check-in's page for the poll worker: asks the service what is so, about once a second,
// and shows the one screen that fits. What was typed or scanned lives here until the
// next voter; everything else lives in the service.

import { useEffect, useState } from "react";

import { common, languages, speaker, type Language } from "../ui/glossary.ts";
import { usePolled } from "../ui/polled.ts";
import { Question, Screen } from "../ui/screen.tsx";
import { useSettings } from "../ui/settings.tsx";
import { Beside } from "./beside.tsx";
import { checkinErrors } from "./errors.ts";
import { Finding } from "./find.tsx";
import { onKey } from "./keys.ts";
import { Closed, OfficialForm, Tasks, Unopened } from "./officials.tsx";
import type { Answer, Outcome, Service, ServiceError, Station, View } from "./service.ts";
import { checkinWords } from "./words.ts";
import { Checking, Done } from "./voter.tsx";
import type { Ask } from "./screens.ts";

const glossaryLanguage = (tag: string | undefined): Language | undefined =>
  languages.find((language) => tag === language || tag?.startsWith(`${language}-`));

export const stationOf = (view: View): Station | undefined =>
  view.totals === undefined ? undefined : (view as View & Station);

export function Page({ service }: { readonly service: Service }) {
  const { state, lost, take, forgive } = usePolled<Answer>(service.state);
  const [settings, change] = useSettings();
  const [tasks, setTasks] = useState(false);
  // How the last voter was admitted, until the next one comes. After a restart, or when
  // the printer stopped, only that the token came out is known.
  const [outcome, setOutcome] = useState<Outcome | "unknown">();
  const [replacing, setReplacing] = useState(false);
  // What the ID scanner typed where no field had the focus, until the search has it.
  const [scanned, setScanned] = useState<{ readonly text: string; readonly search: boolean }>();
  const view = state?.state;
  const station = view && stationOf(view);
  const say = speaker(checkinWords, settings.language);
  const first = glossaryLanguage(station?.languages[0]);
  useEffect(() => {
    if (first !== undefined && !new URLSearchParams(location.search).has("lang")) change({ language: first });
  }, [first]);
  useEffect(() => {
    document.title = say("title", { station: station?.station ?? "" });
  }, [settings.language, station?.station]);
  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  if (lost) return <div className="kiosk"><Screen title={say("lostTitle")} lead={say("lost")} /></div>;
  if (view === undefined) return <div className="kiosk"><Screen title={say("starting")} lead={say("wait")} /></div>;

  // Shows the state; what was refused is shown too, unless the screen says it itself.
  const ask: Ask = async (answer, own = () => false) => {
    const shown = answer.then((got) => (got.error !== undefined && own(got.error) ? { ...got, error: undefined } : got));
    await take(shown);
    return answer.catch(() => undefined);
  };
  const scan = (text: string, search: boolean): void => {
    setOutcome(undefined);
    setTasks(false);
    setScanned({ text, search });
  };
  const props = { service, say, ask, view };
  return (
    <div className={view.demo ? "desk" : undefined}>
      <div className="kiosk">
        <header className="head">
          {station === undefined ? <span>{say("starting")}</span> : (
            <>
              <span>{say("station", { station: `${station.station}, ${station.station_name}` })}</span>
              <span>{station.election}</span>
              {station.devices > 1 && <span>{say("device", { n: station.device, all: station.devices })}</span>}
              <span>{say("came", { n: station.totals.checked_in, all: station.voters })}</span>
              {station.mode === "demo" && <strong>{say("modeDemo")}</strong>}
              {station.mode === "test" && <strong>{say("modeTest")}</strong>}
            </>
          )}
          {languages.filter((language) => language !== settings.language).map((language) => (
            <button key={language} type="button" lang={language} className="quiet" onClick={() => change({ language })}>
              {common.languageName[language]}
            </button>
          ))}
          {view.opened && !view.closed && !tasks && view.check === null && (
            <button type="button" className="quiet" onClick={() => { setOutcome(undefined); setTasks(true); }}>{say("officials")}</button>
          )}
        </header>
        {station === undefined ? <Screen title={say("emptyTitle")} lead={say("emptyHelp")} />
          : view.token_waits ? (
            <Screen title={say("tokenWaits")} lead={say("tokenWaitsHelp")}
              next={{ label: say("printAgain"), onPress: () => void ask(service.printToken()).then((got) => {
                if (got !== undefined && got.error === undefined) setOutcome("unknown");
              }) }} />
          ) : view.closed ? <Closed {...props} station={station} settings={settings} change={change} />
          : !view.opened ? <Unopened {...props} station={station} settings={settings} change={change} />
          : replacing ? (
            <OfficialForm {...props} word="doReplace" help="helpReplace" leave={() => setReplacing(false)}
              give={async (people) => {
                const got = await ask(service.official("replace-token", people));
                // When the paper fails again, the token waits as any other does.
                const done = got !== undefined && (got.error === undefined || got.error.number === "U6260");
                if (done) setReplacing(false);
                return done;
              }} />
          ) : view.check !== null ? (
            <Checking key={view.check.id} {...props} check={view.check} done={setOutcome} />
          ) : outcome !== undefined ? (
            <Done say={say} outcome={outcome} scan={scan} next={() => setOutcome(undefined)} noPaper={() => setReplacing(true)} />
          ) : tasks ? (
            <Tasks {...props} station={station} settings={settings} change={change} leave={() => setTasks(false)} />
          ) : (
            <Finding {...props} station={station} scanned={scanned} taken={() => setScanned(undefined)} scan={scan} />
          )}
      </div>
      {view.demo && <Beside service={service} say={say} check={view.check} scan={(id) => scan(id, true)} />}
      {state?.error !== undefined && <Refusal error={state.error} language={settings.language} done={forgive} />}
    </div>
  );
}

function Refusal({ error, language, done }: {
  readonly error: ServiceError;
  readonly language: Language;
  readonly done: () => void;
}) {
  const say = speaker(checkinErrors, language);
  const known = Object.keys(checkinErrors).find((key): key is keyof typeof checkinErrors => key === error.number);
  return (
    <Question title={say("title")} safe={{ label: speaker(checkinWords, language)("understood"), onPress: done }}>
      <p>{known === undefined ? say("other", { message: error.message, number: error.number }) : say(known)}</p>
      {known !== undefined && <p className="soft">{say("number", { number: error.number })}</p>}
    </Question>
  );
}
