// The look-up of a receipt: the station's whole list of codes is downloaded, and the
// code is looked for in it here.

import { useState } from "react";

import { Button, StateMark, TextBox, type State } from "../../ui/components.tsx";
import { speaker, type Language } from "../../ui/glossary.ts";
import { codeText, parseCode } from "../../verifier/ballot.ts";
import { isStation, loadCodes, NotFound, type Recorded } from "./site.ts";
import { resultsWords } from "./words.ts";

const foundWord = { cast: "foundCast", challenged: "foundChallenged", voided: "foundVoided" } as const;

type Answer =
  | { readonly kind: "wrong"; readonly field: "station" | "code"; readonly word: "badStation" | "noStation" | "badCode" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "looked"; readonly all: number; readonly found: Recorded | undefined };

// A receipt's QR text names its station: URNAR1 STATION:N01 CODE:... SIGN:...
function ofSlip(text: string): { station: string; code: string } | undefined {
  const slip = /^URNA[RC]1 STATION:([A-Z0-9]{1,16}) CODE:([A-Z2-7]{52})(?: |$)/.exec(text.trim());
  return slip === null ? undefined : { station: slip[1]!, code: slip[2]! };
}

async function lookUp(station: string, text: string): Promise<Answer> {
  if (!isStation(station)) return { kind: "wrong", field: "station", word: "badStation" };
  const code = parseCode(text);
  if (code === undefined) return { kind: "wrong", field: "code", word: "badCode" };
  try {
    const codes = await loadCodes(station);
    return { kind: "looked", all: codes.size, found: codes.get(codeText(code)) };
  } catch (error) {
    if (error instanceof NotFound) return { kind: "wrong", field: "station", word: "noStation" };
    return { kind: "failed", reason: String(error) };
  }
}

export function ReceiptPage({ station: asked, language }: { readonly station: string; readonly language: Language }) {
  const say = speaker(resultsWords, language);
  const [station, setStation] = useState(asked);
  const [text, setText] = useState("");
  const [answer, setAnswer] = useState<Answer>();
  const slip = ofSlip(text);
  const place = slip?.station ?? station.trim().toUpperCase();
  const look = (): void => void lookUp(place, slip?.code ?? text).then(setAnswer);
  const error = (field: "station" | "code"): string | undefined =>
    answer?.kind === "wrong" && answer.field === field ? say(answer.word, { station: place }) : undefined;
  const state: State = answer?.kind !== "looked" || answer.found === undefined ? "failed"
    : answer.found === "cast" ? "passed" : "open";
  const edit = (set: (value: string) => void) => (value: string): void => {
    set(value);
    setAnswer(undefined);
  };
  return (
    <>
      <p>{say("receiptLead")}</p>
      <TextBox label={say("station")} value={slip?.station ?? station} onChange={edit(setStation)} onEnter={look} error={error("station")} />
      <p className="soft">{say("stationHelp")}</p>
      <TextBox label={say("code")} value={text} onChange={edit(setText)} onEnter={look} error={error("code")} />
      <div className="row"><Button primary onPress={look}>{say("look")}</Button></div>
      <div role="status" className="stack">
        {answer?.kind === "failed" && <p>{say("broken", { reason: answer.reason })}</p>}
        {answer?.kind === "looked" && (
          <>
            <div className={`panel ${state} stack`}>
              <StateMark state={state}>
                <span className="wrap">
                  {say(answer.found === undefined ? "notFound" : foundWord[answer.found], { station: place, all: answer.all })}
                </span>
              </StateMark>
            </div>
            <p className="soft">{say("offline")}</p>
          </>
        )}
      </div>
    </>
  );
}
