// Ballot box files (docs/formats/ballot-box.md), and the verdict over all ballots of one.

import { Ballot } from "./ballot.ts";
import { checkBatch, type OpenBallot } from "./batch.ts";
import { type Bytes } from "./bytes.ts";
import { attempt, fault, Refused, type Fault } from "./fault.ts";
import { decodeElement, isIdentity, type Element } from "./group.ts";
import { checkOpening } from "./opening.ts";
import { Reader } from "./reader.ts";
import { Station } from "./station.ts";
import { decisions, StationCheck, type Decision } from "./station-check.ts";
import { BallotStyle } from "./style.ts";

export interface BoxBallot {
  readonly decision: Decision;
  readonly ballot: Bytes;
  readonly opening: Bytes;
}

export interface Box {
  readonly station: Station;
  readonly key: Element;
  readonly keyBytes: Bytes;
  readonly ballots: readonly BoxBallot[];
}

const mostBytesOfBallot = 1 << 20;
const mostBallots = 1_000_000;

export function parseBox(bytes: Bytes): Box {
  const reader = new Reader(bytes);
  const result = attempt(() => readBox(reader));
  if ("value" in result) return result.value;
  const { number, title, place } = result.fault;
  if (number === 3060 || number === 3061) throw new Refused(number, place);
  throw new Refused(3060, `${title}: ${place}`);
}

function readBox(reader: Reader): Box {
  if (reader.text(64) !== "urna-ballot-box-1") throw new Refused(3060, "the magic is missing");
  const station = readStation(reader);
  const keyBytes = reader.take(32);
  const key = decodeKey(keyBytes);
  const count = reader.u32();
  if (count > mostBallots) throw new Refused(3060, "more ballots than a station has");
  const ballots: BoxBallot[] = [];
  let last = 0;
  for (let i = 0; i < count; ++i) {
    const number = reader.u8();
    const decision = decisions[number - 1];
    if (decision === undefined) throw new Refused(3060, `ballot ${i} has decision ${number}`);
    if (number < last) throw new Refused(3061, `ballot ${i} (${decision})`);
    last = number;
    const ballot = reader.bytes(mostBytesOfBallot);
    ballots.push({ decision, ballot, opening: reader.bytes(mostBytesOfBallot) });
  }
  reader.finish();
  return { station, key, keyBytes, ballots };
}

export function decodeKey(bytes: Bytes): Element {
  const key = decodeElement(bytes);
  if (key === undefined || isIdentity(bytes)) throw new Refused(3005, "the joint key");
  return key;
}

export function readStation(reader: Reader): Station {
  const electionHash = reader.take(32);
  const code = reader.text(64);
  const segments = readList(reader, 4, () => reader.u32());
  const styles = readList(reader, 8, () => {
    const number = reader.u32();
    return new BallotStyle(
      number,
      readList(reader, 8, () => ({ options: reader.u32(), limit: reader.u32() })),
    );
  });
  return new Station(electionHash, code, segments, styles);
}

// A u32 count and as many items of at least `size` bytes each.
export function readList<T>(reader: Reader, size: number, item: () => T): T[] {
  const count = reader.u32();
  if (count > reader.left / size) throw new Refused(1010, `${count} items do not fit`);
  return Array.from({ length: count }, item);
}

export interface BoxFault extends Fault {
  readonly ballot: number;
}

// The same object that `urna ballot verify --json` prints.
export interface BoxReport {
  readonly cast: number;
  readonly challenged: number;
  readonly voided: number;
  readonly faults: readonly BoxFault[];
}

export interface CheckOptions {
  // Ballots per sum of products: more is faster and reports progress less often.
  readonly batch?: number;
  readonly progress?: (done: number, all: number) => void | Promise<void>;
}

export async function checkBox(box: Box, options: CheckOptions = {}): Promise<BoxReport> {
  const proofs = await checkAllProofs(box, options);
  const together = new StationCheck();
  const faults: BoxFault[] = [];
  for (const [position, item] of box.ballots.entries()) {
    const add = (found: Fault | undefined): void => {
      if (found !== undefined) faults.push({ ballot: position, ...found });
    };
    add(proofs[position]);
    const read = attempt(() => Ballot.read(box.station, item.ballot));
    if ("fault" in read) continue;
    add(together.add(item.decision, read.value));
    add(checkDecision(box.key, item, read.value));
  }
  const count = (decision: Decision): number =>
    box.ballots.filter((item) => item.decision === decision).length;
  return { cast: count("cast"), challenged: count("challenged"), voided: count("voided"), faults };
}

function checkDecision(key: Element, item: BoxBallot, ballot: Ballot): Fault | undefined {
  if (item.decision !== "challenged") {
    if (item.opening.length === 0) return undefined;
    return fault(3054, `a ${item.decision} ballot comes with an opening`);
  }
  if (item.opening.length === 0) return fault(3053, "challenged ballot");
  return checkOpening(ballot, key, item.opening);
}

async function checkAllProofs(box: Box, options: CheckOptions): Promise<(Fault | undefined)[]> {
  const size = options.batch ?? 8;
  const verdicts: (Fault | undefined)[] = [];
  for (let first = 0; first < box.ballots.length; first += size) {
    const part = box.ballots.slice(first, first + size);
    verdicts.push(...checkPart(box, part));
    await options.progress?.(Math.min(first + size, box.ballots.length), box.ballots.length);
  }
  return verdicts;
}

function checkPart(box: Box, part: readonly BoxBallot[]): (Fault | undefined)[] {
  const opened = part.map((item) =>
    attempt((): OpenBallot => {
      const ballot = Ballot.read(box.station, item.ballot);
      return { ballot, fields: ballot.fields() };
    }),
  );
  const good = opened.flatMap((item) => ("value" in item ? [item.value] : []));
  const proofs = checkBatch(good, box.key);
  let next = 0;
  return opened.map((item) => ("fault" in item ? item.fault : proofs[next++]));
}
