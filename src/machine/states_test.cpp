#include "machine/life.hpp"
#include "machine/states_doc.hpp"
#include "machine/voter.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

namespace urna::machine {
namespace {

// Every pair of state and event has exactly one answer: one listed transition, or a
// refusal with a sentence.
template <class State, class Event, class Action>
void check_every_pair(std::span<const Transition<State, Event, Action>> table,
                      std::size_t states, std::size_t events) {
  std::size_t listed = 0;
  for (std::size_t s = 0; s < states; ++s) {
    for (std::size_t e = 0; e < events; ++e) {
      const auto state = static_cast<State>(s);
      const auto event = static_cast<Event>(e);
      std::size_t found = 0;
      for (const auto& t : table) found += t.from == state && t.on == event ? 1 : 0;
      EXPECT_LE(found, 1u) << describe(state).name << " / " << name_of(event);
      EXPECT_EQ(found == 1, find_transition(table, state, event) != nullptr);
      EXPECT_FALSE(refusal(state).empty());
      EXPECT_FALSE(name_of(event).empty());
      listed += found;
    }
    EXPECT_FALSE(describe(static_cast<State>(s)).name.empty());
  }
  EXPECT_EQ(listed, table.size());
}

template <class State, class Event, class Action>
std::set<State> reachable(std::span<const Transition<State, Event, Action>> table,
                          State from) {
  std::set<State> seen{from};
  for (std::size_t before = 0; before != seen.size();) {
    before = seen.size();
    for (const auto& t : table) {
      if (seen.contains(t.from)) seen.insert(t.to);
    }
  }
  return seen;
}

TEST(States, EveryLifeStateAnswersEveryEvent) {
  check_every_pair(life_table(), kLives, kLifeEvents);
  EXPECT_EQ(reachable(life_table(), Life::empty).size(), kLives);
}

TEST(States, EveryVoterStateAnswersEveryEvent) {
  check_every_pair(voter_table(), kVoterStates, kVoterEvents);
  EXPECT_EQ(reachable(voter_table(), Voter::idle).size(), kVoterStates);
}

TEST(States, FromEveryVoterStateThereIsAWayBackToIdle) {
  for (std::size_t s = 0; s < kVoterStates; ++s) {
    EXPECT_TRUE(reachable(voter_table(), static_cast<Voter>(s)).contains(Voter::idle))
        << describe(static_cast<Voter>(s)).name;
  }
}

TEST(States, EveryPrintingStateHasAWayOutOfAFailedPrinter) {
  for (const Voter state : {Voter::printing, Voter::casting, Voter::opening,
                            Voter::voiding, Voter::leaving}) {
    const auto* failed =
        find_transition(voter_table(), state, VoterEvent::printer_failed);
    ASSERT_NE(failed, nullptr) << describe(state).name;
    EXPECT_NE(find_transition(voter_table(), failed->to, VoterEvent::printer_ready),
              nullptr);
    EXPECT_NE(find_transition(voter_table(), failed->to, VoterEvent::end), nullptr);
  }
}

TEST(States, OnlyTheDecisionOfAVoterWithAWholeSlipCastsAVote) {
  for (const auto& t : voter_table()) {
    if (t.action != VoterAction::store_cast) continue;
    EXPECT_EQ(t.from, Voter::deciding);
    EXPECT_EQ(t.on, VoterEvent::cast);
  }
  for (const auto& t : voter_table()) {
    if (t.to != Voter::deciding || t.from == Voter::deciding) continue;
    EXPECT_EQ(t.from, Voter::printing);
    EXPECT_EQ(t.on, VoterEvent::printed);
  }
}

TEST(States, NoVoteIsExportedBeforeItIsPrintedAndSigned) {
  for (const auto& t : life_table()) {
    if (t.on == LifeEvent::export_) {
      EXPECT_TRUE(t.from == Life::signed_ || t.from == Life::exported);
    }
    if (t.to == Life::signed_ && t.from != Life::signed_) {
      EXPECT_EQ(t.from, Life::printed);
    }
  }
}

TEST(States, ThePageIsWhatTheTablesSay) {
  const std::string path = URNA_SOURCE_DIR "/docs/machine-states.md";
  if (std::getenv("URNA_WRITE_DOCS") != nullptr) std::ofstream(path) << states_page();
  std::ifstream file(path);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(page == states_page())
      << "docs/machine-states.md is out of date; URNA_WRITE_DOCS=1 writes it";
}

}  // namespace
}  // namespace urna::machine
