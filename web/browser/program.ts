// The real urna-machine for tests of its page: a demonstration station in a temporary
// folder, that can be killed and started again there.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Credential, State } from "../machine/service.ts";

export const root = join(import.meta.dirname, "../..");
export const program = process.env["URNA_MACHINE"] ?? join(root, "build/release/bin/urna-machine");
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

export interface Service {
  readonly address: () => string;
  // What the program said until it was ready.
  readonly said: () => string;
  readonly post: (path: string, body?: unknown) => Promise<Response>;
  readonly state: () => Promise<State>;
  readonly kill: () => Promise<void>;
  // On the same port, as on a real machine, with other options when they are given.
  readonly again: (options?: readonly string[]) => Promise<void>;
}

export async function startService(first: readonly string[], command = program): Promise<Service> {
  let child: ChildProcess | undefined;
  let address = "";
  let said = "";
  const start = async (port: string, options: readonly string[]): Promise<void> => {
    const own = spawn(command, ["--port", port, ...options], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    child = own;
    said = "";
    address = await new Promise<string>((done, failed) => {
      own.stdout!.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const found = /ready at (http:\S+?)\/?\n/.exec(said);
        if (found !== null) done(found[1]!);
      });
      own.on("exit", (code) => failed(new Error(`${command} ended with ${code}: ${said}`)));
    });
  };
  const kill = async (): Promise<void> => {
    const own = child;
    if (own === undefined || own.exitCode !== null || own.signalCode !== null) return;
    const gone = new Promise((done) => own.once("exit", done));
    own.kill("SIGKILL");
    await gone;
  };
  await start("0", first);
  return {
    address: () => address,
    said: () => said,
    post: (path, body = {}) =>
      fetch(address + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    state: async () => (await (await fetch(`${address}/api/state`)).json()) as State,
    kill,
    again: (options = first) => start(new URL(address).port, options),
  };
}

export async function startMachine(...options: readonly string[]): Promise<MachineProgram> {
  const folder = mkdtempSync(join(tmpdir(), "urna-page-"));
  const demo = join(folder, "demo");
  const { address: at, post, state, kill, again } = await startService(["--demo", "--folder", demo, ...options]);
  return {
    folder: demo,
    address: at,
    state,
    token: async () => ((await (await post("/api/demo/token")).json()) as { token: string }).token,
    officials: async () => (await (await fetch(`${at()}/api/demo/officials`)).json()) as Credential[],
    printer: async (fault, after = 0) => void (await post("/api/demo/printer", { fault, after })),
    post,
    papers: () =>
      readdirSync(join(demo, "tray")).filter((name) => name.endsWith(".pdf")).sort()
        .map((name) => execFileSync("pdftotext", ["-layout", join(demo, "tray", name), "-"], { encoding: "utf8" })),
    kill,
    again: () => again(),
    end: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// The numbers of an exported tally sheet, by contest: those of the options, blank, null.
export const readExported = (machine: MachineProgram, stick: string, name: string): string =>
  readFileSync(join(machine.folder, "sticks", stick, name), "utf8");
