// record_tamper OUTDIR: writes the tampering table for verifiers that are not ours. The
// file table.json lists every row that can be judged from one station's package alone:
// its name, the check that must catch it, and the package's file. `honest/` holds the
// honest packages, `definition/` the definition's files, `election-key` the key record.
#include "base/encoding.hpp"
#include "record/testing/tamper_edit.hpp"
#include "record/testing/tampering.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

using namespace urna;
using namespace urna::record;
using base::Json;

Result<void> write(const std::string& path, ByteView bytes) {
  base::RealFiles files;
  URNA_CHECK(files.make_folder(base::parent_folder(path)));
  return base::write_durable(files, path, bytes);
}

// Packages and what they need; the honest ones as rows without a check.
Result<Json> write_honest(testing::World& world, const std::string& folder) {
  Json stations = Json::array();
  for (const NewDocument& one : world.documents()) {
    if (one.kind == kinds::definition) {
      URNA_CHECK(write(fmt::format("{}/definition/{}", folder, one.name), one.bytes));
    } else if (one.kind == kinds::election_key) {
      URNA_CHECK(write(folder + "/election-key", one.bytes));
    } else if (one.kind == kinds::decryption) {
      URNA_CHECK(write(fmt::format("{}/decryption/{}", folder, one.name), one.bytes));
    } else if (one.kind == kinds::package) {
      URNA_CHECK(write(fmt::format("{}/honest/{}", folder, one.name), one.bytes));
      Json station = Json::object();
      station.set("station", one.name);
      station.set("package", "honest/" + one.name);
      stations.push(std::move(station));
    }
  }
  return stations;
}

Result<void> run(const std::string& definition, const std::string& folder) {
  testing::World world({.files = testing::example_files(definition)});
  URNA_TRY(Json stations, write_honest(world, folder));
  Json rows = Json::array();
  for (const testing::Tampering& row : testing::tamperings(world)) {
    if (!row.documents || row.station.empty()) continue;
    testing::Documents documents = world.documents();
    row.documents(world, documents);
    const std::string file = fmt::format("packages/{:04}", rows.items().size());
    URNA_CHECK(write(folder + "/" + file,
                     testing::bytes_of(documents, kinds::package, row.station)));
    Json one = Json::object();
    one.set("name", row.name);
    one.set("station", row.station);
    one.set("package", file);
    one.set("check", info(row.caught_by).name);
    one.set("number", number(row.caught_by));
    rows.push(std::move(one));
  }
  const std::size_t count = rows.items().size();
  Json table = Json::object();
  table.set("format", "urna-tampering-1");
  table.set("election", base::to_hex(world.key().election_hash()));
  table.set("definition", base::to_hex(world.definition().hash()));
  table.set("joint_key", base::to_hex(world.key().key().bytes()));
  table.set("authority",
            base::to_hex(testing::known_key("authority").public_key().bytes()));
  table.set("honest", std::move(stations));
  table.set("rows", std::move(rows));
  URNA_CHECK(write(folder + "/table.json", as_bytes(table.dump())));
  fmt::print("{}/table.json: {} tampered packages\n", folder, count);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Writes the tampering table for other verifiers"};
  std::string folder;
  std::string definition = "examples/town";
  app.add_option("folder", folder, "Where to write it")->required();
  app.add_option("--election", definition, "The definition of examples/town");
  CLI11_PARSE(app, argc, argv);
  const auto done = run(definition, folder);
  if (done) return 0;
  fmt::print(stderr, "{}\n", done.error().text());
  return 2;
}
