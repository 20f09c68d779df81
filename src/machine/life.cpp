#include "machine/life.hpp"

namespace urna::machine {
namespace {

using L = Life;
using E = LifeEvent;
using A = LifeAction;

constexpr LifeTransition kTable[] = {
    {L::empty, E::provision, L::provisioned, A::make_store,
     "signed package of this election, newer than any before"},
    {L::provisioned, E::pass_test, L::tested, A::none,
     "every test deck came out right"},
    {L::provisioned, E::wipe, L::empty, A::forget_everything, "keys and store are new"},
    {L::tested, E::print_zero, L::zero, A::two_officials_empty_store,
     "every contest and option prints as 0"},
    {L::tested, E::pass_test, L::tested, A::none, "may be repeated"},
    {L::tested, E::wipe, L::empty, A::forget_everything, "keys and store are new"},
    {L::zero, E::open, L::open, A::two_officials_empty_store,
     "not before the hour of opening; freshness advances"},
    {L::zero, E::print_zero, L::zero, A::two_officials_empty_store, "may be repeated"},
    {L::open, E::pause, L::paused, A::two_officials, "between two voters"},
    {L::open, E::close, L::closed, A::two_officials,
     "before the hour of closing only with a reason"},
    {L::open, E::disk_failed, L::stopped, A::none, "no vote is accepted any more"},
    {L::open, E::restart_open, L::paused, A::none,
     "the interrupted session is finished or void, and the screen says which"},
    {L::paused, E::resume, L::open, A::two_officials, "freshness advances"},
    {L::paused, E::close, L::closed, A::two_officials,
     "before the hour of closing only with a reason"},
    {L::paused, E::disk_failed, L::stopped, A::none, "no vote is accepted any more"},
    {L::paused, E::restart_open, L::paused, A::none, "nothing was lost"},
    {L::stopped, E::restart_open, L::paused, A::none,
     "the disk was read anew and tells what counts"},
    {L::stopped, E::disk_failed, L::stopped, A::none, "still stopped"},
    {L::closed, E::print_sheet, L::printed, A::count_and_print,
     "officials present both halves of the closing key"},
    {L::closed, E::print_uncounted, L::printed, A::two_officials,
     "the closing key is lost: the sheet states no votes, the trustees count"},
    {L::closed, E::disk_failed, L::closed, A::none,
     "try again; the sealed ballots are not changed by counting"},
    {L::closed, E::restart_closed, L::closed, A::none, "the count is made anew"},
    {L::printed, E::print_sheet, L::printed, A::none,
     "a further copy of the same sheet"},
    {L::printed, E::sign_sheet, L::signed_, A::check_signatures,
     "the choice records are destroyed"},
    {L::printed, E::disk_failed, L::printed, A::none, "try again"},
    {L::printed, E::restart_closed, L::printed, A::none, "the sheet is on the disk"},
    {L::signed_, E::export_, L::exported, A::write_package, "to a folder or a stick"},
    {L::signed_, E::print_sheet, L::signed_, A::none, "a further copy"},
    {L::signed_, E::disk_failed, L::signed_, A::none, "try another stick"},
    {L::signed_, E::restart_closed, L::signed_, A::none, "goes on with the export"},
    {L::exported, E::export_, L::exported, A::write_package, "a further stick"},
    {L::exported, E::print_sheet, L::exported, A::none, "a further copy"},
    {L::exported, E::archive, L::archived, A::none, "sealed and put away"},
    {L::exported, E::disk_failed, L::exported, A::none, "try another stick"},
    {L::exported, E::restart_closed, L::exported, A::none, "nothing was lost"},
    {L::archived, E::restart_closed, L::archived, A::none, "shows what it archived"},
    {L::archived, E::wipe, L::empty, A::forget_everything,
     "only when the law no longer needs the machine as evidence"},
};

constexpr std::array<Described, kLives> kStates{{
    {"empty", "This machine has no election. Give it the station's package."},
    {"provisioned", "The package is accepted. Test the machine next."},
    {"tested", "The machine passed its test. Print the zero report next."},
    {"zero", "The zero report is printed and nothing is stored. Open the polls next."},
    {"open", "The polls are open."},
    {"paused", "Voting is paused. Two officials resume it or close the polls."},
    {"closed", "The polls are closed. Present the closing keys to count and print."},
    {"printed", "The tally sheet is printed. Two officials sign it next."},
    {"signed", "The sheet is signed. Export the station's package next."},
    {"exported", "The package is exported. Archive the machine next."},
    {"archived", "The election is over on this machine."},
    {"stopped", "The disk failed. No vote is accepted; start the machine again."},
}};

constexpr std::array<std::string_view, kLifeEvents> kEvents{
    "provision",      "pass the test",   "print the zero report",
    "open",           "pause",           "resume",
    "close",          "print the sheet", "print without a count",
    "sign the sheet", "export",          "archive",
    "wipe",           "disk failed",     "restart, open",
    "restart, closed"};

constexpr std::array<std::string_view, 8> kActions{"",
                                                   "make an empty store",
                                                   "two officials, empty store",
                                                   "two officials",
                                                   "count in memory, print",
                                                   "check two signatures",
                                                   "write the package",
                                                   "wipe keys and store"};

}  // namespace

std::span<const LifeTransition> life_table() {
  return kTable;
}

const Described& describe(Life state) {
  return kStates[static_cast<std::size_t>(state)];
}

std::string_view refusal(Life state) {
  return describe(state).text;
}

std::string_view name_of(LifeEvent event) {
  return kEvents[static_cast<std::size_t>(event)];
}

std::string_view name_of(LifeAction action) {
  return kActions[static_cast<std::size_t>(action)];
}

}  // namespace urna::machine
