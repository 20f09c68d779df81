// What the ballots of one polling station have in common: the election, the station's
// code, its segments (machines) and its ballot styles.

import { utf8, type Bytes } from "./bytes.ts";
import { Refused } from "./fault.ts";
import type { BallotStyle } from "./style.ts";

export class Station {
  readonly electionHash: Bytes;
  readonly code: string;
  readonly segments: readonly number[];
  readonly styles: readonly BallotStyle[];

  constructor(
    electionHash: Bytes,
    code: string,
    segments: readonly number[],
    styles: readonly BallotStyle[],
  ) {
    const length = utf8(code).length;
    if (length < 1 || length > 64) throw new Refused(3003, `a station code of ${length} bytes`);
    if (segments.length === 0 || new Set(segments).size !== segments.length) {
      throw new Refused(3003, `station ${code} declares no segment or one twice`);
    }
    const numbers = styles.map((style) => style.number);
    if (numbers.length === 0 || new Set(numbers).size !== numbers.length) {
      throw new Refused(3003, `station ${code} has no ballot style or one twice`);
    }
    this.electionHash = electionHash;
    this.code = code;
    this.segments = segments;
    this.styles = styles;
  }

  style(number: number): BallotStyle | undefined {
    return this.styles.find((style) => style.number === number);
  }
}
