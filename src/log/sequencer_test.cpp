#include "log/sequencer.hpp"

#include "base/testing/scripted.hpp"
#include "base/testing/scripted_files.hpp"
#include "log/errors.hpp"
#include "log/testing/memory_lock.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace urna::log {
namespace {

using base::testing::ScriptedClock;
using base::testing::ScriptedFiles;
using testing::MemoryLock;

NoteSigner test_signer(std::uint8_t seed = 1) {
  ByteArray<32> bytes;
  bytes.fill(seed);
  return NoteSigner::make("example.org/log", KeyType::ed25519,
                          crypto::SigningKey::from_seed(bytes))
      .value();
}

const LogPlaces kPlaces{"pub", "state"};

std::vector<Bytes> entries(std::size_t from, std::size_t count) {
  std::vector<Bytes> out;
  for (std::size_t i = from; i < from + count; ++i) {
    out.push_back(to_bytes(as_bytes(fmt::format("entry {}", i))));
  }
  return out;
}

Hash32 expected_root(std::size_t count) {
  TreeHasher tree;
  for (const Bytes& entry : entries(0, count)) tree.add(leaf_hash(entry));
  return tree.root();
}

struct World {
  ScriptedFiles files;
  MemoryLock lock;
  ScriptedClock clock{1'000'000};

  Result<Sequencer> create() {
    return Sequencer::create(files, kPlaces, lock, clock, test_signer());
  }
  Result<Sequencer> open() {
    return Sequencer::open(files, kPlaces, lock, clock, test_signer());
  }
};

TEST(Sequencer, GrowsThroughEveryBoundary) {
  World world;
  Sequencer log = world.create().value();
  std::size_t size = 0;
  for (const std::size_t count : {1UL, 1UL, 253UL, 1UL, 1UL, 255UL, 300UL, 1000UL}) {
    ASSERT_TRUE(log.append(entries(size, count)).has_value());
    size += count;
    ASSERT_EQ(log.size(), size);
    EXPECT_EQ(log.checkpoint().root, expected_root(size));
    for (const TileId& id : new_tiles(0, size)) {
      EXPECT_EQ(world.files.kind("pub/" + id.path()), base::FileKind::file)
          << id.path();
    }
    const auto tiles = folder_tiles(world.files, "pub");
    EXPECT_EQ(tree_root(size, TileNodes(size, tiles)).value(), expected_root(size));
    log = world.open().value();
  }
  // The bundles give the entries back.
  const auto bundle =
      base::read_file(world.files, "pub/" + TileId{0, 1, kTileWidth, true}.path());
  EXPECT_EQ(parse_bundle(*bundle, kTileWidth).value(), entries(256, 256));
}

TEST(Sequencer, RefusesWithoutHarm) {
  World world;
  Sequencer log = world.create().value();
  EXPECT_EQ(world.create().error().kind, errors::log_state);
  const std::vector<Bytes> long_one = {Bytes(kMaxEntry + 1)};
  EXPECT_EQ(log.append(long_one).error().kind, errors::entry_too_long);
  ASSERT_TRUE(log.append(entries(0, 3)).has_value());
  world.clock.jump(std::chrono::seconds(-1));
  EXPECT_EQ(log.append(entries(3, 1)).error().kind, errors::clock_backwards);
  EXPECT_EQ(log.append(entries(3, 1)).error().kind, errors::log_state);
  world.clock.jump(std::chrono::seconds(1));
  EXPECT_TRUE(world.open().value().append(entries(3, 1)).has_value());
  EXPECT_FALSE(
      Sequencer::open(world.files, kPlaces, world.lock, world.clock, test_signer(2))
          .has_value());
}

TEST(Sequencer, SecondWriterIsStopped) {
  World world;
  Sequencer first = world.create().value();
  Sequencer second = world.open().value();
  ASSERT_TRUE(first.append(entries(0, 3)).has_value());
  EXPECT_EQ(second.append(entries(0, 1)).error().kind, errors::lock_lost);
}

TEST(Sequencer, DamageIsNoticedAtOpening) {
  World world;
  Sequencer log = world.create().value();
  ASSERT_TRUE(log.append(entries(0, 300)).has_value());
  const std::string path = "pub/tile/0/001.p/44";
  Bytes tile = base::read_file(world.files, path).value();
  tile[5] ^= 1;
  ASSERT_TRUE(base::write_durable(world.files, path, tile).has_value());
  EXPECT_EQ(world.open().error().kind, errors::log_state);
}

// Every signed checkpoint that ever left the lock store, whatever happens, must be a
// prefix of the final log; every acknowledged entry must be in it.
TEST(Sequencer, PowerCutAnywhereLosesNothingAndSignsNothingFalse) {
  std::size_t cuts = 0;
  for (std::size_t cut = 0;; ++cut) {
    World world;
    Sequencer log = world.create().value();
    ASSERT_TRUE(log.append(entries(0, 255)).has_value());
    world.files.cut_power_at(world.files.changes() + cut);
    const bool acknowledged = log.append(entries(255, 3)).has_value();
    const std::size_t unsynced = world.files.unsynced();
    // All subsets while they are few, both extremes and some between when many.
    const std::size_t choices =
        std::min<std::size_t>(1UL << std::min(unsynced, 8UL), 256);
    for (std::size_t choice = 0; choice < choices; ++choice) {
      World after = world;
      after.files.power_on([&](std::size_t i) { return (choice >> (i % 8) & 1) != 0; });
      Result<Sequencer> again = after.open();
      ASSERT_TRUE(again.has_value()) << again.error().text() << " cut " << cut;
      if (acknowledged) {
        ASSERT_EQ(again->size(), 258U);
      }
      ASSERT_TRUE(again->size() == 255 || again->size() == 258);
      ASSERT_EQ(again->checkpoint().root, expected_root(again->size()));
      ASSERT_TRUE(again->append(entries(again->size(), 2)).has_value());
      ASSERT_EQ(again->checkpoint().root, expected_root(again->size()));
      ++cuts;
    }
    if (acknowledged) break;
  }
  EXPECT_GT(cuts, 100U);
}

// The real disk, the real SQLite, a real SIGKILL before every system call of an append.
class KilledProcess : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              fmt::format("urna_log_test_{}", ::getpid());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<Sequencer> open(base::FileSystem& files, LockStore& lock, base::Clock& clock) {
    return Sequencer::open(files, places(), lock, clock, test_signer());
  }
  LogPlaces places() const {
    return {(folder_ / "pub").string(), (folder_ / "state").string()};
  }
  std::string lock_path() const { return (folder_ / "lock.db").string(); }

  void fresh_log() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    base::RealFiles files;
    base::SystemClock clock;
    const auto lock = open_sqlite_lock(lock_path()).value();
    Sequencer log =
        Sequencer::create(files, places(), *lock, clock, test_signer()).value();
    ASSERT_TRUE(log.append(entries(0, 255)).has_value());
  }

  // Runs one append in a child and kills it before its n-th system call. True when the
  // child ended by itself.
  bool append_killed_at(std::size_t n) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      ::raise(SIGSTOP);
      base::RealFiles files;
      base::SystemClock clock;
      const auto lock = open_sqlite_lock(lock_path());
      if (!lock) ::_exit(3);
      auto log = open(files, **lock, clock);
      const bool ok = log && log->append(entries(255, 3));
      ::_exit(ok ? 0 : 4);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    for (std::size_t calls = 0;; ++calls) {
      if (calls == n) ::kill(child, SIGKILL);
      ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
      ::waitpid(child, &status, 0);
      if (WIFEXITED(status)) {
        EXPECT_EQ(WEXITSTATUS(status), 0);
        return true;
      }
      if (WIFSIGNALED(status)) return false;
    }
  }

  std::filesystem::path folder_;
};

TEST_F(KilledProcess, BeforeEverySystemCall) {
  const bool long_run = std::getenv("URNA_LONG") != nullptr;
  std::size_t kills = 0;
  // Every call in the long run, every 29th otherwise; each call stops twice.
  for (std::size_t n = 1;; n += long_run ? 1 : 29) {
    fresh_log();
    const bool ended = append_killed_at(n);
    base::RealFiles files;
    base::SystemClock clock;
    const auto lock = open_sqlite_lock(lock_path());
    ASSERT_TRUE(lock.has_value());
    auto log = open(files, **lock, clock);
    ASSERT_TRUE(log.has_value()) << log.error().text() << " killed at call " << n;
    ASSERT_TRUE(log->size() == 255 || log->size() == 258);
    if (ended) {
      ASSERT_EQ(log->size(), 258U);
    }
    ASSERT_EQ(log->checkpoint().root, expected_root(log->size()));
    ASSERT_TRUE(log->append(entries(log->size(), 1)).has_value());
    if (ended) break;
    ++kills;
  }
  EXPECT_GT(kills, 5U);
}

}  // namespace
}  // namespace urna::log
