// The citizens' count: from the texts of QR codes and sheet files to sums, set beside
// what was published, with everything that contradicts it. The same as `urna count`
// does with sheets, without seats.

import { equal, toHex, type Bytes } from "../../verifier/bytes.ts";
import { readChain } from "../../verifier/chain.ts";
import { attempt, faultText } from "../../verifier/fault.ts";
import {
  certifiedBy, checkSignedSheet, parseCertificate, parseSheet, parseSheetFile, type Certificate, type SignedSheet,
} from "../../verifier/sheet.ts";
import { PublicKey } from "../../verifier/signature.ts";
import type { PublishedContest } from "./site.ts";

export interface Published {
  readonly definition: string;
  readonly authorities: readonly Bytes[];
  readonly contests: readonly PublishedContest[];
}

// A sheet that somebody brought, and what is wrong with it.
export interface BroughtSheet {
  readonly signed: SignedSheet;
  readonly source: string;
  readonly fault: string | undefined; // not counted
}

export interface Brought {
  readonly sheets: readonly BroughtSheet[];
  readonly unread: readonly { readonly source: string; readonly why: string }[];
}

export interface Source {
  readonly name: string;
  readonly texts: readonly string[]; // of QR codes, or one sheet file
}

const isFile = (text: string): boolean => /^URNA:SHEET\//.test(text);
const isCertificate = (text: string): boolean => /^URNA:CERT\//.test(text);
const isCode = (text: string): boolean => /^URNA:QR\//.test(text);

// Codes of one sheet carry the same fields between PART and the piece.
const sheetOf = (text: string): string =>
  / (SHEET:\S+ ELECTION:\S+ MODE:\S+ STATION:\S+ SEGMENT:\S+) /.exec(text)?.[1] ?? text;

// A file may hold many sheets one after another, each of one line or of three.
function sheetFiles(text: string): string[] {
  const out: string[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    if (isFile(line)) out.push(line);
    else if (out.length > 0) out[out.length - 1] += line;
  }
  return out;
}

// Codes of one sheet may come from several pictures; a certificate may be on another.
export function readSources(sources: readonly Source[]): Brought {
  const sheets: BroughtSheet[] = [];
  const unread: { source: string; why: string }[] = [];
  const codes = new Map<string, { texts: string[]; names: Set<string> }>();
  const certificates: Certificate[] = [];
  for (const { name, texts } of sources) {
    let used = false;
    for (const text of texts.flatMap((one) => (isFile(one) ? sheetFiles(one) : [one.trim()]))) {
      if (isFile(text)) {
        used = true;
        const read = attempt(() => parseSheetFile(text.endsWith("\n") ? text : `${text}\n`));
        if ("fault" in read) unread.push({ source: name, why: faultText(read.fault) });
        else sheets.push({ signed: read.value, source: name, fault: undefined });
      } else if (isCertificate(text)) {
        used = true;
        const read = attempt(() => parseCertificate(text));
        if ("value" in read) certificates.push(read.value);
      } else if (isCode(text)) {
        used = true;
        const group = codes.get(sheetOf(text)) ?? { texts: [], names: new Set<string>() };
        group.texts.push(text);
        group.names.add(name);
        codes.set(sheetOf(text), group);
      }
    }
    if (!used) unread.push({ source: name, why: "" });
  }
  for (const { texts, names } of codes.values()) {
    const source = [...names].join(", ");
    const read = attempt(() => readChain(texts));
    if ("fault" in read) {
      unread.push({ source, why: faultText(read.fault) });
      continue;
    }
    const sheet = parseSheet(read.value.text);
    const certificate = certificates.find((one) =>
      one.name === sheet.device && (one.station === "" || one.station === sheet.station));
    sheets.push({ signed: { sheet, signature: read.value.signature, certificate }, source, fault: undefined });
  }
  return { sheets, unread };
}

// Why a sheet may not be counted; nothing when its whole chain of trust holds.
export function faultOf(signed: SignedSheet, published: Published): string | undefined {
  const { sheet, certificate } = signed;
  if (toHex(sheet.election) !== published.definition) return "election";
  if (published.authorities.length === 0) return "authority";
  const checked = attempt(() => checkSignedSheet(signed));
  if ("fault" in checked) return faultText(checked.fault);
  const keys = published.authorities.map((key) => PublicKey.decode(key));
  if (certificate === undefined || !certifiedBy(certificate, keys)) return "authority";
  if (sheet.origin === "UNCOUNTED") return "uncounted";
  const known = sheet.contests.every((contest) => {
    const one = published.contests.find(({ code }) => code === contest.code);
    return one !== undefined && contest.options.length === one.options.length &&
      contest.options.every((option, i) => option.code === one.options[i]!.code);
  });
  return known ? undefined : "contests";
}

export interface Row {
  readonly code: string; // of the option; "" for blank, "-" for null
  readonly counted: number;
  readonly published: number;
}

export interface ContestCount {
  readonly contest: PublishedContest;
  readonly rows: readonly Row[];
}

export type Contradiction =
  // A signed sheet of the station is not among the published ones.
  | { readonly kind: "differs"; readonly station: string; readonly source: string }
  // Two signed sheets of one station and segment.
  | { readonly kind: "two"; readonly station: string; readonly source: string }
  // The sheets brought here already give more votes than were published.
  | { readonly kind: "more"; readonly contest: string; readonly option: string; readonly counted: number; readonly published: number }
  // The station's sheets were brought, and the site has none of it.
  | { readonly kind: "missing"; readonly station: string; readonly source: string };

export interface CitizensCount {
  readonly sheets: readonly BroughtSheet[];
  readonly unread: Brought["unread"];
  readonly stations: number;
  readonly contests: readonly ContestCount[];
  readonly contradictions: readonly Contradiction[];
}

// `published sheets`: the digests that the site has of a station; undefined: none asked.
export function countSheets(
  brought: Brought,
  published: Published,
  publishedSheets: ReadonlyMap<string, readonly string[]>,
): CitizensCount {
  const contradictions: Contradiction[] = [];
  const counted = new Map<string, BroughtSheet>();
  const sheets = brought.sheets.map((one) => ({ ...one, fault: faultOf(one.signed, published) }));
  for (const one of sheets) {
    if (one.fault !== undefined) continue;
    const { sheet } = one.signed;
    const key = `${sheet.station} ${sheet.segment}`;
    const before = counted.get(key);
    if (before !== undefined) {
      if (!equal(before.signed.sheet.digest, sheet.digest)) {
        contradictions.push({ kind: "two", station: sheet.station, source: `${before.source}, ${one.source}` });
      }
      continue;
    }
    counted.set(key, one);
    const there = publishedSheets.get(sheet.station);
    if (there === undefined || there.length === 0) {
      contradictions.push({ kind: "missing", station: sheet.station, source: one.source });
    } else if (!there.includes(toHex(sheet.digest))) {
      contradictions.push({ kind: "differs", station: sheet.station, source: one.source });
    }
  }
  const contests = addUp([...counted.values()], published.contests);
  for (const { contest, rows } of contests) {
    for (const row of rows) {
      if (row.counted > row.published) {
        contradictions.push({
          kind: "more", contest: contest.code, option: row.code, counted: row.counted, published: row.published,
        });
      }
    }
  }
  const stations = new Set([...counted.values()].map((one) => one.signed.sheet.station)).size;
  return { sheets, unread: brought.unread, stations, contests, contradictions };
}

function addUp(sheets: readonly BroughtSheet[], contests: readonly PublishedContest[]): ContestCount[] {
  return contests.flatMap((contest) => {
    const own = sheets.flatMap(({ signed }) => signed.sheet.contests.filter(({ code }) => code === contest.code));
    if (own.length === 0) return [];
    const sum = (number: (one: (typeof own)[number]) => number): number =>
      own.reduce((total, one) => total + number(one), 0);
    const rows: Row[] = contest.options.map((option, i) => ({
      code: option.code, counted: sum((one) => one.options[i]!.votes), published: option.votes,
    }));
    rows.push({ code: "", counted: sum((one) => one.blank ?? 0), published: contest.blank });
    rows.push({ code: "-", counted: sum((one) => one.nullVotes ?? 0), published: contest.null });
    return [{ contest, rows }];
  });
}

export const stationsOf = (brought: Brought): string[] =>
  [...new Set(brought.sheets.map((one) => one.signed.sheet.station))];
