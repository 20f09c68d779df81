// The pages of the results site that compute: one task a page, chosen by the address.

import { useEffect, useState } from "react";

import { speaker, type Language } from "../../ui/glossary.ts";
import { SettingsBar, useSettings } from "../../ui/settings.tsx";
import { CitizensCountPage } from "./count.tsx";
import { ReceiptPage } from "./receipt.tsx";
import { inLanguage, loadSite, type SiteData } from "./site.ts";
import { VerifyPage } from "./verify.tsx";
import { resultsWords } from "./words.ts";

const tasks = ["receipt", "verify", "count"] as const;
type Task = (typeof tasks)[number];

const taskOf = (hash: string): Task => tasks.find((task) => `#${task}` === hash) ?? "receipt";

function useTask(): Task {
  const [task, set] = useState(() => taskOf(location.hash));
  useEffect(() => {
    const changed = (): void => set(taskOf(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return task;
}

type Loaded = { readonly site: SiteData } | { readonly reason: string } | undefined;

function useSite(): Loaded {
  const [loaded, set] = useState<Loaded>();
  useEffect(() => {
    loadSite().then((site) => set({ site }), (error: unknown) => set({ reason: String(error) }));
  }, []);
  return loaded;
}

export function Page() {
  const [settings, change] = useSettings();
  const { language } = settings;
  const say = speaker(resultsWords, language);
  const task = useTask();
  const loaded = useSite();
  const asked = new URLSearchParams(location.search).get("station") ?? "";
  useEffect(() => {
    document.title = say(task);
  }, [language, task]);
  return (
    <>
      <header className="bar stack">
        <SettingsBar settings={settings} change={change} />
        <nav aria-label={say("sections")}>
          <ul className="tabs">
            <li><a href={`../${language}/index.html`}>{say("results")}</a></li>
            {tasks.map((one) => (
              <li key={one}>
                <a href={`#${one}`} aria-current={one === task ? "page" : undefined}>{say(one)}</a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main className="page stack">
        {loaded !== undefined && "site" in loaded && <p className="soft">{inLanguage(loaded.site.name, language)}</p>}
        <h1>{say(task)}</h1>
        {loaded === undefined && <p role="status">{say("loading")}</p>}
        {loaded !== undefined && "reason" in loaded && <p role="alert">{say("noSite", { reason: loaded.reason })}</p>}
        {loaded !== undefined && "site" in loaded && (
          <Chosen task={task} site={loaded.site} station={asked} language={language} />
        )}
      </main>
    </>
  );
}

function Chosen({ task, site, station, language }: {
  readonly task: Task;
  readonly site: SiteData;
  readonly station: string;
  readonly language: Language;
}) {
  if (task === "verify") return <VerifyPage site={site} station={station} language={language} />;
  if (task === "count") return <CitizensCountPage site={site} language={language} />;
  return <ReceiptPage station={station} language={language} />;
}
