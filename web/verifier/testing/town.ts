// One station of examples/town, from the key ceremony to a signed package: what the
// tests of packages, keys and totals read. The ceremony, the sealing and the decryption
// were done by the urna program (make-town.ts, testdata); sheets, certificates and the
// package are signed here, by fixed keys.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { ed25519 } from "@noble/curves/ed25519.js";

import { parseBox } from "../box.ts";
import { concat, toBase32, toHex, utf8, type Bytes } from "../bytes.ts";
import { leafHash, rootOf } from "../merkle.ts";
import { packageMagic } from "../package.ts";
import { u32 } from "../reader.ts";
import { decisions } from "../station-check.ts";
import { definitionHash } from "../verdict.ts";
import { hashWide, sha256 } from "../transcript.ts";
import { readBytes, root } from "./documents.ts";

export const sign = (use: string, message: Bytes, seed: Bytes): Bytes =>
  ed25519.sign(hashWide("signature", [use, message]), seed);

export const authoritySeed = new Uint8Array(32).fill(41);
export const deviceSeed = new Uint8Array(32).fill(42);

const upperHex = (bytes: Bytes): string => toHex(bytes).toUpperCase();
const framed = (bytes: Bytes): Bytes => concat(u32(bytes.length), bytes);
const framedText = (text: string): Bytes => framed(utf8(text));

export interface Town {
  readonly definition: ReadonlyMap<string, Bytes>;
  readonly electionKey: Bytes;
  readonly box: Bytes;
  readonly partials: readonly Bytes[];
}

export const townScript = [
  "cast MAYOR=FARO COUNCIL=CEIBA NORTE=NOELIA+OSCAR BRIDGE=YES PARK=TREES+COURT+STAGE+BENCHES",
  "cast MAYOR=DARIO BRIDGE=NO",
  "cast",
  "challenged MAYOR=IRENE NORTE=PILAR",
  "voided COUNCIL=RUTA",
] as const;

// What those ballots add up to.
export const townSheetText = (definition: Bytes): string =>
  [
    `URNA:SHEET/1 MODE:DEMO ORIGIN:MACHINE ELECTION:${upperHex(definition)} STATION:N01 SEGMENT:1`,
    "DEVICE:UM-1 SOFTWARE:0.1.0 OPENED:20260510T060000-0400 CLOSED:20260510T180000-0400",
    "REGISTERED:410 CHECKEDIN:4 MATCHED:3 NOTMATCHED:1 NOPRINT:0 NOTTAKEN:0 NOREADER:0 TOKENS:4",
    "UNUSED:0 ACTIVATED:4 BYOFFICIALS:0 CAST:3 NOVOTE:1 SEALED:5 CHALLENGED:1 VOIDED:1 CONTESTS:5",
    "CONTEST:MAYOR LIMIT:1 BALLOTS:3 OPTIONS:4 FARO:1 MOLINO:0 DARIO:1 IRENE:0 BLANK:1 NULL:0",
    "CONTEST:COUNCIL LIMIT:1 BALLOTS:3 OPTIONS:4 FARO:0 MOLINO:0 CEIBA:1 RUTA:0 BLANK:2 NULL:0",
    "CONTEST:NORTE LIMIT:2 BALLOTS:3 OPTIONS:4 NOELIA:1 OSCAR:1 PILAR:0 RAMON:0 BLANK:2 NULL:0",
    "CONTEST:BRIDGE LIMIT:1 BALLOTS:3 OPTIONS:2 YES:1 NO:1 BLANK:1 NULL:0",
    "CONTEST:PARK LIMIT:4 BALLOTS:3 OPTIONS:4 TREES:1 COURT:1 STAGE:1 BENCHES:1 BLANK:2 NULL:0",
    "END:SHEET",
  ].join(" ");

// As make-town.ts wrote it.
export function loadTown(): Town {
  const at = (name: string): Bytes => readBytes(join(import.meta.dirname, "../testdata", name));
  const folder = join(root, "examples/town");
  const names = readdirSync(folder).filter((name) => !name.endsWith(".md"));
  const definition = new Map(names.map((name) => [name, readBytes(join(folder, name))]));
  definition.set("election.json", at("election.json"));
  return {
    definition,
    electionKey: at("election-key.urna"),
    box: at("n01.box"),
    partials: [1, 2, 3].map((i) => at(`decryption-${i}.urna`)),
  };
}

export function certificateLine(definition: Bytes, name = "UM-1", station = "N01"): string {
  const key = toBase32(ed25519.getPublicKey(deviceSeed));
  const text = `URNA:CERT/1 MODE:DEMO ELECTION:${upperHex(definition)} ROLE:MACHINE STATION:${station} NAME:${name} KEY:${key}`;
  return `${text} SIGN:${toBase32(sign("certificate", utf8(text), authoritySeed))}`;
}

// Check-in's slip with the numbers that the sheet states.
export function checkInSlip(definition: Bytes, sheetText: string): string {
  const numbers = /CHECKEDIN:.* TOKENS:\d+/.exec(sheetText)![0];
  const text = `URNA:CHECKIN/1 MODE:DEMO ELECTION:${upperHex(definition)} STATION:N01 ${numbers} LEFT:7`;
  const certificate = certificateLine(definition, "CI-1").replace("ROLE:MACHINE", "ROLE:CHECKIN").replace(/ SIGN:.*/, "");
  const signed = `${certificate} SIGN:${toBase32(sign("certificate", utf8(certificate), authoritySeed))}`;
  return `${text} SIGN:${toBase32(sign("check-in-slip", utf8(text), deviceSeed))}\n${signed}\n`;
}

export function sheetFile(text: string, certificate: string): string {
  const signature = sign("tally-sheet", sha256(utf8(text)), deviceSeed);
  return `${text}\nSIGN:${toBase32(signature)}\n${certificate}\n`;
}

export interface PackageParts {
  box: Bytes;
  sheets: string[];
  checkIn?: string;
  events: string;
  certificate: string;
  roots?: Bytes[];
}

export function packageBytes(parts: PackageParts): Bytes {
  const box = parseBox(parts.box);
  const roots = parts.roots ?? decisions.map((decision) =>
    rootOf(box.ballots.filter((item) => item.decision === decision).map((item) => leafHash(item.ballot))));
  const message = concat(
    framedText(packageMagic), framed(parts.box), ...roots, u32(parts.sheets.length),
    ...parts.sheets.map(framedText), framedText(parts.checkIn ?? ""), framedText(parts.events),
    framedText(parts.certificate),
  );
  return concat(message, sign("station-package", message, deviceSeed));
}

// The honest package of the town's station, and the parts to break it with.
export function townParts(town: Town, sheetText: string): PackageParts {
  const certificate = certificateLine(definitionHash(town.definition));
  return {
    box: town.box,
    sheets: [sheetFile(sheetText, certificate)],
    events: "20260510T060000-0400 OPENED\n20260510T180000-0400 CLOSED\n",
    certificate,
    checkIn: checkInSlip(definitionHash(town.definition), sheetText),
  };
}
