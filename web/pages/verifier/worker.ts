// Verifies beside the page, so that the page stays alive. Never opens a connection.

import type { Evidence, StationVerdict } from "../../verifier/verdict.ts";
import { verifyStation } from "../../verifier/verdict.ts";

export type Answer =
  | { readonly kind: "progress"; readonly done: number; readonly all: number }
  | { readonly kind: "verdict"; readonly verdict: StationVerdict }
  | { readonly kind: "failed"; readonly reason: string };

const answer = (message: Answer): void => self.postMessage(message);

self.onmessage = (event: MessageEvent<Evidence>) => {
  void verifyStation(event.data, {
    batch: 8,
    progress: (done, all) => answer({ kind: "progress", done, all }),
  }).then(
    (verdict) => answer({ kind: "verdict", verdict }),
    (error: unknown) => answer({ kind: "failed", reason: String(error) }),
  );
};
