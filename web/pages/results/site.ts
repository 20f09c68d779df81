// The files of the results site that the page lies in (docs/results.md), read strictly
// enough that a wrong one is an error and never a wrong answer. The page knows no other
// place to ask.

import { fromHex, toHex, type Bytes } from "../../verifier/bytes.ts";
import { sha256 } from "../../verifier/transcript.ts";
import type { Evidence } from "../../verifier/verdict.ts";

export type Text = Readonly<Record<string, string>>;

export interface PublishedOption {
  readonly code: string;
  readonly name: Text;
  readonly votes: number;
}

export interface PublishedContest {
  readonly code: string;
  readonly title: Text;
  readonly options: readonly PublishedOption[];
  readonly blank: number;
  readonly null: number;
}

export interface SiteData {
  readonly format: "urna-results-site-1";
  readonly name: Text;
  readonly definition: string;
  readonly election?: string;
  readonly record: string;
  readonly files: readonly { readonly name: string; readonly hash: string }[];
  readonly key?: string;
  readonly authorities: readonly string[];
  readonly stations: number;
  readonly counted: number;
  readonly contests: readonly PublishedContest[];
}

export interface StationData {
  readonly station: string;
  readonly name: Text;
  readonly package?: string;
  readonly decryptions: readonly string[];
  readonly sheets: readonly string[];
}

// Where the site begins, seen from the page in app/.
const root = new URL("../", document.baseURI);

export class NotFound extends Error {}

async function download(path: string, base: URL = root): Promise<Bytes> {
  const answer = await fetch(new URL(path, base), { cache: "no-cache", credentials: "omit" });
  if (answer.status === 404) throw new NotFound(path);
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return new Uint8Array(await answer.arrayBuffer());
}

const text = async (path: string): Promise<string> => new TextDecoder().decode(await download(path));

export async function loadSite(): Promise<SiteData> {
  const site = JSON.parse(await text("data/site.json")) as SiteData;
  if (site.format !== "urna-results-site-1") throw new Error("data/site.json");
  return site;
}

export const isStation = (code: string): boolean => /^[A-Z0-9]{1,16}$/.test(code);

export async function loadStation(code: string): Promise<StationData> {
  const station = JSON.parse(await text(`data/station-${code}.json`)) as StationData;
  if (station.station !== code) throw new Error(`data/station-${code}.json`);
  return station;
}

export type Recorded = "cast" | "challenged" | "voided";

// Every code of the station with what became of its ballot. The whole list is asked
// for, so that the code that is looked up never leaves the page.
export async function loadCodes(station: string): Promise<ReadonlyMap<string, Recorded>> {
  const lines = (await text(`codes/${station}.txt`)).split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => {
    const match = /^([A-Z2-7-]{64}) (cast|challenged|voided)$/.exec(line);
    if (match === null) throw new Error(`codes/${station}.txt`);
    return [match[1]!, match[2] as Recorded];
  }));
}

// A document of the record; its bytes must have the hash by which it was asked for.
async function document_(site: SiteData, hash: string): Promise<Bytes> {
  const bytes = await download(`blob/${hash}`, new URL(site.record, new URL("es/", root)));
  if (toHex(sha256(bytes)) !== hash) throw new Error(`blob/${hash}: SHA-256 ${toHex(sha256(bytes))}`);
  return bytes;
}

// Everything that the verifier can use of a station.
export async function loadEvidence(
  site: SiteData,
  station: StationData,
  progress: (done: number, all: number) => void,
): Promise<Evidence | undefined> {
  if (station.package === undefined) return undefined;
  const all = 1 + station.decryptions.length + site.files.length + (site.key === undefined ? 0 : 1);
  let done = 0;
  const get = async (hash: string): Promise<Bytes> => {
    const bytes = await document_(site, hash);
    progress(++done, all);
    return bytes;
  };
  const pack = await get(station.package);
  const partials = await Promise.all(station.decryptions.map(get));
  const definition = new Map(await Promise.all(
    site.files.map(async ({ name, hash }) => [name, await get(hash)] as const)));
  return {
    package: pack,
    partials,
    definition,
    ...(site.key === undefined ? {} : { electionKey: await get(site.key) }),
  };
}

export const authorityKeys = (site: SiteData): Bytes[] => site.authorities.flatMap((hex) => fromHex(hex) ?? []);

export const inLanguage = (words: Text, language: string): string => words[language] ?? Object.values(words)[0] ?? "";
