// Reads the worked examples out of docs/formats, and runs the urna program to make
// inputs for tests. Used by tests only.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { fromHex, type Bytes } from "../bytes.ts";

export const root = join(import.meta.dirname, "../../..");

export const page = (name: string): string =>
  readFileSync(join(root, "docs/formats", name), "utf8");

// The runs of indented hexadecimal lines of a page, in order.
export function hexBlocks(text: string): Bytes[] {
  const blocks = text.match(/(?:^ {4}[0-9a-f]+(?: [0-9a-f]+)*\n)+/gm) ?? [];
  return blocks.flatMap((block) => {
    const bytes = fromHex(block.replace(/\s/g, ""));
    return bytes === undefined ? [] : [bytes];
  });
}

// The last text of a page that begins with such a line, without its indentation.
export function shownText(name: string, first: RegExp): string {
  const lines = page(name).split("\n");
  const shown = lines.slice(lines.findLastIndex((line) => first.test(line)));
  const end = shown.findIndex((line) => line !== "" && !line.startsWith("    "));
  return `${shown.slice(0, end).map((line) => line.slice(4)).join("\n").trimEnd()}\n`;
}

// The hexadecimal lines below "    name:".
export function namedHex(text: string, name: string): Bytes {
  const match = new RegExp(`^ {4}${name}:\\n((?: {4}[0-9a-f]+\\n)+)`, "m").exec(text);
  const bytes = fromHex((match?.[1] ?? "?").replace(/\s/g, ""));
  if (bytes === undefined) throw new Error(`the page has no field ${name}`);
  return bytes;
}

// The program of the C++ build, where there is one.
export const urna: string | undefined = [
  process.env["URNA_PROGRAM"] ?? "",
  join(root, "build/release/bin/urna"),
].find((path) => path !== "" && existsSync(path));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function runUrna(...words: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(urna!, words, { encoding: "utf8", maxBuffer: 1 << 26 });
  return { status, stdout, stderr };
}

export function mustUrna(...words: readonly string[]): string {
  const ran = runUrna(...words);
  if (ran.status !== 0) throw new Error(`urna ${words.join(" ")}: ${ran.stderr}`);
  return ran.stdout;
}

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "urna-web-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const readBytes = (path: string): Bytes => new Uint8Array(readFileSync(path));
