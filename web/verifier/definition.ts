// The definition of an election (docs/formats/definition.md), as far as a verifier needs
// it: who certifies devices, who signs for stations, which contests and options each
// station votes on, and how votes become seats. A definition whose parts do not fit
// together is refused.

import { fromUtf8, type Bytes } from "./bytes.ts";
import { parseTable, type Row } from "./csv.ts";
import { Refused, type FaultNumber } from "./fault.ts";
import { isCode, wholeNumber } from "./fields.ts";
import type { Mode } from "./sheet.ts";
import { PublicKey } from "./signature.ts";
import { hash } from "./transcript.ts";

export interface Option {
  readonly code: string;
  readonly contender: number;
}

export interface Contender {
  readonly code: string;
  readonly candidates: number; // on its list; 0: not listed
}

export interface Contest {
  readonly code: string;
  readonly kind: string;
  readonly area: string;
  readonly limit: number;
  readonly seats: number;
  readonly awards: readonly string[];
  readonly contenders: readonly Contender[];
  readonly options: readonly Option[];
}

export interface Award {
  readonly code: string;
  readonly method: string;
  readonly scope: "each" | "sum";
  readonly seats: number;
  readonly ties: "lot" | "more-votes-then-lot";
  readonly threshold: Readonly<Record<string, unknown>> | undefined;
  readonly plain: boolean; // nothing but what this verifier awards
}

export interface DefinedStation {
  readonly code: string;
  readonly registered: number | undefined;
  readonly style: number;
  readonly contests: readonly number[];
}

export interface DefinedOfficial {
  readonly station: string; // empty: every station
  readonly role: string; // empty: any
  readonly key: PublicKey;
}

export interface Definition {
  readonly hash: Bytes;
  readonly mode: Mode;
  readonly authorities: readonly PublicKey[];
  readonly officials: readonly DefinedOfficial[];
  readonly stations: readonly DefinedStation[];
  readonly contests: readonly Contest[];
  readonly awards: readonly Award[];
  readonly trustees: { readonly threshold: number; readonly members: readonly DefinedTrustee[] } | undefined;
}

export interface DefinedTrustee {
  readonly name: string;
  readonly signingKey: string | undefined;
  readonly boxKey: string | undefined;
}

export type DefinitionFiles = ReadonlyMap<string, Bytes>;

// H("definition"; name, bytes, …); notes (*.md) are left out.
export function definitionHash(files: DefinitionFiles): Bytes {
  const names = [...files.keys()].filter((name) => !name.endsWith(".md")).sort();
  return hash("definition", names.flatMap((name) => [name, files.get(name)!]));
}

const tables: Readonly<Record<string, readonly [columns: readonly string[], texts: readonly string[], needed: boolean]>> = {
  "areas.csv": [["code", "kind", "in", "registered", "seats"], ["name"], true],
  "stations.csv": [["code", "area", "also_in", "address", "registered"], ["name"], true],
  "parties.csv": [["code", "colour", "alliance"], ["name", "short"], false],
  "alliances.csv": [["code", "colour"], ["name"], false],
  "contests.csv": [["code", "kind", "area", "limit", "seats", "awards", "order"], ["title", "text"], true],
  "lists.csv": [["contest", "code", "cards"], ["name"], false],
  "candidates.csv": [["contest", "list", "position", "code", "cards"], ["name"], false],
  "officials.csv": [["station", "role", "name", "key"], [], false],
};

export function parseDefinition(files: DefinitionFiles): Definition {
  return new Loader(files).load();
}

const bad = (place: string, number: FaultNumber = 2018): Refused => new Refused(number, place);

class Loader {
  readonly #files: DefinitionFiles;
  readonly #json: Record<string, unknown>;
  #parties = new Map<string, number>();
  #areas = new Map<string, { kind: string; in: readonly string[]; registered: number | undefined }>();

  constructor(files: DefinitionFiles) {
    this.#files = files;
    const file = files.get("election.json");
    if (file === undefined) throw bad("election.json", 2001);
    for (const name of files.keys()) {
      if (name !== "election.json" && !name.endsWith(".md") && tables[name] === undefined) throw bad(name, 2000);
    }
    this.#json = parseObject("election.json", file);
  }

  load(): Definition {
    const json = this.#json;
    const mode = { demo: "DEMO", test: "TEST", official: "OFFICIAL" }[String(json["mode"])] as Mode | undefined;
    if (json["format"] !== "urna-election-1" || mode === undefined) throw bad("election.json: format or mode");
    this.#readAreas();
    this.#readParties();
    const awards = this.#readAwards();
    const contests = this.#readContests(awards);
    const stations = this.#readStations(contests);
    return {
      hash: definitionHash(this.#files),
      mode,
      authorities: keysOf(json["device_authorities"]),
      officials: this.#readOfficials(stations),
      stations,
      contests,
      awards,
      trustees: trusteesOf(json["trustees"]),
    };
  }

  #table(name: string): Row[] {
    const [columns, texts, needed] = tables[name]!;
    const bytes = this.#files.get(name);
    if (bytes === undefined) {
      if (needed) throw bad(name, 2001);
      return [];
    }
    return parseTable(name, bytes, columns, texts);
  }

  #readAreas(): void {
    const kinds = new Set((this.#json["area_kinds"] as { code: string }[] | undefined ?? []).map(({ code }) => code));
    for (const row of this.#table("areas.csv")) {
      const code = codeOf(row, "areas.csv");
      const kind = row.get("kind") ?? "";
      if (!kinds.has(kind) || this.#areas.has(code)) throw bad(`areas.csv: ${code}`);
      this.#areas.set(code, { kind, in: words(row.get("in")), registered: number(row, "registered", `area ${code}`) });
    }
    for (const [code, area] of this.#areas) {
      if (area.in.some((outer) => !this.#areas.has(outer))) throw bad(`areas.csv: ${code} lies in no area`);
    }
  }

  #readParties(): void {
    const alliances = new Set(this.#table("alliances.csv").map((row) => codeOf(row, "alliances.csv")));
    for (const row of this.#table("parties.csv")) {
      const code = codeOf(row, "parties.csv");
      const alliance = row.get("alliance") ?? "";
      if (this.#parties.has(code) || (alliance !== "" && !alliances.has(alliance))) throw bad(`parties.csv: ${code}`);
      this.#parties.set(code, this.#parties.size);
    }
  }

  // "A;B+C": A alone, B and C on one joint card.
  #cards(text: string, place: string): number[][] {
    return words(text).map((joint) => joint.split("+").map((code) => {
      const party = this.#parties.get(code);
      if (party === undefined) throw bad(`${place}: no party ${code}`);
      return party;
    }));
  }

  #readAwards(): Award[] {
    const list = this.#json["awards"];
    if (!Array.isArray(list)) throw bad("election.json: awards");
    const known = ["code", "name", "method", "scope", "seats", "ties", "threshold"];
    return list.map((item: Record<string, unknown>) => {
      const { code, method, scope, seats, ties } = item;
      if (typeof code !== "string" || !isCode(code) || typeof method !== "string" || typeof seats !== "number" ||
          (scope !== "each" && scope !== "sum") || (ties !== "lot" && ties !== "more-votes-then-lot")) {
        throw bad(`election.json: the award ${String(code)}`);
      }
      const threshold = item["threshold"] as Record<string, unknown> | undefined;
      const plain = Object.keys(item).every((key) => known.includes(key)) && threshold?.["or_won_in"] === undefined;
      return { code, method, scope, seats, ties, threshold, plain };
    });
  }

  #readContests(awards: readonly Award[]): Contest[] {
    const lists = this.#table("lists.csv");
    const candidates = this.#table("candidates.csv");
    const codes = new Set<string>();
    const contests = this.#table("contests.csv").map((row) => {
      const code = codeOf(row, "contests.csv");
      if (codes.has(code)) throw bad(`contests.csv: ${code} twice`);
      codes.add(code);
      return this.#contest(row, code, awards, lists, candidates);
    });
    const sums = new Set(awards.filter(({ scope }) => scope === "sum").map(({ code }) => code));
    for (const row of [...lists, ...candidates]) {
      const contest = row.get("contest") ?? "";
      if (!codes.has(contest) && !sums.has(contest)) throw bad(`no contest ${contest}`);
    }
    return contests;
  }

  #contest(row: Row, code: string, awards: readonly Award[], lists: readonly Row[], candidates: readonly Row[]): Contest {
    const place = `contest ${code}`;
    const kind = row.get("kind") ?? "";
    const area = row.get("area") ?? "";
    const fed = words(row.get("awards"));
    const seats = number(row, "seats", place) ?? 0;
    if (!["plurality", "list", "question", "approval"].includes(kind) || !this.#areas.has(area) ||
        fed.some((award) => awards.every((one) => one.code !== award))) {
      throw bad(place);
    }
    const standing: { code: string; groups: number[][]; candidates: number }[] = [];
    if (kind === "question") {
      standing.push({ code: "YES", groups: [[]], candidates: 0 }, { code: "NO", groups: [[]], candidates: 0 });
    } else if (kind === "list") {
      for (const list of lists.filter((one) => one.get("contest") === code)) {
        const own = codeOf(list, "lists.csv");
        const cards = list.get("cards") ?? "";
        const party = this.#parties.get(own);
        const groups = cards !== "" ? this.#cards(cards, place) : party !== undefined ? [[party]] : [[]];
        const members = candidates.filter((one) => one.get("contest") === code && one.get("list") === own).length;
        standing.push({ code: own, groups, candidates: members });
      }
    } else {
      for (const one of candidates.filter((candidate) => candidate.get("contest") === code)) {
        const groups = this.#cards(one.get("cards") ?? "", place);
        standing.push({ code: codeOf(one, "candidates.csv"), groups: groups.length === 0 ? [[]] : groups, candidates: 0 });
      }
    }
    const options = optionsOf(standing, [...this.#parties.keys()], row.get("order") === "parties");
    const limit = number(row, "limit", place) ?? (kind === "approval" ? options.length : 1);
    const repeated = new Set(options.map((option) => option.code)).size !== options.length;
    if (options.length === 0 || repeated || limit < 1 || limit > options.length) throw bad(`${place}: its options`);
    return { code, kind, area, limit, seats, awards: fed, contenders: standing, options };
  }

  #readStations(contests: readonly Contest[]): DefinedStation[] {
    const registered = new Map([...this.#areas.keys()].map((code) => [code, { sum: 0, open: false }]));
    const rows = this.#table("stations.csv").map((row) => {
      const code = codeOf(row, "stations.csv");
      const inside = this.#around([row.get("area") ?? "", ...words(row.get("also_in"))], code);
      const voters = number(row, "registered", `station ${code}`);
      for (const area of inside) {
        const sum = registered.get(area)!;
        sum.sum += voters ?? 0;
        sum.open ||= voters === undefined;
      }
      const own = contests.flatMap((contest, i) => (inside.has(contest.area) ? [i] : []));
      if (own.length === 0) throw bad(`station ${code} has nothing to vote on`);
      return { code, registered: voters, contests: own };
    });
    if (rows.length === 0 || new Set(rows.map(({ code }) => code)).size !== rows.length) throw bad("stations.csv");
    for (const [code, { sum, open }] of registered) {
      const declared = this.#areas.get(code)!.registered;
      if (declared !== undefined && (open ? sum > declared : sum !== declared)) throw bad(`area ${code}`, 2042);
    }
    // Styles are numbered in ascending order of their contests.
    const lists = rows.map(({ contests: own }) => own).sort(byNumbers);
    const distinct = lists.filter((list, i) => i === 0 || byNumbers(list, lists[i - 1]!) !== 0);
    return rows.map((row) => ({ ...row, style: distinct.findIndex((list) => byNumbers(list, row.contests) === 0) }));
  }

  // The areas given and all areas around them.
  #around(areas: readonly string[], station: string): Set<string> {
    const found = new Set<string>();
    for (const open = [...areas]; open.length > 0;) {
      const code = open.pop()!;
      const area = this.#areas.get(code);
      if (area === undefined) throw bad(`station ${station}: no area ${code}`);
      if (found.has(code)) continue;
      found.add(code);
      open.push(...area.in);
    }
    return found;
  }

  #readOfficials(stations: readonly DefinedStation[]): DefinedOfficial[] {
    return this.#table("officials.csv").flatMap((row) => {
      const station = row.get("station") ?? "";
      if (station !== "" && stations.every(({ code }) => code !== station)) throw bad(`officials.csv: no station ${station}`);
      const role = (row.get("role") ?? "").toUpperCase();
      return keysOf([row.get("key") ?? ""].filter((key) => key !== ""))
        .map((key) => ({ station, role: isCode(role) ? role : "", key }));
    });
  }
}

// A contender with several cards has one option for each, with the code of its first card;
// any other has one option with its own code.
function optionsOf(
  standing: readonly { readonly code: string; readonly groups: readonly (readonly number[])[] }[],
  parties: readonly string[],
  byParty: boolean,
): Option[] {
  const options = standing.flatMap(({ code, groups }, contender) =>
    groups.map((group) => ({
      code: groups.length === 1 || group.length === 0 ? code : parties[group[0]!]!,
      contender,
      card: group[0] ?? Infinity,
    })));
  if (byParty) options.sort((a, b) => (a.card === b.card ? a.contender - b.contender : a.card - b.card));
  return options.map(({ code, contender }) => ({ code, contender }));
}

function byNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  if (at < 0) return a.length - b.length;
  return at < b.length ? a[at]! - b[at]! : 1;
}

const words = (text: string | undefined): string[] => (text === undefined || text === "" ? [] : text.split(";"));

function codeOf(row: Row, file: string): string {
  const code = row.get("code") ?? "";
  if (!isCode(code)) throw bad(`${file}: '${code}' is no code`);
  return code;
}

function number(row: Row, column: string, place: string): number | undefined {
  const text = row.get(column) ?? "";
  if (text === "") return undefined;
  const value = wholeNumber(text, 0, 999_999_999);
  if (value === undefined) throw bad(`${place}: ${column}`);
  return value;
}

function keysOf(list: unknown): PublicKey[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw bad("election.json: keys");
  return list.map((text: unknown) => {
    if (typeof text !== "string" || !/^[0-9a-f]{64}$/.test(text)) throw bad(`'${String(text)}' is no key`);
    return PublicKey.decode(Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16)));
  });
}

function trusteesOf(json: unknown): Definition["trustees"] {
  if (json === undefined) return undefined;
  const { threshold, members } = json as { threshold?: unknown; members?: unknown };
  if (typeof threshold !== "number" || !Array.isArray(members) || 2 * threshold <= members.length || threshold > members.length) {
    throw bad("election.json: trustees");
  }
  return {
    threshold,
    members: members.map((member: Record<string, unknown>) => ({
      name: String(member["name"]),
      signingKey: member["signing_key"] as string | undefined,
      boxKey: member["box_key"] as string | undefined,
    })),
  };
}

// A JSON file that holds one object; refuses keys that stand twice in one object.
export function parseObject(file: string, bytes: Bytes): Record<string, unknown> {
  const text = fromUtf8(bytes);
  if (text === undefined) throw new Refused(1014, file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused(1040, file);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refused(1040, file);
  if (hasRepeatedKey(text)) throw new Refused(1041, file);
  return value as Record<string, unknown>;
}

// Whether some object of this well-formed JSON text names a key twice.
function hasRepeatedKey(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  for (const match of text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/g)) {
    const [token, key, colon] = match;
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (colon !== undefined) {
      const keys = open.at(-1);
      const name = JSON.parse(`"${key!}"`) as string;
      if (keys?.has(name) === true) return true;
      keys?.add(name);
    }
  }
  return false;
}
