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
  readonly entries: readonly { readonly index: number; readonly bytes: Bytes }[]; // that can be read, as the tree says
  readonly leaves: readonly Bytes[]; // of the first entries, up to a bundle that cannot be read
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
  const scanner = new Scanner(files, checkpoint);
  scanner.run();
  const { entries, leaves, faults } = scanner;
  return { noteBytes: bytes, note, checkpoint, entries, leaves, faults };
}

// Names the wrong file: what leads to the signed root is right, and what differs from it
// is not.
class Scanner {
  entries: { index: number; bytes: Bytes }[] = [];
  readonly leaves: Bytes[] = [];
  readonly faults: LogFault[] = [];
  readonly #files: RecordFiles;
  readonly #checkpoint: Checkpoint;

  constructor(files: RecordFiles, checkpoint: Checkpoint) {
    this.#files = files;
    this.#checkpoint = checkpoint;
  }

  run(): void {
    const { size, root } = this.#checkpoint;
    const own = this.#readEntries();
    const tiles = this.#readTiles(0, size);
    const tilesFit = tiles.length === size && equal(rootOf(tiles), root);
    const ownFit = this.leaves.length === size && equal(rootOf(this.leaves), root);
    for (let at = 0; at < size; at += width) this.#compare(at, own, tiles, tilesFit);
    // Nobody signed an entry that is not what the signed tree says.
    if (tilesFit) this.entries = this.entries.filter(({ index }) => equal(own.get(index)!, tiles[index]!));
    this.#checkAbove(tilesFit ? tiles : this.leaves);
    if (!tilesFit && !ownFit && this.faults.length === 0) this.#bad("checkpoint", `the ${size} entries give another root`);
  }

  #bad(file: string, what: string): void {
    if (this.faults.every((fault) => fault.file !== file)) this.faults.push({ file, what });
  }

  #read(file: string): Bytes | undefined {
    const bytes = this.#files.read(file);
    if (bytes === undefined) this.#bad(file, "it is missing");
    return bytes;
  }

  // The hash of every entry that can be read, by its number.
  #readEntries(): Map<number, Bytes> {
    const { size } = this.#checkpoint;
    const hashes = new Map<number, Bytes>();
    for (let at = 0; at < size; at += width) {
      const count = Math.min(width, size - at);
      const path = tilePath("entries", at / width, count);
      const bytes = this.#read(path);
      const bundle = attempt(() => (bytes === undefined ? [] : parseBundle(bytes, count)));
      if ("fault" in bundle) this.#bad(path, faultText(bundle.fault));
      else bundle.value.forEach((entry, i) => {
        hashes.set(at + i, leafHash(entry));
        this.entries.push({ index: at + i, bytes: entry });
        if (this.leaves.length === at + i) this.leaves.push(hashes.get(at + i)!);
      });
    }
    return hashes;
  }

  // The hashes in the tiles of a level, up to the first tile that cannot be used.
  #readTiles(level: number, count: number): Bytes[] {
    const hashes: Bytes[] = [];
    for (let at = 0; at < count; at += width) {
      const many = Math.min(width, count - at);
      const path = tilePath(level, at / width, many);
      const bytes = this.#read(path);
      if (bytes !== undefined && bytes.length !== 32 * many) this.#bad(path, `it has ${bytes.length} bytes instead of ${32 * many}`);
      if (bytes?.length !== 32 * many) continue;
      if (hashes.length === at) for (let i = 0; i < many; ++i) hashes.push(bytes.subarray(32 * i, 32 * i + 32));
      this.#compareOlder(tilePath(level, at / width, width), bytes, (size) => 32 * size);
    }
    return hashes;
  }

  // One bundle with its tile of hashes.
  #compare(at: number, own: ReadonlyMap<number, Bytes>, tiles: readonly Bytes[], tilesFit: boolean): void {
    const count = Math.min(width, this.#checkpoint.size - at);
    const bundle = tilePath("entries", at / width, count);
    const bytes = this.#files.read(bundle);
    const differs = Array.from({ length: count }, (_, i) => at + i).find((i) => {
      const [entry, hash] = [own.get(i), tiles[i]];
      return entry !== undefined && hash !== undefined && !equal(entry, hash);
    });
    if (differs === undefined) {
      if (bytes !== undefined && own.has(at)) this.#compareOlder(tilePath("entries", at / width, width), bytes, (size) => bundleSize(bytes, size));
    } else if (tilesFit) this.#bad(bundle, `entry ${differs} has another hash than the signed tree says`);
    else this.#bad(tilePath(0, at / width, count), `the hash of entry ${differs} is another`);
  }

  #checkAbove(leaves: readonly Bytes[]): void {
    let below = leaves;
    for (let level = 1; Math.floor(this.#checkpoint.size / width ** level) > 0; ++level) {
      const count = Math.floor(this.#checkpoint.size / width ** level);
      const above = Array.from({ length: Math.floor(below.length / width) }, (_, i) => rootOf(below.slice(width * i, width * (i + 1))));
      this.#readTiles(level, count).forEach((hash, i) => {
        const want = above[i];
        if (want === undefined || equal(hash, want)) return;
        const tile = Math.floor(i / width);
        this.#bad(tilePath(level, tile, Math.min(width, count - width * tile)), "it has another hash than the tiles below it");
      });
      below = above;
    }
  }

  // An older, shorter piece must be the beginning of the one that replaced it; whatever
  // else lies beside it means nothing.
  #compareOlder(whole: string, now: Bytes, sizeOf: (count: number) => number | undefined): void {
    for (const name of this.#files.list(`${whole}.p`)) {
      const count = /^[1-9][0-9]{0,2}$/.test(name) && Number(name) < width ? sizeOf(Number(name)) : undefined;
      if (count === undefined || count >= now.length) continue;
      const file = `${whole}.p/${name}`;
      const old = this.#files.read(file);
      if (old === undefined || !equal(old, now.subarray(0, count))) this.#bad(file, "it is not the beginning of the one that replaced it");
    }
  }
}

// The bytes of the first entries of a bundle; undefined when it has fewer.
function bundleSize(bytes: Bytes, count: number): number | undefined {
  let at = 0;
  for (let i = 0; i < count; ++i) {
    if (at + 2 > bytes.length) return undefined;
    at += 2 + bytes[at]! * 256 + bytes[at + 1]!;
  }
  return at;
}
