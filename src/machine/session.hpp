// One voter's session at the machine: takes events from the screen, follows the table
// of voter.hpp, seals, stores and prints. Called by the service (api.hpp); knows no
// HTTP and no officials.
//
// Order of every step that matters: the ballot is durable before its code is printed;
// the decision is durable before anything says it; the session's choices and the
// ballot's seed live in locked memory only, and are wiped at once when they are not
// needed any more. Nothing here logs a choice, a code or a token.
//
// Thread rule: one thread at a time (the service holds a lock). Secrets: choices, seed,
// the device's signing key.
#pragma once

#include "ballot/seal.hpp"
#include "base/clock.hpp"
#include "crypto/box.hpp"
#include "machine/printer.hpp"
#include "machine/slips.hpp"
#include "machine/tokens.hpp"
#include "machine/vote_store.hpp"
#include "machine/voter.hpp"

#include <map>
#include <optional>

namespace urna::machine {

// What a session needs of the machine; everything outlives it.
struct SessionParts {
  VoteStore& store;
  Printer& printer;
  base::Random& random;
  base::Clock& clock;
  const ballot::Station& station;
  std::uint32_t segment;
  const ballot::JointKey& key;
  const crypto::BoxPublicKey& closing_key;
  const crypto::SigningKey& device;
  const Hash32& election;  // hash of the definition
  const TokenPool& tokens;
  const std::map<std::string, Slips>& slips;  // by language
  std::string first_language;
  std::uint32_t tests_allowed = 2;
  const std::vector<bool>* spent = nullptr;  // tokens used at another machine
};

// How long a screen may wait for a voter. The page warns `warning` before.
struct Patience {
  std::chrono::seconds limit{180};
  std::chrono::seconds warning{30};
  std::chrono::seconds goodbye{15};
};

// What a record of the closing count holds: style, then one byte an option.
[[nodiscard]] std::string record_context(const ballot::Station& station);

class VoterSession {
 public:
  explicit VoterSession(SessionParts parts, Patience patience = {});

  // After a restart: prints what the last run left unfinished.
  [[nodiscard]] Result<void> recover();

  [[nodiscard]] Voter state() const { return state_; }
  [[nodiscard]] std::uint32_t style() const { return style_; }
  [[nodiscard]] const std::string& language() const { return language_; }
  [[nodiscard]] const Slips& slips() const { return parts_.slips.at(language_); }
  // How the session ended; while it is `ended`.
  [[nodiscard]] bool vote_counts() const { return vote_counts_; }
  // The code on the receipt; from printing to the end.
  [[nodiscard]] const std::optional<Hash32>& code() const { return code_; }
  // Which fault keeps the printer from going on.
  [[nodiscard]] PrinterFault fault() const { return fault_; }
  [[nodiscard]] std::uint32_t tests_left() const {
    return parts_.tests_allowed - tests_made_;
  }
  // Seconds until the session times out; the page shows a warning near the end.
  [[nodiscard]] std::optional<std::int64_t> seconds_left() const;
  [[nodiscard]] const Patience& patience() const { return patience_; }

  [[nodiscard]] Result<void> show_token(std::string_view typed);
  // The caller has checked the two officials.
  [[nodiscard]] Result<void> activate_by_officials();
  [[nodiscard]] Result<void> set_language(std::string_view language);

  // Choices, while voting or reviewing; options count within their contest.
  // too_many_choices when the contest is full: nothing is deselected silently.
  [[nodiscard]] Result<void> choose(std::uint32_t contest, std::uint32_t option);
  [[nodiscard]] Result<void> unchoose(std::uint32_t contest, std::uint32_t option);
  [[nodiscard]] Result<void> clear_contest(std::uint32_t contest);
  // One byte an option; empty unless the voter is voting or reviewing, or the ballot
  // was opened as a test.
  [[nodiscard]] ByteView shown_choices() const;

  // begin, to_review, back, confirm, cast, start_again, challenge, go_on, end,
  // printer_ready. Error not_now with the state's sentence.
  [[nodiscard]] Result<void> handle(VoterEvent event);
  // Called about once a second: times out when nothing happened for too long.
  [[nodiscard]] Result<void> tick();

 private:
  [[nodiscard]] Result<void> act(VoterAction action);
  [[nodiscard]] Result<void> enter(Voter before);
  [[nodiscard]] Result<void> seal_and_store();
  [[nodiscard]] Result<void> store_cast();
  [[nodiscard]] Result<void> store_challenge();
  [[nodiscard]] Result<void> finish_and_end();
  [[nodiscard]] Result<void> print_state();
  [[nodiscard]] std::vector<std::pair<sheet::Document, bool>> pieces() const;
  [[nodiscard]] Result<std::size_t> bit(std::uint32_t contest,
                                        std::uint32_t option) const;
  void touch();
  void wipe_choices();
  void forget_voter();

  SessionParts parts_;
  Patience patience_;
  Voter state_ = Voter::idle;
  std::uint32_t style_ = 0;
  std::string language_;
  crypto::SecretBytes choices_;
  std::optional<ballot::Sealed> sealed_;
  std::optional<Hash32> code_;
  Bytes opening_;            // of a challenged ballot: public
  std::size_t printed_ = 0;  // pieces of this state that are out
  bool vote_counts_ = false;
  std::uint32_t tests_made_ = 0;
  PrinterFault fault_ = PrinterFault::none;
  std::chrono::nanoseconds touched_{0};
};

}  // namespace urna::machine
