// One voter's session: from the activation to the goodbye, with the paper and all that
// can go wrong with it. Called by the session core (session.hpp) for every event; the
// table is documented in docs/machine-states.md, which it writes itself.
//
// The rule behind the table: the store is written before the paper says so. A slip is
// cut CAST only after the vote is durable, so a printer that fails afterwards delays
// the paper and never the vote; a slip that breaks before the decision is voided.
//
// Thread rule: constant data. No secrets: states and events say nothing of choices.
#pragma once

#include "machine/table.hpp"

#include <array>

namespace urna::machine {

enum class Voter : std::uint8_t {
  idle,
  activated,      // welcome: language, text size, audio
  voting,         // contests
  review,         // everything listed
  printing,       // receipt and body of the slip
  broken_slip,    // the printer failed: the ballot is void, the choices are kept
  deciding,       // "check the paper": cast, start again, or test the machine
  casting,        // the vote counts; footer and cast signature print
  cast_blocked,   // the vote counts; the printer must be mended
  opening,        // challenged: footer TEST and the opened ballot print
  open_blocked,   // challenged; the printer must be mended
  opened,         // the challenged ballot is shown
  voiding,        // footer VOID prints, then voting again
  void_blocked,   // the same; the printer must be mended
  leaving,        // footer VOID prints, then the session ends
  leave_blocked,  // the same; the printer must be mended
  ended,          // goodbye, or "the session ended"; the screen is cleared
};
inline constexpr std::size_t kVoterStates = 17;

enum class VoterEvent : std::uint8_t {
  token,      // a valid token was shown
  officials,  // two officials activate
  begin,
  to_review,
  back,
  confirm,  // "print my ballot"
  printed,  // the printer says that the piece is complete
  printer_failed,
  printer_ready,
  cast,
  start_again,
  challenge,
  go_on,
  time_out,
  end,  // the voter or an official ends the session
  recover_cast,
  recover_challenged,
  recover_voided,
};
inline constexpr std::size_t kVoterEvents = 18;

// What must succeed before the state changes.
enum class VoterAction : std::uint8_t {
  none,
  begin_session,
  begin_by_officials,
  seal_and_store,  // seal, store as pending, then start printing
  store_cast,
  store_challenge,
  store_void,
  finish_paper,          // the store learns that the paper is complete
  finish_paper_and_end,  // and the session ends without a vote
  end_without_vote,
  print_again,  // start the interrupted piece of paper again
  clear,        // forget choices, settings, codes
};
inline constexpr std::size_t kVoterActions = 12;

using VoterTransition = Transition<Voter, VoterEvent, VoterAction>;
[[nodiscard]] std::span<const VoterTransition> voter_table();

[[nodiscard]] const Described& describe(Voter state);
[[nodiscard]] std::string_view refusal(Voter state);
[[nodiscard]] std::string_view name_of(VoterEvent event);
[[nodiscard]] std::string_view name_of(VoterAction action);

}  // namespace urna::machine
