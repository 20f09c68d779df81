// The real urna-checkin for tests of its page: a demonstration in a temporary folder, or
// several devices of one station, made ready as an authority makes them ready.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Answer, Beside, Credential, Finger } from "../checkin/service.ts";
import { root, startService } from "./program.ts";

const program = process.env["URNA_CHECKIN"] ?? join(root, "build/release/bin/urna-checkin");
const urna = process.env["URNA_PROGRAM"] ?? join(root, "build/release/bin/urna");
export const built = existsSync(program) && existsSync(urna);
if (!built) console.log(`skipped, because ${program} is not built`);

export interface CheckInProgram {
  readonly address: string;
  readonly folder: string;
  readonly tray: string;
  readonly state: () => Promise<Answer>;
  readonly post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
  readonly officials: () => Promise<readonly Credential[]>;
  readonly put: (id: string, finger: Finger, hurried?: boolean) => Promise<void>;
  // The text of every piece of paper, in the order of printing.
  readonly papers: () => readonly string[];
  readonly kill: () => Promise<void>;
  readonly end: () => Promise<void>;
}

async function started(folder: string, tray: string, command: string, options: readonly string[]): Promise<CheckInProgram> {
  const { address: at, kill } = await startService(options, command);
  const address = at();
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(address + path, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
  return {
    address, folder, tray, post, kill,
    state: async () => (await (await fetch(`${address}/api/state`)).json()) as Answer,
    officials: async () => ((await (await fetch(`${address}/api/demo`)).json()) as Beside).officials,
    put: async (id, finger, hurried = false) => {
      const answer = await post("/api/demo/finger", { id, finger, hurried });
      if (!answer.ok) throw new Error(await answer.text());
    },
    papers: () => (existsSync(tray) ? readdirSync(tray) : []).filter((name) => name.endsWith(".pdf")).sort()
      .map((name) => execFileSync("pdftotext", ["-layout", join(tray, name), "-"], { encoding: "utf8" })),
    end: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function startCheckIn(...options: readonly string[]): Promise<CheckInProgram> {
  const folder = mkdtempSync(join(tmpdir(), "urna-check-in-"));
  const demo = join(folder, "demo");
  return started(folder, join(demo, "tray"), program, ["--demo", "--folder", demo, ...options]);
}

// Several devices of one station of the example, as a folder that `device` starts.
export interface Kit {
  readonly folder: string;
  readonly device: (n: number) => Promise<CheckInProgram>;
}

export function makeKit(devices: number): Kit {
  const folder = mkdtempSync(join(tmpdir(), "urna-check-in-kit-"));
  const at = (name: string): string => join(folder, name);
  const run = (command: string, options: readonly string[]): string => execFileSync(command, options, { encoding: "utf8", cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  writeFileSync(at("pass"), "a passphrase of a test\n");
  run(urna, ["key", "new", at("authority.key"), "--passphrase-file", at("pass")]);
  const key = /^signing key *(\w+)/m.exec(run(urna, ["key", "show", at("authority.key")]))![1]!;
  cpSync(join(root, "examples/town"), at("definition"), { recursive: true });
  const election = at("definition/election.json");
  writeFileSync(election, readFileSync(election, "utf8").replace("{", `{"device_authorities": ["${key}"],`));
  run(join(root, "tools/check-in-kit"), [
    at("kit"), at("definition"), "N01", at("authority.key"), at("pass"), "--devices", String(devices), "--voters", "12", "--fingers", "2",
  ]);
  mkdirSync(at("kit/sticks/blue"));
  return {
    folder,
    device: (n) => started(folder, at(`kit/tray-${n}`), at(`kit/start-${n}`), []),
  };
}
