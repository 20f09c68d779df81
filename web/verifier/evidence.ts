// Sorts files by what they are, whatever they are called: a station package, the
// election key record, trustees' decryptions, the files of a definition, what officials
// signed, a receipt of the log, the log's key and a witness policy.

import { fromUtf8, type Bytes } from "./bytes.ts";
import { attempt } from "./fault.ts";
import { findLogReceipt, type LogTrust } from "./log-receipt.ts";
import { VerifierKey } from "./note.ts";
import { lostMagic } from "./officials.ts";
import { packageMagic } from "./package.ts";
import { parsePolicy, type Policy } from "./policy.ts";
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
  readonly logReceipt: Bytes | undefined;
  readonly logTrust: LogTrust;
  readonly unknown: readonly string[];
  readonly packages: number;
}

function keyIn(bytes: Bytes): VerifierKey | undefined {
  const text = bytes.length < 1000 ? fromUtf8(bytes)?.replace(/\n$/, "") : undefined;
  const key = attempt(() => VerifierKey.parse(text ?? ""));
  return "value" in key && key.value.type === "ed25519" ? key.value : undefined;
}

function policyIn(bytes: Bytes): Policy | undefined {
  const policy = attempt(() => parsePolicy(bytes));
  return "value" in policy && policy.value.logs.length > 0 ? policy.value : undefined;
}

export function sortFiles(files: readonly NamedFile[]): Sorted {
  const startsWith = (bytes: Bytes, text: string, at = 0): boolean =>
    fromUtf8(bytes.subarray(at, at + text.length)) === text;
  const beginning = (text: string, at = 0): readonly NamedFile[] => files.filter(({ bytes }) => startsWith(bytes, text, at));
  const packages = beginning(packageMagic, 4);
  const keys = beginning("urna-ekr");
  const partials = beginning("urna-dec");
  const boxCounts = beginning("URNA:BOX/1 ");
  const signatures = beginning("URNA:SIGNATURE/1 ");
  const exclusions = beginning("urna-xcl");
  const losses = beginning(lostMagic, 4);
  const definition = files.filter(({ name }) => definitionFiles.includes(name));
  const receipts = files.filter((file) => !definition.includes(file) && findLogReceipt(file.bytes) !== undefined);
  const logKeys = files.filter(({ bytes }) => keyIn(bytes) !== undefined);
  const policies = files.filter(({ bytes }) => policyIn(bytes) !== undefined);
  const known = new Set(
    [packages, keys, partials, boxCounts, signatures, exclusions, losses, definition, receipts, logKeys, policies].flat());
  const unknown = files.filter((file) => !known.has(file)).map((file) => file.name);
  const rest = {
    logReceipt: receipts[0] === undefined ? undefined : findLogReceipt(receipts[0].bytes),
    logTrust: {
      logKey: logKeys[0] === undefined ? undefined : keyIn(logKeys[0].bytes),
      policy: policies[0] === undefined ? undefined : policyIn(policies[0].bytes),
    },
    unknown,
    packages: packages.length,
  };
  const [pack] = packages;
  if (pack === undefined) return { evidence: undefined, ...rest };
  return {
    evidence: {
      package: pack.bytes,
      ...(keys[0] === undefined ? {} : { electionKey: keys[0].bytes }),
      ...(definition.some((file) => file.name === "election.json")
        ? { definition: new Map(definition.map((file) => [file.name, file.bytes])) }
        : {}),
      partials: partials.map((file) => file.bytes),
      ...(boxCounts[0] === undefined ? {} : { boxCount: boxCounts[0].bytes }),
      ...(signatures[0] === undefined ? {} : { signatures: signatures[0].bytes }),
      ...(exclusions[0] === undefined ? {} : { exclusion: exclusions[0].bytes }),
      ...(losses[0] === undefined ? {} : { lostMachine: losses[0].bytes }),
    },
    ...rest,
  };
}
