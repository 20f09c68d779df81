#include "log/mirror.hpp"

#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "http/errors.hpp"
#include "http/server.hpp"
#include "log/check_folder.hpp"
#include "log/document.hpp"
#include "log/errors.hpp"
#include "log/service.hpp"
#include "log/testing/made_log.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>
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
const Policy& policy() {
  static const Policy alone = Policy::log_alone(log_signer().verifier());
  return alone;
}

// Entries, every 50th a document with a blob of some kilobytes.
MadeLog record_of(std::size_t size, std::size_t fork = SIZE_MAX) {
  auto entries = test_entries(size, fork);
  std::map<std::string, Bytes> blobs;
  for (std::size_t i = 0; i < size; i += 50) {
    Bytes blob;
    for (std::size_t k = 0; k < 3000 + i; ++k) {
      blob.push_back(static_cast<std::uint8_t>(k * (i + 1) >> 3));
    }
    const Document document{"package", fmt::format("station-{}", i),
                            crypto::sha256(blob)};
    entries[i] = document.entry();
    blobs[blob_path(document.hash)] = std::move(blob);
  }
  MadeLog out = make_log(entries, log_signer());
  out.files.merge(blobs);
  return out;
}

// Breaks off after every so many bytes, as a bad line does.
class FlakySource final : public RecordSource {
 public:
  FlakySource(const MadeLog& log, std::uint64_t seed) : log_(log), random_(seed) {}

  Result<bool> read(const std::string& path, std::uint64_t from, std::uint64_t limit,
                    const Sink& sink) override {
    const auto found = log_.files.find(path);
    if (found == log_.files.end()) return false;
    ByteView rest(found->second);
    if (rest.size() > limit) return fail(http::errors::answer_too_long, "too long");
    if (from > 0 && random_() % 8 == 0) {  // a server that cannot go on where it was
      URNA_CHECK(sink.restart());
      from = 0;
    }
    rest = rest.subspan(std::min<std::size_t>(from, rest.size()));
    const std::size_t cut = cuts ? random_() % 4000 : SIZE_MAX;
    const bool broken = cut < rest.size();
    if (broken) rest = rest.first(cut);
    if (!rest.empty()) URNA_CHECK(sink.take(rest));
    if (broken) return fail(http::errors::broken_off, "cut");
    return true;
  }
  bool passing(const Error& error) const override {
    return patient && error.kind == http::errors::broken_off;
  }
  std::string name() const override { return "the flaky source"; }

  bool cuts = true;
  bool patient = true;

 private:
  const MadeLog& log_;
  std::mt19937_64 random_;
};

class MirrorTest : public ::testing::Test {
 protected:
  MirrorTest()
      : folder_((fs::temp_directory_path() /
                 fmt::format("urna-mirror-{}-{}", ::getpid(), count_++))
                    .string()) {}
  ~MirrorTest() override { fs::remove_all(folder_); }

  Result<MirrorSummary> run(RecordSource& source) {
    return mirror(source, files_, folder_, policy());
  }
  Result<MirrorSummary> run(const MadeLog& log) {
    FlakySource source(log, 1);
    source.cuts = false;
    return run(source);
  }
  void expect_whole(const MadeLog& log) {
    for (const auto& [path, bytes] : log.files) {
      EXPECT_EQ(base::read_file(files_, folder_ + "/" + path).value_or(Bytes{}), bytes)
          << path;
    }
    const auto checked = check_folder(files_, folder_, policy());
    EXPECT_TRUE(checked->report.ok()) << checked->report.text();
  }
  void put(const std::string& path, ByteView bytes) const {
    const fs::path full = fs::path(folder_) / path;
    fs::create_directories(full.parent_path());
    std::ofstream(full, std::ios::binary) << as_text(bytes);
  }

  static inline int count_ = 0;
  std::string folder_;
  base::RealFiles files_;
};

TEST_F(MirrorTest, CopiesAndUpdatesThroughEveryBoundary) {
  for (const std::size_t size : {0U, 1U, 255U, 256U, 257U, 600U}) {
    const MadeLog log = record_of(size);
    const auto done = run(log);
    ASSERT_TRUE(done.has_value()) << size << done.error().text();
    EXPECT_EQ(done->size, size);
    for (const auto& [path, bytes] : log.files) {
      EXPECT_TRUE(files_.kind(folder_ + "/" + path) == base::FileKind::file) << path;
    }
  }
  expect_whole(record_of(600));
  EXPECT_EQ(run(record_of(600)).value().files, 0U);
}

TEST_F(MirrorTest, GoesOnAfterCutsAtRandomBytes) {
  const MadeLog log = record_of(700);
  FlakySource source(log, 7);
  const auto done = run(source);
  ASSERT_TRUE(done.has_value()) << done.error().text();
  expect_whole(log);
  // What was there is not fetched again: at most what restarts cost.
  std::uint64_t bytes = 0;
  for (const auto& [path, content] : log.files) bytes += content.size();
  EXPECT_LT(done->bytes, 2 * bytes);
}

TEST_F(MirrorTest, ARunThatWasKilledIsSimplyStartedAgain) {
  const MadeLog log = record_of(400);
  FlakySource source(log, 3);
  source.patient = false;  // every cut ends the run
  int runs = 0;
  while (true) {
    const auto done = run(source);
    if (done) break;
    EXPECT_EQ(done.error().kind, http::errors::broken_off);
    // The checkpoint is written last.
    EXPECT_EQ(files_.kind(folder_ + "/checkpoint"), base::FileKind::missing);
    ASSERT_LT(++runs, 1000);
  }
  EXPECT_GT(runs, 5);
  expect_whole(log);
}

TEST_F(MirrorTest, WrongContentIsNamedAndNotKept) {
  const MadeLog log = record_of(600);
  for (const auto& [path, bytes] : log.files) {
    if (path == "checkpoint") continue;
    fs::remove_all(folder_);
    MadeLog bad = log;
    bad.files[path][bytes.size() / 2] ^= 0x20;
    const auto done = run(bad);
    ASSERT_FALSE(done.has_value()) << path;
    EXPECT_EQ(done.error().kind.number == errors::mirror_source.number ||
                  done.error().kind.number == errors::bad_tile.number,
              true)
        << done.error().text();
    EXPECT_NE(done.error().message.find(path), std::string::npos)
        << done.error().message << " does not name " << path;
    EXPECT_EQ(files_.kind(folder_ + "/" + path), base::FileKind::missing);
    // A good source completes it.
    ASSERT_TRUE(run(log).has_value());
    expect_whole(log);
  }
}

TEST_F(MirrorTest, DamageInTheMirrorIsMended) {
  const MadeLog log = record_of(600);
  ASSERT_TRUE(run(log).has_value());
  for (const auto& [path, bytes] : log.files) {
    if (path == "checkpoint") continue;
    Bytes bad = bytes;
    bad[0] ^= 1;
    put(path, bad);
  }
  ASSERT_TRUE(run(log).has_value());
  expect_whole(log);
}

TEST_F(MirrorTest, MissingFilesAreNamedAndOldPartialTilesAreCut) {
  const MadeLog log = record_of(300);
  MadeLog lacking = log;
  lacking.files.erase("tile/entries/000");
  const auto done = run(lacking);
  EXPECT_NE(done.error().message.find("tile/entries/000"), std::string::npos);
  // The log has grown and dropped the partial tiles of the checkpoint that we hold.
  fs::remove_all(folder_);
  MadeLog grown = record_of(512);
  grown.files["checkpoint"] = log.files.at("checkpoint");
  for (const auto& [path, bytes] : log.files) {
    if (path.starts_with("tile/1")) grown.files[path] = bytes;
  }
  const auto cut = run(grown);
  ASSERT_TRUE(cut.has_value()) << cut.error().text();
  EXPECT_EQ(cut->size, 300U);
  expect_whole(log);
}

TEST_F(MirrorTest, AContradictionHarmsNothingAndLeavesEvidence) {
  const MadeLog log = record_of(400);
  ASSERT_TRUE(run(log).has_value());
  for (const std::size_t size : {400U, 401U, 700U}) {
    fs::remove(folder_ + "/split-view.txt");
    const auto done = run(record_of(size, 333));
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().kind, errors::split_view) << done.error().text();
    const auto evidence = base::read_text(files_, folder_ + "/split-view.txt").value();
    EXPECT_NE(evidence.find(log.note), std::string::npos);
    expect_whole(log);
  }
  EXPECT_EQ(run(record_of(300)).error().kind, errors::mirror_source);  // only stale
  MadeLog damaged = record_of(700);
  for (auto& [path, bytes] : damaged.files) {
    if (path.starts_with("tile/0")) bytes[40] ^= 1;
  }
  EXPECT_EQ(run(damaged).error().kind, errors::mirror_source);
  expect_whole(log);
}

TEST_F(MirrorTest, NeedsTheSignaturesOfThePolicy) {
  MadeLog log = record_of(3);
  const auto other = test_signer("example.org/log", KeyType::ed25519, 2);
  const MadeLog impostor = make_log(test_entries(3), other);
  EXPECT_EQ(run(impostor).error().kind, errors::unsigned_note);
  log.files.erase("checkpoint");
  EXPECT_EQ(run(log).error().kind, errors::mirror_source);
}

TEST_F(MirrorTest, FromAFolderAndOverHttp) {
  const MadeLog log = record_of(300);
  const std::string home = folder_;
  folder_ = home + "/origin";
  for (const auto& [path, bytes] : log.files) put(path, bytes);
  const std::string origin = folder_;
  folder_ = home + "/a";
  const auto from_folder = folder_source(files_, origin);
  ASSERT_TRUE(run(*from_folder).has_value());
  expect_whole(log);
  http::Router router;
  add_log_routes(router, files_, origin);
  const auto server = http::Server::start(std::move(router), {}).value();
  folder_ = home + "/b";
  const auto from_web = http_source(http::parse_url(server->url()).value());
  const auto done = run(*from_web);
  ASSERT_TRUE(done.has_value()) << done.error().text();
  expect_whole(log);
  // Half a bundle is there already: only the rest travels.
  folder_ = home + "/c";
  const Bytes& bundle = log.files.at("tile/entries/000");
  put(".partial-of", as_bytes("tile/entries/000"));
  put(".partial", ByteView(bundle).first(bundle.size() / 2));
  const auto rest = mirror(*from_web, files_, folder_, policy());
  ASSERT_TRUE(rest.has_value()) << rest.error().text();
  expect_whole(log);
  folder_ = home;
}

// quality.md D5.
TEST_F(MirrorTest, CheckNamesTheFileOfAnyFlippedBit) {
  const MadeLog log = record_of(70'000);
  for (const auto& [path, bytes] : log.files) put(path, bytes);
  // A small log for the number of flips, the large one for a few.
  const auto flip_in = [&](const MadeLog& made, int flips, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : made.files) paths.push_back(path);
    for (int i = 0; i < flips; ++i) {
      const std::string& path = paths[random() % paths.size()];
      Bytes bytes = made.files.at(path);
      bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
      put(path, bytes);
      const auto checked = check_folder(files_, folder_, policy()).value();
      ASSERT_EQ(checked.report.problems(), 1U) << path << ": " << checked.report.text();
      EXPECT_EQ(checked.report.findings()[0].place.file, path);
      put(path, made.files.at(path));
    }
  };
  const bool thorough = std::getenv("URNA_LONG") != nullptr;
  ASSERT_TRUE(check_folder(files_, folder_, policy())->report.ok());
  flip_in(log, thorough ? 100 : 3, 1);
  fs::remove_all(folder_);
  const MadeLog small = record_of(700);
  for (const auto& [path, bytes] : small.files) put(path, bytes);
  flip_in(small, 1000, 2);
}

TEST_F(MirrorTest, CheckNamesWhatIsMissingOrTooMuch) {
  const MadeLog log = record_of(300);
  for (const auto& [path, bytes] : log.files) put(path, bytes);
  const auto named = [&](const std::string& path) {
    const auto checked = check_folder(files_, folder_, policy()).value();
    return !checked.report.ok() && checked.report.findings()[0].place.file == path;
  };
  for (const auto& [path, bytes] : log.files) {
    fs::remove(folder_ + "/" + path);
    EXPECT_TRUE(named(path)) << path;
    put(path, bytes);
  }
  for (const char* extra : {"tile/0/002", "tile/0/000.p/0", "tile/0/000.p/256",
                            "tile/x000/001", "tile/0/7", "blob/1234"}) {
    put(extra, as_bytes("x"));
    EXPECT_TRUE(named(extra)) << extra;
    fs::remove(folder_ + "/" + extra);
  }
  // Old partial tiles may stay, but must be what they were.
  const Bytes& tile = log.files.at("tile/0/000");
  put("tile/0/000.p/3", ByteView(tile).first(96));
  EXPECT_TRUE(check_folder(files_, folder_, policy())->report.ok());
  put("tile/0/000.p/3", ByteView(tile).subspan(32, 96));
  EXPECT_TRUE(named("tile/0/000.p/3"));
  EXPECT_FALSE(check_folder(files_, folder_ + "/none", policy()).has_value());
}

}  // namespace
}  // namespace urna::log
