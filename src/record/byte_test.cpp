// Break any byte of any file of a record: the verifier fails and names that file.
#include "crypto/sha256.hpp"
#include "record/testing/tamper_edit.hpp"
#include "record/verify.hpp"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

namespace urna::record {
namespace {

using base::testing::ScriptedFiles;

testing::World& small() {
  static testing::World world([] {
    testing::WorldOptions options;
    options.files = testing::example_files(URNA_SOURCE_DIR "/examples/town");
    options.cast = 1;
    options.challenged = 1;
    options.voided = 0;
    options.decryptions = 3;
    return options;
  }());
  return world;
}

void list_files(base::FileSystem& files, const std::string& folder,
                std::vector<std::string>& out) {
  const auto names = files.list(folder);
  ASSERT_TRUE(names) << names.error().text();
  for (const std::string& name : *names) {
    const std::string path = base::join_path(folder, name);
    if (files.kind(path) == base::FileKind::folder) {
      list_files(files, path, out);
    } else {
      out.push_back(path.substr(2));  // within "r/"
    }
  }
}

// The station whose document lies in this file; empty for what belongs to none.
std::string station_of_file(const std::string& path) {
  for (const NewDocument& one : small().documents()) {
    if (log::blob_path(crypto::sha256(one.bytes)) != path) continue;
    const auto station = station_of(one.kind, one.name);
    if (!station.empty()) return std::string(station);
  }
  return {};
}

// Whether the verifier fails and names the file.
bool named(ScriptedFiles& files, const std::string& path, const std::string& station) {
  VerifyOptions options;
  options.jobs = 1;
  if (station.empty()) {
    options.shard = 999;  // a shard without stations: they say nothing of this file
    options.shards = 1000;
  } else {
    options.stations = {station};
  }
  options.trust.log_key = testing::log_signer().verifier();
  options.trust.election = small().key().election_hash();
  const auto report = verify(files, "r", options);
  if (!report) return report.error().where.find(path) != std::string::npos;
  if (!report->failed()) return false;
  const auto names_it = [&](const Findings& findings) {
    return std::ranges::any_of(findings.failures(), [&](const Failure& failure) {
      return failure.file == path;
    });
  };
  return names_it(report->record.findings) || names_it(report->result) ||
         std::ranges::any_of(report->stations, [&](const auto& one) {
           return names_it(one.second.findings);
         });
}

// Of the log's own files every byte, of a document's bytes, which all meet the same
// hash, some with the whole verifier and every one with its reader.
TEST(EveryByte, OfEveryFileIsDetectedAndTheFileNamed) {
  const bool all = std::getenv("URNA_LONG") != nullptr;
  ScriptedFiles files;
  ASSERT_TRUE(testing::write_record(files, "r", small().documents()));
  std::vector<std::string> paths;
  list_files(files, "r", paths);
  ASSERT_GT(paths.size(), 40U);
  std::size_t flipped = 0;
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    const std::string station = station_of_file(path);
    const bool blob = path.starts_with("blob/");
    const std::string whole = "r/" + path;
    const Bytes good = base::read_file(files, whole).value();
    const std::size_t step = blob  ? good.size() / (all ? 40 : 2) + 1
                             : all ? 1
                                   : good.size() / 12 + 1;
    for (std::size_t at = 0; at < good.size(); at += step) {
      testing::edit(files, "r", path, [&](Bytes& bytes) { bytes[at] ^= 0x04; });
      EXPECT_TRUE(named(files, path, station)) << "byte " << at;
      testing::edit(files, "r", path, [&](Bytes& bytes) { bytes = good; });
      ++flipped;
    }
  }
  std::printf("%zu bytes flipped in %zu files\n", flipped, paths.size());
}

TEST(EveryByte, OfADocumentChangesItsHash) {
  ScriptedFiles files;
  ASSERT_TRUE(testing::write_record(files, "r", small().documents()));
  const std::size_t step = std::getenv("URNA_LONG") != nullptr ? 1 : 101;
  for (const NewDocument& one : small().documents()) {
    const Hash32 hash = crypto::sha256(one.bytes);
    const std::string path = log::blob_path(hash);
    ASSERT_TRUE(read_blob(files, "r", one.kind, hash)) << one.kind << one.name;
    for (std::size_t at = 0; at < one.bytes.size(); at += step) {
      testing::edit(files, "r", path, [&](Bytes& bytes) { bytes[at] ^= 0x10; });
      const auto read = read_blob(files, "r", one.kind, hash);
      ASSERT_FALSE(read) << one.kind << one.name << at;
      EXPECT_EQ(read.error().where, path);
      testing::edit(files, "r", path, [&](Bytes& bytes) { bytes[at] ^= 0x10; });
    }
  }
}

}  // namespace
}  // namespace urna::record
