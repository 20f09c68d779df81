#include "machine/states_doc.hpp"

#include "machine/life.hpp"
#include "machine/voter.hpp"

#include <fmt/format.h>

namespace urna::machine {
namespace {

template <class State, class Event, class Action>
void diagram(std::string& page,
             std::span<const Transition<State, Event, Action>> table) {
  page += "```mermaid\nstateDiagram-v2\n";
  for (const auto& t : table) {
    if (t.from == t.to) continue;
    page += fmt::format("  {} --> {}: {}\n", describe(t.from).name, describe(t.to).name,
                        name_of(t.on));
  }
  page += "```\n\n";
}

template <class State, class Event, class Action>
void transitions(std::string& page,
                 std::span<const Transition<State, Event, Action>> table) {
  page += "| state | event | next state | done first | |\n|---|---|---|---|---|\n";
  for (const auto& t : table) {
    page += fmt::format("| {} | {} | {} | {} | {} |\n", describe(t.from).name,
                        name_of(t.on), describe(t.to).name, name_of(t.action), t.note);
  }
  page += "\n";
}

template <class State, class Event, class Action>
void refusals(std::string& page,
              std::span<const Transition<State, Event, Action>> table,
              std::size_t states, std::size_t events) {
  page += "| state | refuses | with the words |\n|---|---|---|\n";
  for (std::size_t s = 0; s < states; ++s) {
    const auto state = static_cast<State>(s);
    std::string refused;
    for (std::size_t e = 0; e < events; ++e) {
      const auto event = static_cast<Event>(e);
      if (find_transition(table, state, event) != nullptr) continue;
      if (!refused.empty()) refused += ", ";
      refused += name_of(event);
    }
    page += fmt::format("| {} | {} | {} |\n", describe(state).name, refused,
                        refusal(state));
  }
  page += "\n";
}

}  // namespace

std::string states_page() {
  std::string page =
      "# The states of a voting machine\n\n"
      "Written by the tables in `src/machine/life.cpp` and `src/machine/voter.cpp`; a\n"
      "test fails when this page and the tables differ\n"
      "(`URNA_WRITE_DOCS=1 build/release/bin/machine_test --gtest_filter='States*'`\n"
      "writes it anew). An event that a state does not list is refused with the\n"
      "state's sentence: every state has a defined answer to every event.\n\n"
      "## The machine\n\n";
  diagram(page, life_table());
  transitions(page, life_table());
  refusals(page, life_table(), kLives, kLifeEvents);
  page += "## A voter's session\n\n";
  diagram(page, voter_table());
  transitions(page, voter_table());
  refusals(page, voter_table(), kVoterStates, kVoterEvents);
  page.pop_back();
  return page;
}

}  // namespace urna::machine
