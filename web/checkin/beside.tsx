// What stands beside check-in in a demonstration: the reader with synthetic fingers, ID
// cards to scan, the officials' PINs, and the paper that comes out of the printer.

import { useEffect, useState } from "react";
import { ToggleButton } from "react-aria-components";

import { Button, Tick } from "../ui/components.tsx";
import { fullName } from "./find.tsx";
import type { Beside as BesideView, Check, Service } from "./service.ts";
import type { Speak } from "./screens.ts";

const shown = 6;

export function Beside({ service, say, check, scan }: {
  readonly service: Service;
  readonly say: Speak;
  readonly check: Check | null;
  // Holds an ID card to the scanner.
  readonly scan: (id: string) => void;
}) {
  const [beside, setBeside] = useState<BesideView>();
  const [chosen, setChosen] = useState<string>();
  const [hurried, setHurried] = useState(false);
  useEffect(() => {
    const look = (): void =>
      void service.beside().then(
        (got) => setBeside((now) => (JSON.stringify(now) === JSON.stringify(got) ? now : got)),
        () => undefined,
      );
    look();
    const timer = setInterval(look, 700);
    return () => clearInterval(timer);
  }, [service]);
  // The voter at the table is the likely owner of the finger.
  useEffect(() => setChosen(undefined), [check?.id]);
  if (beside === undefined) return null;
  const own = beside.voters.find(({ id }) => id === check?.id)?.id;
  const whose = beside.voters.find(({ id }) => id === (chosen ?? own)) ?? beside.voters[0];
  return (
    <aside className="beside stack" aria-label={say("beside")}>
      <h2>{say("besideReader")}</h2>
      {whose !== undefined && (
        <div className="stack" role="group" aria-label={say("besideReader")}>
          <label className="choice">
            <span>{say("besideWhose")}</span>
            <select value={whose.id} onChange={(event) => setChosen(event.target.value)}>
              {beside.voters.map((voter) => <option key={voter.id} value={voter.id}>{`${fullName(voter)}, ${voter.id}`}</option>)}
            </select>
          </label>
          <ToggleButton className="option" isSelected={hurried} onChange={setHurried}>
            <Tick on={hurried} />
            <span>{say("besideHurried")}</span>
          </ToggleButton>
          <div className="putting">
            {whose.fingers.map((finger) => (
              <Button key={finger} onPress={() => void service.putFinger(whose.id, finger, hurried)}>{say("besidePut", { finger: say(finger) })}</Button>
            ))}
          </div>
        </div>
      )}
      <details>
        <summary>{say("besideIds")}</summary>
        <div className="putting">
          {beside.voters.map((voter) => <Button key={voter.id} onPress={() => scan(voter.id)}>{`${voter.id}: ${fullName(voter)}`}</Button>)}
          {beside.without_print !== null && (
            <Button onPress={() => scan(beside.without_print!)}>{say("besideNoPrint", { id: beside.without_print })}</Button>
          )}
          {beside.elsewhere !== null && (
            <Button onPress={() => scan(beside.elsewhere!)}>{say("besideElsewhere", { id: beside.elsewhere })}</Button>
          )}
        </div>
      </details>
      <details>
        <summary>{say("pins")}</summary>
        <ul>{beside.officials.map(({ stick, pin }) => <li key={stick}>{`${stick}: `}<span className="code">{pin}</span></li>)}</ul>
      </details>
      <h2>{say("tray")}</h2>
      {beside.papers.length === 0 && <p className="soft">{say("trayEmpty")}</p>}
      <div className="tray">
        {[...beside.papers].reverse().slice(0, shown).map((name, i) => (
          <img key={name} className="paper" src={`/tray/${name}`} alt={say("paper", { n: beside.papers.length - i })} />
        ))}
      </div>
    </aside>
  );
}
