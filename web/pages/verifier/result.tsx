// The verdict over a station in plain words: the answer, then every check with failures
// first, then the numbers side by side.

import { speaker, common, type Language, type Say } from "../../ui/glossary.ts";
import { StateMark, type State } from "../../ui/components.tsx";
import type { Check, CheckName, CheckState, StationVerdict, Totals } from "../../verifier/verdict.ts";
import { verifierWords } from "./words.ts";

type Speak = Say<typeof verifierWords>;

const stateOf: Record<CheckState, State> = { failed: "failed", "not run": "open", passed: "passed" };
const stateWord = { failed: "failed", "not run": "notRun", passed: "passed" } as const;
const verdictWord = { failed: "someFailed", "not run": "nothingFailed", passed: "allPassed" } as const;
const order: readonly CheckState[] = ["failed", "not run", "passed"];

const wordOf = (name: CheckName): keyof typeof verifierWords =>
  name === "counts" ? "countsCheck" : name;

export function Result({ verdict, language }: {
  readonly verdict: StationVerdict;
  readonly language: Language;
}) {
  const say = speaker(verifierWords, language);
  const checks = verdict.checks.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const { ballots } = verdict;
  return (
    <>
      <div className={`panel ${stateOf[verdict.verdict]} stack`}>
        <h3>
          <StateMark state={stateOf[verdict.verdict]}>
            <span className="wrap">{say(verdictWord[verdict.verdict], { station: verdict.station })}</span>
          </StateMark>
        </h3>
        {ballots !== undefined && (
          <p>{say("counts", { cast: ballots.cast, challenged: ballots.challenged, voided: ballots.voided })}</p>
        )}
      </div>
      <h3>{say("checks")}</h3>
      <ul className="checks">
        {checks.map((check) => <CheckRow key={check.name} check={check} language={language} say={say} />)}
      </ul>
      {verdict.equalities.length > 0 && <Equalities verdict={verdict} say={say} />}
      <div className="tables">
        {verdict.totals.map((totals) => <TotalsTable key={totals.contest} totals={totals} say={say} />)}
      </div>
      {verdict.packageHash !== "" && (
        <p className="soft">
          {say("packageHash")}<br />
          <span className="code">{verdict.packageHash}</span>
        </p>
      )}
    </>
  );
}

function CheckRow({ check, language, say }: {
  readonly check: Check<CheckName>;
  readonly language: Language;
  readonly say: Speak;
}) {
  return (
    <li>
      <StateMark state={stateOf[check.state]}>{speaker(common, language)(stateWord[check.state])}</StateMark>
      <div>
        <p>{say(wordOf(check.name))}</p>
        {check.details.length > 0 && (
          <details open={check.state === "failed"}>
            <summary>{say("details")}</summary>
            <ul className="code">
              {check.details.slice(0, 50).map((line) => <li key={line}>{line}</li>)}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}

function Equalities({ verdict, say }: { readonly verdict: StationVerdict; readonly say: Speak }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={say("equalitiesTable")}>
      <table>
        <caption>{say("equalitiesTable")}</caption>
        <tbody>
          {verdict.equalities.map(({ name, left, right }) => {
            const open = left === undefined || right === undefined;
            const state: State = open ? "open" : left === right ? "passed" : "failed";
            const number = (value: number | undefined): string | number => value ?? say("notStated");
            return (
              <tr key={name}>
                <th scope="row">{say(name)}</th>
                <td>
                  <StateMark state={state}>
                    {say(state === "failed" ? "unequalSign" : "equalitySign", { left: number(left), right: number(right) })}
                  </StateMark>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function TotalsTable({ totals, say }: { readonly totals: Totals; readonly say: Speak }) {
  const rows = [...totals.options, { ...totals.blank, code: say("blank") }];
  const title = say("totals", { contest: totals.contest });
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{say("option")}</th>
            <th scope="col" className="number">{say("onSheet")}</th>
            <th scope="col" className="number">{say("decrypted")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ code, sheet, decrypted }) => (
            <tr key={code} className={decrypted !== undefined && decrypted !== sheet ? "wrong" : ""}>
              <th scope="row">{code}</th>
              <td className="number">{sheet}</td>
              <td className="number">{decrypted ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
