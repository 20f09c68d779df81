// Writes web/verifier/testdata anew with the urna program: an election key made by two
// of three trustees, sealed ballots of a script, and the trustees' decryptions of the
// station's package.
//
//   web/tools/node web/verifier/testing/make-town.ts
//
// Takes a minute: key files are slow to open on purpose. Nothing of it is secret: the
// private files are thrown away, and whoever wrote the script knows the votes.

import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ed25519 } from "@noble/curves/ed25519.js";

import { toHex, utf8 } from "../bytes.ts";
import { parsePackage } from "../package.ts";
import { definitionHash } from "../verdict.ts";
import { mustUrna, root, temporaryFolder } from "./documents.ts";
import { makeCheckpoint } from "./notes.ts";
import { authoritySeed, loadTown, packageBytes, townParts, townScript, townSheetText } from "./town.ts";

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const testdata = (name: string): string => join(import.meta.dirname, "../testdata", name);
const definition = at("definition");
const pass = ["--passphrase-file", at("pass")];
const key = (i: number): string => at(`trustee-${i}/key`);
const trustees = [1, 2, 3];

function makeDefinition(): void {
  writeFileSync(at("pass"), "four random words here\n");
  cpSync(join(root, "examples/town"), definition, { recursive: true });
  const path = join(definition, "election.json");
  const json = JSON.parse(readFileSync(path, "utf8"));
  for (const i of trustees) {
    mkdirSync(at(`trustee-${i}`)); // the ceremony leaves private files beside the key
    const shown = mustUrna("key", "new", key(i), "--kind", "trustee", ...pass);
    const member = json.trustees.members[i - 1];
    [member.signing_key, member.box_key] = shown.match(/[0-9a-f]{64}/g)!;
  }
  json.device_authorities = [toHex(ed25519.getPublicKey(authoritySeed))];
  writeFileSync(path, `${JSON.stringify(json, undefined, 2)}\n`);
}

function makeKeyAndBox(): void {
  mustUrna("trustee", "new", "--election", definition, "--folder", at("ceremony"));
  for (const step of ["commit", "reveal", "share", "confirm"]) {
    for (const i of trustees) mustUrna("trustee", step, "--folder", at("ceremony"), "--key", key(i), ...pass);
  }
  mustUrna("trustee", "combine", "--folder", at("ceremony"), "--election", definition, "--out", at("election-key.urna"));
  writeFileSync(at("script"), `${townScript.join("\n")}\n`);
  mustUrna("ballot", "seal", at("script"), "--election", definition, "--election-key", at("election-key.urna"),
    "--station", "N01", "--out", at("n01.box"));
}

function decrypt(): void {
  const town = loadTown();
  const bytes = packageBytes(townParts(town, townSheetText(definitionHash(town.definition))));
  writeFileSync(at("n01.package"), bytes);
  const { text, log, witness } = makeCheckpoint(utf8(`urna-document/1 package N01 ${toHex(parsePackage(bytes).hash)}\n`));
  writeFileSync(at("checkpoint"), text);
  for (const i of trustees) {
    mustUrna("trustee", "decrypt", "--election", definition, "--election-key", at("election-key.urna"),
      "--package", at("n01.package"), "--key", key(i), "--share", shareOf(at(`trustee-${i}`)), "--ledger", at(`ledger-${i}`),
      "--checkpoint", at("checkpoint"), "--log-key", log, "--witness", witness, "--quorum", "1",
      "--out", testdata(`decryption-${i}.urna`), ...pass);
  }
}

function shareOf(path: string): string {
  const name = readdirSync(path).find((file) => file.startsWith("share-"));
  return join(path, name!);
}

makeDefinition();
makeKeyAndBox();
mkdirSync(testdata(""), { recursive: true });
copyFileSync(join(definition, "election.json"), testdata("election.json"));
for (const name of ["election-key.urna", "n01.box"]) copyFileSync(at(name), testdata(name));
for (const i of trustees) writeFileSync(testdata(`decryption-${i}.urna`), "");
decrypt();
folder.remove();
