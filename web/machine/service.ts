// The machine's service as the page sees it (docs/machine-api.md): what it says, and
// what may be asked of it. The page decides nothing and keeps nothing.

import { ask } from "../ui/ask.ts";

export const lifeStates = [
  "empty", "provisioned", "tested", "zero", "open", "paused", "closed", "printed", "signed",
  "exported", "archived", "stopped",
] as const;
export type LifeState = (typeof lifeStates)[number];

export const voterStates = [
  "idle", "activated", "voting", "review", "printing", "broken_slip", "deciding", "casting",
  "cast_blocked", "opening", "open_blocked", "opened", "voiding", "void_blocked", "leaving",
  "leave_blocked", "ended",
] as const;
export type VoterState = (typeof voterStates)[number];

// What a restart found of the session that it interrupted.
export type Found = "" | "cast" | "test" | "void" | "session";

export interface Counts {
  readonly activated: number;
  readonly by_officials: number;
  readonly cast: number;
  readonly ended_without_vote: number;
  readonly sealed: number;
  readonly challenged: number;
  readonly voided: number;
}

export interface MachineView {
  readonly state: LifeState;
  readonly sentence: string;
  readonly found: Found;
  readonly demo: boolean;
  readonly mode?: string;
  readonly station?: string;
  readonly segment?: number;
  // The package carries the ballot's voice.
  readonly voice?: boolean;
  readonly date?: string;
  readonly opens?: string;
  readonly closes?: string;
  readonly transmits: boolean;
  readonly languages: readonly string[];
  readonly signatures: number;
  readonly counts?: Counts;
}

export interface SessionView {
  readonly state: VoterState;
  readonly sentence: string;
  readonly language: string;
  readonly vote_counts: boolean;
  readonly tests_left: number;
  readonly printer: string;
  readonly printer_help: string;
  readonly seconds_left: number | null;
  readonly warning_at: number;
  readonly code: string | null;
  // Chosen options of every contest; null unless the voter is voting, reviewing, or
  // looks at a ballot that was opened as a test.
  readonly choices: readonly (readonly number[])[] | null;
}

export interface ServiceError {
  readonly number: string;
  readonly title: string;
  readonly message: string;
  readonly to_do: string;
}

export interface State {
  readonly machine: MachineView;
  readonly session: SessionView | null;
  readonly error?: ServiceError | undefined;
}

export interface Contest {
  readonly code: string;
  readonly title: string;
  readonly text: string;
  readonly limit: number;
  readonly options: readonly string[];
  // The codes of the party cards that stand for each option.
  readonly cards: readonly (readonly string[])[];
}

export interface Party {
  readonly code: string;
  readonly name: string;
  readonly colour: string;
}

export interface BallotView {
  readonly language: string;
  readonly authority: string;
  readonly election: string;
  readonly date: string;
  readonly notice: string;
  readonly station: string;
  readonly contests: readonly Contest[];
  readonly parties: readonly Party[];
}

export type SessionEvent =
  | "begin" | "review" | "back" | "confirm" | "cast" | "start-again" | "challenge" | "go-on" | "end"
  | "printer-ready";

export interface Credential {
  readonly stick: string;
  readonly pin: string;
}

export type Body = Readonly<Record<string, unknown>>;

export interface Service {
  readonly state: () => Promise<State>;
  readonly ballot: () => Promise<BallotView>;
  readonly token: (token: string) => Promise<State>;
  readonly language: (language: string) => Promise<State>;
  readonly choose: (contest: number, option: number, on: boolean) => Promise<State>;
  readonly event: (event: SessionEvent, officials?: readonly Credential[]) => Promise<State>;
  readonly sticks: () => Promise<readonly string[]>;
  readonly official: (step: string, body: Body) => Promise<State>;
  readonly demo: Demonstration;
}

// What only a demonstration offers.
export interface Demonstration {
  readonly tray: () => Promise<readonly string[]>;
  readonly officials: () => Promise<readonly Credential[]>;
  readonly token: () => Promise<string>;
  readonly checkIn: () => Promise<string>;
  readonly printer: (fault: string) => Promise<State>;
}

// What is asked goes out one after another: two quick touches must arrive in their order.
let before: Promise<unknown> = Promise.resolve();

function tell<T>(path: string, body: unknown): Promise<T> {
  const answer = before.then(() => ask<T>(path, body));
  before = answer.catch(() => undefined);
  return answer;
}

// The real service, on the page's own origin.
export const service: Service = {
  state: () => ask("/api/state"),
  ballot: () => ask("/api/ballot"),
  token: (token) => tell("/api/token", { token }),
  language: (language) => tell("/api/language", { language }),
  choose: (contest, option, on) => tell("/api/choose", { contest, option, on }),
  event: (event, officials) => tell(`/api/session/${event}`, officials === undefined ? {} : { officials }),
  sticks: () => ask("/api/sticks"),
  official: (step, body) => tell(`/api/officials/${step}`, body),
  demo: {
    tray: () => ask("/api/demo/tray"),
    officials: () => ask("/api/demo/officials"),
    token: async () => (await ask<{ token: string }>("/api/demo/token", {})).token,
    checkIn: async () => (await ask<{ check_in: string }>("/api/demo/check-in")).check_in,
    printer: (fault) => ask("/api/demo/printer", { fault }),
  },
};
