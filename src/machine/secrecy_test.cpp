// What a seized device tells about the order of votes: nothing that a classifier finds.
// And what real kills leave behind.
#include "base/binary.hpp"
#include "base/testing/scripted.hpp"
#include "base/testing/scripted_files.hpp"
#include "machine/vote_store.hpp"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace urna::machine {
namespace {

constexpr std::uint32_t kVotes = 1'000;
constexpr int kRuns = 20;
// Upper 1 % point of chi-square with 20 degrees of freedom.
constexpr double kChi20 = 37.57;

Bytes numbered(std::uint32_t number) {
  base::Writer w;
  w.u32(number);
  return std::move(w).take();
}

std::uint32_t number_of(ByteView bytes) {
  return base::Reader(bytes).u32().value();
}

// Spearman's rank correlation of two permutations, as a standard normal under chance.
double rank_z(const std::vector<double>& a, const std::vector<double>& b) {
  const auto ranks = [](const std::vector<double>& v) {
    std::vector<std::size_t> order(v.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::sort(
        order, {}, [&](std::size_t i) { return std::pair(v[i], i * 7'919 % 10'007); });
    std::vector<double> out(v.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      out[order[i]] = static_cast<double>(i);
    }
    return out;
  };
  const auto x = ranks(a), y = ranks(b);
  const double n = static_cast<double>(x.size()), mean = (n - 1) / 2;
  double cov = 0, var = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    cov += (x[i] - mean) * (y[i] - mean);
    var += (x[i] - mean) * (x[i] - mean);
  }
  return cov / var * std::sqrt(n - 1);
}

// One feature that an attacker might sort by, over all runs.
struct Feature {
  double chi = 0;
  void add(double z) { chi += z * z; }
};

struct Day {
  std::vector<Bytes> ballots, records;  // in the order of their slots
  Bytes sealed_file, records_file;
};

Day run_day(std::uint64_t seed, const StoreShape& shape) {
  base::testing::ScriptedFiles files;
  base::testing::ScriptedRandom random(seed);
  EXPECT_TRUE(VoteStore::create(files, random, "votes", shape));
  auto store = VoteStore::open(files, random, "votes").value();
  std::vector<std::uint32_t> tokens(shape.tokens);
  std::iota(tokens.begin(), tokens.end(), 0u);
  for (std::uint32_t i = 0; i < kVotes; ++i) {
    // Tokens are handed out at random.
    std::swap(tokens[i], tokens[i + random.below(tokens.size() - i).value()]);
    EXPECT_TRUE(store.begin(tokens[i]));
    EXPECT_TRUE(store.put_pending(numbered(i)));
    EXPECT_TRUE(store.cast(numbered(i)));
    EXPECT_TRUE(store.finish());
  }
  Day run;
  const auto ballots = store.ballots().value();
  for (const auto& stored : ballots) run.ballots.push_back(stored.ballot);
  run.records = store.records().value();
  const auto bytes = [&](const std::string& name) {
    auto file = files.open(name, base::OpenMode::read).value();
    return file->read_at(0, file->size().value()).value();
  };
  run.sealed_file = bytes("votes/sealed");
  run.records_file = bytes("votes/records");
  return run;
}

TEST(OrderSecrecy, NeitherSlotsNorBytesOfTheDeviceTellTheOrderOfVotes) {
  const StoreShape shape{1'200, 1'100, 1'050, 64, 64, 64};
  Feature ballots, records, joined;
  std::vector<Feature> bytes(64);
  for (int run = 0; run < kRuns; ++run) {
    const Day day = run_day(static_cast<std::uint64_t>(1'000 + run), shape);
    ASSERT_EQ(day.ballots.size(), kVotes);
    std::vector<double> place(kVotes), ballot_time(kVotes), record_time(kVotes);
    std::vector<double> ballot_place(kVotes), record_place(kVotes);
    for (std::size_t i = 0; i < kVotes; ++i) {
      place[i] = static_cast<double>(i);
      ballot_time[i] = number_of(day.ballots[i]);
      record_time[i] = number_of(day.records[i]);
      ballot_place[number_of(day.ballots[i])] = static_cast<double>(i);
      record_place[number_of(day.records[i])] = static_cast<double>(i);
    }
    ballots.add(rank_z(place, ballot_time));
    records.add(rank_z(place, record_time));
    // Does a ballot's place say where its record is?
    joined.add(rank_z(ballot_place, record_place));
    // Every raw byte of the first cell of a slot, as the disk holds it, against time:
    // free slots stay in, with the time of their neighbour.
    const SlotShape slots{shape.ballots, shape.opening_size, shape.ballot_size};
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::vector<double> value(kVotes);
      for (std::size_t i = 0; i < kVotes; ++i) {
        value[i] = day.sealed_file[i * slots.slot_size() + at * 24];
      }
      bytes[at].add(rank_z(value, ballot_time));
    }
  }
  EXPECT_LT(ballots.chi, kChi20);
  EXPECT_LT(records.chi, kChi20);
  EXPECT_LT(joined.chi, kChi20);
  // The worst of 64 bytes: p > 0.01 after dividing by their number.
  constexpr double kChi20Of64 = 52.9;
  for (const Feature& feature : bytes) EXPECT_LT(feature.chi, kChi20Of64);
}

TEST(OrderSecrecy, TheClassifierSeesAStoreThatFillsItsSlotsInOrder) {
  std::vector<double> place(kVotes), time(kVotes);
  std::iota(place.begin(), place.end(), 0.0);
  for (std::size_t i = 0; i < kVotes; ++i) {
    // Shuffled in groups of five, as some machines did.
    time[i] = static_cast<double>(i / 5 * 5 + (i * 3) % 5);
  }
  Feature feature;
  for (int run = 0; run < kRuns; ++run) feature.add(rank_z(place, time));
  EXPECT_GT(feature.chi, kChi20);
}

TEST(OrderSecrecy, EveryFileIsAsOldAsEveryOtherAfterTheLastVote) {
  // One file holds all ballots and one all records, so the file system keeps one time
  // for all of them: the last change. No vote makes or removes a file.
  base::testing::ScriptedFiles files;
  base::testing::ScriptedRandom random(5);
  ASSERT_TRUE(VoteStore::create(files, random, "votes", {8, 8, 8, 64, 64, 64}));
  auto store = VoteStore::open(files, random, "votes").value();
  const std::size_t before = files.changes();
  ASSERT_TRUE(store.begin(1));
  ASSERT_TRUE(store.put_pending(numbered(1)));
  ASSERT_TRUE(store.cast(numbered(1)));
  ASSERT_TRUE(store.finish());
  for (std::size_t i = before; i < files.changes(); ++i) {
    const std::string& line = files.trace()[i];
    EXPECT_TRUE(line.starts_with("write ") || line.starts_with("sync votes/")) << line;
  }
}

// The voting process: one vote after another, telling the parent through a pipe what a
// voter would have been told.
[[noreturn]] void vote_until_killed(const std::string& folder, int pipe) {
  base::RealFiles files;
  base::SystemRandom random;
  auto store = VoteStore::open(files, random, folder);
  if (!store) ::_exit(3);
  if (store->recovered().unfinished && !store->finish()) ::_exit(4);
  const auto tell = [&](char what) {
    if (::write(pipe, &what, 1) != 1) ::_exit(5);
  };
  tell('R');
  for (std::uint32_t token = 0;; ++token) {
    if (token == store->shape().tokens || !store->has_room(4)) ::pause();
    if (store->token_used(token)) continue;
    if (!store->begin(token) || !store->put_pending(Bytes(60, 1))) ::_exit(6);
    if (!store->cast(Bytes(60, 2))) ::_exit(7);
    tell('V');
    if (!store->finish()) ::_exit(8);
  }
}

// A process with sanitizers takes seconds to start again.
#ifdef URNA_SANITIZED
constexpr int kKills = 10;
#else
constexpr int kKills = 100;
#endif

TEST(RealKills, LoseNoVoteThatWasToldAndCountNoneTwice) {
  const int kills = std::getenv("URNA_LONG") != nullptr ? 2'000 : kKills;
  const std::string folder =
      std::filesystem::temp_directory_path() / fmt::format("urna-kill-{}", ::getpid());
  base::RealFiles files;
  base::SystemRandom random;
  std::uint32_t told = 0;
  const auto renew = [&] {
    std::filesystem::remove_all(folder);
    ASSERT_TRUE(
        VoteStore::create(files, random, folder, {2'100, 2'000, 2'000, 64, 64, 64}));
    told = 0;
  };
  renew();
  for (int kill = 0; kill < kills; ++kill) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      vote_until_killed(folder, ends[1]);
    }
    ::close(ends[1]);
    char what = 0;
    ASSERT_EQ(::read(ends[0], &what, 1), 1) << "the machine did not start";
    ::usleep(static_cast<useconds_t>(random.below(30'000).value()));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status))
        << "the machine ended by itself: " << WEXITSTATUS(status);
    while (::read(ends[0], &what, 1) == 1) told += what == 'V' ? 1 : 0;
    ::close(ends[0]);
    auto store = VoteStore::open(files, random, folder);
    ASSERT_TRUE(store) << store.error().text();
    const StoreCounts counts = store->counts();
    const auto& unfinished = store->recovered().unfinished;
    const bool late = unfinished && unfinished->state == BallotState::cast_to_finish;
    ASSERT_GE(counts.cast, told) << "a vote that the voter was told is gone";
    ASSERT_LE(counts.cast, told + (late ? 1 : 0)) << "a vote nobody was told of";
    ASSERT_EQ(counts.records, counts.cast);
    ASSERT_EQ(counts.tokens_used, counts.cast);
    told = counts.cast;  // the restart tells whoever was not told
    if (!store->has_room(400)) renew();
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace urna::machine
