// Keys on the screen, for a machine without a keyboard: digits for PINs and numbers, the
// token's letters. What they type is no different from what a keyboard or scanner types.

import { Button } from "../ui/components.tsx";
import type { Say } from "../ui/glossary.ts";
import type { machineWords } from "./words.ts";

interface PadProps {
  readonly text: string;
  readonly set: (text: string) => void;
  readonly say: Say<typeof machineWords>;
}

const Pad = ({ keys, text, set, say, className, label }: PadProps & {
  readonly keys: string;
  readonly className: string;
  readonly label: string;
}) => (
  <div className={className} role="group" aria-label={label}>
    {[...keys].map((key) => <Button key={key} onPress={() => set(text + key)}>{key}</Button>)}
    <Button aria-label={say("erase")} onPress={() => set(text.slice(0, -1))}>
      <svg viewBox="0 0 24 24" className="icon" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2">
        <path d="M9 5h11v14H9l-6-7zM12 9.5l5 5M17 9.5l-5 5" />
      </svg>
    </Button>
  </div>
);

export const Digits = (props: PadProps) => (
  <Pad {...props} keys="1234567890" className="digits" label={props.say("digits")} />
);

export const Letters = (props: PadProps) => (
  <Pad {...props} keys="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" className="letters" label={props.say("letters")} />
);
