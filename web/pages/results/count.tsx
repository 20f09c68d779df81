// The citizens' count: photographs and texts in, sums beside the published ones, and
// what contradicts them first.

import { useState } from "react";

import { Button, FileDrop, LongText, StateMark } from "../../ui/components.tsx";
import { speaker, type Language, type Say } from "../../ui/glossary.ts";
import {
  countSheets, readSources, stationsOf, type BroughtSheet, type CitizensCount, type ContestCount, type Contradiction, type Source,
} from "./citizens.ts";
import { authorityKeys, inLanguage, loadStation, NotFound, type SiteData } from "./site.ts";
import { resultsWords } from "./words.ts";

type Speak = Say<typeof resultsWords>;

// A picture gives the texts of its codes; any other file is a sheet file or a list of
// codes' texts.
async function readFile(file: File): Promise<Source> {
  if (/^image\//.test(file.type)) {
    const { readPhotograph } = await import("./photograph.ts");
    return { name: file.name, texts: await readPhotograph(file) };
  }
  const text = await file.text();
  return { name: file.name, texts: text.startsWith("URNA:SHEET/") ? [text] : text.split(/\r?\n/) };
}

// The digests that the site has of these stations.
async function publishedSheets(stations: readonly string[]): Promise<Map<string, readonly string[]>> {
  const out = new Map<string, readonly string[]>();
  for (const station of stations) {
    try {
      out.set(station, (await loadStation(station)).sheets);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
    }
  }
  return out;
}

async function countAll(sources: readonly Source[], site: SiteData): Promise<CitizensCount> {
  const brought = readSources(sources);
  const published = { definition: site.definition, authorities: authorityKeys(site), contests: site.contests };
  return countSheets(brought, published, await publishedSheets(stationsOf(brought)));
}

export function CitizensCountPage({ site, language }: { readonly site: SiteData; readonly language: Language }) {
  const say = speaker(resultsWords, language);
  const [sources, setSources] = useState<readonly Source[]>([]);
  const [count, setCount] = useState<CitizensCount>();
  const [text, setText] = useState("");
  const [reading, setReading] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const take = async (more: readonly (() => Promise<Source>)[], names: readonly string[]): Promise<void> => {
    setFailure(undefined);
    try {
      const read: Source[] = [];
      for (const [i, one] of more.entries()) {
        setReading(names[i]);
        read.push(await one());
      }
      const all = [...sources, ...read];
      setSources(all);
      setCount(await countAll(all, site));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setReading(undefined);
  };
  const addText = (): void => {
    const texts = text.split(/\r?\n/).filter((line) => line.trim() !== "");
    if (texts.length === 0) return;
    setText("");
    void take([() => Promise.resolve({ name: say("pasted"), texts })], [say("pasted")]);
  };
  return (
    <>
      <p>{say("countLead")}</p>
      <FileDrop
        choose={say("choose")}
        onFiles={(files) => void take(files.map((file) => () => readFile(file)), files.map((file) => file.name))}
      >
        <p>{say("drop")}</p>
      </FileDrop>
      <LongText label={say("paste")} value={text} onChange={setText} focus={false} />
      <div className="row">
        <Button onPress={addText}>{say("add")}</Button>
        {sources.length > 0 && (
          <Button onPress={() => { setSources([]); setCount(undefined); }}>{say("again")}</Button>
        )}
      </div>
      <div role="status" className="stack">
        {reading !== undefined && <p>{say("reading", { name: reading })}</p>}
        {failure !== undefined && <p>{say("broken", { reason: failure })}</p>}
        {count !== undefined && reading === undefined && <Counted count={count} site={site} language={language} say={say} />}
      </div>
    </>
  );
}

function Counted({ count, site, language, say }: {
  readonly count: CitizensCount;
  readonly site: SiteData;
  readonly language: Language;
  readonly say: Speak;
}) {
  const state = count.contradictions.length > 0 ? "failed" : count.stations > 0 ? "passed" : "open";
  return (
    <>
      <section className="stack" aria-labelledby="contradictions">
        <h2 id="contradictions">{say("contradictions")}</h2>
        {count.contradictions.length === 0 && (
          <div className={`panel ${state}`}>
            <StateMark state={state}><span className="wrap">{say("noContradiction", { n: count.stations })}</span></StateMark>
          </div>
        )}
        <ul className="files">
          {count.contradictions.map((one, i) => (
            <li key={i} className="panel failed">
              <StateMark state="failed"><span className="wrap">{contradictionText(one, site, language, say)}</span></StateMark>
            </li>
          ))}
        </ul>
      </section>
      <section className="stack" aria-labelledby="sheets">
        <h2 id="sheets">{say("sheets")}</h2>
        <ul className="files">
          {count.sheets.map((one, i) => <SheetRow key={i} sheet={one} say={say} />)}
          {count.unread.map(({ source, why }, i) => (
            <li key={`u${i}`}>
              <StateMark state="open">
                <span className="wrap">{say("unread", { source, why: why === "" ? say("noCodes") : why })}</span>
              </StateMark>
            </li>
          ))}
        </ul>
      </section>
      {count.contests.length > 0 && <h2>{say("totals", { n: count.stations, all: site.counted })}</h2>}
      {count.contests.map((one) => <ContestTable key={one.contest.code} count={one} language={language} say={say} />)}
    </>
  );
}

function contradictionText(one: Contradiction, site: SiteData, language: Language, say: Speak): string {
  if (one.kind !== "more") {
    return say(one.kind === "missing" ? "absent" : one.kind, { station: one.station, source: one.source });
  }
  const contest = site.contests.find(({ code }) => code === one.contest);
  return say("more", {
    contest: contest === undefined ? one.contest : inLanguage(contest.title, language),
    option: rowName(one.option, contest?.options ?? [], language, say),
    counted: one.counted,
    published: one.published,
  });
}

function rowName(code: string, options: SiteData["contests"][number]["options"], language: Language, say: Speak): string {
  if (code === "") return say("blank");
  if (code === "-") return say("nullVotes");
  const option = options.find((one) => one.code === code);
  return option === undefined ? code : inLanguage(option.name, language);
}

const reasons = ["election", "authority", "contests", "uncounted"] as const;

function SheetRow({ sheet: { signed, source, fault }, say }: { readonly sheet: BroughtSheet; readonly say: Speak }) {
  const { station, segment } = signed.sheet;
  const why = reasons.find((reason) => reason === fault);
  return (
    <li>
      <StateMark state={fault === undefined ? "passed" : "failed"}>
        <span className="wrap">
          {fault === undefined
            ? say("sheetGood", { station, segment, source })
            : say("sheetBad", { station, segment, source, why: why === undefined ? fault : say(why) })}
        </span>
      </StateMark>
    </li>
  );
}

function ContestTable({ count: { contest, rows }, language, say }: {
  readonly count: ContestCount;
  readonly language: Language;
  readonly say: Speak;
}) {
  const numbers = new Intl.NumberFormat(language);
  const title = inLanguage(contest.title, language);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{say("option")}</th>
            <th scope="col" className="number">{say("here")}</th>
            <th scope="col" className="number">{say("published")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.code} className={row.counted > row.published ? "wrong" : ""}>
              <th scope="row">{rowName(row.code, contest.options, language, say)}</th>
              <td className="number">{numbers.format(row.counted)}</td>
              <td className="number">{numbers.format(row.published)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
