// Sorts files by what they are, whatever they are called: a station package, the
// election key record, trustees' decryptions, the files of a definition.

import { fromUtf8, type Bytes } from "./bytes.ts";
import { packageMagic } from "./package.ts";
import type { Evidence } from "./verdict.ts";

export interface NamedFile {
  readonly name: string;
  readonly bytes: Bytes;
}

const definitionFiles = [
  "election.json", "areas.csv", "stations.csv", "parties.csv", "alliances.csv", "contests.csv",
  "lists.csv", "candidates.csv", "officials.csv",
];

export interface Sorted {
  readonly evidence: Evidence | undefined; // undefined without a package
  readonly unknown: readonly string[];
  readonly packages: number;
}

export function sortFiles(files: readonly NamedFile[]): Sorted {
  const startsWith = (bytes: Bytes, text: string, at = 0): boolean =>
    fromUtf8(bytes.subarray(at, at + text.length)) === text;
  const packages = files.filter(({ bytes }) => startsWith(bytes, packageMagic, 4));
  const keys = files.filter(({ bytes }) => startsWith(bytes, "urna-ekr"));
  const partials = files.filter(({ bytes }) => startsWith(bytes, "urna-dec"));
  const definition = files.filter(({ name }) => definitionFiles.includes(name));
  const known = new Set([...packages, ...keys, ...partials, ...definition]);
  const unknown = files.filter((file) => !known.has(file)).map((file) => file.name);
  const [pack] = packages;
  if (pack === undefined) return { evidence: undefined, unknown, packages: 0 };
  return {
    evidence: {
      package: pack.bytes,
      ...(keys[0] === undefined ? {} : { electionKey: keys[0].bytes }),
      ...(definition.some((file) => file.name === "election.json")
        ? { definition: new Map(definition.map((file) => [file.name, file.bytes])) }
        : {}),
      partials: partials.map((file) => file.bytes),
    },
    unknown,
    packages: packages.length,
  };
}
