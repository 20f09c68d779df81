#include "machine/session.hpp"

#include "ballot/ballot_bytes.hpp"
#include "base/binary.hpp"
#include "machine/errors.hpp"

#include <fmt/format.h>

namespace urna::machine {
namespace {

bool may_choose(Voter state) {
  return state == Voter::voting || state == Voter::review;
}

bool prints(Voter state) {
  return state == Voter::printing || state == Voter::casting ||
         state == Voter::opening || state == Voter::voiding || state == Voter::leaving;
}

// States in which only officials can go on, and in which nobody is hurried.
bool waits_for_help(Voter state) {
  return state == Voter::cast_blocked || state == Voter::open_blocked ||
         state == Voter::leave_blocked;
}

}  // namespace

std::string record_context(const ballot::Station& station) {
  return fmt::format("urna-choice-record-1 {}", station.code());
}

VoterSession::VoterSession(SessionParts parts, Patience patience)
    : parts_(std::move(parts)),
      patience_(patience),
      language_(parts_.first_language),
      choices_(0) {
  touch();
}

void VoterSession::touch() {
  touched_ = parts_.clock.steady();
}

std::optional<std::int64_t> VoterSession::seconds_left() const {
  if (state_ == Voter::idle || waits_for_help(state_)) return std::nullopt;
  const auto limit = state_ == Voter::ended ? patience_.goodbye : patience_.limit;
  const auto passed = std::chrono::duration_cast<std::chrono::seconds>(
      parts_.clock.steady() - touched_);
  return std::max<std::int64_t>(0, (limit - passed).count());
}

Result<void> VoterSession::tick() {
  const auto left = seconds_left();
  if (!left || *left > 0) return {};
  if (find_transition(voter_table(), state_, VoterEvent::time_out) == nullptr) {
    return {};
  }
  return handle(VoterEvent::time_out);
}

Result<void> VoterSession::recover() {
  const auto& unfinished = parts_.store.recovered().unfinished;
  if (!unfinished) return {};
  const auto ballot = ballot::BallotBytes::read(parts_.station, unfinished->ballot);
  if (!ballot) {
    return fail(errors::store_damaged, "an unfinished ballot cannot be read");
  }
  code_ =
      ballot::confirmation_code(ballot->hash(parts_.station), ballot->ciphertexts());
  style_ = ballot->identity().style;
  opening_ = unfinished->opening;
  switch (unfinished->state) {
    case BallotState::cast_to_finish:
      vote_counts_ = true;
      return handle(VoterEvent::recover_cast);
    case BallotState::challenged_to_finish:
      return handle(VoterEvent::recover_challenged);
    default:
      return handle(VoterEvent::recover_voided);
  }
}

Result<void> VoterSession::show_token(std::string_view typed) {
  if (state_ != Voter::idle) return fail(errors::not_now, std::string(refusal(state_)));
  URNA_TRY(const std::string characters, read_token(typed));
  const auto token = parts_.tokens.find(
      token_hash(parts_.election, parts_.station.code(), characters));
  if (!token) {
    return fail(errors::bad_token, "this token is not of this station",
                "ask at check-in");
  }
  const bool elsewhere = parts_.spent != nullptr && *token < parts_.spent->size() &&
                         (*parts_.spent)[*token];
  if (elsewhere || parts_.store.token_used(*token)) {
    return fail(errors::token_used, "this token was used before",
                "each token is good for one vote; ask the officials");
  }
  if (!parts_.store.has_room(parts_.tests_allowed + 3)) {
    return fail(errors::store_full, "this machine has no room for a further voter",
                "close it and open a spare machine as the next segment");
  }
  URNA_CHECK(parts_.store.begin(*token));
  style_ = parts_.tokens.tokens()[*token].style;
  choices_ = crypto::SecretBytes(parts_.station.style(style_)->options());
  state_ = Voter::activated;
  touch();
  return {};
}

Result<void> VoterSession::activate_by_officials() {
  if (state_ != Voter::idle) return fail(errors::not_now, std::string(refusal(state_)));
  URNA_CHECK(parts_.store.begin_by_officials());
  style_ = parts_.station.styles().front().number();
  choices_ = crypto::SecretBytes(parts_.station.style(style_)->options());
  state_ = Voter::activated;
  touch();
  return {};
}

Result<void> VoterSession::set_language(std::string_view language) {
  if (!parts_.slips.contains(std::string(language))) {
    return fail(errors::no_such_choice, "this election has no such language");
  }
  language_ = language;
  touch();
  return {};
}

Result<std::size_t> VoterSession::bit(std::uint32_t contest,
                                      std::uint32_t option) const {
  if (!may_choose(state_)) return fail(errors::not_now, std::string(refusal(state_)));
  const auto& contests = slips().words().contests;
  if (contest >= contests.size() || option >= contests[contest].options.size()) {
    return fail(errors::no_such_choice, "this choice is not on the ballot");
  }
  return std::size_t{contests[contest].first} + option;
}

Result<void> VoterSession::choose(std::uint32_t contest, std::uint32_t option) {
  URNA_TRY(const std::size_t at, bit(contest, option));
  touch();
  const WordedContest& c = slips().words().contests[contest];
  std::uint32_t chosen = 0;
  for (const std::uint8_t b : choices_.expose().subspan(c.first, c.options.size())) {
    chosen += b;
  }
  if (choices_.expose()[at] == 1) return {};
  if (chosen >= c.limit) {
    return fail(errors::too_many_choices,
                fmt::format("you may choose {} here", c.limit),
                "take back one of your choices first");
  }
  choices_.writable()[at] = 1;
  return {};
}

Result<void> VoterSession::unchoose(std::uint32_t contest, std::uint32_t option) {
  URNA_TRY(const std::size_t at, bit(contest, option));
  touch();
  choices_.writable()[at] = 0;
  return {};
}

Result<void> VoterSession::clear_contest(std::uint32_t contest) {
  URNA_TRY(const std::size_t first, bit(contest, 0));
  touch();
  const auto& options = slips().words().contests[contest].options;
  crypto::wipe(choices_.writable().subspan(first, options.size()));
  return {};
}

ByteView VoterSession::shown_choices() const {
  if (may_choose(state_)) return choices_.expose();
  if (state_ == Voter::opened) {
    return ByteView(opening_).subspan(ballot::kOpeningHeader);
  }
  return {};
}

Result<void> VoterSession::handle(VoterEvent event) {
  const auto* transition = find_transition(voter_table(), state_, event);
  if (transition == nullptr) {
    return fail(errors::not_now, std::string(refusal(state_)));
  }
  if (event != VoterEvent::time_out) touch();
  if (event == VoterEvent::confirm) {
    fault_ = parts_.printer.status();
    if (fault_ != PrinterFault::none) return printer_error(fault_);
  }
  if (event == VoterEvent::challenge && tests_left() == 0) {
    return fail(errors::no_more_tests, "no more test ballots in this session",
                "cast this ballot or start again");
  }
  // A ballot that was opened after a restart has no session to go back to.
  if (state_ == Voter::opened && event == VoterEvent::go_on &&
      !parts_.store.in_session()) {
    return handle(VoterEvent::end);
  }
  URNA_CHECK(act(transition->action));
  const Voter before = state_;
  state_ = transition->to;
  touch();  // the next screen begins its own wait, the goodbye after a time-out too
  return enter(before);
}

Result<void> VoterSession::act(VoterAction action) {
  switch (action) {
    case VoterAction::none:
    case VoterAction::begin_session:       // show_token()
    case VoterAction::begin_by_officials:  // activate_by_officials()
      return {};
    case VoterAction::seal_and_store:
      return seal_and_store();
    case VoterAction::store_cast:
      return store_cast();
    case VoterAction::store_challenge:
      return store_challenge();
    case VoterAction::store_void:
      sealed_.reset();
      return parts_.store.void_pending();
    case VoterAction::finish_paper:
      URNA_CHECK(parts_.store.finish());
      return {};
    case VoterAction::finish_paper_and_end:
      return finish_and_end();
    case VoterAction::end_without_vote:
      if (!parts_.store.in_session()) return {};
      return parts_.store.end_without_vote();
    case VoterAction::print_again:
      fault_ = parts_.printer.status();
      return fault_ == PrinterFault::none ? Result<void>() : printer_error(fault_);
    case VoterAction::clear:
      wipe_choices();
      code_.reset();
      opening_.clear();
      return {};
  }
  return {};
}

Result<void> VoterSession::finish_and_end() {
  URNA_CHECK(parts_.store.finish());
  if (!parts_.store.in_session()) return {};
  return parts_.store.end_without_vote();
}

Result<void> VoterSession::seal_and_store() {
  URNA_TRY(const ballot::Choices choices,
           ballot::Choices::make(*parts_.station.style(style_), choices_.expose()));
  URNA_TRY(ballot::Sealed sealed, ballot::seal(parts_.station, style_, parts_.segment,
                                               parts_.key, choices, parts_.random));
  URNA_CHECK(parts_.store.put_pending(sealed.ballot));
  code_ = sealed.code;
  sealed_ = std::move(sealed);
  return {};
}

Result<void> VoterSession::store_cast() {
  crypto::SecretBytes record(4 + choices_.size());
  base::Writer style;
  style.u32(style_);
  std::ranges::copy(style.view(), record.writable().begin());
  std::ranges::copy(choices_.expose(), record.writable().begin() + 4);
  URNA_TRY(const Bytes box,
           crypto::seal_box(parts_.random, parts_.closing_key,
                            record_context(parts_.station), record.expose()));
  URNA_CHECK(parts_.store.cast(box));
  sealed_.reset();
  wipe_choices();
  vote_counts_ = true;
  return {};
}

Result<void> VoterSession::store_challenge() {
  if (!sealed_) return fail(errors::not_now, std::string(refusal(state_)));
  URNA_TRY(const ballot::Choices choices,
           ballot::Choices::make(*parts_.station.style(style_), choices_.expose()));
  const Bytes opening = ballot::make_opening(sealed_->seed, choices);
  URNA_CHECK(parts_.store.challenge(opening));
  // Durable: from here on this ballot's choices are public.
  opening_ = opening;
  sealed_.reset();
  ++tests_made_;
  return {};
}

// What a state prints, in order; `true`: and cut.
std::vector<std::pair<sheet::Document, bool>> VoterSession::pieces() const {
  const Slips& s = slips();
  const auto& station = parts_.station;
  switch (state_) {
    case Voter::printing:
      return {{s.receipt(*code_, receipt_code(station, *code_, parts_.device)), true},
              {s.body(choices_.expose()), false}};
    case Voter::casting:
      return {{s.footer(Footer::cast), true},
              {s.cast(*code_, cast_code(station, *code_, parts_.device)), true}};
    case Voter::opening:
      return {{s.footer(Footer::test), true},
              {s.opened(*code_, ByteView(opening_).subspan(ballot::kOpeningHeader),
                        opening_code(station, *code_, opening_)),
               true}};
    case Voter::voiding:
    case Voter::leaving:
      return {{s.footer(Footer::voided), true}};
    default:
      return {};
  }
}

Result<void> VoterSession::print_state() {
  const auto all = pieces();
  while (printed_ < all.size()) {
    const auto& [document, cut] = all[printed_];
    if (const auto done = parts_.printer.print(document, cut); !done) {
      fault_ = parts_.printer.status();
      if (fault_ == PrinterFault::none) fault_ = PrinterFault::offline;
      return handle(VoterEvent::printer_failed);
    }
    ++printed_;
  }
  fault_ = PrinterFault::none;
  return handle(VoterEvent::printed);
}

Result<void> VoterSession::enter(Voter before) {
  // The pieces of one job that are out already are not printed twice.
  const bool goes_on = before == Voter::cast_blocked || before == Voter::open_blocked;
  if (prints(state_) && !goes_on) printed_ = 0;
  switch (state_) {
    case Voter::leaving:
    case Voter::leave_blocked:
    case Voter::ended:
      wipe_choices();
      break;
    case Voter::idle:
      forget_voter();
      break;
    default:
      break;
  }
  return prints(state_) ? print_state() : Result<void>();
}

void VoterSession::wipe_choices() {
  sealed_.reset();
  crypto::wipe(choices_.writable());
}

void VoterSession::forget_voter() {
  choices_ = crypto::SecretBytes(0);
  code_.reset();
  opening_.clear();
  language_ = parts_.first_language;
  vote_counts_ = false;
  tests_made_ = 0;
  printed_ = 0;
  style_ = 0;
  fault_ = PrinterFault::none;
}

}  // namespace urna::machine
