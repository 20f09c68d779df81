// State machines as tables. A table lists every transition; whatever it does not list
// is refused with the sentence that belongs to the state, so every state has a defined
// answer to every event. The same table draws its diagram (states_doc.hpp) and is
// walked through by an exhaustive test. Used by life.hpp and voter.hpp.
//
// Thread rule: constant data. No secrets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace urna::machine {

template <class State, class Event, class Action>
struct Transition {
  State from;
  Event on;
  State to;
  Action action;          // what must have succeeded before the state changes
  std::string_view note;  // in words, for the documentation
};

// One name and one sentence for people, by enumerator.
struct Described {
  std::string_view name;
  std::string_view text;
};

// The transition, or null when the event is refused in this state.
template <class State, class Event, class Action>
[[nodiscard]] constexpr const Transition<State, Event, Action>* find_transition(
    std::span<const Transition<State, Event, Action>> table, State from, Event on) {
  for (const auto& transition : table) {
    if (transition.from == from && transition.on == on) return &transition;
  }
  return nullptr;
}

}  // namespace urna::machine
