// Finding the voter: one field that a scanner types into or a person, then who it is, or
// why nobody can be admitted.

import { useEffect, useState } from "react";

import { Button, StateMark, TextBox } from "../ui/components.tsx";
import { Screen } from "../ui/screen.tsx";
import { Twice, OfficialForm } from "./officials.tsx";
import type { Elsewhere, Station, Voter } from "./service.ts";
import type { ScreenProps, Speak } from "./screens.ts";

export const fullName = ({ names, surnames }: Voter): string => `${names} ${surnames}`.trim();

type At =
  | { readonly kind: "field"; readonly text: string; readonly missing: boolean }
  | { readonly kind: "which"; readonly voters: readonly Voter[] }
  | { readonly kind: "person"; readonly voter: Voter }
  | { readonly kind: "already"; readonly voter: Voter }
  | { readonly kind: "claiming"; readonly voter: Voter }
  | { readonly kind: "claimed" }
  | { readonly kind: "elsewhere"; readonly where: Elsewhere };

const field = (text = "", missing = false): At => ({ kind: "field", text, missing });
const chosen = (voter: Voter): At => ({ kind: voter.admissions.length > 0 ? "already" : "person", voter });

// Where no field has the focus, a scanner's first character begins the next search.
export function useScanner(scan: (text: string, search: boolean) => void): void {
  useEffect(() => {
    const typed = (event: KeyboardEvent): void => {
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
      const free = document.activeElement?.matches("input, textarea, select, button") !== true;
      if (!plain || !free || !/^[\p{L}\p{N}]$/u.test(event.key)) return;
      event.preventDefault();
      scan(event.key, false);
    };
    addEventListener("keydown", typed);
    return () => removeEventListener("keydown", typed);
  }, [scan]);
}

export function Finding({ service, say, ask, view, station, scanned, taken, scan }: ScreenProps & {
  readonly station: Station;
  readonly scanned: { readonly text: string; readonly search: boolean } | undefined;
  // What was scanned stands in the field now.
  readonly taken: () => void;
  readonly scan: (text: string, search: boolean) => void;
}) {
  const [at, go] = useState<At>(field());
  const search = async (text: string): Promise<void> => {
    if (text.trim() === "") return;
    const got = await ask(service.find(text), ({ number }) => number === "U6230");
    if (got === undefined || (got.error !== undefined && got.error.number !== "U6230")) return;
    const { voters = [], elsewhere = null } = got.result ?? {};
    if (elsewhere !== null) go({ kind: "elsewhere", where: elsewhere });
    else if (voters.length === 0) go(field(text, true));
    else go(voters.length === 1 ? chosen(voters[0]!) : { kind: "which", voters });
  };
  useEffect(() => {
    if (scanned === undefined) return;
    taken();
    go(field(scanned.text));
    if (scanned.search) void search(scanned.text);
  }, [scanned]);
  const again = (): void => go(field());
  const props = { say, scan, again };
  switch (at.kind) {
    case "field":
      return (
        <Screen title={say("findTitle")} lead={say("findHelp")} keepFocus
          next={{ label: say("find"), onPress: () => void search(at.text) }}>
          <TextBox focus label={say("idOrName")} value={at.text} onChange={(text) => go(field(text))}
            onEnter={() => void search(at.text)} error={at.missing ? say("notFound") : undefined} />
          <Twice voters={station.admitted_twice} say={say} />
        </Screen>
      );
    case "which":
      return (
        <Screen title={say("whichTitle")} lead={say("whichHelp")} back={{ label: say("searchAgain"), onPress: again }}>
          <ul className="people" aria-label={say("people")}>
            {at.voters.map((voter) => (
              <li key={voter.id}>
                <Button onPress={() => go(chosen(voter))}>
                  <span>{fullName(voter)}</span>
                  <span>{voter.id}</span>
                  {voter.admissions[0] !== undefined && <span>{say("cameAt", { at: voter.admissions[0].at })}</span>}
                </Button>
              </li>
            ))}
          </ul>
        </Screen>
      );
    case "person":
      return (
        <Screen title={fullName(at.voter)} lead={say("personHelp")}
          back={{ label: say("notPerson"), onPress: again }}
          next={{
            label: say("yesPerson"),
            onPress: () => void ask(service.begin(at.voter.id)).then((got) => got?.error !== undefined && again()),
          }}>
          <p className="person"><strong>{say("idNumber", { id: at.voter.id })}</strong>
            <StateMark state="passed">{say("rightStation")}</StateMark></p>
        </Screen>
      );
    case "already":
      return <Already {...props} voter={at.voter} claim={() => go({ kind: "claiming", voter: at.voter })} />;
    case "claiming":
      return (
        <OfficialForm service={service} say={say} ask={ask} view={view} word="doClaim" help="alreadyHelp"
          leave={() => go({ kind: "already", voter: at.voter })}
          give={async (people) => {
            const got = await ask(service.official("claim", people, { id: at.voter.id }));
            if (got !== undefined && got.error === undefined) go({ kind: "claimed" });
            return got !== undefined && got.error === undefined;
          }} />
      );
    case "claimed":
      return <End {...props} title={say("claimDone")} lead={say("claimDoneHelp")} />;
    case "elsewhere":
      return (
        <End {...props} title={say("elsewhereTitle")} lead={say("elsewhereHelp")}>
          <p className="person"><strong>{say("station", { station: at.where.code })}</strong>
            <span>{at.where.name}</span><span>{at.where.address}</span></p>
        </End>
      );
  }
}

interface EndProps {
  readonly say: Speak;
  readonly scan: (text: string, search: boolean) => void;
  readonly again: () => void;
}

// The end of the way for this person: the next one may be scanned at once.
function End({ say, scan, again, title, lead, children }: EndProps & {
  readonly title: string;
  readonly lead: string;
  readonly children?: React.ReactNode;
}) {
  useScanner(scan);
  return (
    <Screen title={title} lead={lead} next={{ label: say("nextVoter"), onPress: again }}>{children}</Screen>
  );
}

function Already({ say, scan, again, voter, claim }: EndProps & { readonly voter: Voter; readonly claim: () => void }) {
  useScanner(scan);
  return (
    <Screen title={say("alreadyTitle")} lead={`${fullName(voter)}. ${say("idNumber", { id: voter.id })}`}
      more={[{ label: say("doClaim"), onPress: claim }]}
      next={{ label: say("nextVoter"), onPress: again }}>
      {voter.admissions.map(({ at, device }) => (
        <StateMark key={`${device} ${at}`} state="failed">{say("alreadyAt", { at, device })}</StateMark>
      ))}
      <p>{say("alreadyHelp")}</p>
    </Screen>
  );
}
