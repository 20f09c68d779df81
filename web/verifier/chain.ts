// The chain of QR codes of a tally sheet (docs/formats/qr-chain.md): from the codes'
// texts, in any order, to the sheet's text and its signature.

import { toHex, utf8, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import { FieldReader } from "./fields.ts";
import { parseSheet } from "./sheet.ts";
import { sha256 } from "./transcript.ts";

interface Code {
  readonly part: number;
  readonly of: number;
  readonly header: string; // everything in front but PART
  readonly piece: string;
  readonly hash: string;
  readonly signature: Bytes | undefined;
}

export function readChain(texts: readonly string[]): { text: string; signature: Bytes } {
  const own = [...new Set(texts)].filter((text) => /^URNA:QR\//i.test(text));
  if (own.length === 0) throw new Refused(2440, `${texts.length} codes`);
  const codes = own.map(parseCode).sort((a, b) => a.part - b.part);
  const first = codes[0]!;
  if (codes.some((code) => code.header !== first.header)) throw new Refused(2444, "the headers differ");
  if (codes.some((code) => code.of !== first.of)) throw new Refused(2447, `${first.of} codes`);
  const twice = codes.find((code, i) => i > 0 && codes[i - 1]!.part === code.part);
  if (twice !== undefined) throw new Refused(2443, `code ${twice.part}`);
  if (codes.length < first.of) throw new Refused(2441, `${codes.length} of ${first.of}`);
  const text = joined(codes);
  const { signature } = codes.at(-1)!;
  if (text === undefined || signature === undefined) {
    throw new Refused(fitsInAnotherOrder(codes) ? 2442 : 2445, "the pieces do not fit their hashes");
  }
  checkHeader(first.header, text);
  return { text, signature };
}

const fieldsOfHeader = ["SHEET", "ELECTION", "MODE", "STATION", "SEGMENT", "DEVICE"] as const;

function parseCode(text: string): Code {
  const reader = new FieldReader(text, 700);
  if (reader.text("URNA") !== "QR/1") throw new Refused(2404, reader.place("URNA"));
  const numbers = /^([1-9][0-9]?)\/([1-9][0-9]?)$/.exec(reader.text("PART"));
  const [part, of] = [Number(numbers?.[1]), Number(numbers?.[2])];
  if (numbers === null || part > of) throw new Refused(2403, "PART");
  const header = fieldsOfHeader.map((key) => `${key}:${reader.text(key)}`).join(" ");
  const match = /^(.*) HASH:([0-9A-F]{64})(?: SIGN:([A-Z2-7]+))?$/.exec(reader.left);
  if (match === null) throw new Refused(2403, `code ${part}`);
  const signature =
    match[3] === undefined ? undefined : new FieldReader(`SIGN:${match[3]}`, 200).base32("SIGN", 64);
  return { part, of, header, piece: match[1]!, hash: match[2]!, signature };
}

// The pieces in this order, when each fits the hash of all up to it.
function joined(codes: readonly Code[]): string | undefined {
  let text = "";
  for (const [i, code] of codes.entries()) {
    text = i === 0 ? code.piece : `${text} ${code.piece}`;
    if (toHex(sha256(utf8(text))).toUpperCase() !== code.hash) return undefined;
  }
  return text;
}

// Only one code can follow each prefix, so the right order is found step by step.
function fitsInAnotherOrder(codes: readonly Code[]): boolean {
  let chosen: readonly Code[] = [];
  while (chosen.length < codes.length) {
    const next = codes.find((code) => !chosen.includes(code) && joined([...chosen, code]) !== undefined);
    if (next === undefined) return false;
    chosen = [...chosen, next];
  }
  return true;
}

function checkHeader(header: string, text: string): void {
  const sheet = parseSheet(text);
  const upper = (bytes: Bytes): string => toHex(bytes).toUpperCase().slice(0, 16);
  const expected = [
    `SHEET:${upper(sheet.digest)}`, `ELECTION:${upper(sheet.election)}`, `MODE:${sheet.mode}`,
    `STATION:${sheet.station}`, `SEGMENT:${sheet.segment}`, `DEVICE:${sheet.device || "-"}`,
  ].join(" ");
  if (header !== expected) throw new Refused(2446, `station ${sheet.station}`);
}
