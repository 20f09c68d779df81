// The frame of every screen of a station (voting machine, check-in): the question, and
// the buttons at the same place at the bottom: back on the one side, on to the next on the
// other.

import { useEffect, useRef, useState, type ReactNode } from "react";

import { Button } from "./components.tsx";

export interface Action {
  readonly label: string;
  readonly onPress: () => void;
}

// The primary buttons of one screen and the next lie at the same place, so the second
// tap of a hurried double tap would answer a question that nobody has read. A screen
// therefore takes no press of its bottom buttons for its first moments.
const settleMs = 500;

export function Screen({ title, lang, step, lead, children, back, more = [], next, keepFocus = false }: {
  readonly title: string;
  // The language of title and lead, where they are the ballot's and not the page's.
  readonly lang?: string | undefined;
  readonly step?: string | undefined;
  readonly lead?: string | undefined;
  readonly children?: ReactNode;
  readonly back?: Action | undefined;
  readonly more?: readonly Action[];
  readonly next?: Action | undefined;
  // Something in the screen takes the focus itself: where the scanner types.
  readonly keepFocus?: boolean;
}) {
  // A new screen begins at its heading, for the eye and for the ear.
  const heading = useRef<HTMLHeadingElement>(null);
  const [settled, setSettled] = useState<string>();
  useEffect(() => {
    if (!keepFocus) heading.current?.focus();
    scrollTo(0, 0);
    const timer = setTimeout(() => setSettled(title), settleMs);
    return () => clearTimeout(timer);
  }, [title]);
  const settling = settled !== title;
  const press = (action: Action) => (): void => {
    if (!settling) action.onPress();
  };
  return (
    <>
      <main className="screen stack">
        {step !== undefined && <p className="soft">{step}</p>}
        <h1 ref={heading} tabIndex={-1} lang={lang}>{title}</h1>
        {lead !== undefined && lead !== "" && <p className="lead" lang={lang}>{lead}</p>}
        {children}
      </main>
      <footer className="actions" data-settling={settling || undefined}>
        <div className="row">
          {back !== undefined && <Button className="back" onPress={press(back)}>{back.label}</Button>}
          {more.map((action) => <Button key={action.label} onPress={press(action)}>{action.label}</Button>)}
        </div>
        {next !== undefined && <Button primary onPress={press(next)}>{next.label}</Button>}
      </footer>
    </>
  );
}

// A question that must be answered before anything else; the safe answer has the focus.
export function Question({ title, children, safe, other }: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly safe: Action;
  readonly other?: Action | undefined;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.querySelector("button")?.focus();
    return () => before?.focus();
  }, []);
  return (
    <div className="veil">
      <div className="question stack" role="alertdialog" aria-modal="true" aria-labelledby="question" ref={box}>
        <h2 id="question">{title}</h2>
        {children}
        <div className="row spread">
          <Button primary onPress={safe.onPress}>{safe.label}</Button>
          {other !== undefined && <Button onPress={other.onPress}>{other.label}</Button>}
        </div>
      </div>
    </div>
  );
}
