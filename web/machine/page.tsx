// The kiosk page: asks the service what is so, about once a second, and shows it. Choices
// live in the service only; text size and colours live here until the session ends.

import { useEffect, useState } from "react";

import { common, languages, speaker, type Language } from "../ui/glossary.ts";
import { usePolled } from "../ui/polled.ts";
import { Question, Screen } from "../ui/screen.tsx";
import { firstSettings, useSettings } from "../ui/settings.tsx";
import { Demo } from "./demo.tsx";
import { errorWords } from "./errors.ts";
import { onKey } from "./keys.ts";
import { Officials } from "./officials.tsx";
import type { BallotView, Service, ServiceError, SessionEvent, State } from "./service.ts";
import { silence, SoundBar, useVoice } from "./voice.tsx";
import { Voter } from "./voter.tsx";
import { machineWords } from "./words.ts";

const rightToLeft = ["ar", "fa", "he", "ur"];
const glossaryLanguage = (tag: string | undefined): Language | undefined =>
  languages.find((language) => tag === language || tag?.startsWith(`${language}-`));

// There is nothing before this page and nothing after it: "back" stays here.
function useNoWayOut(): void {
  useEffect(() => {
    const stay = (): void => history.pushState(null, "");
    stay();
    addEventListener("popstate", stay);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("popstate", stay);
      removeEventListener("keydown", onKey);
    };
  }, []);
}

// The ballot in the session's language, while somebody votes.
function useBallot(service: Service, wanted: string | undefined): BallotView | undefined {
  const [ballot, setBallot] = useState<BallotView>();
  useEffect(() => {
    if (wanted === undefined) setBallot(undefined);
    else void service.ballot().then(setBallot, () => undefined);
  }, [wanted, service]);
  return ballot?.language === wanted ? ballot : undefined;
}

export function Page({ service }: { readonly service: Service }) {
  const { state, lost, take: show, forgive } = usePolled<State>(service.state);
  // Whether the service did what was asked.
  const take = async (answer: Promise<State>): Promise<boolean> => {
    const next = await show(answer);
    return next !== undefined && next.error === undefined;
  };
  const [settings, change] = useSettings();
  const [official, setOfficial] = useState(false);
  const [doing, setDoing] = useState<SessionEvent>();
  const [slip, setSlip] = useState<string>();
  const session = state?.session ?? undefined;
  // Nobody votes: the election's first language. One that the page has no words for leaves
  // the page's own as they are.
  const tag = session?.language ?? state?.machine.languages[0];
  const language = glossaryLanguage(tag);
  const idle = session?.state === "idle";
  const paused = state?.machine.state === "stopped" || (state?.machine.state === "paused" && idle);
  const officials = session === undefined || paused || (official && idle);
  const say = speaker(machineWords, settings.language);
  const voice = useVoice({
    there: state?.machine.voice === true, tag, language: settings.language, offered: state?.machine.languages ?? [], say,
    offering: session?.state === "activated",
  });
  useNoWayOut();
  const ballot = useBallot(service, session === undefined || session.state === "idle" ? undefined : tag);
  useEffect(() => {
    if (language !== undefined) change({ language });
  }, [language, officials]);
  // The next voter starts as the machine does.
  useEffect(() => {
    const { theme, size } = firstSettings();
    if (idle) {
      change({ theme, size });
      voice.change(silence);
    }
  }, [idle]);
  useEffect(() => {
    document.documentElement.dir = rightToLeft.includes((tag ?? "").slice(0, 2)) ? "rtl" : "ltr";
    document.title = say("station", { station: state?.machine.station ?? "" });
  }, [tag, settings.language, state?.machine.station]);

  if (lost) return <div className="kiosk"><Screen title={say("lostTitle")} lead={say("lost")} /></div>;
  if (state === undefined) return <div className="kiosk"><Screen title={say("starting")} lead={say("wait")} /></div>;
  const { machine } = state;
  const time = session?.seconds_left ?? null;
  const warned = session !== undefined && time !== null && time <= session.warning_at && session.state !== "ended";
  return (
    <div className={machine.demo ? "desk" : undefined}>
      <div className="kiosk">
        <header className="head">
          <span>{say("station", { station: machine.station ?? "" })}</span>
          {ballot !== undefined && <span>{ballot.election}</span>}
          {machine.mode === "demo" && <strong>{say("modeDemo")}</strong>}
          {machine.mode === "test" && <strong>{say("modeTest")}</strong>}
          {officials && machine.languages.filter((offered) => offered !== settings.language).map((offered) => {
            const other = glossaryLanguage(offered);
            return other !== undefined && (
              <button key={other} type="button" lang={other} className="quiet" onClick={() => change({ language: other })}>
                {common.languageName[other]}
              </button>
            );
          })}
          {idle && !officials && (
            <button type="button" className="quiet" onClick={() => setOfficial(true)}>{say("officials")}</button>
          )}
        </header>
        {officials ? (
          <Officials
            machine={machine}
            say={say}
            slip={slip}
            sticks={service.sticks}
            act={async (step, body) => {
              const done = await take(service.official(step, body));
              if (done) setOfficial(false);
              return done;
            }}
            leave={session === undefined || paused ? undefined : () => setOfficial(false)}
          />
        ) : (
          <Voter
            state={state}
            session={session}
            ballot={ballot}
            doing={doing}
            say={say}
            settings={settings}
            change={change}
            voice={voice}
            setLanguage={(next) => void take(service.language(next))}
            event={async (event, officials) => {
              setDoing(event);
              const done = await take(service.event(event, officials));
              setDoing(undefined);
              return done;
            }}
            choose={async (contest, option, on) => {
              // One option too many is explained beside the options, not as an error.
              let full = false;
              await take(service.choose(contest, option, on).then((next) => {
                full = next.error?.number === "U6013";
                return full ? { machine: next.machine, session: next.session } : next;
              }));
              return !full;
            }}
            token={(text) => void take(service.token(text))}
            sticks={service.sticks}
          />
        )}
        {voice.sound.on && !officials && <SoundBar voice={voice} say={say} />}
      </div>
      {machine.demo && (
        <Demo demo={service.demo} state={machine.state} session={session} say={say} show={(token) => void take(service.token(token))} scan={setSlip} />
      )}
      {state.error !== undefined && <Refusal error={state.error} language={settings.language} done={forgive} />}
      {warned && (
        <Question
          title={say("timeTitle")}
          safe={{ label: say("moreTime"), onPress: () => void take(service.language(session.language)) }}
        >
          <p>{say("time", { n: time })}</p>
        </Question>
      )}
    </div>
  );
}

function Refusal({ error, language, done }: {
  readonly error: ServiceError;
  readonly language: Language;
  readonly done: () => void;
}) {
  const say = speaker(errorWords, language);
  const known = Object.keys(errorWords).find((key): key is keyof typeof errorWords => key === error.number);
  return (
    <Question title={say("title")} safe={{ label: speaker(machineWords, language)("understood"), onPress: done }}>
      <p>{known === undefined ? say("other", { message: error.message, number: error.number }) : say(known)}</p>
      {known !== undefined && <p className="soft">{say("number", { number: error.number })}</p>}
    </Question>
  );
}
