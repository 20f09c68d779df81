// What must hold among all ballots of one station, cast, challenged and voided together:
// nothing twice, and every group in the order of its codes, so that order says nothing.

import { codeText, type Ballot } from "./ballot.ts";
import { compare, toHex, type Bytes } from "./bytes.ts";
import { fault, type Fault } from "./fault.ts";

export type Decision = "cast" | "challenged" | "voided";
export const decisions: readonly Decision[] = ["cast", "challenged", "voided"];

export class StationCheck {
  readonly #ids = new Map<string, Decision>();
  readonly #codes = new Set<string>();
  readonly #alphas = new Set<string>();
  readonly #last = new Map<Decision, Bytes>();

  // The first fault of this ballot against all earlier ones. Ballots come in file order.
  add(decision: Decision, ballot: Ballot): Fault | undefined {
    const faults: Fault[] = [];
    const id = toHex(ballot.id);
    const seen = this.#ids.get(id);
    if (seen === undefined) {
      this.#ids.set(id, decision);
    } else if (seen !== decision) {
      faults.push(fault(3043, `identifier ${id} is also ${seen}`));
    } else {
      faults.push(fault(3040, `identifier ${id} is already ${seen}`));
    }
    const code = ballot.code;
    if (!addNew(this.#codes, toHex(code))) faults.push(fault(3041, `code ${codeText(code)}`));
    for (let point = 0; point < ballot.style.ciphertextPoints; point += 2) {
      if (!addNew(this.#alphas, toHex(ballot.pointBytes(point)))) {
        faults.push(fault(3042, ballot.style.pointName(point)));
      }
    }
    const last = this.#last.get(decision);
    if (last !== undefined && compare(last, code) >= 0) {
      faults.push(
        fault(3044, `${decision} ballot ${codeText(code)} stands after ${codeText(last)}`),
      );
    }
    this.#last.set(decision, code);
    return faults[0];
  }
}

function addNew(set: Set<string>, value: string): boolean {
  const before = set.size;
  return set.add(value).size > before;
}
