// The components that pages are made of. They say states in words and by a picture,
// never by colour alone.

import type { ReactNode } from "react";
import {
  Button as AriaButton, DropZone, FieldError, FileTrigger, Input, Label, ProgressBar, TextField,
  TextArea, type ButtonProps,
} from "react-aria-components";

export function Button({ primary = false, className = "", ...props }: ButtonProps & {
  readonly primary?: boolean;
  readonly className?: string;
}) {
  return <AriaButton {...props} className={`button ${primary ? "primary" : ""} ${className}`} />;
}

export type State = "passed" | "failed" | "open";

const marks: Record<State, ReactNode> = {
  passed: <path d="M6 12.5l4 4 8-9" />,
  failed: <path d="M7 7l10 10M17 7L7 17" />,
  open: <path d="M7 12h10" />,
};
const outlines: Record<State, ReactNode> = {
  passed: <circle cx="12" cy="12" r="10" />,
  failed: <rect x="2.5" y="2.5" width="19" height="19" rx="2" />,
  open: <circle cx="12" cy="12" r="10" strokeDasharray="3 2.2" />,
};

export function StateMark({ state, children }: { readonly state: State; readonly children: ReactNode }) {
  return (
    <span className={`state ${state}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2">
        {outlines[state]}
        {marks[state]}
      </svg>
      {children}
    </span>
  );
}

// The box in front of something that is chosen or not.
export const Tick = ({ on }: { readonly on: boolean }) => (
  <span className="box" aria-hidden="true">
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="3">
      {on && <path d="M4 12.5l5.5 5.5L20 6" />}
    </svg>
  </span>
);

export function FileDrop({ children, choose, onFiles }: {
  readonly children: ReactNode;
  readonly choose: string;
  readonly onFiles: (files: readonly File[]) => void;
}) {
  return (
    <DropZone
      className="drop stack"
      aria-label={choose}
      onDrop={(event) => {
        const files = event.items.filter((item) => item.kind === "file").map((item) => item.getFile());
        void Promise.all(files).then(onFiles);
      }}
    >
      {children}
      <FileTrigger allowsMultiple onSelect={(list) => onFiles(list === null ? [] : [...list])}>
        <Button primary>{choose}</Button>
      </FileTrigger>
    </DropZone>
  );
}

export function Progress({ label, done, all }: {
  readonly label: string;
  readonly done: number;
  readonly all: number;
}) {
  const percentage = all === 0 ? 0 : Math.round((100 * done) / all);
  return (
    <ProgressBar value={percentage} className="progress">
      <Label>{label}</Label>
      <div className="track">
        <div style={{ width: `${percentage}%` }} />
      </div>
    </ProgressBar>
  );
}

// Several lines: what a scanner reads, or a person pastes.
export function LongText({ label, value, onChange, focus = true }: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly focus?: boolean;
}) {
  return (
    <TextField className="field" value={value} onChange={onChange} autoComplete="off" autoFocus={focus}>
      <Label>{label}</Label>
      <TextArea spellCheck="false" rows={4} />
    </TextField>
  );
}

export function TextBox({ label, value, error, onChange, onEnter, secret = false, focus = false }: {
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (value: string) => void;
  readonly onEnter: () => void;
  readonly secret?: boolean;
  readonly focus?: boolean;
}) {
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      autoComplete="off"
      autoFocus={focus}
      type={secret ? "password" : "text"}
    >
      <Label>{label}</Label>
      <Input
        spellCheck="false"
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // Else the same key would press the button that has the focus afterwards.
          event.preventDefault();
          onEnter();
        }}
      />
      <FieldError className="error">{error}</FieldError>
    </TextField>
  );
}
