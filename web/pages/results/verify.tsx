// "Verify this station in your browser": downloads the station's documents from the
// record, holds each against its hash, and runs the second verifier on them.

import { useEffect, useRef, useState } from "react";

import { Button, Progress, TextBox } from "../../ui/components.tsx";
import { speaker, type Language } from "../../ui/glossary.ts";
import type { Evidence, StationVerdict } from "../../verifier/verdict.ts";
import { Result } from "../verifier/result.tsx";
import type { Answer } from "../verifier/worker.ts";
import { isStation, loadEvidence, loadStation, NotFound, type SiteData } from "./site.ts";
import { resultsWords } from "./words.ts";

type Work =
  | { readonly kind: "waiting" }
  | { readonly kind: "wrong"; readonly word: "badStation" | "noPackage" }
  | { readonly kind: "downloading" | "verifying"; readonly done: number; readonly all: number }
  | { readonly kind: "done"; readonly verdict: StationVerdict }
  | { readonly kind: "failed"; readonly reason: string };

function useVerifier(set: (work: Work) => void): (evidence: Evidence) => void {
  const worker = useRef<Worker>(undefined);
  useEffect(() => {
    const own = new Worker(new URL("../verifier/worker.ts", import.meta.url), { type: "module" });
    own.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === "progress") set({ kind: "verifying", done: data.done, all: data.all });
      else if (data.kind === "verdict") set({ kind: "done", verdict: data.verdict });
      else set({ kind: "failed", reason: data.reason });
    };
    worker.current = own;
    return () => own.terminate();
  }, []);
  return (evidence) => worker.current?.postMessage(evidence);
}

export function VerifyPage({ site, station: asked, language }: {
  readonly site: SiteData;
  readonly station: string;
  readonly language: Language;
}) {
  const say = speaker(resultsWords, language);
  const [station, setStation] = useState(asked);
  const [work, setWork] = useState<Work>({ kind: "waiting" });
  const verify = useVerifier(setWork);
  const place = station.trim().toUpperCase();
  const run = async (): Promise<void> => {
    if (!isStation(place)) return setWork({ kind: "wrong", word: "badStation" });
    setWork({ kind: "downloading", done: 0, all: 0 });
    try {
      const evidence = await loadEvidence(site, await loadStation(place), (done, all) =>
        setWork({ kind: "downloading", done, all }));
      if (evidence === undefined) return setWork({ kind: "wrong", word: "noPackage" });
      verify(evidence);
    } catch (error) {
      setWork(error instanceof NotFound && !String(error.message).startsWith("blob/")
        ? { kind: "wrong", word: "noPackage" }
        : { kind: "failed", reason: error instanceof Error ? error.message : String(error) });
    }
  };
  const busy = work.kind === "downloading" || work.kind === "verifying";
  return (
    <>
      <p>{say("verifyLead")}</p>
      <TextBox
        label={say("station")}
        value={station}
        onChange={(value) => {
          setStation(value);
          if (!busy) setWork({ kind: "waiting" });
        }}
        onEnter={() => void run()}
        error={work.kind === "wrong" ? say(work.word, { station: place }) : undefined}
      />
      <div className="row">
        <Button primary isDisabled={busy} onPress={() => void run()}>{say("start")}</Button>
      </div>
      <div role="status" className="stack">
        {busy && (
          <Progress
            label={say(work.kind === "downloading" ? "downloading" : "verifying", { done: work.done, all: work.all })}
            done={work.done}
            all={work.all}
          />
        )}
        {work.kind === "failed" && (
          <div className="panel failed"><p>{say("broken", { reason: work.reason })}</p></div>
        )}
        {work.kind === "done" && <h2>{say("verdict")}</h2>}
        {work.kind === "done" && <Result verdict={work.verdict} language={language} />}
      </div>
    </>
  );
}
