// The look-up of a receipt's code in the station's package: where the ballot stands, that
// its path leads to the root the machine signed, and that the log holds the package.

import { useState } from "react";

import { Button, StateMark, TextBox, type State } from "../../ui/components.tsx";
import { speaker, type Language, type Say } from "../../ui/glossary.ts";
import { parseCode } from "../../verifier/ballot.ts";
import type { Sorted } from "../../verifier/evidence.ts";
import { attempt } from "../../verifier/fault.ts";
import { findBallot, type LogProof, type OwnBallot } from "../../verifier/log-receipt.ts";
import { parsePackage } from "../../verifier/package.ts";
import { verifierWords } from "./words.ts";

const words = { cast: "foundCast", challenged: "foundChallenged", voided: "foundVoided" } as const;

type Answer =
  | { readonly kind: "found"; readonly ballot: OwnBallot }
  | { readonly kind: "wrong"; readonly word: "badCode" | "needPackage" };

function lookUp(text: string, { evidence, logReceipt, logTrust }: Sorted): Answer {
  const code = parseCode(text);
  if (code === undefined) return { kind: "wrong", word: "badCode" };
  if (evidence === undefined) return { kind: "wrong", word: "needPackage" };
  const read = attempt(() => parsePackage(evidence.package));
  if ("fault" in read) return { kind: "wrong", word: "needPackage" };
  return { kind: "found", ballot: findBallot(read.value, code, logReceipt, logTrust) };
}

export function Receipt({ sorted, language }: {
  readonly sorted: Sorted;
  readonly language: Language;
}) {
  const say = speaker(verifierWords, language);
  const [text, setText] = useState("");
  const [answer, setAnswer] = useState<Answer>();
  const look = (): void => setAnswer(lookUp(text, sorted));
  return (
    <section className="stack" aria-labelledby="receipt">
      <h2 id="receipt">{say("receipt")}</h2>
      <p>{say("receiptHelp")}</p>
      <TextBox
        label={say("code")}
        value={text}
        onChange={(value) => {
          setText(value);
          setAnswer(undefined);
        }}
        onEnter={look}
        error={answer?.kind === "wrong" ? say(answer.word) : undefined}
      />
      <div className="row"><Button onPress={look}>{say("look")}</Button></div>
      <div role="status">
        {answer?.kind === "found" && <Ballot ballot={answer.ballot} say={say} />}
      </div>
    </section>
  );
}

function Ballot({ ballot, say }: { readonly ballot: OwnBallot; readonly say: Say<typeof verifierWords> }) {
  const { station, found, path, root, log } = ballot;
  const state: State = found === undefined || path === undefined || log.kind === "wrong" ? "failed"
    : found.decision === "cast" ? "passed" : "open";
  return (
    <div className={`panel ${state} stack`}>
      <Line state={state} text={say(found === undefined ? "notFound" : words[found.decision], { station })} />
      {found !== undefined && (
        <>
          <Line
            state={path === undefined ? "failed" : "passed"}
            text={path === undefined ? say("pathWrong") : say("pathLeads", { steps: path.length, root: root.slice(0, 16) })}
          />
          <p className="soft">{say("proof")}<br /><span className="code">{found.leaf}</span></p>
        </>
      )}
      <LogLine log={log} say={say} />
    </div>
  );
}

// The proof of the log: its verdict, who signed, and every hash on the way for whoever
// wants to do the sums again.
function LogLine({ log, say }: { readonly log: LogProof; readonly say: Say<typeof verifierWords> }) {
  if (log.kind === "none") return <Line state="open" text={say("logNone")} />;
  if (log.kind === "wrong") return <Line state="failed" text={say("logWrong", { why: log.why })} />;
  const { kind, origin, index, size, root, path, witnesses } = log;
  return (
    <>
      <Line
        state={kind === "proved" ? "passed" : "open"}
        text={say(kind === "proved" ? "logProved" : "logNoKey", { origin, index, size })}
      />
      {witnesses === undefined
        ? <Line state="open" text={say("logNoPolicy")} />
        : <Line
          state={witnesses.length === 0 ? "open" : "passed"}
          text={witnesses.length === 0 ? say("logNoWitness") : say("logWitnesses", { names: witnesses.join(", ") })}
        />}
      <details>
        <summary>{say("logSteps", { steps: path.length })}</summary>
        <ol className="code">{path.map((hash) => <li key={hash}>{hash}</li>)}</ol>
        <p className="soft">{say("logRoot")}<br /><span className="code">{root}</span></p>
      </details>
    </>
  );
}

function Line({ state, text }: { readonly state: State; readonly text: string }) {
  return <StateMark state={state}><span className="wrap">{text}</span></StateMark>;
}
