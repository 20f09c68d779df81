// What stands beside the machine in a demonstration: the paper that comes out of the
// printer, a drawer of tokens, the officials' PINs, and buttons that break the printer.

import { useEffect, useState } from "react";
import { ToggleButton } from "react-aria-components";

import { Button, Tick } from "../ui/components.tsx";
import type { Say } from "../ui/glossary.ts";
import type { Credential, Demonstration, LifeState, SessionView } from "./service.ts";
import type { machineWords } from "./words.ts";

const faults = ["none", "offline", "cover_open", "paper_out", "jam"] as const;
const shown = 12;

export function Demo({ demo, state, session, say, show, scan }: {
  readonly demo: Demonstration;
  readonly state: LifeState;
  readonly session: SessionView | undefined;
  readonly say: Say<typeof machineWords>;
  // Holds a token to the reader; scans check-in's slip.
  readonly show: (token: string) => void;
  readonly scan: (slip: string) => void;
}) {
  const [papers, setPapers] = useState<readonly string[]>([]);
  const [officials, setOfficials] = useState<readonly Credential[]>([]);
  const [fault, setFault] = useState<string>("none");
  const [token, setToken] = useState("");
  useEffect(() => {
    void demo.officials().then(setOfficials, () => undefined);
    const look = (): void =>
      void demo.tray().then(
        (names) => setPapers((now) => (names.join() === now.join() ? now : [...names])),
        () => undefined,
      );
    look();
    const timer = setInterval(look, 700);
    return () => clearInterval(timer);
  }, [demo]);
  const take = async (): Promise<void> => {
    const text = await demo.token();
    setToken(text);
    show(text);
  };
  const idle = session?.state === "idle";
  return (
    <aside className="beside stack" aria-label={say("beside")}>
      <h2>{say("beside")}</h2>
      {idle && <Button onPress={() => void take()}>{say("takeToken")}</Button>}
      {state === "closed" && <Button onPress={() => void demo.checkIn().then(scan)}>{say("scanSlip")}</Button>}
      {token !== "" && <p className="soft">{say("lastToken")} <span className="code">{token}</span></p>}
      <details>
        <summary>{say("pins")}</summary>
        <ul>{officials.map(({ stick, pin }) => <li key={stick}>{stick}: <span className="code">{pin}</span></li>)}</ul>
      </details>
      <details>
        <summary>{say("printer")}</summary>
        <div className="stack" role="group" aria-label={say("printer")}>
          {faults.map((name) => (
            <ToggleButton key={name} className="option" isSelected={name === fault}
              onChange={() => void demo.printer(name).then(() => setFault(name))}>
              <Tick on={name === fault} />
              <span>{say(`fault_${name}`)}</span>
            </ToggleButton>
          ))}
        </div>
      </details>
      <h2>{say("tray")}</h2>
      {papers.length === 0 && <p className="soft">{say("trayEmpty")}</p>}
      <div className="tray">
        {[...papers].reverse().slice(0, shown).map((name, i) => (
          <img key={name} className={name.includes("uncut") ? "paper uncut" : "paper"} src={`/tray/${name}?${papers.length}`}
            alt={say("paper", { n: papers.length - i })} />
        ))}
      </div>
    </aside>
  );
}
