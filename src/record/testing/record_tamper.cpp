// record_tamper OUTDIR: writes the tampering table for verifiers that are not ours. The
// file table.json lists the rows: what was done, the check that must catch it, what
// whoever verifies is given, the files of the record by path and the SHA-256 under
// which their bytes lie in `files/`, and every check that fails, by the fast and by the
// reference path of this verifier, with the station it fails for, and every check that
// is not run. The first rows are honest records.
#include "base/encoding.hpp"
#include "base/memory.hpp"
#include "base/testing/scripted_files.hpp"
#include "crypto/sha256.hpp"
#include "record/testing/tampering.hpp"
#include "record/verify.hpp"

#include <cstdio>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

using namespace urna;
using namespace urna::record;
using base::Json;

class Writer {
 public:
  Writer(testing::World& world, std::string folder)
      : world_(world), folder_(std::move(folder)) {}

  Result<void> add(const testing::Tampering& row) {
    base::testing::ScriptedFiles files;
    URNA_CHECK(testing::write_tampered(files, "r", world_, row));
    const Trust trust = testing::trust_of(world_, row);
    Json one = Json::object();
    one.set("name", row.name);
    one.set("station", row.station);
    if (row.caught_by != Check{}) {
      one.set("check", info(row.caught_by).name);
      one.set("number", number(row.caught_by));
    }
    one.set("trust", trust_json(trust));
    Json list = Json::object();
    URNA_CHECK(collect(files, "", list));
    one.set("files", std::move(list));
    for (const bool reference : {false, true}) {
      VerifyOptions options;
      options.trust = trust;
      options.jobs = 1;
      options.reference = reference;
      URNA_TRY(const Report report, verify(files, "r", options));
      one.set(reference ? "reference" : "fast", checks_in(report, State::failed));
      if (!reference) one.set("not_run", checks_in(report, State::not_run));
    }
    rows_.push(std::move(one));
    return {};
  }

  Result<std::size_t> finish() {
    Json table = Json::object();
    table.set("format", "urna-tampering-2");
    const std::size_t count = rows_.items().size();
    table.set("rows", std::move(rows_));
    URNA_CHECK(write("table.json", as_bytes(table.dump())));
    return count;
  }

 private:
  Result<void> write(const std::string& name, ByteView bytes) {
    const std::string path = base::join_path(folder_, name);
    base::RealFiles disk;
    URNA_CHECK(disk.make_folder(base::parent_folder(path)));
    return base::write_durable(disk, path, bytes);
  }

  static Json trust_json(const Trust& trust) {
    Json json = Json::object();
    json.set("log_key", trust.log_key->text());
    json.set("election", base::to_hex(*trust.election));
    if (trust.policy) json.set("policy", *trust.policy);
    Json seen = Json::array();
    for (const std::string& text : trust.seen) seen.push(text);
    json.set("seen", std::move(seen));
    return json;
  }

  // All files below a folder of the record, by their paths within it.
  Result<void> collect(base::FileSystem& from, const std::string& inside, Json& list) {
    const std::string folder = inside.empty() ? "r" : base::join_path("r", inside);
    URNA_TRY(const auto names, from.list(folder));
    for (const std::string& name : names) {
      const std::string path = inside.empty() ? name : base::join_path(inside, name);
      const std::string whole = base::join_path("r", path);
      if (from.kind(whole) == base::FileKind::folder) {
        URNA_CHECK(collect(from, path, list));
        continue;
      }
      URNA_TRY(const Bytes bytes, base::read_file(from, whole));
      const Hash32 hash = crypto::sha256(bytes);
      if (written_.insert(hash).second) {
        URNA_CHECK(write("files/" + base::to_hex(hash), bytes));
      }
      list.set(path, base::to_hex(hash));
    }
    return {};
  }

  // "7 N01": check 7 of station N01 is in this state; "5": check 5 of the record.
  // Sorted. Where a check of the record failed for a station, that is named too.
  static Json checks_in(const Report& report, State state) {
    std::set<std::string> found;
    const auto add = [&](const Findings& findings, const std::string& station,
                         Scope scope) {
      for (const CheckInfo& check : checks()) {
        if (findings.of(check.check).state != state) continue;
        if (state != State::failed && check.scope != scope) continue;  // made elsewhere
        const std::string& of = check.scope == Scope::result ? std::string() : station;
        found.insert(
            fmt::format("{}{}{}", number(check.check), of.empty() ? "" : " ", of));
      }
    };
    add(report.record.findings, "", Scope::record);
    add(report.result, "", Scope::result);
    for (const auto& [code, station] : report.stations) {
      add(station.findings, code, Scope::station);
    }
    Json list = Json::array();
    for (const std::string& one : found) list.push(one);
    return list;
  }

  testing::World& world_;
  std::string folder_;
  std::set<Hash32> written_;
  Json rows_ = Json::array();
};

Result<void> run(const std::string& definition, const std::string& folder,
                 std::size_t first, std::size_t every) {
  testing::World world({.files = testing::example_files(definition)});
  Writer writer(world, folder);
  for (const auto& row : testing::honest_records()) URNA_CHECK(writer.add(row));
  const auto rows = testing::tamperings(world);
  for (std::size_t i = first; i < rows.size(); i += every) {
    URNA_CHECK(writer.add(rows[i]));
  }
  URNA_TRY(const std::size_t count, writer.finish());
  fmt::print("{}/table.json: {} records, {} of them from the {} tampered ones\n",
             folder, count, count - testing::honest_records().size(), rows.size());
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  urna::base::keep_freed_memory();
  CLI::App app{"Writes the tampering table for other verifiers"};
  std::string folder;
  std::string definition = "examples/town";
  std::size_t every = 1;
  std::size_t first = 0;
  app.add_option("folder", folder, "Where to write it")->required();
  app.add_option("--election", definition, "The definition of examples/town");
  app.add_option("--every", every, "Only every so many of the rows")
      ->check(CLI::PositiveNumber);
  app.add_option("--first", first, "The row to begin with, from 0");
  CLI11_PARSE(app, argc, argv);
  const auto done = run(definition, folder, first, every);
  if (done) return 0;
  fmt::print(stderr, "{}\n", done.error().text());
  return 2;
}
