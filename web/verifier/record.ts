// A whole copy of a public record (docs/formats/record.md), judged from its files alone:
// the 35 checks of docs/verification.md, each passed, failed or not run and why, from the
// log's first byte to the last seat.

import { equal, fromUtf8, toHex, type Bytes } from "./bytes.ts";
import { wrongCeremony } from "./ceremony.ts";
import { Checks, type AnyCheck, type Check } from "./checks.ts";
import { parseDefinition, parseObject, type DefinedOfficial, type Definition } from "./definition.ts";
import { Documents, parseEntry, stationOf, type Entry } from "./documents.ts";
import { parseElectionKey, type ElectionKey } from "./election-key.ts";
import { attempt, faultText, Refused } from "./fault.ts";
import { scanLog, type LogScan, type RecordFiles } from "./log-scan.ts";
import { rootOf } from "./merkle.ts";
import { openCheckpoint, parseCheckpoint, parseNote, VerifierKey } from "./note.ts";
import { checkPolicy, parsePolicy } from "./policy.ts";
import { deriveResults, differences, type CountedStation, type Json } from "./results.ts";
import type { Drawing } from "./seats.ts";
import { certifiedBy, parseCertificate } from "./sheet.ts";
import { sha256 } from "./transcript.ts";
import { checkNames, remembered, verifyStation, type CheckName, type Evidence, type StationVerdict, type VerifyOptions } from "./verdict.ts";

// What whoever verifies knows from elsewhere.
export interface Trust {
  readonly logKey?: VerifierKey;
  readonly election?: Bytes; // He
  readonly policy?: Bytes;
  readonly seen?: readonly Bytes[]; // checkpoints
}

const recordChecks = [
  "log-key", "checkpoint", "witnesses", "history", "tree", "entries", "documents", "conflicts", "definition",
  "election-key", "ceremony", "trust-root", "certificates", "decisions", "stations", "totals", "seats",
] as const;
type RecordCheck = (typeof recordChecks)[number];

// Checks of a station's verdict that are made once for the whole record.
const once: readonly CheckName[] = ["certificates", "election-key", "definition"];

const noPackage: readonly Check<CheckName>[] = checkNames.map((name) =>
  ({ name, state: "not run", details: ["the record has no usable package of this station"] }));

export interface StationReport {
  readonly station: string;
  readonly checks: readonly Check[];
  readonly verdict: StationVerdict | undefined; // without its package there is none
}

export interface RecordReport {
  readonly size: number;
  readonly root: string;
  readonly election: string; // He; empty when the key cannot be used
  readonly failed: boolean;
  readonly checks: readonly Check[];
  readonly stations: readonly StationReport[];
}

// Refuses a folder that is no record; whatever else is wrong is in the report.
export async function verifyRecord(files: RecordFiles, trust: Trust = {}, options: VerifyOptions = {}): Promise<RecordReport> {
  return new RecordVerifier(files, trust, options).run();
}

interface Decisions {
  readonly counted: ReadonlyMap<string, readonly string[]>; // of a station, the hashes that count
  readonly drawings: readonly Drawing[];
}

class RecordVerifier {
  readonly #checks = new Checks<RecordCheck>();
  readonly #trust: Trust;
  readonly #options: VerifyOptions;
  readonly #scan: LogScan;
  readonly #documents: Documents;
  readonly #missing: string[] = []; // findings of the check "documents"
  #logKey: VerifierKey | undefined;
  #definition: Definition | undefined;
  #definitionFiles: ReadonlyMap<string, Bytes> = new Map();
  #key: ElectionKey | undefined;
  #keyBytes: Bytes | undefined;
  #decisions: Decisions = { counted: new Map(), drawings: [] };
  #officials: DefinedOfficial[] = [];

  constructor(files: RecordFiles, trust: Trust, options: VerifyOptions) {
    this.#trust = trust;
    this.#options = options;
    this.#documents = new Documents(files);
    this.#scan = scanLog(files);
  }

  async run(): Promise<RecordReport> {
    this.#checkTree();
    this.#checkLogKey();
    this.#checkWitnesses();
    this.#checkHistory();
    const decisions = this.#bytesOfLast("decisions", "decisions.json");
    this.#checkDefinition();
    this.#checkDecisions(decisions);
    this.#checkConflicts();
    this.#checkKey();
    this.#checkCeremony();
    this.#checkTrustRoot();
    this.#checkCertificates();
    const stations: StationReport[] = [];
    for (const { code } of this.#definition?.stations ?? []) stations.push(await this.#station(code));
    this.#checkStations(stations);
    this.#checkResults(stations);
    this.#lookAtTheRest();
    if (this.#documents.size > 0) this.#checks.run("documents", () => this.#missing);
    const checks = this.#checks.list(recordChecks);
    return {
      size: this.#scan.checkpoint.size,
      root: toHex(this.#scan.checkpoint.root),
      election: this.#key === undefined ? "" : toHex(this.#key.electionHash),
      failed: [checks, ...stations.map((station) => station.checks)].flat().some(({ state }) => state === "failed"),
      checks,
      stations,
    };
  }

  #checkTree(): void {
    this.#checks.run("tree", () => this.#scan.faults.map(({ file, what }) => `${file}: ${what}`));
    this.#checks.run("entries", () => this.#scan.entries.flatMap(({ index, bytes }) => {
      const entry = attempt(() => parseEntry(bytes, index));
      if ("fault" in entry) return [faultText(entry.fault)];
      this.#documents.add(entry.value);
      return [];
    }));
    if (this.#scan.entries.length === 0) this.#checks.skip("the log has no readable entry", "entries");
  }

  // The bytes of a document; when they are not those of its entry, that is said once.
  #bytes(entry: Entry): Bytes | undefined {
    const read = attempt(() => this.#documents.bytes(entry));
    if ("value" in read) return read.value;
    const said = `${entry.kind} ${entry.name}: ${faultText(read.fault)}`;
    if (!this.#missing.includes(said)) this.#missing.push(said);
    return undefined;
  }

  // Of a document that must have one version only.
  #only(kind: string, name: string): Bytes | undefined {
    const [entry, ...others] = this.#documents.versions(kind, name);
    return entry === undefined || others.length > 0 ? undefined : this.#bytes(entry);
  }

  #bytesOfLast(kind: string, name: string): Bytes | undefined {
    const entry = this.#documents.versions(kind, name).at(-1);
    return entry === undefined ? undefined : this.#bytes(entry);
  }

  #checkLogKey(): void {
    const bytes = this.#only("log-key", "log-key");
    const stated = bytes === undefined ? undefined
      : attempt(() => VerifierKey.parse((fromUtf8(bytes) ?? "").replace(/\n$/, "")));
    if (stated !== undefined && "fault" in stated) this.#checks.fail("checkpoint", faultText(stated.fault));
    const own = stated !== undefined && "value" in stated ? stated.value : undefined;
    const { logKey } = this.#trust;
    this.#logKey = logKey ?? own;
    if (logKey === undefined) {
      this.#checks.skip("no key of the log was given: the key that the record states for itself was used", "log-key");
    } else {
      this.#checks.run("log-key", () =>
        own !== undefined && own.text !== logKey.text ? [`you gave ${logKey.text}, the record states ${own.text}`] : []);
    }
    const key = this.#logKey;
    if (key === undefined) return this.#checks.skip("no key of the log is known", "checkpoint");
    this.#checks.run("checkpoint", () => {
      openCheckpoint(this.#scan.noteBytes, key, []);
      return [];
    });
  }

  #checkWitnesses(): void {
    const bytes = this.#trust.policy ?? this.#only("policy", "witnesses");
    if (bytes === undefined) {
      return this.#checks.skip("no policy was given and the record names no witnesses", "witnesses");
    }
    const policy = attempt(() => parsePolicy(bytes));
    const good = this.#checks.run("witnesses", () => {
      if ("fault" in policy) return [faultText(policy.fault)];
      checkPolicy(policy.value, this.#scan.note);
      return [];
    });
    if (!good || !("value" in policy)) return;
    if (policy.value.quorum === undefined) this.#checks.skip("the policy asks for no witnesses", "witnesses");
    else if (this.#trust.policy === undefined) {
      this.#checks.skip("the witnesses that the record itself names have signed; give the policy that you know", "witnesses");
    }
  }

  #checkHistory(): void {
    const seen = this.#trust.seen ?? [];
    if (seen.length === 0) return this.#checks.skip("no checkpoint that you saw before was given", "history");
    for (const bytes of seen) {
      this.#checks.run("history", () => {
        const checkpoint = parseCheckpoint(parseNote(bytes).text);
        if (this.#logKey === undefined) return ["no key of the log is known"];
        openCheckpoint(bytes, this.#logKey, []);
        if (checkpoint.size > this.#scan.leaves.length) {
          return [`you saw ${checkpoint.size} entries, this record has ${this.#scan.leaves.length}`];
        }
        const root = rootOf(this.#scan.leaves.slice(0, checkpoint.size));
        return equal(root, checkpoint.root) ? [] : [
          `the first ${checkpoint.size} entries had the root ${toHex(checkpoint.root)} when you saw them and have ${toHex(root)} now`,
        ];
      });
    }
  }

  #checkDefinition(): void {
    const entries = this.#documents.of("definition");
    if (entries.length === 0) return this.#checks.skip("the record has no definition", "definition");
    const files = new Map<string, Bytes>();
    for (const { name } of entries) {
      const bytes = this.#only("definition", name);
      if (bytes === undefined) {
        const why = this.#documents.versions("definition", name).length > 1 ? `there are two versions of ${name}` : `the bytes of ${name} are missing`;
        return this.#checks.skip(why, "definition");
      }
      files.set(name, bytes);
    }
    this.#definitionFiles = files;
    this.#checks.run("definition", () => {
      this.#definition = parseDefinition(files);
      return [];
    });
  }

  #checkDecisions(bytes: Bytes | undefined): void {
    if (bytes === undefined) return this.#checks.skip("the record has no decisions that can be read", "decisions");
    const definition = this.#definition;
    if (definition === undefined) return this.#checks.skip("there is no usable definition", "decisions");
    this.#checks.run("decisions", () => {
      this.#decisions = parseDecisions(bytes, definition);
      return [];
    });
  }

  // The package of a station that counts: the only one, or the one that a decision names.
  #packageOf(station: string): Entry | undefined {
    const versions = this.#documents.versions("package", station);
    if (versions.length <= 1) return versions[0];
    const counted = this.#decisions.counted.get(station) ?? [];
    const named = versions.filter(({ hash }) => counted.includes(hash));
    return named.length === 1 ? named[0] : undefined;
  }

  readonly #inConflict = new Map<string, string[]>(); // findings by station

  #checkConflicts(): void {
    this.#checks.run("conflicts", () => []);
    for (const versions of this.#documents.conflicts()) {
      const first = versions[0]!;
      if (first.kind === "package" && this.#packageOf(first.name) !== undefined) continue;
      const what = `${first.kind} ${first.name} has different versions: ${versions.map(({ hash }) => hash).join(" and ")}`;
      this.#checks.fail("conflicts", what);
      const list = this.#inConflict.get(stationOf(first)) ?? [];
      this.#inConflict.set(stationOf(first), [...list, what]);
    }
  }

  #checkKey(): void {
    const definition = this.#definition;
    if (definition === undefined) return this.#checks.skip("there is no usable definition", "election-key");
    const bytes = this.#only("election-key", "election-key");
    if (bytes === undefined) return this.#checks.skip("the record has no one election key", "election-key");
    this.#checks.run("election-key", () => {
      const key = remembered(this.#options, `key ${hashOf(bytes)}`, () => parseElectionKey(bytes));
      const findings = wrongTrustees(key, definition);
      if (findings.length === 0) [this.#key, this.#keyBytes] = [key, bytes];
      return findings;
    });
  }

  #checkCeremony(): void {
    const key = this.#key;
    const entries = this.#documents.of("ceremony");
    if (key === undefined) return this.#checks.skip("there is no usable election key", "ceremony");
    if (entries.length === 0) return this.#checks.skip("the record has no files of the ceremony", "ceremony");
    const terms = this.#only("ceremony", "terms.urna");
    const files = entries.filter(({ name }) => name !== "terms.urna").flatMap((entry) => {
      const bytes = this.#bytes(entry);
      return bytes === undefined ? [] : [{ name: entry.name, bytes }];
    });
    const id = files.map(({ name, bytes }) => `${name} ${hashOf(bytes)}`).join();
    const wrong = remembered(this.#options, `ceremony ${toHex(key.electionHash)} ${terms === undefined ? "" : hashOf(terms)} ${id}`,
      () => wrongCeremony(key, terms, files));
    this.#checks.run("ceremony", () => wrong);
  }

  #checkTrustRoot(): void {
    const { election } = this.#trust;
    const key = this.#key;
    if (key === undefined) return this.#checks.skip("there is no usable election key", "trust-root");
    if (election === undefined) return this.#checks.skip("not checked: no election hash was given", "trust-root");
    this.#checks.run("trust-root", () =>
      equal(election, key.electionHash) ? [] : [`you gave ${toHex(election)}, the record gives ${toHex(key.electionHash)}`]);
  }

  #checkCertificates(): void {
    const entries = this.#documents.of("certificate");
    const definition = this.#definition;
    if (entries.length === 0) return this.#checks.skip("the record lists none", "certificates");
    if (definition === undefined) return this.#checks.skip("there is no usable definition", "certificates");
    for (const entry of entries) {
      const bytes = this.#bytes(entry);
      if (bytes === undefined) continue; // said already
      this.#checks.run("certificates", () => {
        const certificate = parseCertificate((fromUtf8(bytes) ?? "").replace(/\n$/, ""));
        if (!certifiedBy(certificate, definition.authorities)) throw new Refused(2463, entry.name);
        if (!equal(certificate.election, definition.hash) || certificate.mode !== definition.mode || certificate.name !== entry.name) {
          return [`the certificate of ${entry.name} is for another election or device`];
        }
        if (certificate.role !== "MACHINE" && certificate.role !== "CHECKIN") {
          this.#officials.push({ station: certificate.station, role: certificate.role, key: certificate.key });
        }
        return [];
      });
    }
    this.#checks.run("certificates", () => []);
  }

  async #station(code: string): Promise<StationReport> {
    const own = new Checks<AnyCheck>();
    own.run("conflicts", () => this.#inConflict.get(code) ?? []);
    const missing = this.#missing.length;
    const entry = this.#packageOf(code);
    const pack = entry === undefined ? undefined : this.#bytes(entry);
    const verdict = pack === undefined ? undefined : await verifyStation(this.#evidence(code, pack), this.#options);
    own.run("documents", () => this.#missing.splice(missing));
    const checks = [
      ...own.list(["documents", "conflicts"]),
      ...(verdict?.checks ?? noPackage).filter(({ name }) => !once.includes(name)),
    ];
    return { station: code, checks, verdict };
  }

  #evidence(code: string, pack: Bytes): Evidence {
    const one = (kind: string): Bytes | undefined => this.#only(kind, code);
    const partials = this.#documents.of("decryption").filter((entry) => stationOf(entry) === code)
      .map((entry) => ({ name: entry.name, bytes: this.#bytes(entry) }))
      .filter((partial): partial is { name: string; bytes: Bytes } => partial.bytes !== undefined);
    const [boxCount, signatures, exclusion, lostMachine] = ["box-count", "signatures", "exclusion", "lost-machine"].map(one);
    const declared = this.#documents.versions("lost-machine", code).length > 0;
    return {
      package: pack,
      station: code,
      definition: this.#definitionFiles,
      known: {
        ...(this.#definition === undefined ? {} : { definition: this.#definition }),
        ...(this.#key === undefined ? {} : { key: this.#key }),
      },
      officials: this.#officials,
      partials: partials.map(({ bytes }) => bytes),
      partialNames: partials.map(({ name }) => name),
      ...(this.#keyBytes === undefined ? {} : { electionKey: this.#keyBytes }),
      ...(boxCount === undefined ? {} : { boxCount }),
      ...(signatures === undefined ? {} : { signatures }),
      ...(exclusion === undefined ? {} : { exclusion }),
      ...(declared ? { lostMachine: lostMachine ?? "unusable" } : {}),
    };
  }

  #checkStations(stations: readonly StationReport[]): void {
    const definition = this.#definition;
    if (definition === undefined) return this.#checks.skip("there is no usable definition", "stations");
    this.#checks.run("stations", () => {
      const unknown = this.#documents.of("package")
        .filter(({ name }) => definition.stations.every(({ code }) => code !== name))
        .map(({ name }) => `${name}: the record has a package of a station that the definition does not know`);
      const without = stations.filter(({ verdict }) => verdict?.decrypted === undefined)
        .map(({ station }) => `${station}: the record has no usable totals of this station`);
      return [...without, ...unknown];
    });
  }

  #checkResults(stations: readonly StationReport[]): void {
    const skip = (why: string): void => this.#checks.skip(why, "totals", "seats");
    if (this.#documents.versions("results", "results.json").length === 0) return skip("the record has no results document");
    const bytes = this.#bytesOfLast("results", "results.json");
    if (bytes === undefined) return skip("the bytes of results.json are not those of the record");
    const read = attempt(() => parseObject("results.json", bytes) as { [key: string]: Json });
    if ("fault" in read) {
      this.#checks.fail("totals", faultText(read.fault));
      return this.#checks.skip("results.json cannot be read", "seats");
    }
    if (this.#definition === undefined || this.#key === undefined) return skip("there is no usable election key");
    const counted = new Map(stations.map(({ station, verdict }): [string, CountedStation] =>
      [station, { cast: verdict?.ballots?.cast ?? 0, fields: verdict?.decrypted }]));
    const usable = [...counted.values()].filter(({ fields }) => fields !== undefined).length;
    const stated = (read.value["stations"] as { [key: string]: Json } | undefined)?.["counted"];
    if (usable < stations.length && typeof stated === "number" && stated > usable) {
      return skip(`the document counts ${stated} stations, and this record has usable totals of ${usable} only`);
    }
    const { electionHash } = this.#key;
    const derived = attempt(() => deriveResults(this.#definition!, electionHash, counted, this.#decisions.drawings));
    if ("fault" in derived) return skip(`they cannot be derived: ${faultText(derived.fault)}`);
    const { json, lots, other } = derived.value;
    const found = differences(read.value, json);
    const text = ({ pointer, published, derived: own }: (typeof found)[number]): string =>
      `${pointer}: the document says ${published}, the record gives ${own}`;
    this.#checks.run("totals", () => found.filter(({ pointer }) => !pointer.startsWith("/awards")).map(text));
    if (other !== undefined) return this.#checks.skip(`this verifier does not know the rules of the award ${other}`, "seats");
    this.#checks.run("seats", () => found.filter(({ pointer }) => pointer.startsWith("/awards")).map(text));
    if (lots > 0) this.#checks.skip(`${lots} ties wait for a drawing of lots`, "seats");
  }

  // Documents that no check uses must still be there, and so must older versions.
  #lookAtTheRest(): void {
    for (const kind of ["correction", "policy", "decisions", "results"]) {
      for (const entry of this.#documents.of(kind)) this.#bytes(entry);
    }
  }
}

const hashOf = (bytes: Bytes): string => toHex(sha256(bytes));

// The trustees of the key must be those of the definition.
function wrongTrustees(key: ElectionKey, definition: Definition): string[] {
  if (!equal(key.definition, definition.hash)) return ["the key was made for another definition"];
  const declared = definition.trustees;
  const same = declared !== undefined && declared.threshold === key.threshold &&
    declared.members.length === key.trustees.length &&
    declared.members.every((member, i) => {
      const trustee = key.trustees[i]!;
      return member.name === trustee.name && member.signingKey === toHex(trustee.signingKey.bytes) &&
        member.boxKey === toHex(trustee.boxKey);
    });
  return same ? [] : ["its trustees are not those of the definition"];
}

function parseDecisions(bytes: Bytes, definition: Definition): Decisions {
  const file = "decisions.json";
  const json = parseObject(file, bytes);
  const bad = (what: string): Refused => new Refused(2018, `${file}: ${what}`);
  const fields = (object: Record<string, unknown>, known: readonly string[]): void => {
    const other = Object.keys(object).find((key) => !known.includes(key));
    if (other !== undefined) throw bad(`the field ${other}`);
  };
  const list = (value: unknown, what: string): Record<string, unknown>[] => {
    if (!Array.isArray(value)) throw bad(what);
    return value as Record<string, unknown>[];
  };
  const texts = (value: unknown, what: string): string[] => {
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) throw bad(what);
    return value as string[];
  };
  fields(json, ["format", "election", "decisions", "drawings"]);
  if (json["format"] !== "urna-decisions-1") throw bad("format");
  if (json["election"] !== toHex(definition.hash)) throw bad("it is for another definition");
  const counted = new Map<string, readonly string[]>();
  for (const one of list(json["decisions"], "decisions")) {
    fields(one, ["station", "count", "reason", "decided_by", "date"]);
    const station = String(one["station"]);
    if (counted.has(station) || texts(one["decided_by"], "decided_by").length < 2 || typeof one["reason"] !== "string" ||
        one["reason"] === "") {
      throw bad(`the decision about ${station}`);
    }
    counted.set(station, texts(one["count"], "count"));
  }
  const drawings = list(json["drawings"] ?? [], "drawings").map((one): Drawing => {
    fields(one, ["stage", "among", "drawn", "note"]);
    return { stage: String(one["stage"]), among: texts(one["among"], "among"), drawn: texts(one["drawn"], "drawn") };
  });
  return { counted, drawings };
}
