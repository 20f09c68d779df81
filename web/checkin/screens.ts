// What the screens of check-in pass one another: words, and a way to ask the service.

import type { Say } from "../ui/glossary.ts";
import type { Answer, Service, ServiceError, View } from "./service.ts";
import type { checkinWords } from "./words.ts";

export type Speak = Say<typeof checkinWords>;
export type Word = keyof typeof checkinWords;

// Waits for the answer, shows the state it carries, and gives it back; nothing when the
// service did not answer. `own`: refusals that the screen itself says.
export type Ask = <T>(answer: Promise<Answer<T>>, own?: (error: ServiceError) => boolean) => Promise<Answer<T> | undefined>;

export interface ScreenProps {
  readonly service: Service;
  readonly say: Speak;
  readonly ask: Ask;
  readonly view: View;
}
