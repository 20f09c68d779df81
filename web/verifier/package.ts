// Station packages (docs/formats/station-package.md): the layout, and what must hold
// among the parts of one. verdict.ts puts the answers together.

import { Ballot } from "./ballot.ts";
import { parseBox, type Box } from "./box.ts";
import { equal, toHex, type Bytes } from "./bytes.ts";
import { attempt, Refused } from "./fault.ts";
import { isLabel, isLocalTime } from "./fields.ts";
import { leafHash, rootOf } from "./merkle.ts";
import { Reader } from "./reader.ts";
import { decisions, type Decision } from "./station-check.ts";
import type { Certificate, CountKey, Sheet } from "./sheet.ts";
import { sha256 } from "./transcript.ts";

export interface StationPackage {
  readonly hash: Bytes;
  readonly box: Box;
  readonly roots: readonly Bytes[];
  readonly sheets: readonly string[];
  readonly checkIn: string;
  readonly events: string;
  readonly certificate: string;
  readonly message: Bytes; // what is signed
  readonly signature: Bytes;
}

export const packageMagic = "urna-station-package-1";
const mostBytes = 1 << 27;

export function parsePackage(bytes: Bytes): StationPackage {
  const read = attempt(() => readPackage(bytes));
  if ("value" in read) return read.value;
  const { number, title, place } = read.fault;
  if (number === 3061) throw new Refused(3061, place);
  throw new Refused(3070, number === 3070 ? place : `${title}: ${place}`);
}

function readPackage(bytes: Bytes): StationPackage {
  if (bytes.length > mostBytes) throw new Refused(3070, `${bytes.length} bytes`);
  const reader = new Reader(bytes);
  if (reader.text(64) !== packageMagic) throw new Refused(3070, "the magic is missing");
  const box = parseBox(reader.bytes(mostBytes));
  const roots = decisions.map(() => reader.take(32));
  const count = reader.u32();
  if (count < 1 || count > 99) throw new Refused(3070, `${count} tally sheets`);
  const sheets = Array.from({ length: count }, () => reader.text(72 * 1024));
  const checkIn = reader.text(8 * 1024);
  const events = reader.text(1 << 20);
  const certificate = reader.text(1024);
  const message = bytes.subarray(0, reader.offset);
  const signature = reader.take(64);
  reader.finish();
  return { hash: sha256(bytes), box, roots, sheets, checkIn, events, certificate, message, signature };
}

// Whether the machine that holds this certificate signed the package.
export const signedBy = (pack: StationPackage, certificate: Certificate): boolean =>
  certificate.key.verifies("station-package", pack.message, pack.signature);

// The first group whose root is not the one that the package states.
export function wrongRoot(pack: StationPackage): Decision | undefined {
  return decisions.find((decision, i) => {
    const group = pack.box.ballots.filter((item) => item.decision === decision);
    return !equal(rootOf(group.map((item) => leafHash(item.ballot))), pack.roots[i]!);
  });
}

// "CAST: 120 on the sheets, 119 in the box" for every number that differs.
export function wrongCounts(pack: StationPackage, sheets: readonly Sheet[]): string[] {
  const inBox = (decision: Decision): number =>
    pack.box.ballots.filter((item) => item.decision === decision).length;
  const counts: readonly (readonly [CountKey, number])[] = [
    ["CAST", inBox("cast")],
    ["CHALLENGED", inBox("challenged")],
    ["VOIDED", inBox("voided")],
    ["SEALED", pack.box.ballots.length],
  ];
  return counts.flatMap(([key, sealed]) => {
    const stated = sheets.reduce((sum, sheet) => sum + (sheet.counts[key] ?? Number.NaN), 0);
    return stated === sealed ? [] : [`${key}: ${stated} on the sheets, ${sealed} in the package`];
  });
}

const plainEvents = [
  "STARTED", "STOPPED", "OPENED", "CLOSED", "PAUSED", "RESUMED", "TEST-PRINTED", "SHEET-PRINTED",
  "PACKAGE-MADE", "PAPER-OUT", "PAPER-LOADED", "PRINTER-FAULT", "PRINTER-READY", "SCANNER-FAULT",
  "SCANNER-READY", "SCREEN-FAULT", "DISK-FAULT", "POWER-LOST", "POWER-BACK", "CLOCK-CHANGED",
  "DOOR-OPENED", "DOOR-CLOSED", "HANDED-OVER", "TOOK-OVER",
];

// The first line of the public event log that says what it may not say.
export function wrongEvent(events: string): number | undefined {
  const lines = events.split("\n");
  if (lines.pop() !== "") return lines.length + 1;
  let last = -Infinity;
  for (const [i, line] of lines.entries()) {
    const [time, event, label, ...more] = line.split(" ");
    const known = isLocalTime(time ?? "") && plainEvents.includes(event ?? "") &&
      more.length === 0 && (label === undefined || isLabel(label));
    if (!known) return i + 1;
    const moment = secondsOf(time!);
    if (moment < last && event !== "CLOCK-CHANGED") return i + 1;
    last = moment;
  }
  // A poll that was never opened or closed is not on record.
  const has = (event: string): boolean => lines.some((line) => line.split(" ")[1] === event);
  return (has("OPENED") || has("TOOK-OVER")) && has("CLOSED") ? undefined : lines.length + 1;
}

function secondsOf(time: string): number {
  const [, year, month, day, hour, minute, second, sign, hours, minutes] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)([+-])(\d\d)(\d\d)$/.exec(time)!;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60 : 60);
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return utc / 1000 - offset;
}

export interface Found {
  readonly decision: Decision;
  readonly position: number; // within its group, from 0
  readonly group: number;
  readonly leaf: string;
  readonly choices: Bytes | undefined; // of a challenged ballot
}

// The ballot with this confirmation code, however it was recorded.
export function findCode(box: Box, code: Bytes): Found | undefined {
  for (const decision of decisions) {
    const group = box.ballots.filter((item) => item.decision === decision);
    for (const [position, item] of group.entries()) {
      const read = attempt(() => Ballot.read(box.station, item.ballot));
      if (!("value" in read) || !equal(read.value.code, code)) continue;
      const choices = item.opening.length > 33 ? item.opening.subarray(33) : undefined;
      return { decision, position, group: group.length, leaf: toHex(leafHash(item.ballot)), choices };
    }
  }
  return undefined;
}

