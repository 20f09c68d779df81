// A voter's screens, one for each state of the session (docs/machine-states.md).

import { useState } from "react";
import { ToggleButton } from "react-aria-components";

import { Button, StateMark, TextBox, Tick } from "../ui/components.tsx";
import type { Say } from "../ui/glossary.ts";
import { ownName, SettingsButtons, type Settings } from "../ui/settings.tsx";
import { ChoiceList, ContestScreen, WholeBallot, type Voting } from "./ballot.tsx";
import { byHand, StepForm } from "./officials.tsx";
import { Letters } from "./pads.tsx";
import { Question, Screen } from "../ui/screen.tsx";
import type { BallotView, Credential, SessionEvent, SessionView, State } from "./service.ts";
import type { Voice } from "./voice.tsx";
import type { machineWords } from "./words.ts";

type Speak = Say<typeof machineWords>;

export interface VoterProps {
  readonly state: State;
  readonly session: SessionView;
  readonly ballot: BallotView | undefined;
  readonly say: Speak;
  readonly settings: Settings;
  readonly change: (change: Partial<Settings>) => void;
  readonly voice: Voice;
  readonly setLanguage: (language: string) => void;
  // What was asked of the service and is not answered yet: printing takes its time.
  readonly doing: SessionEvent | undefined;
  readonly event: (event: SessionEvent, officials?: readonly Credential[]) => Promise<boolean>;
  readonly sticks: () => Promise<readonly string[]>;
  readonly choose: Voting["choose"];
  readonly token: (text: string) => void;
}

export function Voter(props: VoterProps) {
  const { session, say, event, ballot, doing } = props;
  const [ask, setAsk] = useState<"leave" | "start-again" | "challenge">();
  const voting: Voting | undefined = ballot === undefined || session.choices === null
    ? undefined
    : { ballot, choices: session.choices, say, choose: props.choose };
  const question = ask !== undefined && (
    <Sure ask={ask} say={say} answer={(yes) => {
      setAsk(undefined);
      if (yes) void event(ask === "leave" ? "end" : ask);
    }} />
  );
  const waiting = doing === undefined ? undefined : waits[doing];
  if (waiting !== undefined) return <Wait title={say(waiting)} say={say} />;
  switch (session.state) {
    case "idle":
      return <Idle {...props} />;
    case "activated":
      return <Welcome {...props} />;
    case "voting":
    case "review":
      return voting === undefined ? <Wait title={say("starting")} say={say} /> : (
        <>
          <Choosing {...props} voting={voting} leave={() => setAsk("leave")} />
          {question}
        </>
      );
    case "deciding":
      return (
        <>
          <Deciding {...props} ask={setAsk} />
          {question}
        </>
      );
    case "opened":
      return (
        <Screen title={say("openedTitle")} lead={say("openedHelp")} next={{ label: say("voteNow"), onPress: () => void event("go-on") }}>
          {session.code !== null && <Code code={session.code} say={say} />}
          {voting !== undefined && <ChoiceList voting={voting} />}
        </Screen>
      );
    case "ended":
      return (
        <Screen
          title={say(session.vote_counts ? "endedCast" : "endedNone")}
          lead={say(session.vote_counts ? "endedCastHelp" : "endedNoneHelp")}
          next={{ label: say("finish"), onPress: () => void event("go-on") }}
        />
      );
    case "broken_slip":
    case "cast_blocked":
    case "open_blocked":
    case "void_blocked":
    case "leave_blocked":
      return <Blocked {...props} at={session.state} />;
    case "printing":
      return <Wait title={say("printing")} say={say} />;
    case "casting":
      return <Wait title={say("casting")} say={say} />;
    case "opening":
      return <Wait title={say("opening")} say={say} />;
    case "voiding":
    case "leaving":
      return <Wait title={say("voiding")} say={say} />;
  }
}

const waits: Partial<Record<SessionEvent, "printing" | "casting" | "opening" | "voiding" | "printerTitle">> = {
  confirm: "printing", cast: "casting", challenge: "opening", "start-again": "voiding", "printer-ready": "printerTitle",
};

// An official mends the printer, or finishes the paper by hand when that cannot be done.
const blockedWords = {
  broken_slip: "broken_slip", cast_blocked: "cast_blocked", open_blocked: "open_blocked",
  void_blocked: "void_blocked", leave_blocked: "void_blocked",
} as const;

function Blocked({ state, session, at, say, event, sticks }: VoterProps & { readonly at: keyof typeof blockedWords }) {
  const [hand, setHand] = useState(false);
  if (hand) {
    return (
      <StepForm
        step={byHand}
        machine={state.machine}
        say={say}
        sticks={sticks}
        give={(body) => event("end", body["officials"] as readonly Credential[])}
        leave={() => setHand(false)}
      />
    );
  }
  return (
    <Screen
      title={say("printerTitle")}
      lead={say(blockedWords[at])}
      more={at === "broken_slip" ? [] : [{ label: say("byHand"), onPress: () => setHand(true) }]}
      next={{ label: say("printerReady"), onPress: () => void event("printer-ready") }}
    >
      <p className="panel open">{session.printer_help}</p>
    </Screen>
  );
}

const Wait = ({ title, say }: { readonly title: string; readonly say: Speak }) => (
  <Screen title={title} lead={say("wait")} />
);

function Idle({ say, token }: VoterProps) {
  const [text, setText] = useState("");
  const [letters, setLetters] = useState(false);
  const show = (): void => {
    if (text.trim() === "") return;
    token(text);
    setText("");
  };
  return (
    <Screen title={say("idleTitle")} lead={say("idleHelp")} next={{ label: say("start"), onPress: show }} keepFocus>
      <TextBox focus label={say("token")} value={text} onChange={setText} onEnter={show} />
      {letters
        ? <Letters text={text} set={setText} say={say} />
        : <div className="row"><Button onPress={() => setLetters(true)}>{say("typeHere")}</Button></div>}
    </Screen>
  );
}

function Welcome({ state, session, say, settings, change, voice, setLanguage, event }: VoterProps) {
  return (
    <Screen title={say("welcomeTitle")} lead={say("welcomeHelp")} next={{ label: say("start"), onPress: () => void event("begin") }}>
      {voice.there && (
        <section className="stack" aria-label={say("sound")}>
          <div className="setting">
            <ToggleButton className="option" isSelected={voice.sound.on} onChange={(on) => voice.change({ on })}>
              <Tick on={voice.sound.on} />
              <span>{say("soundOn")}</span>
            </ToggleButton>
          </div>
        </section>
      )}
      <SettingsButtons
        settings={settings}
        change={change}
        offered={state.machine.languages}
        language={session.language}
        onLanguage={setLanguage}
      />
      {session.language.slice(0, 2) !== settings.language && (
        <StateMark state="open">{say("ballotOnly", { language: ownName(session.language) })}</StateMark>
      )}
      <p>{say("keysHelp")}</p>
    </Screen>
  );
}

function Choosing({ session, say, event, voting, leave }: VoterProps & {
  readonly voting: Voting;
  readonly leave: () => void;
}) {
  const [index, setIndex] = useState(0);
  const [whole, setWhole] = useState(false);
  const [fromReview, setFromReview] = useState(false);
  const review = (): void => {
    setFromReview(false);
    void event("review");
  };
  if (session.state === "review") {
    return (
      <Screen
        title={say("reviewTitle")}
        lead={say("reviewHelp")}
        back={{ label: say("previous"), onPress: () => void event("back") }}
        more={[{ label: say("leave"), onPress: leave }]}
        next={{ label: say("printBallot"), onPress: () => void event("confirm") }}
      >
        <ChoiceList
          voting={voting}
          change={(contest) => {
            setIndex(contest);
            setWhole(false);
            setFromReview(true);
            void event("back");
          }}
        />
      </Screen>
    );
  }
  return whole ? (
    <WholeBallot voting={voting} title={voting.ballot.election} review={review} showOne={() => setWhole(false)} />
  ) : (
    <ContestScreen
      voting={voting}
      index={index}
      reviewing={fromReview}
      go={setIndex}
      review={review}
      showWhole={() => setWhole(true)}
    />
  );
}

const Code = ({ code, say }: { readonly code: string; readonly say: Speak }) => (
  <p className="soft">{say("code")}<br /><span className="code">{code}</span></p>
);

function Deciding({ session, say, event, ask }: VoterProps & {
  readonly ask: (what: "start-again" | "challenge") => void;
}) {
  return (
    <Screen
      title={say("decideTitle")}
      lead={say("decideHelp")}
      back={{ label: say("startAgain"), onPress: () => ask("start-again") }}
      more={session.tests_left > 0 ? [{ label: say("challenge"), onPress: () => ask("challenge") }] : []}
      next={{ label: say("cast"), onPress: () => void event("cast") }}
    >
      {session.code !== null && <Code code={session.code} say={say} />}
      <p className="soft">{say("testsLeft", { n: session.tests_left })}</p>
    </Screen>
  );
}

function Sure({ ask, say, answer }: {
  readonly ask: "leave" | "start-again" | "challenge";
  readonly say: Speak;
  readonly answer: (yes: boolean) => void;
}) {
  const title = { leave: "leave", "start-again": "startAgain", challenge: "challenge" } as const;
  const text = { leave: "leaveSure", "start-again": "startAgainSure", challenge: "challengeSure" } as const;
  const yes = { leave: "yesLeave", "start-again": "yesStart", challenge: "yesTest" } as const;
  return (
    <Question
      title={say(title[ask])}
      safe={{ label: say("no"), onPress: () => answer(false) }}
      other={{ label: say(yes[ask]), onPress: () => answer(true) }}
    >
      <p>{say(text[ask])}</p>
    </Question>
  );
}

