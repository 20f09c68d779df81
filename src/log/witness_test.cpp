#include "log/witness.hpp"

#include "base/encoding.hpp"
#include "base/testing/scripted.hpp"
#include "http/server.hpp"
#include "log/errors.hpp"
#include "log/service.hpp"
#include "log/testing/made_log.hpp"
#include "log/tile.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace urna::log {
namespace {

namespace fs = std::filesystem;
using testing::MadeLog;
using testing::make_log;
using testing::test_entries;
using testing::test_signer;

const NoteSigner& log_signer() {
  static const NoteSigner signer = test_signer("example.org/log", KeyType::ed25519, 1);
  return signer;
}

// Two histories of one log: they part at entry 5.
const MadeLog& honest(std::size_t size) {
  static std::map<std::size_t, MadeLog> made;
  const auto [at, is_new] = made.try_emplace(size);
  if (is_new) at->second = make_log(test_entries(size), log_signer());
  return at->second;
}
const MadeLog& forked(std::size_t size) {
  static std::map<std::size_t, MadeLog> made;
  const auto [at, is_new] = made.try_emplace(size);
  if (is_new) at->second = make_log(test_entries(size, 5), log_signer());
  return at->second;
}

std::string body_of(const MadeLog& log, std::size_t old) {
  TileNodes nodes(log.checkpoint.size, [&](const TileId& id) -> Result<Bytes> {
    return log.files.at(id.path());
  });
  const auto proof =
      consistency_proof(std::min<std::uint64_t>(old, log.checkpoint.size),
                        log.checkpoint.size, [&](NodeId node) { return nodes(node); });
  return add_checkpoint_body(old, proof.value(), log.note);
}

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest()
      : folder_(fs::temp_directory_path() /
                fmt::format("urna-witness-{}-{}", ::getpid(), count_++)) {
    fs::create_directories(folder_);
    witness_ = open();
  }
  ~WitnessTest() override { fs::remove_all(folder_); }

  std::unique_ptr<Witness> open(const std::string& name = "w") {
    return Witness::open(files_,
                         {(folder_ / (name + ".sqlite")).string(),
                          (folder_ / (name + "-evidence")).string()},
                         clock_, {log_signer().verifier()},
                         test_signer("witness.example", KeyType::cosignature, 7))
        .value();
  }

  std::size_t evidence(const std::string& name = "w") const {
    return files_.list((folder_ / (name + "-evidence")).string()).value().size();
  }

  static inline int count_ = 0;
  fs::path folder_;
  mutable base::RealFiles files_;
  base::testing::ScriptedClock clock_{1'000'000};
  std::unique_ptr<Witness> witness_;
};

TEST_F(WitnessTest, AnswersEveryCaseOfTheSpecification) {
  const auto answer = [&](const std::string& body) {
    return witness_->add_checkpoint(body);
  };
  // 200: exactly its cosignature lines.
  const WitnessAnswer signed_one = answer(body_of(honest(3), 0));
  ASSERT_EQ(signed_one.status, 200U) << signed_one.body;
  const auto key = witness_->key();
  const Note note = parse_note(honest(3).note + signed_one.body).value();
  const auto signers = check_note(note, {&key, 1}).value();
  ASSERT_EQ(signers.size(), 1U);
  EXPECT_EQ(signers[0].time, 1'000'000U);
  EXPECT_EQ(note.signatures.size(), 2U);
  EXPECT_EQ(answer(body_of(honest(7), 3)).status, 200U);
  EXPECT_EQ(answer(body_of(honest(7), 7)).status, 200U);  // again is fine
  // 409: exactly its size.
  const WitnessAnswer conflict = answer(body_of(honest(9), 3));
  EXPECT_EQ(conflict.status, 409U);
  EXPECT_EQ(conflict.type, "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "7\n");
  EXPECT_EQ(answer(body_of(honest(9), 0)).body, "7\n");
  // 404: a log it does not know; 403: not signed by that log's key, or falsely.
  const auto stranger = test_signer("example.org/other", KeyType::ed25519, 1);
  EXPECT_EQ(answer(body_of(make_log(test_entries(9), stranger), 0)).status, 404U);
  const auto impostor = test_signer("example.org/log", KeyType::ed25519, 2);
  EXPECT_EQ(answer(body_of(make_log(test_entries(9), impostor), 7)).status, 403U);
  MadeLog tampered = honest(9);
  tampered.note.replace(tampered.note.find("\n9\n"), 3, "\n8\n");
  EXPECT_EQ(answer(add_checkpoint_body(7, {}, tampered.note)).status, 403U);
  // 400: old larger than the checkpoint.
  EXPECT_EQ(answer(body_of(honest(7), 8)).status, 400U);
  // 422: a proof that does not hold, or too much of one.
  EXPECT_EQ(answer(add_checkpoint_body(7, {}, honest(9).note)).status, 422U);
  EXPECT_EQ(answer(body_of(forked(9), 7)).status, 422U);
  EXPECT_EQ(answer(body_of(forked(7), 7)).status, 422U);
  const std::vector<Hash32> extra(1);
  EXPECT_EQ(answer(add_checkpoint_body(7, extra, honest(7).note)).status, 422U);
  // Nothing of all that moved it.
  EXPECT_EQ(answer(body_of(honest(9), 7)).status, 200U);
}

TEST_F(WitnessTest, EmptyLogs) {
  MadeLog false_empty = honest(0);
  Checkpoint checkpoint = false_empty.checkpoint;
  checkpoint.root[0] ^= 1;
  Note note{checkpoint.text(), {log_signer().sign(checkpoint.text())}};
  EXPECT_EQ(witness_->add_checkpoint(add_checkpoint_body(0, {}, note.format())).status,
            422U);
  EXPECT_EQ(witness_->add_checkpoint(body_of(honest(0), 0)).status, 200U);
  EXPECT_EQ(witness_->add_checkpoint(body_of(honest(0), 0)).status, 200U);
  const std::vector<Hash32> extra(1);
  EXPECT_EQ(
      witness_->add_checkpoint(add_checkpoint_body(0, extra, honest(2).note)).status,
      422U);
  EXPECT_EQ(witness_->add_checkpoint(body_of(honest(2), 0)).status, 200U);
}

TEST_F(WitnessTest, RequestsThatAreNone) {
  const std::string note = honest(3).note;
  const std::string hash = base::to_base64(Hash32{});
  std::string many;
  for (int i = 0; i < 64; ++i) many += hash + "\n";
  const std::string bad[] = {
      "",
      "\n",
      "old 0",
      "old 0\n",
      "old 0\n\n",
      "old 00\n\n" + note,
      "old 01\n\n" + note,
      "old -1\n\n" + note,
      "old 9223372036854775808\n\n" + note,
      "old  0\n\n" + note,
      "Old 0\n\n" + note,
      "old 0 \n\n" + note,
      "old 0\r\n\r\n" + note,
      "old 0\n" + note,
      "old 0\nAAAA\n\n" + note,
      "old 0\n" + hash + "x\n\n" + note,
      "old 0\n" + base::to_base64(Bytes(31)) + "\n\n" + note,
      "old 0\n" + base::to_base64(Bytes(33)) + "\n\n" + note,
      "old 0\n" + many + "\n" + note,
      "old 0\n\nnot a note\n",
      "old 0\n\n" + note.substr(0, note.size() - 1),
      "old 0\n\n" + note + "x",
      "old 0\n\n" + std::string(kMaxNote + 1, 'x'),
      std::string(kMaxAddCheckpoint + 1, '\n'),
  };
  for (const std::string& body : bad) {
    EXPECT_EQ(witness_->add_checkpoint(body).status, 400U) << body.substr(0, 100);
  }
  // 63 lines are not too many; they are only a wrong proof.
  const std::string most = "old 0\n" + many.substr(hash.size() + 1) + "\n" + note;
  EXPECT_EQ(witness_->add_checkpoint(most).status, 422U);
}

TEST_F(WitnessTest, RemembersAcrossRestartsAndKeepsEvidence) {
  ASSERT_EQ(witness_->add_checkpoint(body_of(honest(7), 0)).status, 200U);
  witness_ = open();
  EXPECT_EQ(witness_->add_checkpoint(body_of(honest(9), 0)).body, "7\n");
  EXPECT_EQ(evidence(), 0U);
  EXPECT_EQ(witness_->add_checkpoint(body_of(forked(7), 7)).status, 422U);
  EXPECT_EQ(evidence(), 1U);
  EXPECT_EQ(witness_->add_checkpoint(body_of(forked(7), 7)).status, 422U);
  EXPECT_EQ(evidence(), 1U);
  EXPECT_EQ(witness_->add_checkpoint(body_of(forked(9), 7)).status, 422U);
  EXPECT_EQ(evidence(), 2U);
  EXPECT_FALSE(witness_->latest("x").value().has_value());
  const std::string latest = witness_->latest("example.org/log").value().value();
  EXPECT_TRUE(latest.starts_with(honest(7).note));
}

TEST_F(WitnessTest, AClockThatGoesBackSignsNothing) {
  ASSERT_EQ(witness_->add_checkpoint(body_of(honest(7), 0)).status, 200U);
  clock_.jump(std::chrono::seconds(-1));
  EXPECT_EQ(witness_->add_checkpoint(body_of(honest(9), 7)).status, 503U);
  clock_.jump(std::chrono::seconds(1));
  EXPECT_EQ(witness_->add_checkpoint(body_of(honest(9), 7)).status, 200U);
}

// Requests that ask a witness to go from each size to the next three.
struct Steps {
  std::vector<std::string> bodies;
  std::vector<std::pair<std::size_t, std::size_t>> sizes;  // from and to
};

Steps make_steps(std::size_t sizes) {
  const auto entries = test_entries(sizes + 3);
  const MadeLog whole = make_log(entries, log_signer());
  TileNodes tiles(entries.size(), [&](const TileId& id) -> Result<Bytes> {
    return whole.files.at(id.path());
  });
  const auto nodes = [&](NodeId node) { return tiles(node); };
  std::vector<std::string> notes;
  TreeHasher tree;
  for (std::size_t size = 0; size <= entries.size(); ++size) {
    const Checkpoint checkpoint{"example.org/log", size, tree.root(), {}};
    const std::string text = checkpoint.text();
    notes.push_back(Note{text, {log_signer().sign(text)}}.format());
    if (size < entries.size()) tree.add(leaf_hash(entries[size]));
  }
  Steps out;
  for (std::size_t old = 0; old < sizes; ++old) {
    for (std::size_t to = old + 1; to <= old + 3; ++to) {
      const auto proof = consistency_proof(old, to, nodes).value();
      out.bodies.push_back(add_checkpoint_body(old, proof, notes[to]));
      out.sizes.emplace_back(old, to);
    }
  }
  return out;
}

// The race the specification spells out: two requests from one old size. Threads throw
// steps at two witnesses that share one state file, as two processes would; what is
// signed must only ever grow, and each step is won once.
TEST_F(WitnessTest, RacesNeverRollBack) {
  const bool thorough = std::getenv("URNA_LONG") != nullptr;
  const std::size_t requests = thorough ? 10'000 : 400;
  // Far more steps than can be won: every request races to the end.
  const Steps steps = make_steps(thorough ? 10'000 : 400);
  const auto second = open();
  Witness* const both[] = {witness_.get(), second.get()};
  std::mutex mutex;
  std::vector<std::pair<std::size_t, std::size_t>> signed_steps;
  std::atomic<std::size_t> done = 0;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      std::size_t near = 0;
      while (done++ < requests) {
        const std::size_t pick =
            std::min<std::size_t>(3 * near + random() % 3, steps.bodies.size() - 1);
        const auto answer = both[t % 2]->add_checkpoint(steps.bodies[pick]);
        if (answer.status == 200) {
          const std::lock_guard lock(mutex);
          signed_steps.push_back(steps.sizes[pick]);
          near = steps.sizes[pick].second;
        } else {
          ASSERT_EQ(answer.status, 409U);
          near = std::stoul(answer.body);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // The steps that were signed form one chain from 0.
  std::ranges::sort(signed_steps);
  std::size_t at = 0;
  for (const auto& [old, size] : signed_steps) {
    EXPECT_EQ(old, at);
    at = size;
  }
  EXPECT_GT(signed_steps.size(), requests / 10);
  EXPECT_LT(signed_steps.size(), requests);
}

// Killed at any moment, started again: what a client got signed is never contradicted.
TEST_F(WitnessTest, KilledAtAnyMomentItNeverContradictsItself) {
  const int rounds = std::getenv("URNA_LONG") != nullptr ? 500 : 25;
  witness_.reset();
  std::mt19937 random(5);
  std::size_t acknowledged = 0;
  for (int round = 0; round < rounds; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const std::size_t start = acknowledged;
    const pid_t child = ::fork();
    if (child == 0) {
      const auto witness = open();
      std::size_t at = start;
      for (int step = 0; step < 1000; ++step) {
        const auto answer = witness->add_checkpoint(body_of(honest(at + 1), at));
        if (answer.status == 409) {
          at = std::stoul(answer.body);
          continue;
        }
        if (answer.status != 200) ::_exit(3);
        ++at;
        if (::write(pipe_ends[1], &at, sizeof at) != sizeof at) ::_exit(4);
      }
      ::_exit(0);
    }
    // Half of them die while starting, half after they have signed something.
    std::size_t size = 0;
    if (round % 2 == 0 && ::read(pipe_ends[0], &size, sizeof size) == sizeof size) {
      acknowledged = size;
    }
    ::usleep(static_cast<useconds_t>(random() % 20'000));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << status;
    ::close(pipe_ends[1]);
    while (::read(pipe_ends[0], &size, sizeof size) == sizeof size) acknowledged = size;
    ::close(pipe_ends[0]);
    // It knows at least what it acknowledged, and refuses another history from there.
    const auto again = open();
    const auto conflict = again->add_checkpoint(body_of(honest(1000), 999));
    const std::size_t known = std::stoul(conflict.body);
    EXPECT_GE(known, acknowledged);
    EXPECT_LE(known, acknowledged + 1);
    if (known > 5) {
      EXPECT_EQ(again->add_checkpoint(body_of(forked(known), known)).status, 422U);
    }
    acknowledged = known;
    if (acknowledged > 900) break;
  }
  EXPECT_GT(acknowledged, 0U);
}

// quality.md D2: one log shows two histories to two witnesses.
TEST_F(WitnessTest, SplitViewIsRefusedAndLeavesEvidence) {
  const auto other = open("other");
  ASSERT_EQ(witness_->add_checkpoint(body_of(honest(9), 0)).status, 200U);
  ASSERT_EQ(other->add_checkpoint(body_of(forked(9), 0)).status, 200U);
  EXPECT_EQ(witness_->add_checkpoint(body_of(forked(12), 0)).status, 409U);
  EXPECT_EQ(witness_->add_checkpoint(body_of(forked(12), 9)).status, 422U);
  EXPECT_EQ(other->add_checkpoint(body_of(honest(9), 9)).status, 422U);
  EXPECT_EQ(evidence(), 1U);
  EXPECT_EQ(evidence("other"), 1U);
}

TEST_F(WitnessTest, OverHttpALogCollectsItsCosignatures) {
  http::Router router;
  add_witness_routes(router, *witness_);
  http::ServerOptions options;
  options.threads = 2;
  const auto server = http::Server::start(std::move(router), options).value();
  const std::string log_folder = (folder_ / "log").string();
  const auto publish = [&](const MadeLog& log) {
    for (const auto& [path, bytes] : log.files) {
      const fs::path full = fs::path(log_folder) / path;
      fs::create_directories(full.parent_path());
      std::ofstream(full, std::ios::binary) << as_text(bytes);
    }
  };
  const Policy policy =
      Policy::parse(fmt::format("log {}\nwitness W {} {}\nquorum W\n",
                                log_signer().verifier().text(), witness_->key().text(),
                                server->url()))
          .value();
  for (const std::size_t size : {3UL, 300UL, 301UL}) {
    publish(honest(size));
    const auto outcomes = collect_cosignatures(files_, log_folder, policy).value();
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_TRUE(outcomes[0].result.has_value()) << outcomes[0].result.error().text();
    const auto note = base::read_text(files_, log_folder + "/checkpoint").value();
    EXPECT_TRUE(policy.check(note).has_value());
    EXPECT_TRUE(collect_cosignatures(files_, log_folder, policy).value().empty());
  }
  // A split view: the client that needs this witness refuses.
  publish(forked(400));
  const auto refused = collect_cosignatures(files_, log_folder, policy).value();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_FALSE(refused[0].result.has_value());
  EXPECT_EQ(policy.check(forked(400).note).error().kind, errors::quorum_missing);
  EXPECT_EQ(evidence(), 1U);
}

}  // namespace
}  // namespace urna::log
