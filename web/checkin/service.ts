// Check-in's service as the page sees it (docs/check-in-api.md): what it says, and what
// may be asked of it. The page decides nothing and keeps nothing.

import { ask } from "../ui/ask.ts";

export const fingerNames = [
  "right_thumb", "right_index", "right_middle", "right_ring", "right_little",
  "left_thumb", "left_index", "left_middle", "left_ring", "left_little",
] as const;
export type Finger = (typeof fingerNames)[number];

export const outcomes = ["matched", "not_matched", "no_stored_print", "not_taken", "no_reader"] as const;
export type Outcome = (typeof outcomes)[number];

export interface Admission {
  readonly at: string;
  readonly device: number;
}

export interface Voter {
  readonly id: string;
  readonly surnames: string;
  readonly names: string;
  readonly fingers: readonly Finger[];
  readonly admissions: readonly Admission[];
}

export interface Elsewhere {
  readonly code: string;
  readonly name: string;
  readonly address: string;
}

export interface Found {
  readonly voters: readonly Voter[];
  readonly elsewhere: Elsewhere | null;
}

// The voter at the table.
export interface Check extends Voter {
  readonly matched: boolean;
  // A usable finger was compared.
  readonly compared: boolean;
  readonly alerted: boolean;
  readonly tries_left: Readonly<Partial<Record<Finger, number>>>;
}

export const advices = ["good", "dry_or_light", "off_centre", "no_finger", "again", "replayed"] as const;
export type Advice = (typeof advices)[number];

export interface Capture {
  readonly usable: boolean;
  readonly quality: number;
  readonly advice: Advice;
  readonly tries_left: number;
  readonly matched: boolean;
  readonly resembles: string | null;
}

export interface Totals extends Readonly<Record<Outcome, number>> {
  readonly checked_in: number;
  readonly decided_by_officials: number;
  readonly assisted: number;
  readonly alerts: number;
  readonly claims: number;
  readonly tokens_lost: number;
  // Of the devices that closed.
  readonly tokens_issued: number;
  readonly tokens_left: number;
}

export interface Device {
  readonly device: number;
  readonly here: boolean;
  readonly heard_at: string | null;
  readonly closed: boolean;
}

export interface ServiceError {
  readonly number: string;
  readonly title: string;
  readonly message: string;
  readonly to_do: string;
}

// What is known once the device has its package.
export interface Station {
  readonly election: string;
  readonly languages: readonly string[];
  readonly station: string;
  readonly station_name: string;
  readonly device: number;
  readonly devices: number;
  readonly logs: readonly Device[];
  readonly mode: string;
  readonly voters: number;
  readonly tokens_left: number;
  readonly totals: Totals;
  readonly admitted_twice: readonly Voter[];
}

export interface View extends Partial<Station> {
  readonly sentence: string;
  readonly demo: boolean;
  readonly opened: boolean;
  readonly closed: boolean;
  readonly token_waits: boolean;
  readonly reader: boolean;
  readonly prints: boolean;
  readonly certificate: boolean;
  readonly check: Check | null;
}

export interface Answer<T = unknown> {
  readonly state: View;
  readonly result?: T;
  readonly error?: ServiceError | undefined;
}

export interface Credential {
  readonly stick: string;
  readonly pin: string;
}
export interface Stick {
  readonly stick: string;
  readonly official: boolean;
}
export interface Admit {
  readonly assisted: boolean;
  readonly cannot_give_prints?: boolean;
  readonly officials?: readonly Credential[];
}
export type OfficialStep = "open" | "close" | "claim" | "reader" | "replace-token";

export interface Beside {
  readonly officials: readonly Credential[];
  readonly voters: readonly Voter[];
  readonly without_print: string | null;
  readonly elsewhere: string | null;
  readonly papers: readonly string[];
}

export interface Service {
  readonly state: () => Promise<Answer>;
  readonly find: (text: string) => Promise<Answer<Found>>;
  readonly begin: (id: string) => Promise<Answer>;
  // Answers when a finger came, or none in time.
  readonly capture: (finger: Finger) => Promise<Answer<Capture>>;
  readonly admit: (how: Admit) => Promise<Answer<Outcome>>;
  readonly printToken: () => Promise<Answer>;
  readonly cancel: () => Promise<Answer>;
  readonly printList: () => Promise<Answer>;
  readonly printSlip: () => Promise<Answer<string>>;
  readonly exchange: (stick: string) => Promise<Answer<readonly number[]>>;
  readonly sticks: () => Promise<readonly Stick[]>;
  readonly official: (step: OfficialStep, officials: readonly Credential[], more?: object) => Promise<Answer>;
  readonly beside: () => Promise<Beside>;
  readonly putFinger: (id: string, finger: Finger, hurried: boolean) => Promise<Answer>;
}

// The real service, on the page's own origin.
export const service: Service = {
  state: () => ask("/api/state"),
  find: (text) => ask("/api/find", { text }),
  begin: (id) => ask("/api/begin", { id }),
  capture: (finger) => ask("/api/capture", { finger }),
  admit: (how) => ask("/api/admit", how),
  printToken: () => ask("/api/print-token", {}),
  cancel: () => ask("/api/cancel", {}),
  printList: () => ask("/api/print-list", {}),
  printSlip: () => ask("/api/print-slip", {}),
  exchange: (stick) => ask("/api/exchange", { stick }),
  sticks: () => ask("/api/sticks"),
  official: (step, officials, more = {}) => ask(`/api/officials/${step}`, { ...more, officials }),
  beside: () => ask("/api/demo"),
  putFinger: (id, finger, hurried) => ask("/api/demo/finger", { id, finger, hurried }),
};
