#include "machine/voter.hpp"

namespace urna::machine {
namespace {

using V = Voter;
using E = VoterEvent;
using A = VoterAction;

constexpr VoterTransition kTable[] = {
    {V::idle, E::token, V::activated, A::begin_session, "the token is marked first"},
    {V::idle, E::officials, V::activated, A::begin_by_officials, "counted separately"},
    {V::idle, E::recover_cast, V::casting, A::none,
     "after a restart: finish the paper"},
    {V::idle, E::recover_challenged, V::opening, A::none, "after a restart"},
    {V::idle, E::recover_voided, V::leaving, A::none, "after a restart: print VOID"},
    {V::activated, E::begin, V::voting, A::none, ""},
    {V::activated, E::time_out, V::ended, A::end_without_vote, ""},
    {V::activated, E::end, V::ended, A::end_without_vote, ""},
    {V::voting, E::to_review, V::review, A::none, ""},
    {V::voting, E::time_out, V::ended, A::end_without_vote, "everything is cleared"},
    {V::voting, E::end, V::ended, A::end_without_vote, ""},
    {V::review, E::back, V::voting, A::none, ""},
    {V::review, E::confirm, V::printing, A::seal_and_store,
     "the sealed ballot is durable before its code is printed"},
    {V::review, E::time_out, V::ended, A::end_without_vote, "everything is cleared"},
    {V::review, E::end, V::ended, A::end_without_vote, ""},
    {V::printing, E::printed, V::deciding, A::none, "receipt and body are complete"},
    {V::printing, E::printer_failed, V::broken_slip, A::store_void,
     "no slip, no vote: the ballot is void, the choices are kept"},
    {V::broken_slip, E::printer_ready, V::voiding, A::print_again, "VOID is printed"},
    {V::broken_slip, E::printer_failed, V::broken_slip, A::none, "still not ready"},
    {V::broken_slip, E::time_out, V::leave_blocked, A::none, "the choices are cleared"},
    {V::broken_slip, E::end, V::leave_blocked, A::none, "the choices are cleared"},
    {V::deciding, E::cast, V::casting, A::store_cast, "from here on the vote counts"},
    {V::deciding, E::start_again, V::voiding, A::store_void, ""},
    {V::deciding, E::challenge, V::opening, A::store_challenge,
     "decision and opening are one write"},
    {V::deciding, E::time_out, V::leaving, A::store_void, "voided"},
    {V::deciding, E::end, V::leaving, A::store_void, "voided"},
    {V::deciding, E::printer_failed, V::deciding, A::none,
     "the paper is whole; the decision stays with the voter"},
    {V::casting, E::printed, V::ended, A::finish_paper, "told: your vote is cast"},
    {V::casting, E::printer_failed, V::cast_blocked, A::none,
     "the screen says that the vote counts"},
    {V::cast_blocked, E::printer_ready, V::casting, A::print_again, ""},
    {V::cast_blocked, E::printer_failed, V::cast_blocked, A::none, "still not ready"},
    {V::cast_blocked, E::end, V::ended, A::finish_paper,
     "an official finishes the paper by hand; the vote counts"},
    {V::opening, E::printed, V::opened, A::finish_paper, ""},
    {V::opening, E::printer_failed, V::open_blocked, A::none, ""},
    {V::open_blocked, E::printer_ready, V::opening, A::print_again, ""},
    {V::open_blocked, E::printer_failed, V::open_blocked, A::none, "still not ready"},
    {V::open_blocked, E::end, V::opened, A::finish_paper,
     "an official marks the slip TEST by hand"},
    {V::opened, E::go_on, V::voting, A::clear, "with an empty ballot"},
    {V::opened, E::time_out, V::ended, A::end_without_vote, ""},
    {V::opened, E::end, V::ended, A::end_without_vote, ""},
    {V::voiding, E::printed, V::voting, A::finish_paper, "in the same session"},
    {V::voiding, E::printer_failed, V::void_blocked, A::none, ""},
    {V::void_blocked, E::printer_ready, V::voiding, A::print_again, ""},
    {V::void_blocked, E::printer_failed, V::void_blocked, A::none, "still not ready"},
    {V::void_blocked, E::end, V::voting, A::finish_paper,
     "an official marks the slip VOID by hand"},
    {V::void_blocked, E::time_out, V::leave_blocked, A::none,
     "the choices are cleared"},
    {V::leaving, E::printed, V::ended, A::finish_paper_and_end, ""},
    {V::leaving, E::printer_failed, V::leave_blocked, A::none, ""},
    {V::leave_blocked, E::printer_ready, V::leaving, A::print_again, ""},
    {V::leave_blocked, E::printer_failed, V::leave_blocked, A::none, "still not ready"},
    {V::leave_blocked, E::end, V::ended, A::finish_paper_and_end,
     "an official marks the slip VOID by hand"},
    {V::ended, E::go_on, V::idle, A::clear, "the next voter may come"},
    {V::ended, E::time_out, V::idle, A::clear, "the next voter may come"},
    {V::ended, E::end, V::idle, A::clear, "the next voter may come"},
};

constexpr std::array<Described, kVoterStates> kStates{{
    {"idle", "Show your token to begin."},
    {"activated", "Choose language, text size and sound, then begin."},
    {"voting", "Make your choices."},
    {"review", "Check your choices."},
    {"printing", "Your receipt and your ballot are being printed."},
    {"broken_slip",
     "The printer stopped, so this paper does not count. Please call an official."},
    {"deciding", "Read your ballot. Cast it, start again, or test the machine."},
    {"casting", "Your vote is counted. The paper is being finished."},
    {"cast_blocked",
     "Your vote is counted, but the paper is not finished. Please call an official."},
    {"opening", "This ballot is a test and is being opened."},
    {"open_blocked", "The test ballot could not be printed. Please call an official."},
    {"opened", "This was a test: it does not count. You can vote now."},
    {"voiding", "This paper is being marked VOID."},
    {"void_blocked", "The paper could not be marked VOID. Please call an official."},
    {"leaving", "This paper is being marked VOID, and the session ends."},
    {"leave_blocked", "The paper could not be marked VOID. Please call an official."},
    {"ended", "The session is over."},
}};

constexpr std::array<std::string_view, kVoterEvents> kEvents{"token",
                                                             "officials activate",
                                                             "begin",
                                                             "review",
                                                             "back",
                                                             "confirm",
                                                             "printed",
                                                             "printer failed",
                                                             "printer ready",
                                                             "cast",
                                                             "start again",
                                                             "challenge",
                                                             "go on",
                                                             "time-out",
                                                             "end",
                                                             "recovered: cast",
                                                             "recovered: challenged",
                                                             "recovered: voided"};

constexpr std::array<std::string_view, kVoterActions> kActions{
    "",
    "mark the token",
    "mark an activation",
    "seal, store as pending",
    "store the cast vote",
    "store challenge and opening",
    "store as void",
    "store: paper finished",
    "store: paper finished, session ended",
    "store: session ended without a vote",
    "print again",
    "clear everything"};

}  // namespace

std::span<const VoterTransition> voter_table() {
  return kTable;
}

const Described& describe(Voter state) {
  return kStates[static_cast<std::size_t>(state)];
}

std::string_view refusal(Voter state) {
  return describe(state).text;
}

std::string_view name_of(VoterEvent event) {
  return kEvents[static_cast<std::size_t>(event)];
}

std::string_view name_of(VoterAction action) {
  return kActions[static_cast<std::size_t>(action)];
}

}  // namespace urna::machine
