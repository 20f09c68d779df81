// The log of a record, read from its first byte to its last (docs/formats/log.md): every
// entry is hashed again, every tile and every older, shorter piece compared, and the root
// must be the checkpoint's.

import { equal, type Bytes } from "./bytes.ts";
import { attempt, faultText, Refused } from "./fault.ts";
import { leafHash, rootOf } from "./merkle.ts";
import { parseCheckpoint, parseNote, type Checkpoint, type Note } from "./note.ts";

// A record wherever it lies: paths are relative to its folder.
export interface RecordFiles {
  readonly read: (path: string) => Bytes | undefined;
  readonly list: (folder: string) => readonly string[];
}

export interface LogFault {
  readonly file: string;
  readonly what: string;
}

export interface LogScan {
  readonly noteBytes: Bytes;
  readonly note: Note;
  readonly checkpoint: Checkpoint;
  readonly entries: readonly Bytes[]; // of the bundles that can be read
  readonly leaves: readonly Bytes[];
  readonly faults: readonly LogFault[];
}

const width = 256;

// The path of a tile of hashes or, with level "entries", of a bundle of entries.
export function tilePath(level: number | "entries", index: number, count: number): string {
  const digits = String(index);
  const groups = digits.padStart(3 * Math.ceil(digits.length / 3), "0").match(/.{3}/g)!;
  const path = groups.map((group, i) => (i + 1 < groups.length ? `x${group}` : group)).join("/");
  return `tile/${level}/${path}${count < width ? `.p/${count}` : ""}`;
}

// Exactly `count` entries, each with its length in two bytes in front.
export function parseBundle(bytes: Bytes, count: number): Bytes[] {
  const entries: Bytes[] = [];
  let at = 0;
  while (entries.length < count) {
    const size = at + 2 <= bytes.length ? bytes[at]! * 256 + bytes[at + 1]! : bytes.length;
    if (at + 2 + size > bytes.length) throw new Refused(1310, `entry ${entries.length}`);
    entries.push(bytes.subarray(at + 2, at + 2 + size));
    at += 2 + size;
  }
  if (at !== bytes.length) throw new Refused(1310, `after entry ${count}`);
  return entries;
}

// Refuses a folder whose checkpoint cannot be read; whatever else is wrong is a fault.
export function scanLog(files: RecordFiles): LogScan {
  const bytes = files.read("checkpoint");
  if (bytes === undefined) throw new Refused(1307, "there is no file checkpoint");
  const note = parseNote(bytes);
  const checkpoint = parseCheckpoint(note.text);
  const faults: LogFault[] = [];
  const entries = readEntries(files, checkpoint.size, faults);
  const leaves = entries.map(leafHash);
  if (entries.length === checkpoint.size) {
    compareTiles(files, leaves, faults);
    if (!equal(rootOf(leaves), checkpoint.root)) {
      faults.push({ file: "checkpoint", what: `the ${checkpoint.size} entries give another root` });
    }
  }
  return { noteBytes: bytes, note, checkpoint, entries, leaves, faults };
}

function readEntries(files: RecordFiles, size: number, faults: LogFault[]): Bytes[] {
  const entries: Bytes[] = [];
  for (let at = 0; at < size; at += width) {
    const count = Math.min(width, size - at);
    const path = tilePath("entries", at / width, count);
    const bytes = files.read(path);
    const bundle = attempt(() => {
      if (bytes === undefined) throw new Refused(1310, "it is missing");
      return parseBundle(bytes, count);
    });
    if ("fault" in bundle) {
      faults.push({ file: path, what: faultText(bundle.fault) });
      return entries;
    }
    entries.push(...bundle.value);
    compareOlder(files, tilePath("entries", at / width, width), bytes!, faults);
  }
  return entries;
}

function compareTiles(files: RecordFiles, leaves: readonly Bytes[], faults: LogFault[]): void {
  let below = leaves;
  for (let level = 0; below.length > 0; ++level) {
    const above: Bytes[] = [];
    for (let at = 0; at < below.length; at += width) {
      const hashes = below.slice(at, at + width);
      const path = tilePath(level, at / width, hashes.length);
      const want = new Uint8Array(32 * hashes.length);
      hashes.forEach((hash, i) => want.set(hash, 32 * i));
      const bytes = files.read(path);
      if (bytes === undefined || !equal(bytes, want)) {
        faults.push({ file: path, what: bytes === undefined ? "it is missing" : "its hashes are not those of what is below it" });
      }
      compareOlder(files, tilePath(level, at / width, width), want, faults);
      if (hashes.length === width) above.push(rootOf(hashes));
    }
    below = above;
  }
}

function compareOlder(files: RecordFiles, whole: string, content: Bytes, faults: LogFault[]): void {
  for (const name of files.list(`${whole}.p`)) {
    const file = `${whole}.p/${name}`;
    const old = files.read(file);
    if (old === undefined || old.length > content.length || !equal(old, content.subarray(0, old.length))) {
      faults.push({ file, what: "this older piece differs from the newer one" });
    }
  }
}
