// The look-up of a receipt's code in the station's package.

import { useState } from "react";

import { Button, StateMark, TextBox, type State } from "../../ui/components.tsx";
import { speaker, type Language } from "../../ui/glossary.ts";
import { parseCode } from "../../verifier/ballot.ts";
import { attempt } from "../../verifier/fault.ts";
import { findCode, parsePackage, type Found } from "../../verifier/package.ts";
import { verifierWords } from "./words.ts";

const words = { cast: "foundCast", challenged: "foundChallenged", voided: "foundVoided" } as const;

type Answer =
  | { readonly kind: "found"; readonly station: string; readonly found: Found | undefined }
  | { readonly kind: "wrong"; readonly word: "badCode" | "needPackage" };

function lookUp(text: string, bytes: Uint8Array | undefined): Answer {
  const code = parseCode(text);
  if (code === undefined) return { kind: "wrong", word: "badCode" };
  if (bytes === undefined) return { kind: "wrong", word: "needPackage" };
  const read = attempt(() => parsePackage(bytes));
  if ("fault" in read) return { kind: "wrong", word: "needPackage" };
  return { kind: "found", station: read.value.box.station.code, found: findCode(read.value.box, code) };
}

export function Receipt({ bytes, language }: {
  readonly bytes: Uint8Array | undefined;
  readonly language: Language;
}) {
  const say = speaker(verifierWords, language);
  const [text, setText] = useState("");
  const [answer, setAnswer] = useState<Answer>();
  const look = (): void => setAnswer(lookUp(text, bytes));
  const found = answer?.kind === "found" ? answer.found : undefined;
  const state: State = found === undefined ? "failed" : found.decision === "cast" ? "passed" : "open";
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
        {answer?.kind === "found" && (
          <div className={`panel ${state} stack`}>
            <StateMark state={state}>
              <span className="wrap">
                {say(found === undefined ? "notFound" : words[found.decision], { station: answer.station })}
              </span>
            </StateMark>
            {found !== undefined && (
              <p className="soft">{say("proof")}<br /><span className="code">{found.leaf}</span></p>
            )}
          </div>
        )}
      </div>
    </section>
  );
}
