// What a device's service says, asked about once a second and after everything that is
// done: the latest answer, and whether the service answers at all.

import { useCallback, useEffect, useRef, useState } from "react";

export interface Polled<S> {
  readonly state: S | undefined;
  readonly lost: boolean;
  // Waits for an answer and shows it; nothing when the service did not answer. An older
  // answer never replaces a newer one.
  readonly take: (answer: Promise<S>) => Promise<S | undefined>;
  // Shows the last refusal no longer.
  readonly forgive: () => void;
}

// `ask` stays the same function for as long as the page lives.
export function usePolled<S extends { readonly error?: unknown }>(ask: () => Promise<S>): Polled<S> {
  const [state, setState] = useState<S>();
  const [lost, setLost] = useState(false);
  const asked = useRef(0);
  const take = useCallback(async (answer: Promise<S>): Promise<S | undefined> => {
    const own = ++asked.current;
    try {
      const next = await answer;
      setLost(false);
      if (own === asked.current) setState(next);
      return next;
    } catch {
      setLost(true);
      return undefined;
    }
  }, []);
  useEffect(() => {
    void take(ask());
    // A poll must not push aside the answer to what was just done.
    const timer = setInterval(() => {
      const before = asked.current;
      void ask().then(
        (next) => {
          setLost(false);
          if (before === asked.current) setState((now) => ({ ...next, ...(now?.error !== undefined && { error: now.error }) }));
        },
        () => setLost(true),
      );
    }, 1000);
    return () => clearInterval(timer);
  }, [ask, take]);
  const forgive = useCallback(() => setState((now) => now && { ...now, error: undefined }), []);
  return { state, lost, take, forgive };
}
