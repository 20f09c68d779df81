// "Verify this station in your browser": files in, a verdict in plain words out.

import { useEffect, useRef, useState } from "react";

import { Button, FileDrop, Progress, StateMark } from "../../ui/components.tsx";
import { speaker, type Say } from "../../ui/glossary.ts";
import { SettingsBar, useSettings } from "../../ui/settings.tsx";
import { sortFiles, type NamedFile, type Sorted } from "../../verifier/evidence.ts";
import type { StationVerdict } from "../../verifier/verdict.ts";
import { Receipt } from "./receipt.tsx";
import { Result } from "./result.tsx";
import { verifierWords } from "./words.ts";
import type { Answer } from "./worker.ts";

type Work =
  | { readonly kind: "waiting" }
  | { readonly kind: "working"; readonly done: number; readonly all: number }
  | { readonly kind: "done"; readonly verdict: StationVerdict }
  | { readonly kind: "failed"; readonly reason: string };

// The worker is started with the page, so that nothing has to be fetched later.
function useVerifier(): { work: Work; start: (sorted: Sorted) => void; clear: () => void } {
  const [work, setWork] = useState<Work>({ kind: "waiting" });
  const worker = useRef<Worker>(undefined);
  useEffect(() => {
    const own = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    own.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === "progress") setWork({ kind: "working", done: data.done, all: data.all });
      else if (data.kind === "verdict") setWork({ kind: "done", verdict: data.verdict });
      else setWork({ kind: "failed", reason: data.reason });
    };
    worker.current = own;
    return () => own.terminate();
  }, []);
  return {
    work,
    start: (sorted) => {
      setWork({ kind: "working", done: 0, all: 0 });
      worker.current?.postMessage(sorted.evidence);
    },
    clear: () => setWork({ kind: "waiting" }),
  };
}

export function Page() {
  const [settings, change] = useSettings();
  const say = speaker(verifierWords, settings.language);
  const [files, setFiles] = useState<readonly NamedFile[]>([]);
  const { work, start, clear } = useVerifier();
  const sorted = sortFiles(files);
  useEffect(() => {
    document.title = say("title");
  }, [settings.language]);
  const add = (list: readonly File[]): void => {
    clear();
    void Promise.all(list.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })))
      .then((read) => setFiles((now) => [...now, ...read]));
  };
  return (
    <>
      <header className="bar"><SettingsBar settings={settings} change={change} /></header>
      <main className="page stack">
        <h1>{say("title")}</h1>
        <p>{say("lead")}</p>
        <section className="stack" aria-labelledby="files">
          <h2 id="files">{say("files")}</h2>
          <FileDrop choose={say("choose")} onFiles={add}>
            <p>{say("filesHelp")}</p>
          </FileDrop>
          {files.length > 0 && <Given sorted={sorted} say={say} />}
          <div className="row">
            <Button
              primary
              isDisabled={sorted.packages !== 1 || work.kind === "working"}
              onPress={() => start(sorted)}
            >
              {say("verify")}
            </Button>
            {files.length > 0 && (
              <Button onPress={() => { setFiles([]); clear(); }}>{say("again")}</Button>
            )}
          </div>
        </section>
        {work.kind !== "waiting" && (
          <section className="stack" aria-labelledby="result">
            <h2 id="result">{say("result")}</h2>
            <div role="status" className="stack">
              {work.kind === "working" && (
                <Progress
                  label={work.all === 0 ? say("starting") : say("working", { done: work.done, all: work.all })}
                  done={work.done}
                  all={work.all}
                />
              )}
              {work.kind === "failed" && <p>{say("refused", { reason: work.reason })}</p>}
              {work.kind === "done" && <Result verdict={work.verdict} language={settings.language} />}
            </div>
          </section>
        )}
        <Receipt sorted={sorted} language={settings.language} />
      </main>
    </>
  );
}

function Given({ sorted, say }: { readonly sorted: Sorted; readonly say: Say<typeof verifierWords> }) {
  const { evidence } = sorted;
  const partials = evidence?.partials?.length ?? 0;
  const rows: readonly (readonly [string, boolean])[] = [
    [say("havePackage"), sorted.packages === 1],
    [say("haveKey"), evidence?.electionKey !== undefined],
    [say("havePartials", { n: partials }), partials > 0],
    [say("haveDefinition"), evidence?.definition !== undefined],
    [say("haveReceipt"), sorted.logReceipt !== undefined],
    [say("haveLogTrust"), sorted.logTrust.logKey !== undefined || sorted.logTrust.policy !== undefined],
  ];
  return (
    <div className="stack" role="status">
      <ul className="checks">
        {rows.map(([name, given]) => (
          <li key={name}>
            <StateMark state={given ? "passed" : "open"}>{say(given ? "given" : "missing")}</StateMark>
            <p>{name}</p>
          </li>
        ))}
      </ul>
      {sorted.packages > 1 && <p>{say("twoPackages")}</p>}
      {sorted.unknown.length > 0 && <p>{say("unknownFiles", { names: sorted.unknown.join(", ") })}</p>}
    </div>
  );
}
