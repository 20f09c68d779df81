// The checks of docs/verification.md by number and name, and what was found by each:
// passed, failed or not run and why. Nothing passes by default.

import { attempt, faultText } from "./fault.ts";

export const checkNumbers = {
  "log-key": 1, checkpoint: 2, witnesses: 3, history: 4, tree: 5, entries: 6, documents: 7, conflicts: 8,
  definition: 9, "election-key": 10, ceremony: 11, "trust-root": 12, certificates: 13, decisions: 14,
  package: 15, "package-signature": 16, "ballot-box": 17, proofs: 18, openings: 19, unique: 20, order: 21,
  roots: 22, sheets: 23, counts: 24, equalities: 25, "box-count": 26, officials: 27, events: 28,
  exclusion: 29, decryptions: 30, "decrypted-totals": 31, "sheet-totals": 32, stations: 33, totals: 34, seats: 35,
} as const;
export type AnyCheck = keyof typeof checkNumbers;
export type CheckState = "passed" | "failed" | "not run";

export interface Check<Name extends AnyCheck = AnyCheck> {
  readonly name: Name;
  readonly state: CheckState;
  // What is wrong, one finding a line; or why the check was not run.
  readonly details: readonly string[];
}

export class Checks<Name extends AnyCheck> {
  readonly #found = new Map<Name, { state: CheckState; details: string[] }>();

  // Runs `find`, which gives what is wrong; a refusal is a finding. A check that failed
  // stays failed.
  run(name: Name, find: () => readonly string[]): boolean {
    const read = attempt(find);
    const details = "value" in read ? read.value : [faultText(read.fault)];
    const now = this.#found.get(name);
    if (now?.state === "failed") now.details.push(...details);
    else this.#found.set(name, { state: details.length === 0 ? "passed" : "failed", details: [...details] });
    return details.length === 0;
  }

  fail(name: Name, ...details: readonly string[]): void {
    this.run(name, () => details);
  }

  skip(why: string, ...names: readonly Name[]): void {
    for (const name of names) {
      if (this.#found.get(name)?.state !== "failed") this.#found.set(name, { state: "not run", details: [why] });
    }
  }

  failed(name: Name): boolean {
    return this.#found.get(name)?.state === "failed";
  }

  list(names: readonly Name[]): Check<Name>[] {
    return names.map((name) => ({ name, ...(this.#found.get(name) ?? { state: "not run", details: ["not reached"] }) }));
  }
}
