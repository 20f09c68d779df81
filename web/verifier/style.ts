// The shape of a ballot (docs/formats/ballot.md): which contests, how many options, how
// many may be chosen; and from it the place of every field in the ballot's bytes.

import { Refused } from "./fault.ts";

export interface ContestShape {
  readonly options: number;
  readonly limit: number;
}

// Indices of a contest's first field among the points and among the scalars.
interface ContestPlace {
  readonly ciphertexts: number;
  readonly commitments: number;
  readonly scalars: number;
}

export const fieldSize = 32;
export const headerSize = 1 + 4 + 4 + 32;
export const openingHeader = 1 + 32;

// How many values the contest proof distinguishes: blank, and 1 to M votes.
export const branches = (shape: ContestShape): number => 1 + Math.min(shape.limit, shape.options);

export class BallotStyle {
  readonly number: number;
  readonly contests: readonly ContestShape[];
  readonly places: readonly ContestPlace[];
  readonly options: number;
  readonly ciphertextPoints: number;
  readonly points: number;
  readonly scalars: number;

  constructor(number: number, contests: readonly ContestShape[]) {
    if (contests.length < 1 || contests.length > 200) {
      throw new Refused(3001, `style ${number} has ${contests.length} contests`);
    }
    contests.forEach((shape, i) => {
      if (shape.options < 1 || shape.options > 1000) {
        throw new Refused(3001, `contest ${i} has ${shape.options} options`);
      }
      if (shape.limit < 1 || shape.limit > 20) {
        throw new Refused(3001, `contest ${i} allows ${shape.limit} choices`);
      }
    });
    this.number = number;
    this.contests = contests;
    this.options = contests.reduce((sum, shape) => sum + shape.options, 0);
    this.ciphertextPoints = 2 * (this.options + contests.length);
    let ciphertexts = 0;
    let commitments = this.ciphertextPoints;
    let scalars = 0;
    this.places = contests.map((shape) => {
      const place = { ciphertexts, commitments, scalars };
      ciphertexts += 2 * (shape.options + 1);
      commitments += 4 * shape.options + 2 * branches(shape);
      scalars += 3 * shape.options + 2 * branches(shape) - 1;
      return place;
    });
    this.points = commitments;
    this.scalars = scalars;
  }

  get ballotSize(): number {
    return headerSize + fieldSize * (this.points + this.scalars);
  }

  get openingSize(): number {
    return openingHeader + this.options;
  }

  // "contest 1, option 0, alpha": the point's name in a fault.
  pointName(index: number): string {
    if (index < this.ciphertextPoints) return this.#ciphertextName(index);
    const contest = this.#contestOf(index, "commitments");
    const within = index - this.places[contest]!.commitments;
    const inOptions = 4 * this.contests[contest]!.options;
    if (within < inOptions) {
      const names = ["a0", "b0", "a1", "b1"] as const;
      return `contest ${contest}, option ${Math.floor(within / 4)}, ${names[within % 4]}`;
    }
    const inProof = within - inOptions;
    const letter = inProof % 2 === 0 ? "a" : "b";
    return `contest ${contest}, contest proof, ${letter}${Math.floor(inProof / 2)}`;
  }

  scalarName(index: number): string {
    const contest = this.#contestOf(index, "scalars");
    const within = index - this.places[contest]!.scalars;
    const shape = this.contests[contest]!;
    const inOptions = 3 * shape.options;
    if (within < inOptions) {
      const names = ["c0", "v0", "v1"] as const;
      return `contest ${contest}, option ${Math.floor(within / 3)}, ${names[within % 3]}`;
    }
    const inProof = within - inOptions + 1;
    return inProof < branches(shape)
      ? `contest ${contest}, contest proof, c${inProof}`
      : `contest ${contest}, contest proof, r${inProof - branches(shape)}`;
  }

  #ciphertextName(index: number): string {
    const contest = this.#contestOf(index, "ciphertexts");
    const within = index - this.places[contest]!.ciphertexts;
    const option = Math.floor(within / 2);
    const letter = within % 2 === 0 ? "alpha" : "beta";
    return option === this.contests[contest]!.options
      ? `contest ${contest}, blank indicator, ${letter}`
      : `contest ${contest}, option ${option}, ${letter}`;
  }

  #contestOf(index: number, field: keyof ContestPlace): number {
    return this.places.findLastIndex((place) => place[field] <= index);
  }
}
