#include "machine/session.hpp"

#include "machine/errors.hpp"
#include "machine/testing/world.hpp"

#include <gtest/gtest.h>

namespace urna::machine {
namespace {

using testing::World;
using E = VoterEvent;

Result<void> to_review(VoterSession& session, World& world, std::size_t token = 0) {
  URNA_CHECK(session.show_token(token_text(world.tokens.characters[token])));
  URNA_CHECK(session.handle(E::begin));
  URNA_CHECK(session.choose(0, 1));
  URNA_CHECK(session.choose(2, 0));
  return session.handle(E::to_review);
}

// Votes from the token to the goodbye, mending the printer whenever it fails.
void vote(VoterSession& session, World& world, E decision, std::size_t token = 0) {
  ASSERT_TRUE(to_review(session, world, token));
  for (int steps = 0; session.state() != Voter::ended && steps < 40; ++steps) {
    world.printer.fault = PrinterFault::none;
    switch (session.state()) {
      case Voter::voting:
        ASSERT_TRUE(session.handle(E::to_review));
        break;
      case Voter::review:
        (void)session.handle(E::confirm);
        break;
      case Voter::deciding:
        ASSERT_TRUE(session.handle(decision));
        decision = E::cast;
        break;
      case Voter::opened:
        ASSERT_TRUE(session.handle(E::go_on));
        break;
      default:
        ASSERT_TRUE(session.handle(E::printer_ready));
    }
  }
  ASSERT_EQ(session.state(), Voter::ended);
  EXPECT_TRUE(session.vote_counts());
  ASSERT_TRUE(session.handle(E::go_on));
}

// What lies in the box and in the hands of voters agrees with the store.
void check_paper(World& world, const StoreCounts& counts) {
  const auto& printer = world.printer;
  EXPECT_EQ(printer.count("EMITIDO"), counts.cast) << "slips for the box";
  EXPECT_EQ(printer.count("VOTO EMITIDO"), counts.cast) << "cast signatures";
  EXPECT_EQ(printer.count("PRUEBA DE LA MÁQUINA"), counts.challenged);
  EXPECT_EQ(counts.records, counts.cast);
}

TEST(Session, CastsAVoteAndForgetsTheVoter) {
  World world;
  world.make_store();
  auto store = world.open_store();
  VoterSession session(world.parts(store));
  ASSERT_TRUE(session.show_token(world.tokens.characters[3]));
  ASSERT_TRUE(session.set_language("en"));
  ASSERT_TRUE(session.handle(E::begin));
  ASSERT_TRUE(session.choose(0, 0));
  ASSERT_TRUE(session.handle(E::to_review));
  EXPECT_FALSE(session.shown_choices().empty());
  ASSERT_TRUE(session.handle(E::confirm));
  ASSERT_EQ(session.state(), Voter::deciding);
  EXPECT_TRUE(session.shown_choices().empty()) << "choices are shown after sealing";
  EXPECT_EQ(store.counts().pending, 1u);
  ASSERT_TRUE(session.handle(E::cast));
  EXPECT_EQ(session.state(), Voter::ended);
  EXPECT_TRUE(session.vote_counts());
  EXPECT_EQ(store.counts().cast, 1u);
  EXPECT_EQ(world.printer.count("CAST"), 1u);
  ASSERT_TRUE(session.handle(E::go_on));
  EXPECT_EQ(session.state(), Voter::idle);
  EXPECT_EQ(session.language(), "es") << "settings last for the session only";
  EXPECT_FALSE(session.code());
  EXPECT_EQ(session.show_token(world.tokens.characters[3]).error().kind,
            errors::token_used);
}

TEST(Session, RefusesOneChoiceTooManyAndKeepsTheOthers) {
  World world;
  world.make_store();
  auto store = world.open_store();
  VoterSession session(world.parts(store));
  ASSERT_TRUE(session.show_token(world.tokens.characters[0]));
  ASSERT_TRUE(session.handle(E::begin));
  ASSERT_TRUE(session.choose(0, 0));
  EXPECT_EQ(session.choose(0, 1).error().kind, errors::too_many_choices);
  EXPECT_EQ(session.shown_choices()[0], 1);
  EXPECT_EQ(session.shown_choices()[1], 0);
  ASSERT_TRUE(session.unchoose(0, 0));
  EXPECT_TRUE(session.choose(0, 1));
  EXPECT_EQ(session.choose(99, 0).error().kind, errors::no_such_choice);
}

TEST(Session, RefusesTokensOfNobody) {
  World world;
  world.make_store();
  auto store = world.open_store();
  VoterSession session(world.parts(store));
  EXPECT_EQ(session.show_token("AAAA-BBBB-CCCC-DDDD").error().kind, errors::bad_token);
  EXPECT_EQ(session.show_token("AAAA").error().kind, errors::bad_token);
  EXPECT_EQ(session.show_token("!").error().kind, errors::bad_token);
  EXPECT_TRUE(store.empty());
}

TEST(Session, TimesOutBeforeSealingAndVoidsAfterPrinting) {
  World world;
  world.make_store();
  auto store = world.open_store();
  VoterSession session(world.parts(store));
  ASSERT_TRUE(to_review(session, world));
  world.clock.advance(std::chrono::seconds(181));
  ASSERT_TRUE(session.tick());
  EXPECT_EQ(session.state(), Voter::ended);
  EXPECT_EQ(store.counts().ended_without_vote, 1u);
  // The goodbye has its own time: nobody could read it otherwise.
  world.clock.advance(std::chrono::seconds(1));
  ASSERT_TRUE(session.tick());
  EXPECT_EQ(session.state(), Voter::ended);
  world.clock.advance(std::chrono::seconds(16));
  ASSERT_TRUE(session.tick());
  ASSERT_EQ(session.state(), Voter::idle);

  ASSERT_TRUE(to_review(session, world, 1));
  ASSERT_TRUE(session.handle(E::confirm));
  world.clock.advance(std::chrono::seconds(181));
  ASSERT_TRUE(session.tick());
  EXPECT_EQ(session.state(), Voter::ended);
  EXPECT_FALSE(session.vote_counts());
  const StoreCounts counts = store.counts();
  EXPECT_EQ(counts.voided, 1u);
  EXPECT_EQ(counts.cast, 0u);
  EXPECT_EQ(counts.ended_without_vote, 2u);
  EXPECT_EQ(world.printer.count("ANULADO"), 1u);
}

TEST(Session, AllowsOnlySoManyTests) {
  World world;
  world.make_store();
  auto store = world.open_store();
  VoterSession session(world.parts(store));
  ASSERT_TRUE(to_review(session, world));
  for (int test = 0; test < 2; ++test) {
    ASSERT_TRUE(session.handle(E::confirm));
    ASSERT_TRUE(session.handle(E::challenge));
    ASSERT_EQ(session.state(), Voter::opened);
    EXPECT_FALSE(session.shown_choices().empty());
    ASSERT_TRUE(session.handle(E::go_on));
    ASSERT_TRUE(session.handle(E::to_review));
  }
  ASSERT_TRUE(session.handle(E::confirm));
  EXPECT_EQ(session.handle(E::challenge).error().kind, errors::no_more_tests);
  ASSERT_TRUE(session.handle(E::cast));
  EXPECT_EQ(store.counts().challenged, 2u);
  EXPECT_EQ(store.counts().cast, 1u);
  const auto ballots = store.ballots().value();
  for (const auto& stored : ballots) {
    if (stored.state != BallotState::challenged) continue;
    const auto ballot = ballot::BallotBytes::read(world.station, stored.ballot);
    ASSERT_TRUE(ballot);
    EXPECT_FALSE(
        ballot::check_opening(world.station, world.key, *ballot, stored.opening));
  }
}

TEST(Session, DoesNotSealWhileThePrinterIsNotReady) {
  World world;
  world.make_store();
  auto store = world.open_store();
  VoterSession session(world.parts(store));
  ASSERT_TRUE(to_review(session, world));
  world.printer.fault = PrinterFault::cover_open;
  EXPECT_EQ(session.handle(E::confirm).error().kind, errors::printer_failed);
  EXPECT_EQ(session.state(), Voter::review);
  EXPECT_EQ(store.counts().sealed(), 0u);
}

// Thirty-two scripted cases: every fault, at every piece of every kind of session.
TEST(SessionPrinterFaults, EveryFaultAtEveryPieceLeavesPaperAndStoreInAgreement) {
  std::size_t cases = 0;
  for (const PrinterFault fault : {PrinterFault::offline, PrinterFault::cover_open,
                                   PrinterFault::paper_out, PrinterFault::jam}) {
    for (const E decision : {E::cast, E::challenge, E::start_again}) {
      for (std::size_t at = 0;; ++at) {
        World world;
        world.make_store();
        auto store = world.open_store();
        VoterSession session(world.parts(store));
        world.printer.fail_at = at;
        world.printer.fail_with = fault;
        vote(session, world, decision);
        if (::testing::Test::HasFatalFailure()) return;
        const StoreCounts counts = store.counts();
        EXPECT_EQ(counts.cast, 1u);
        EXPECT_EQ(counts.activated(), 1u);
        EXPECT_EQ(counts.ended_without_vote, 0u);
        check_paper(world, counts);
        if (at >= world.printer.prints) break;
        ++cases;
      }
    }
  }
  EXPECT_GE(cases, 30u);
  RecordProperty("cases", static_cast<int>(cases));
}

// The power goes before, during and after every piece; the machine starts again.
TEST(SessionPrinterFaults, PowerLostAroundEveryPieceIsFinishedOrVoidAfterRestart) {
  for (const bool keep : {false, true}) {
    for (std::size_t at = 0; at < 4; ++at) {
      for (const bool during : {false, true}) {
        World world;
        world.make_store();
        auto store = world.open_store();
        auto session = std::make_unique<VoterSession>(world.parts(store));
        // During: the piece is not whole. After: it is, and then the power goes.
        if (during) {
          world.printer.fail_at = at;
          world.printer.fail_with = PrinterFault::offline;
        }
        world.printer.on_print = [&](std::size_t number) {
          if (number == at) world.files.cut_power_at(world.files.changes());
        };
        (void)to_review(*session, world);
        if (during) {
          world.files.cut_power_at(SIZE_MAX - 1);
        }
        (void)session->handle(E::confirm);
        (void)session->handle(E::cast);
        world.printer.fail_at = SIZE_MAX;
        world.printer.fault = PrinterFault::none;
        world.printer.on_print = {};
        world.printer.open = false;
        session.reset();
        world.files.power_on([&](std::size_t) { return keep; });

        auto again = world.open_store();
        VoterSession next(world.parts(again));
        ASSERT_TRUE(next.recover());
        const StoreCounts counts = again.counts();
        EXPECT_LE(counts.cast, 1u);
        EXPECT_EQ(counts.records, counts.cast);
        EXPECT_EQ(counts.sealed(), 1u) << "a printed code is on record";
        EXPECT_EQ(next.vote_counts(), counts.cast == 1);
        EXPECT_GE(world.printer.count("EMITIDO"), counts.cast);
        if (counts.cast == 0) {
          EXPECT_EQ(world.printer.count("EMITIDO"), 0u);
        }
        if (next.state() != Voter::idle) {
          ASSERT_TRUE(next.handle(E::end));
        }
        vote(next, world, E::cast, counts.cast == 1 ? 1 : 0);
      }
    }
  }
}

TEST(Slips, AreEquallyLongWhateverIsChosen) {
  World world;
  const Slips& slips = world.slips.at("en");
  const auto& style = world.station.styles().front();
  const auto height = [&](ByteView bits) {
    return sheet::to_images(slips.body(bits), sheet::Medium::roll80)
        .value()
        .front()
        .height;
  };
  const int blank = height(Bytes(style.options(), 0));
  for (int round = 0; round < 40; ++round) {
    Bytes bits;
    for (const auto& shape : style.contests()) {
      Bytes contest(shape.options, 0);
      const auto votes = world.random.below(shape.limit + 1).value();
      for (std::uint64_t v = 0; v < votes; ++v) {
        contest[world.random.below(shape.options).value()] = 1;
      }
      append(bits, contest);
    }
    EXPECT_EQ(height(bits), blank) << "round " << round;
  }
}

}  // namespace
}  // namespace urna::machine
