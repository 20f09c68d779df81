// center_sample FOLDER: the town of the tests as files, for the story that a person
// types (src/cli/center_test.sh): a record that is ready for a centre, what the
// stations export, a second package of one station, and key files under one passphrase.
// Every key is known to everybody.
#include "center/testing/centre_world.hpp"
#include "crypto/key_file.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace {

using namespace urna;
using center::testing::town;

constexpr std::string_view kPassphrase = "correct horse battery";

Result<void> write_record(base::FileSystem& files, const std::string& folder) {
  const std::string state = folder + ".state";
  URNA_CHECK(base::make_folder_durable(files, folder));
  URNA_CHECK(base::make_folder_durable(files, state));
  base::SystemClock clock;
  URNA_TRY(const auto lock,
           log::open_sqlite_lock(base::join_path(state, "lock.sqlite")));
  URNA_TRY(auto signer, log::NoteSigner::make(std::string(record::testing::kOrigin),
                                              log::KeyType::ed25519,
                                              record::testing::known_key("log")));
  URNA_TRY(auto recorder, record::Recorder::create(files, {folder, state}, *lock, clock,
                                                   std::move(signer)));
  URNA_CHECK(recorder.add(center::testing::morning(town())));
  return {};
}

Result<void> write_exports(base::FileSystem& files, const std::string& folder) {
  for (const auto& station : town().stations()) {
    const std::string at = base::join_path(folder, station.code);
    URNA_CHECK(base::make_folder_durable(files, at));
    const auto put = [&](std::string_view ending, ByteView bytes) {
      return base::write_durable(
          files, fmt::format("{}/{}.{}", at, station.code, ending), bytes);
    };
    URNA_CHECK(put("package", town().package(station)));
    URNA_CHECK(put("sheet", as_bytes(station.content.sheets.front())));
    // Other things lie on a stick too.
    URNA_CHECK(put("txt", as_bytes("not a document\n")));
  }
  const auto& first = town().stations().front();
  for (const char* kind : {"signatures", "box-count"}) {
    URNA_CHECK(base::write_durable(
        files, fmt::format("{0}/{1}/{1}.{2}", folder, first.code, kind),
        center::testing::document_of(town(), kind, first.code)));
  }
  record::testing::WorldStation other = first;
  other.content.events += "20261206T190500-0400 SHEET-PRINTED 2\n";
  return base::write_durable(files, base::join_path(folder, "second.package"),
                             town().package(other));
}

Result<void> write_keys(base::FileSystem& files, const std::string& folder) {
  URNA_CHECK(base::make_folder_durable(files, folder));
  base::SystemRandom random;
  crypto::Stretch stretch(as_bytes(kPassphrase));
  for (const char* name : {"log", "receipts", "PRESIDENT", "SECRETARY"}) {
    const auto key = record::testing::known_key(name);
    URNA_TRY(const Bytes file, crypto::seal_key_file(random, crypto::kSigningKeyKind,
                                                     key.public_key().bytes(),
                                                     key.expose_seed(), stretch));
    URNA_CHECK(
        base::write_durable(files, fmt::format("{}/{}.key", folder, name), file));
  }
  return base::write_durable(files, base::join_path(folder, "pass"),
                             as_bytes(kPassphrase));
}

Result<void> write_all(const std::string& folder) {
  base::RealFiles files;
  URNA_CHECK(write_record(files, base::join_path(folder, "record")));
  URNA_CHECK(write_exports(files, base::join_path(folder, "export")));
  return write_keys(files, base::join_path(folder, "keys"));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "center_sample FOLDER\n");
    return 2;
  }
  const auto done = write_all(argv[1]);
  if (done) return 0;
  fmt::print(stderr, "{}\n", done.error().text());
  return 2;
}
