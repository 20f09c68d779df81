// The ballot: one contest a screen, or the whole of it with the parties' cards; and the
// review. An option too many is explained and never takes another one's place.

import { useState } from "react";
import { ToggleButton } from "react-aria-components";

import { Button, StateMark, Tick } from "../ui/components.tsx";
import type { Say } from "../ui/glossary.ts";
import { planParty } from "./party.ts";
import { Question, Screen } from "../ui/screen.tsx";
import type { BallotView, Contest } from "./service.ts";
import type { machineWords } from "./words.ts";

type Speak = Say<typeof machineWords>;

export interface Voting {
  readonly ballot: BallotView;
  readonly choices: readonly (readonly number[])[];
  readonly say: Speak;
  // False when the contest was full: then the service changed nothing.
  readonly choose: (contest: number, option: number, on: boolean) => Promise<boolean>;
}

function Options({ voting, contest, index }: {
  readonly voting: Voting;
  readonly contest: Contest;
  readonly index: number;
}) {
  const { say, choices } = voting;
  const chosen = choices[index] ?? [];
  const [refused, setRefused] = useState<string>();
  const press = async (option: number): Promise<void> => {
    if (!(await voting.choose(index, option, !chosen.includes(option)))) setRefused(contest.options[option]);
  };
  const rest = contest.limit - chosen.length;
  return (
    <>
      <p className="lead">
        {contest.limit === 1 ? say("chooseOne") : say("chooseUpTo", { limit: contest.limit })}
      </p>
      <div className="options" role="group" aria-label={contest.title}>
        {contest.options.map((option, o) => (
          <ToggleButton key={o} className="option" isSelected={chosen.includes(o)} onChange={() => void press(o)}>
            <Tick on={chosen.includes(o)} />
            <span lang={voting.ballot.language}>{option}</span>
          </ToggleButton>
        ))}
      </div>
      <div role="status" className="notes">
        <p>{say("chosenCount", { n: chosen.length, limit: contest.limit })}</p>
        {chosen.length === 0 && <StateMark state="open">{say("willBeBlank")}</StateMark>}
        {chosen.length > 0 && rest > 0 && <StateMark state="open">{say("undervote", { n: rest })}</StateMark>}
      </div>
      {refused !== undefined && (
        <Question
          title={say("overvoteTitle")}
          safe={{ label: say("understood"), onPress: () => setRefused(undefined) }}
        >
          <p>{say("overvote", { limit: contest.limit, option: refused })}</p>
        </Question>
      )}
    </>
  );
}

export function ContestScreen({ voting, index, reviewing, go, review, showWhole }: {
  readonly voting: Voting;
  readonly index: number;
  readonly reviewing: boolean;
  readonly go: (index: number) => void;
  readonly review: () => void;
  readonly showWhole: () => void;
}) {
  const { ballot, say } = voting;
  const contest = ballot.contests[index]!;
  const last = index + 1 === ballot.contests.length;
  return (
    <Screen
      title={contest.title}
      lang={ballot.language}
      step={say("step", { n: index + 1, all: ballot.contests.length })}
      lead={contest.text}
      back={index > 0 ? { label: say("previous"), onPress: () => go(index - 1) } : undefined}
      more={[{ label: say("whole"), onPress: showWhole }]}
      next={
        reviewing ? { label: say("backToReview"), onPress: review }
        : last ? { label: say("toReview"), onPress: review }
        : { label: say("next"), onPress: () => go(index + 1) }
      }
    >
      <Options voting={voting} contest={contest} index={index} key={contest.code} />
    </Screen>
  );
}

export function WholeBallot({ voting, title, review, showOne }: {
  readonly voting: Voting;
  readonly title: string;
  readonly review: () => void;
  readonly showOne: () => void;
}) {
  const { ballot, say } = voting;
  return (
    <Screen
      title={title}
      back={{ label: say("oneByOne"), onPress: showOne }}
      next={{ label: say("toReview"), onPress: review }}
    >
      {ballot.parties.length > 0 && <PartyCards voting={voting} />}
      {ballot.contests.map((contest, c) => (
        <section key={contest.code} className="stack" aria-labelledby={`contest-${c}`}>
          <h2 id={`contest-${c}`} lang={ballot.language}>{contest.title}</h2>
          {contest.text !== "" && <p lang={ballot.language}>{contest.text}</p>}
          <Options voting={voting} contest={contest} index={c} />
        </section>
      ))}
    </Screen>
  );
}

function PartyCards({ voting }: { readonly voting: Voting }) {
  const { ballot, choices, say } = voting;
  const [note, setNote] = useState<readonly string[]>([]);
  const chooseAll = async (code: string, name: string): Promise<void> => {
    const plan = planParty(ballot, choices, code);
    for (const [contest, option] of plan.choose) await voting.choose(contest, option, true);
    const contests = new Set(plan.choose.map(([contest]) => contest)).size;
    const titles = plan.left.map((contest) => ballot.contests[contest]!.title).join(", ");
    setNote([
      say("partyDone", { party: name, n: contests }),
      ...(titles === "" ? [] : [say("partyLeft", { titles })]),
    ]);
  };
  return (
    <section className="stack" aria-labelledby="parties">
      <h2 id="parties">{say("parties")}</h2>
      <div className="cards">
        {ballot.parties.map((party) => (
          <Button key={party.code} className="card" onPress={() => void chooseAll(party.code, party.name)}>
            {party.colour !== "" && <span className="swatch" aria-hidden="true" style={{ background: party.colour }} />}
            <span>{say("wholeParty", { party: party.name })}</span>
          </Button>
        ))}
      </div>
      <div role="status" className="notes">{note.map((line) => <p key={line}>{line}</p>)}</div>
    </section>
  );
}

export function ChoiceList({ voting, change }: {
  readonly voting: Voting;
  readonly change?: ((index: number) => void) | undefined;
}) {
  const { ballot, choices, say } = voting;
  return (
    <ul className="review">
      {ballot.contests.map((contest, c) => {
        const chosen = choices[c] ?? [];
        const rest = contest.limit - chosen.length;
        return (
          <li key={contest.code}>
            <div>
              <h2 lang={ballot.language}>{contest.title}</h2>
              {chosen.map((option) => <p key={option} className="picked" lang={ballot.language}>{contest.options[option]}</p>)}
              {chosen.length === 0 && <StateMark state="open">{say("blank")}</StateMark>}
              {chosen.length > 0 && rest > 0 && <StateMark state="open">{say("undervote", { n: rest })}</StateMark>}
            </div>
            {change !== undefined && (
              <Button aria-label={say("changeOf", { title: contest.title })} onPress={() => change(c)}>
                {say("change")}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
