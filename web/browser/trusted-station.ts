// A station of a rehearsal whose trustees are real: three of them make the election key
// with the urna program, and afterwards two of them decrypt what the machine exported.
// Nothing of the machine helps them. Used by tests only.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Credential } from "../machine/service.ts";
import { toHex, utf8 } from "../verifier/bytes.ts";
import { parsePackage } from "../verifier/package.ts";
import { makeCheckpoint } from "../verifier/testing/notes.ts";
import { verifyStation, type StationVerdict } from "../verifier/verdict.ts";
import { program, root, startService, type Service } from "./program.ts";

const urna = process.env["URNA_PROGRAM"] ?? join(root, "build/release/bin/urna");
export const trusteesBuilt = existsSync(urna) && existsSync(program);
if (!trusteesBuilt) console.log(`skipped, because ${urna} or ${program} is not built`);

const trustees = [1, 2, 3];
// The first two keep the closing key, a half each.
const roles = ["PRESIDENT", "SECRETARY", "MEMBER"];

export interface TrustedMachine {
  readonly service: Service;
  readonly folder: string;
  readonly officials: readonly Credential[]; // who keep the closing key
  readonly member: Credential; // who does not
  readonly step: (name: string, more?: Readonly<Record<string, unknown>>) => Promise<void>;
}

// Its first machine, with open polls, and what lies around it.
export interface TrustedStation extends TrustedMachine {
  readonly token: () => string;
  // A spare machine of the station after its zero report.
  readonly spare: () => Promise<TrustedMachine>;
  // Two trustees decrypt this package, and the second verifier judges it. Null votes do
  // not exist: its `decrypted` says all.
  readonly judge: (file: string) => Promise<StationVerdict>;
  readonly end: () => Promise<void>;
}

export async function startTrustedStation({ sound = false } = {}): Promise<TrustedStation> {
  const folder = mkdtempSync(join(tmpdir(), "urna-trusted-"));
  const at = (...names: string[]): string => join(folder, ...names);
  const run = (...words: string[]): string => execFileSync(urna, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const pass = ["--passphrase-file", at("pass")];
  const keyOf = (i: number): string => at(`trustee-${i}`, "key");
  writeFileSync(at("pass"), "four random words here\n");
  run("key", "new", at("authority.key"), ...pass);
  const authority = /^signing key *([0-9a-f]{64})/m.exec(run("key", "show", at("authority.key")))![1]!;

  const definition = at("definition");
  cpSync(join(root, "examples/town"), definition, { recursive: true });
  const path = join(definition, "election.json");
  const json = JSON.parse(readFileSync(path, "utf8"));
  for (const i of trustees) {
    mkdirSync(at(`trustee-${i}`)); // the ceremony leaves private files beside the key
    const member = json.trustees.members[i - 1];
    [member.signing_key, member.box_key] = run("key", "new", keyOf(i), "--kind", "trustee", ...pass).match(/[0-9a-f]{64}/g)!;
  }
  json.device_authorities = [authority];
  json.mode = "test";
  writeFileSync(path, `${JSON.stringify(json, undefined, 2)}\n`);
  run("trustee", "new", "--election", definition, "--folder", at("ceremony"));
  for (const round of ["commit", "reveal", "share", "confirm"]) {
    for (const i of trustees) run("trustee", round, "--folder", at("ceremony"), "--key", keyOf(i), ...pass);
  }
  run("trustee", "combine", "--folder", at("ceremony"), "--election", definition, "--out", at("election-key.urna"));

  // A machine of the station, provisioned and certified, with sticks of its own; not open.
  const machine = async (segment: number, tokens: readonly string[]): Promise<Omit<TrustedMachine, "step">> => {
    const name = `M${segment}`;
    const own = (...names: string[]): string => at(name, ...names);
    mkdirSync(at(name));
    execFileSync(program, ["package", "--definition", definition, "--station", "N01", "--election-key", at("election-key.urna"),
      "--key", at("authority.key"), ...pass, ...tokens, "--segment", String(segment), ...roles.flatMap((role) => ["--role", role]), "--out", own("kit"), ...(sound ? ["--sound"] : [])],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    for (const role of roles) cpSync(own("kit", role), own("sticks", role), { recursive: true });
    const options = ["--folder", own("device"), "--sticks", own("sticks"), "--tray", own("tray"), "--anchor", authority, "--device", name];
    const service = await startService([...options, "--package", own("kit", "N01.machine")]);
    const device = /^Device key to certify: ([0-9a-f]{64})/m.exec(service.said())![1]!;
    await service.kill();
    run("sheet", "certify", "--key", at("authority.key"), ...pass, "--device-key", device, "--name", name, "--station", "N01",
      "--definition", definition, "--mode", "test", "-o", own("certificate"));
    await service.again([...options, "--certificate", own("certificate")]);
    services.push(service);
    const [president, secretary, member] = roles.map((role) => ({ stick: role, pin: readFileSync(own("kit", `${role}.pin`), "utf8").trim() }));
    return { service, folder: at(name), officials: [president!, secretary!], member: member! };
  };
  const services: Service[] = [];
  const withSteps = (made: Omit<TrustedMachine, "step">): TrustedMachine => ({
    ...made,
    step: async (name, more = {}) => {
      const answer = await made.service.post(`/api/officials/${name}`, { officials: made.officials, ...more });
      if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
    },
  });
  const first = withSteps(await machine(1, ["--tokens", "40"]));
  for (const name of ["test", "print-zero", "open"]) await first.step(name);

  const tokens = readFileSync(at("M1/kit/N01.tokens"), "utf8").trim().split("\n");
  const decrypt = (i: number, file: string, { log, witness }: { log: string; witness: string }): Uint8Array => {
    const share = readdirSync(at(`trustee-${i}`)).find((file) => file.startsWith("share-"))!;
    run("trustee", "decrypt", "--election", definition, "--election-key", at("election-key.urna"),
      "--package", file, "--key", keyOf(i), "--share", at(`trustee-${i}`, share),
      "--ledger", at(`ledger-${i}`), "--checkpoint", at("checkpoint"), "--log-key", log, "--witness", witness, "--quorum", "1",
      "--out", at(`decryption-${i}`), ...pass);
    return readFileSync(at(`decryption-${i}`));
  };
  return {
    ...first,
    token: () => tokens.pop()!,
    spare: async () => {
      const made = withSteps(await machine(2, ["--tokens-of", at("M1/kit/N01.machine")]));
      for (const name of ["test", "print-zero"]) await made.step(name);
      return made;
    },
    judge: async (file) => {
      const bytes = readFileSync(file);
      const checkpoint = makeCheckpoint(utf8(`urna-document/1 package N01 ${toHex(parsePackage(bytes).hash)}\n`));
      writeFileSync(at("checkpoint"), checkpoint.text);
      const files = readdirSync(definition).map((name) => [name, new Uint8Array(readFileSync(join(definition, name)))] as const);
      return verifyStation({
        package: bytes, electionKey: readFileSync(at("election-key.urna")), definition: new Map(files),
        partials: [decrypt(1, file, checkpoint), decrypt(3, file, checkpoint)],
      });
    },
    end: async () => {
      for (const service of services) await service.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// The evening, from closing to the export; where the package then lies.
export async function closeAndExport(machine: TrustedMachine): Promise<string> {
  await machine.step("close", { reason: "all-voted" });
  for (const name of ["print-sheet", "sign-sheet"]) await machine.step(name);
  await machine.step("export", { stick: "PRESIDENT" });
  return join(machine.folder, "sticks/PRESIDENT/N01.package");
}
