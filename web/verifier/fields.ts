// KEY:VALUE text (docs/formats/tally-sheet.md): one line of fields in a fixed order, in
// the characters of alphanumeric QR codes. One legal spelling of every value.

import { fromBase32, fromHex, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";

export type Count = number | undefined; // undefined: not stated

export const isCode = (text: string): boolean => /^[A-Z0-9]{1,16}$/.test(text);
export const isLabel = (text: string): boolean => /^[A-Z0-9][A-Z0-9.-]{0,31}$/.test(text);

export class FieldReader {
  #left: string;
  #position = 0;
  readonly #all: string;

  constructor(text: string, most: number) {
    if (text.length > most) throw new Refused(2402, `${text.length} characters`);
    for (const [i, letter] of [...text].entries()) {
      if (/[a-z]/.test(letter)) throw new Refused(2400, `character ${i + 1}`);
      if (!/[A-Z0-9 $%*+\-./:]/.test(letter)) throw new Refused(2401, `character ${i + 1}`);
    }
    this.#all = text;
    this.#left = text;
  }

  get left(): string {
    return this.#left;
  }

  // What has been read, without the space behind it.
  get read(): string {
    return this.#all.slice(0, this.#all.length - this.#left.length - 1);
  }

  pair(): readonly [key: string, value: string] {
    const place = `field ${++this.#position}`;
    if (this.#left === "") throw new Refused(2403, place);
    const space = this.#left.indexOf(" ");
    const field = space < 0 ? this.#left : this.#left.slice(0, space);
    if (field === "" || (space >= 0 && space + 1 === this.#left.length)) throw new Refused(2408, place);
    const colon = field.indexOf(":");
    if (colon <= 0 || colon + 1 === field.length) throw new Refused(space < 0 ? 2403 : 2405, place);
    this.#left = space < 0 ? "" : this.#left.slice(space + 1);
    return [field.slice(0, colon), field.slice(colon + 1)];
  }

  place(key: string): string {
    return `field ${this.#position} (${key})`;
  }

  text(key: string): string {
    const [found, value] = this.pair();
    if (found !== key) throw new Refused(2406, this.place(key));
    return value;
  }

  #value<T>(key: string, parse: (text: string) => T | undefined): T {
    const value = parse(this.text(key));
    if (value === undefined) throw new Refused(2405, this.place(key));
    return value;
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T {
    return this.#value(key, (text) => values.find((value) => value === text));
  }

  code(key: string): string {
    return this.#value(key, (text) => (isCode(text) ? text : undefined));
  }

  codeOrNone(key: string): string {
    return this.#value(key, (text) => (text === "-" ? "" : isCode(text) ? text : undefined));
  }

  label(key: string): string {
    return this.#value(key, (text) => (isLabel(text) ? text : undefined));
  }

  labelOrNone(key: string): string {
    return this.#value(key, (text) => (text === "-" ? "" : isLabel(text) ? text : undefined));
  }

  time(key: string): string | undefined {
    return this.#value(key, (text) => (text === "-" || isLocalTime(text) ? [text] : undefined))
      .find((text) => text !== "-");
  }

  number(key: string, least: number, most: number): number {
    return this.#value(key, (text) => wholeNumber(text, least, most));
  }

  count(key: string): Count {
    const [value] = this.#value(key, (text): [Count] | undefined => {
      if (text === "-") return [undefined];
      const number = wholeNumber(text, 0, 99_999_999);
      return number === undefined ? undefined : [number];
    });
    return value;
  }

  hex(key: string, size: number): Bytes {
    return this.#value(key, (text) => sized(fromHex(text.toLowerCase()), size));
  }

  base32(key: string, size: number): Bytes {
    return this.#value(key, (text) => sized(fromBase32(text), size));
  }

  finish(): void {
    if (this.#left !== "") throw new Refused(2407, this.#left.slice(0, 40));
  }
}

const sized = (bytes: Bytes | undefined, size: number): Bytes | undefined =>
  bytes?.length === size ? bytes : undefined;

export function wholeNumber(text: string, least: number, most: number): number | undefined {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

// "20261206T060312-0400", only moments that exist.
export function isLocalTime(text: string): boolean {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)([+-])(\d\d)(\d\d)$/.exec(text);
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as number[];
  const offset = Number(match[8]) * 60 + Number(match[9]);
  const date = new Date(Date.UTC(year!, month! - 1, day));
  return (
    year! >= 2000 && date.getUTCMonth() + 1 === month && date.getUTCDate() === day &&
    hour! < 24 && minute! < 60 && second! < 60 && Number(match[9]) < 60 &&
    offset <= 14 * 60 && !(offset === 0 && match[7] === "-")
  );
}
