// The tables of a definition (docs/formats/definition.md): comma-separated values of
// RFC 4180 in UTF-8, whose first line names the columns.

import { fromUtf8, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";

export type Row = ReadonlyMap<string, string>;

// The rows of one file; `columns` are all that it may have besides texts such as "name:es".
export function parseTable(file: string, bytes: Bytes, columns: readonly string[], texts: readonly string[]): Row[] {
  const text = fromUtf8(bytes);
  if (text === undefined) throw new Refused(1014, file);
  const [header, ...rows] = parseCells(file, text);
  if (header === undefined) throw new Refused(1050, `${file} is empty`);
  for (const name of header) {
    const [column, language] = name.split(":");
    const known = language === undefined ? [...columns, ...texts].includes(name) : texts.includes(column!);
    if (!known) throw new Refused(1052, `${file}: unknown column ${name}`);
  }
  if (new Set(header).size !== header.length) throw new Refused(1052, `${file}: a column twice`);
  return rows.map((cells, i) => {
    if (cells.length !== header.length) throw new Refused(1051, `${file}, row ${i + 2}: ${cells.length} cells`);
    return new Map(header.map((name, c) => [name, cells[c]!]));
  });
}

function parseCells(file: string, text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (++at; ; ++at) {
        const end = text.indexOf('"', at);
        if (end < 0) throw new Refused(1050, `${file}: a quote is not closed`);
        cell += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        cell += '"';
      }
    } else {
      const end = /[,\r\n]/.exec(text.slice(at))?.index ?? text.length - at;
      cell = text.slice(at, at + end);
      at += end;
      if (cell.includes('"')) throw new Refused(1050, `${file}: a quote inside a cell`);
    }
    row.push(cell);
    if (text[at] === ",") {
      ++at;
      if (at === text.length) row.push("");
      continue;
    }
    if (text.startsWith("\r\n", at)) at += 2;
    else if (text[at] === "\n") at += 1;
    else if (at < text.length) throw new Refused(1050, `${file}: text after a quote`);
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}
