// The life of a voting machine: from the package it was given to the archive, and what
// officials may do when. Called by the machine core for every official's action; the
// table is documented in docs/machine-states.md, which it writes itself.
//
// Thread rule: constant data. No secrets.
#pragma once

#include "machine/table.hpp"

#include <array>

namespace urna::machine {

enum class Life : std::uint8_t {
  empty,        // no package yet
  provisioned,  // package accepted, key made
  tested,       // logic and accuracy test passed
  zero,         // zero report printed
  open,
  paused,
  closed,   // no more votes; being counted
  printed,  // sheet printed, waits for signatures
  signed_,  // officials signed; records destroyed
  exported,
  archived,
  stopped,  // the disk failed: no votes until the machine is started again
};
inline constexpr std::size_t kLives = 12;

enum class LifeEvent : std::uint8_t {
  provision,
  pass_test,
  print_zero,
  open,
  pause,
  resume,
  close,
  print_sheet,
  print_uncounted,
  sign_sheet,
  export_,
  archive,
  wipe,
  disk_failed,
  restart_open,    // the program starts and finds an open or paused machine
  restart_closed,  // ... or one whose polls are closed
};
inline constexpr std::size_t kLifeEvents = 16;

enum class LifeAction : std::uint8_t {
  none,
  make_store,
  two_officials_empty_store,
  two_officials,
  count_and_print,
  check_signatures,
  write_package,
  forget_everything,
};

using LifeTransition = Transition<Life, LifeEvent, LifeAction>;
[[nodiscard]] std::span<const LifeTransition> life_table();

// The state's name and the sentence that officials see; also the answer to an event
// that the table does not list.
[[nodiscard]] const Described& describe(Life state);
[[nodiscard]] std::string_view refusal(Life state);
[[nodiscard]] std::string_view name_of(LifeEvent event);
[[nodiscard]] std::string_view name_of(LifeAction action);

}  // namespace urna::machine
