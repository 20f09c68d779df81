// The real urna-machine for tests of its page: a demonstration station in a temporary
// folder, that can be killed and started again there.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Credential, State } from "../machine/service.ts";

const root = join(import.meta.dirname, "../..");
const program = process.env["URNA_MACHINE"] ?? join(root, "build/release/bin/urna-machine");
export const built = existsSync(program);
if (!built) console.log(`skipped, because ${program} is not built`);

export interface MachineProgram {
  readonly folder: string;
  readonly address: () => string;
  readonly state: () => Promise<State>;
  readonly token: () => Promise<string>;
  readonly officials: () => Promise<readonly Credential[]>;
  readonly printer: (fault: string, after?: number) => Promise<void>;
  readonly post: (path: string, body?: unknown) => Promise<Response>;
  // The text of every finished piece of paper, in the order of printing.
  readonly papers: () => readonly string[];
  readonly kill: () => Promise<void>;
  readonly again: () => Promise<void>;
  readonly end: () => Promise<void>;
}

export async function startMachine(...options: readonly string[]): Promise<MachineProgram> {
  const folder = mkdtempSync(join(tmpdir(), "urna-page-"));
  const demo = join(folder, "demo");
  let child: ChildProcess | undefined;
  let address = "";
  // The same port after a restart, as on a real machine.
  const start = async (port: string): Promise<void> => {
    const own = spawn(program, ["--demo", "--folder", demo, "--port", port, ...options], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    child = own;
    address = await new Promise<string>((done, failed) => {
      let text = "";
      own.stdout!.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const found = /ready at (http:\S+?)\/?\n/.exec(text);
        if (found !== null) done(found[1]!);
      });
      own.on("exit", (code) => failed(new Error(`urna-machine ended with ${code}: ${text}`)));
    });
  };
  const kill = async (): Promise<void> => {
    const own = child;
    if (own === undefined || own.exitCode !== null || own.signalCode !== null) return;
    const gone = new Promise((done) => own.once("exit", done));
    own.kill("SIGKILL");
    await gone;
  };
  await start("0");
  const post = (path: string, body: unknown = {}): Promise<Response> =>
    fetch(address + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return {
    folder: demo,
    address: () => address,
    state: async () => (await (await fetch(`${address}/api/state`)).json()) as State,
    token: async () => ((await (await post("/api/demo/token")).json()) as { token: string }).token,
    officials: async () => (await (await fetch(`${address}/api/demo/officials`)).json()) as Credential[],
    printer: async (fault, after = 0) => void (await post("/api/demo/printer", { fault, after })),
    post,
    papers: () =>
      readdirSync(join(demo, "tray")).filter((name) => name.endsWith(".pdf")).sort()
        .map((name) => execFileSync("pdftotext", ["-layout", join(demo, "tray", name), "-"], { encoding: "utf8" })),
    kill,
    again: () => start(new URL(address).port),
    end: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// The numbers of an exported tally sheet, by contest: those of the options, blank, null.
export const readExported = (machine: MachineProgram, stick: string, name: string): string =>
  readFileSync(join(machine.folder, "sticks", stick, name), "utf8");
