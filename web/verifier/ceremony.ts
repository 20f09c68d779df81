// The files of the key ceremony in a record (docs/formats/ceremony.md): there must be one
// of every trustee for each of the four steps, good and built on the others, and they must
// be the ones that the election key record was made of.

import { equal, toHex, type Bytes } from "./bytes.ts";
import { openFile, parseTerms, payloadHash, readCitations, type ElectionKey, type Step, type Terms } from "./election-key.ts";
import { attempt, faultText } from "./fault.ts";
import { Reader } from "./reader.ts";

const stepNames = ["", "commit", "reveal", "shares", "confirm"];
const atStep = 8 + 4 + 32 + 4 * 3 + 32; // in the header of a file

export interface CeremonyFile {
  readonly name: string;
  readonly bytes: Bytes;
}

// What is wrong with these files; `terms` is the file terms.urna.
export function wrongCeremony(key: ElectionKey, terms: Bytes | undefined, files: readonly CeremonyFile[]): string[] {
  if (terms === undefined) return ["there are no terms (terms.urna)"];
  if (!equal(terms, key.terms)) return ["the terms are not those of the election key"];
  return new Ceremony(parseTerms(terms), key).judge(files);
}

class Ceremony {
  readonly #terms: Terms;
  readonly #key: ElectionKey;
  readonly #files = new Map<string, Bytes>(); // by step and trustee
  readonly #payloads = new Map<string, string>(); // the hash of what each of them says
  readonly #findings: string[] = [];

  constructor(terms: Terms, key: ElectionKey) {
    this.#terms = terms;
    this.#key = key;
  }

  judge(files: readonly CeremonyFile[]): string[] {
    for (const file of files) this.#collect(file);
    for (const step of [1, 2, 3, 4] as const) {
      for (let trustee = 1; trustee <= this.#terms.members.length; ++trustee) {
        if (!this.#files.has(`${step} ${trustee}`)) this.#findings.push(`there is no ${stepNames[step]} of trustee ${trustee}`);
      }
    }
    if (this.#findings.length === 0) this.#compare();
    return this.#findings;
  }

  #collect({ name, bytes }: CeremonyFile): void {
    const read = attempt(() => {
      const header = new Reader(bytes);
      header.take(atStep);
      const step = header.u8();
      const trustee = header.u32();
      if (step < 1 || step > 4 || this.#terms.members[trustee - 1] === undefined) return "a complaint, or no step";
      const payload = openFile(this.#terms, step as Step, trustee, bytes);
      return this.#readPayload(step as Step, trustee, payload, bytes);
    });
    const wrong = "fault" in read ? faultText(read.fault) : read.value;
    if (wrong !== undefined) this.#findings.push(`${name}: ${wrong}`);
  }

  #readPayload(step: Step, trustee: number, payload: Reader, bytes: Bytes): string | undefined {
    const whole = payload.take(payload.left);
    const wrong = this.#remember(step, trustee, payloadHash(whole));
    if (wrong !== undefined) return wrong;
    this.#files.set(`${step} ${trustee}`, bytes);
    const reader = new Reader(whole);
    if (step === 1) {
      reader.take(32);
    } else {
      if (step === 2) reader.take(96 * this.#terms.k);
      const place = `${stepNames[step]} of trustee ${trustee}`;
      const cited = readCitations(this.#terms, (step - 1) as Step, reader, place);
      for (const [i, hash] of cited.entries()) {
        const differs = this.#remember((step - 1) as Step, i + 1, hash);
        if (differs !== undefined) return differs;
      }
      if (step === 3) reader.take(112 * (this.#terms.members.length - 1));
      if (step === 4) reader.take(32);
    }
    reader.finish();
    return undefined;
  }

  // Two different statements of one trustee for one step are equivocation.
  #remember(step: Step, trustee: number, hash: Bytes): string | undefined {
    const id = `${step} ${trustee}`;
    const seen = this.#payloads.get(id);
    if (seen !== undefined && seen !== toHex(hash)) return `two different ${stepNames[step]} files of trustee ${trustee}`;
    this.#payloads.set(id, toHex(hash));
    return undefined;
  }

  #compare(): void {
    for (let i = 0; i < this.#terms.members.length; ++i) {
      const same = equal(this.#files.get(`2 ${i + 1}`)!, this.#key.reveals[i]!) &&
        equal(this.#files.get(`4 ${i + 1}`)!, this.#key.confirms[i]!);
      if (!same) this.#findings.push(`the files of trustee ${i + 1} give another election key record`);
    }
  }
}
