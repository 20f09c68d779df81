#include "machine/vote_store.hpp"

#include "base/errors.hpp"
#include "base/testing/scripted.hpp"
#include "base/testing/scripted_files.hpp"
#include "machine/errors.hpp"
#include "machine/testing/torn_files.hpp"

#include <functional>

#include <gtest/gtest.h>

namespace urna::machine {
namespace {

using base::testing::ScriptedFiles;
using base::testing::ScriptedRandom;
using testing::TornFiles;

// Ten sectors of body and two of cell: twelve unsynced writes at the most.
constexpr StoreShape kShape{4, 4, 4, 10 * 512 - 60, 600, 300};
constexpr std::uint32_t kToken = 2;
const Bytes kBallot(kShape.ballot_size, 0xb1);
const Bytes kRecord(kShape.record_size, 0xc2);
const Bytes kOpening(kShape.opening_size, 0xd3);

ScriptedFiles fresh_disk() {
  ScriptedFiles files;
  ScriptedRandom random(1);
  EXPECT_TRUE(VoteStore::create(files, random, "votes", kShape));
  return files;
}

// What the voter and the paper saw of one session.
struct Seen {
  bool receipt = false;    // the code was printed: the ballot is on record
  bool told_cast = false;  // "your vote is cast"
  bool challenged = false;
  bool voided = false;
  bool finished = false;
  bool ended = false;
};

using Script = std::function<Result<void>(VoteStore&, Seen&)>;

Result<void> cast_one(VoteStore& store, Seen& seen) {
  URNA_CHECK(store.begin(kToken));
  URNA_CHECK(store.put_pending(kBallot));
  seen.receipt = true;
  URNA_CHECK(store.cast(kRecord));
  seen.told_cast = true;
  URNA_CHECK(store.finish());
  seen.finished = true;
  return {};
}

Result<void> challenge_then_leave(VoteStore& store, Seen& seen) {
  URNA_CHECK(store.begin(kToken));
  URNA_CHECK(store.put_pending(kBallot));
  seen.receipt = true;
  URNA_CHECK(store.challenge(kOpening));
  seen.challenged = true;
  URNA_CHECK(store.finish());
  URNA_CHECK(store.end_without_vote());
  seen.ended = true;
  return {};
}

Result<void> void_then_cast(VoteStore& store, Seen& seen) {
  URNA_CHECK(store.begin_by_officials());
  URNA_CHECK(store.put_pending(kBallot));
  seen.receipt = true;
  URNA_CHECK(store.void_pending());
  seen.voided = true;
  URNA_CHECK(store.finish());
  URNA_CHECK(store.put_pending(Bytes(100, 7)));
  URNA_CHECK(store.cast(kRecord));
  seen.told_cast = true;
  return store.finish();
}

// What must hold after a restart, whatever happened.
void check_restart(VoteStore& store, const Seen& seen) {
  const StoreCounts counts = store.counts();
  const auto& unfinished = store.recovered().unfinished;
  ASSERT_EQ(counts.pending, 0u);
  ASSERT_LE(counts.cast, 1u);
  ASSERT_EQ(counts.records, counts.cast) << "a record without its vote, or a vote lost";
  if (seen.told_cast) {
    ASSERT_EQ(counts.cast, 1u) << "the voter was told, the vote is gone";
  }
  if (counts.cast == 1 && !seen.told_cast) {
    // Durable at the very end: the restart finishes the paper and tells the voter.
    ASSERT_TRUE(unfinished);
    ASSERT_EQ(unfinished->state, BallotState::cast_to_finish);
  }
  if (seen.receipt) {
    ASSERT_GE(counts.sealed(), 1u) << "a printed code is on no record";
  }
  if (seen.challenged) {
    ASSERT_EQ(counts.challenged, 1u);
  }
  if (seen.voided) {
    ASSERT_GE(counts.voided, 1u);
  }
  if (seen.finished) {
    ASSERT_FALSE(unfinished);
  }
  ASSERT_EQ(counts.activated(), counts.cast + counts.ended_without_vote);
  if (seen.ended) {
    ASSERT_EQ(counts.ended_without_vote, 1u);
  }
  ASSERT_FALSE(store.in_session());
  const auto ballots = store.ballots();
  ASSERT_TRUE(ballots);
  for (const StoredBallot& ballot : *ballots) {
    const bool opened = ballot.state == BallotState::challenged ||
                        ballot.state == BallotState::challenged_to_finish;
    ASSERT_EQ(ballot.opening, opened ? kOpening : Bytes());
    if (opened) {
      ASSERT_EQ(ballot.ballot, kBallot);
    }
  }
  const auto records = store.records();
  ASSERT_TRUE(records);
  for (const Bytes& record : *records) ASSERT_EQ(record, kRecord);
}

// A store that was interrupted takes the next voter like any other.
void check_goes_on(VoteStore& store) {
  const StoreCounts before = store.counts();
  if (store.recovered().unfinished) {
    ASSERT_TRUE(store.finish());
  }
  ASSERT_TRUE(store.begin(0));
  ASSERT_TRUE(store.put_pending(Bytes(10, 1)));
  ASSERT_TRUE(store.cast(kRecord));
  ASSERT_TRUE(store.finish());
  ASSERT_EQ(store.counts().cast, before.cast + 1);
  ASSERT_EQ(store.counts().records, before.cast + 1);
}

// Restarts on this disk; when `thorough`, cuts the power again at every change of the
// recovery, and lets the machine go on with the next voter.
void restart(const ScriptedFiles& disk, const Seen& seen, bool thorough,
             std::size_t& points) {
  for (std::size_t again = thorough ? 0 : 1000;; ++again) {
    ScriptedFiles files = disk;
    TornFiles torn(files);
    ScriptedRandom random(99);
    files.cut_power_at(files.changes() + again);
    auto first = VoteStore::open(torn, random, "votes");
    const bool whole = first.has_value();
    if (!whole) files.power_on([&](std::size_t i) { return (i + again) % 2 == 0; });
    ++points;
    auto store = whole ? std::move(first) : VoteStore::open(torn, random, "votes");
    ASSERT_TRUE(store) << store.error().text();
    check_restart(*store, seen);
    if (whole && !thorough) return;
    if (whole) {
      files.power_on([](std::size_t) { return true; });
      auto last = VoteStore::open(torn, random, "votes");
      ASSERT_TRUE(last);
      check_goes_on(*last);
      return;
    }
    if (::testing::Test::HasFatalFailure()) return;
  }
}

// Cuts the power before every change of the script and, there, keeps every subset of
// the unsynced sectors (every `stride`-th where there are many). Returns the number of
// cut points.
std::size_t cut_everywhere(const Script& script, std::size_t stride = 1) {
  const ScriptedFiles start = fresh_disk();
  std::size_t points = 0;
  for (std::size_t cut = 0;; ++cut) {
    ScriptedFiles files = start;
    TornFiles torn(files);
    ScriptedRandom random(2);
    auto store = VoteStore::open(torn, random, "votes");
    EXPECT_TRUE(store);
    files.cut_power_at(files.changes() + cut);
    Seen seen;
    const bool whole = script(*store, seen).has_value();
    const std::size_t unsynced = files.unsynced();
    EXPECT_LE(unsynced, 12u);
    for (std::size_t subset = 0; subset < (std::size_t{1} << unsynced);
         subset += unsynced < 8 ? 1 : stride) {
      ScriptedFiles disk = files;
      disk.power_on([&](std::size_t i) { return (subset >> i & 1) != 0; });
      restart(disk, seen, subset % 16 == 0 || subset + 1 == std::size_t{1} << unsynced,
              points);
      if (::testing::Test::HasFatalFailure()) return points;
    }
    if (whole) return points;
  }
}

TEST(VoteStorePowerCut, CastOneVoteLeavesExactlyZeroOrOneVoteAtEveryCut) {
  const std::size_t points = cut_everywhere(cast_one);
  EXPECT_GE(points, 10'000u);
  RecordProperty("cut_points", static_cast<int>(points));
}

TEST(VoteStorePowerCut, ChallengeAndItsOpeningAreOneAtEveryCut) {
  EXPECT_GE(cut_everywhere(challenge_then_leave), 10'000u);
}

TEST(VoteStorePowerCut, StartingAgainNeverCountsTheVoidedBallot) {
  EXPECT_GE(cut_everywhere(void_then_cast, 7), 1'000u);
}

// Fails one change of the script with one kind of error; the store must stop, and say
// after a restart what the voter was told.
void fail_everywhere(ErrorKind kind, bool only_sync) {
  const ScriptedFiles start = fresh_disk();
  for (std::size_t at = 0;; ++at) {
    ScriptedFiles files = start;
    ScriptedRandom random(3);
    auto store = VoteStore::open(files, random, "votes");
    ASSERT_TRUE(store);
    const std::size_t change = files.changes() + at;
    files.fail_at(change, kind);
    Seen seen;
    const auto done = cast_one(*store, seen);
    if (done) return;
    ASSERT_EQ(done.error().kind, kind);
    if (only_sync && !files.trace()[change].starts_with("sync")) continue;
    ASSERT_TRUE(store->stopped());
    const auto next = store->put_pending(kBallot);
    ASSERT_FALSE(next) << "the store accepts votes after a failed disk";
    // The disk may have kept any of what it did not confirm.
    for (const bool keep : {false, true}) {
      ScriptedFiles disk = files;
      disk.power_on([&](std::size_t) { return keep; });
      std::size_t points = 0;
      restart(disk, seen, true, points);
    }
  }
}

TEST(VoteStoreFailures, EveryWriteWithADiskThatIsFull) {
  fail_everywhere(base::errors::disk_full, false);
}

TEST(VoteStoreFailures, EverySyncThatFailsStopsTheMachine) {
  fail_everywhere(base::errors::not_durable, true);
}

TEST(VoteStoreFailures, EveryChangeThatFails) {
  fail_everywhere(base::errors::file_access, false);
}

// The system outlives a killed program and still holds its unsynced writes. The next
// run believes what it reads, so a power cut after it must not change that.
TEST(VoteStoreFailures, AKillBeforeASyncAndAPowerCutAfterTheRestartChangeNothing) {
  for (const Script& script : {Script(cast_one), Script(challenge_then_leave)}) {
    const ScriptedFiles start = fresh_disk();
    for (std::size_t cut = 0;; ++cut) {
      ScriptedFiles files = start;
      ScriptedRandom random(2);
      auto store = VoteStore::open(files, random, "votes");
      ASSERT_TRUE(store);
      files.cut_power_at(files.changes() + cut);
      Seen seen;
      const bool whole = script(*store, seen).has_value();
      files.restart_program();
      const auto after_kill = VoteStore::open(files, random, "votes");
      ASSERT_TRUE(after_kill);
      files.power_on([](std::size_t) { return false; });
      const auto after_cut = VoteStore::open(files, random, "votes");
      ASSERT_TRUE(after_cut);
      ASSERT_EQ(after_cut->counts(), after_kill->counts()) << "change " << cut;
      if (whole) break;
    }
  }
}

TEST(VoteStoreFailures, FilesNeverGrow) {
  ScriptedFiles files = fresh_disk();
  ScriptedRandom random(4);
  const auto size = [&](const std::string& name) {
    return files.open("votes/" + name, base::OpenMode::read).value()->size().value();
  };
  const auto sealed = size("sealed");
  const auto records = size("records");
  auto store = VoteStore::open(files, random, "votes").value();
  Seen seen;
  ASSERT_TRUE(cast_one(store, seen));
  EXPECT_EQ(size("sealed"), sealed);
  EXPECT_EQ(size("records"), records);
  for (const std::string& line : files.trace()) {
    EXPECT_EQ(line.find("create votes/votes"), std::string::npos);
  }
}

TEST(VoteStoreFailures, MakingTheStoreCanBeInterruptedAnywhere) {
  for (std::size_t cut = 0;; ++cut) {
    ScriptedFiles files;
    ScriptedRandom random(5);
    files.cut_power_at(cut);
    const bool whole = VoteStore::create(files, random, "votes", kShape).has_value();
    files.power_on([&](std::size_t i) { return (i * 7 + cut) % 3 != 0; });
    auto store = VoteStore::open(files, random, "votes");
    if (!store) {
      ASSERT_FALSE(whole);
      ASSERT_TRUE(VoteStore::create(files, random, "votes", kShape));
      store = VoteStore::open(files, random, "votes");
    }
    ASSERT_TRUE(store) << cut;
    ASSERT_TRUE(store->empty());
    if (whole) return;
  }
}

TEST(VoteStore, IsNeverMadeOverAnotherOne) {
  ScriptedFiles files = fresh_disk();
  ScriptedRandom random(6);
  const auto again = VoteStore::create(files, random, "votes", kShape);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, errors::store_not_empty);
}

TEST(VoteStore, TakesATokenOnceAcrossRestarts) {
  ScriptedFiles files = fresh_disk();
  ScriptedRandom random(7);
  {
    auto store = VoteStore::open(files, random, "votes").value();
    Seen seen;
    ASSERT_TRUE(cast_one(store, seen));
    EXPECT_FALSE(store.begin(kToken));
  }
  auto store = VoteStore::open(files, random, "votes").value();
  EXPECT_TRUE(store.token_used(kToken));
  EXPECT_EQ(store.begin(kToken).error().kind, errors::wrong_moment);
  EXPECT_TRUE(store.begin(1));
}

TEST(VoteStore, FillsUpAndSaysSo) {
  ScriptedFiles files = fresh_disk();
  ScriptedRandom random(8);
  auto store = VoteStore::open(files, random, "votes").value();
  ASSERT_TRUE(store.begin(0));
  for (std::uint32_t i = 0; i < kShape.ballots; ++i) {
    ASSERT_TRUE(store.put_pending(Bytes(1, 1)));
    ASSERT_TRUE(store.void_pending());
    ASSERT_TRUE(store.finish());
  }
  EXPECT_FALSE(store.has_room(1));
  EXPECT_EQ(store.put_pending(kBallot).error().kind, errors::store_full);
  EXPECT_FALSE(store.stopped());
  EXPECT_TRUE(store.end_without_vote());
}

TEST(VoteStore, DestroysTheRecordsAndKeepsTheBallots) {
  ScriptedFiles files = fresh_disk();
  ScriptedRandom random(9);
  {
    auto store = VoteStore::open(files, random, "votes").value();
    Seen seen;
    ASSERT_TRUE(cast_one(store, seen));
    ASSERT_TRUE(store.destroy_records());
    EXPECT_FALSE(store.records());
  }
  auto store = VoteStore::open(files, random, "votes").value();
  EXPECT_TRUE(store.records_destroyed());
  EXPECT_EQ(store.counts().cast, 1u);
  EXPECT_EQ(files.kind("votes/records.key"), base::FileKind::missing);
}

TEST(VoteStore, RefusesAChangedFile) {
  ScriptedFiles files = fresh_disk();
  ScriptedRandom random(10);
  {
    auto file = files.open("votes/tokens", base::OpenMode::update).value();
    const std::uint64_t size = file->size().value();
    ASSERT_TRUE(file->write_at(size, Bytes(1, 0)));
  }
  EXPECT_EQ(VoteStore::open(files, random, "votes").error().kind,
            errors::store_damaged);
}

}  // namespace
}  // namespace urna::machine
