// A stand-in for the machine's service in tests of the page: one voter's session, with
// the states and answers of docs/machine-states.md and nothing behind them.

import type { BallotView, SessionView, State } from "../machine/service.ts";

export interface Mock {
  readonly answer: (path: string, body: string) => { status: number; json: unknown } | undefined;
  readonly choices: () => readonly (readonly number[])[];
  readonly set: (change: Partial<SessionView>) => void;
  readonly life: (state: State["machine"]["state"]) => void;
  readonly language: () => string;
  readonly log: string[];
}

const titles = {
  es: {
    election: "Elección municipal de Villa Serena (ejemplo)",
    contests: ["Alcaldía", "Concejo municipal", "Delegados del Sector Norte", "Puente peatonal", "Usos del parque"],
    question: "¿Debe el municipio construir un puente peatonal sobre el río?",
    two: "Puede elegir hasta dos personas.",
    yes: "Sí", no: "No", park: ["Más árboles", "Una cancha deportiva", "Un escenario", "Más bancos"],
  },
  en: {
    election: "Municipal election of Villa Serena (example)",
    contests: ["Mayor", "Town council", "Delegates of the North Ward", "Footbridge", "Uses of the park"],
    question: "Should the town build a footbridge over the river?",
    two: "You may choose up to two people.",
    yes: "Yes", no: "No", park: ["More trees", "A sports court", "A stage", "More benches"],
  },
} as const;

export function ballotOf(language: string): BallotView {
  const words = titles[language === "en" ? "en" : "es"];
  const contest = (
    i: number, code: string, limit: number, options: readonly string[], cards?: readonly (readonly string[])[], text = "",
  ) => ({ code, title: words.contests[i]!, text, limit, options, ...(cards && { cards }) });
  return {
    language,
    authority: "", date: "10/5/2026", notice: "", station: "N01",
    election: words.election,
    parties: [
      { code: "FARO", name: "Partido Faro", colour: "#1f6fb2" },
      { code: "MOLINO", name: "Partido Molino", colour: "#7a5195" },
      { code: "CEIBA", name: "Movimiento Ceiba", colour: "#2f8f5b" },
    ],
    contests: [
      contest(0, "MAYOR", 1, ["Alba Montes [Faro]", "Alba Montes [Molino]", "Darío Peña [Ceiba]", "Irene Duarte"], [["FARO"], ["MOLINO"], ["CEIBA"], []]),
      contest(1, "COUNCIL", 1, ["Unión Vecinal [Faro]", "Unión Vecinal [Molino]", "Movimiento Ceiba", "Ruta Nueva"], [["FARO"], ["MOLINO"], ["CEIBA"], []]),
      contest(2, "NORTE", 2, ["Noelia Bravo [Faro + Molino]", "Óscar Luna [Ceiba]", "Pilar Gil", "Ramón Toro"], [["FARO", "MOLINO"], ["CEIBA"], [], []], words.two),
      contest(3, "BRIDGE", 1, [words.yes, words.no], undefined, words.question),
      contest(4, "PARK", 4, words.park),
    ],
  };
}

export function mockMachine(languages: readonly string[] = ["es", "en"]): Mock {
  const fresh = (): (readonly number[])[] => [[], [], [], [], []];
  const log: string[] = [];
  let choices = fresh();
  let life: State["machine"]["state"] = "open";
  let session: SessionView = {
    state: "idle", language: languages[0]!, vote_counts: false, tests_left: 2, printer_help: "",
    seconds_left: null, warning_at: 30, code: null, choices: null,
  };
  const code = "MLYP-FVYR-BGRW-YJEI-3WIW-VE24-RUNR-O2EX-HNNS-LNZ6-XKBE-WZVB-XEDA";
  const show = (): SessionView => ({
    ...session,
    choices: ["voting", "review", "opened"].includes(session.state) ? choices : null,
  });
  const ok = (status = 200, more = {}) => ({
    status,
    json: {
      machine: { state: life, sentence: "", demo: true, mode: "demo", station: "N01", segment: 1, languages },
      session: life === "open" ? show() : null,
      ...more,
    },
  });
  const to = (state: SessionView["state"], change: Partial<SessionView> = {}) => {
    session = { ...session, ...change, state };
    return ok();
  };
  const events: Record<string, () => { status: number; json: unknown }> = {
    begin: () => to("voting"),
    review: () => to("review"),
    back: () => to("voting"),
    confirm: () => to("deciding", { code }),
    cast: () => to("ended", { vote_counts: true, code: null }),
    "start-again": () => to("voting", { code: null }),
    challenge: () => to("opened", { tests_left: session.tests_left - 1 }),
    "go-on": () => {
      if (session.state === "opened") {
        choices = fresh();
        return to("voting", { code: null });
      }
      return to("idle", { vote_counts: false, language: languages[0]! });
    },
    end: () => to("ended", { vote_counts: false, code: null }),
    "printer-ready": () => to("deciding"),
  };
  return {
    log,
    choices: () => choices,
    language: () => session.language,
    set: (change) => {
      session = { ...session, ...change };
    },
    life: (state) => {
      life = state;
    },
    answer: (path, text) => {
      if (!path.startsWith("/api/")) return undefined;
      if (path === "/api/state") return ok();
      if (path === "/api/ballot") return { status: 200, json: ballotOf(session.language) };
      if (path === "/api/sticks") return { status: 200, json: ["ana", "luis"] };
      const body = JSON.parse(text === "" ? "{}" : text);
      log.push(path);
      if (path === "/api/token") {
        if (body.token !== "TOKEN1") {
          const error = { number: "U4101", title: "This token is not valid here", message: "not a token of this station", to_do: "" };
          return ok(409, { error });
        }
        choices = fresh();
        return to("activated");
      }
      if (path === "/api/language") {
        session = { ...session, language: body.language, seconds_left: null };
        return ok();
      }
      if (path === "/api/choose") {
        const now = choices[body.contest]!;
        if (body.on && now.length >= ballotOf("es").contests[body.contest]!.limit) throw new Error("overvote reached the service");
        choices = choices.map((chosen, c) =>
          c !== body.contest ? chosen
          : body.on ? [...chosen, body.option].sort() : chosen.filter((option) => option !== body.option));
        return ok();
      }
      const event = events[path.replace("/api/session/", "")];
      return event === undefined ? ok() : event();
    },
  };
}
