// What a record holds, by kind and name (docs/formats/record.md): the entries of its log
// and the bytes behind them.

import { fromUtf8, toHex, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import type { RecordFiles } from "./log-scan.ts";
import { sha256 } from "./transcript.ts";

export interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly hash: string;
  readonly index: number; // in the log
}

const station = /^[A-Z0-9]{1,16}$/;
const anyName = /^(?!\.)[A-Za-z0-9._-]{1,64}$/;
const exactly = (name: string): RegExp => new RegExp(`^${name.replace(".", "\\.")}$`);

const kinds: Readonly<Record<string, RegExp>> = {
  "log-key": exactly("log-key"),
  definition: anyName,
  policy: exactly("witnesses"),
  ceremony: anyName,
  "election-key": exactly("election-key"),
  certificate: anyName,
  package: station,
  signatures: station,
  "box-count": station,
  exclusion: station,
  "lost-machine": station,
  decryption: /^[A-Z0-9]{1,16}-\d\d$/,
  decisions: exactly("decisions.json"),
  results: exactly("results.json"),
  correction: anyName,
};
const ofStation = ["package", "signatures", "box-count", "exclusion", "lost-machine", "decryption"];
const versioned = ["decisions", "results", "correction"];

export function parseEntry(bytes: Bytes, index: number): Entry {
  const match = /^urna-document\/1 ([a-z-]{1,32}) (\S{1,64}) ([0-9a-f]{64})\n$/.exec(fromUtf8(bytes) ?? "");
  if (match === null || kinds[match[1]!]?.test(match[2]!) !== true) throw new Refused(1321, `entry ${index}`);
  return { kind: match[1]!, name: match[2]!, hash: match[3]!, index };
}

// "N01" of a package N01 and of a decryption N01-02; empty for what belongs to no station.
export function stationOf({ kind, name }: Entry): string {
  if (!ofStation.includes(kind)) return "";
  return kind === "decryption" ? name.slice(0, -3) : name;
}

export class Documents {
  readonly #files: RecordFiles;
  readonly #entries: Entry[] = [];

  constructor(files: RecordFiles) {
    this.#files = files;
  }

  // An entry that is there already adds nothing.
  add(entry: Entry): void {
    const same = this.versions(entry.kind, entry.name).some(({ hash }) => hash === entry.hash);
    if (!same) this.#entries.push(entry);
  }

  get size(): number {
    return this.#entries.length;
  }

  of(kind: string): readonly Entry[] {
    return this.#entries.filter((entry) => entry.kind === kind);
  }

  versions(kind: string, name: string): readonly Entry[] {
    return this.#entries.filter((entry) => entry.kind === kind && entry.name === name);
  }

  // The names under which two different documents stand where one must.
  conflicts(): readonly (readonly Entry[])[] {
    return this.#entries
      .filter(({ kind }) => !versioned.includes(kind))
      .filter((entry) => this.versions(entry.kind, entry.name)[1] === entry)
      .map(({ kind, name }) => this.versions(kind, name));
  }

  // The bytes of a document, which must have the hash that its entry states.
  bytes(entry: Entry): Bytes {
    const bytes = this.#files.read(`blob/${entry.hash}`);
    if (bytes === undefined) throw new Refused(4021, `blob/${entry.hash}`);
    if (toHex(sha256(bytes)) !== entry.hash) throw new Refused(4022, `blob/${entry.hash}`);
    return bytes;
  }
}
