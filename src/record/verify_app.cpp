#include "record/verify_app.hpp"

#include "base/encoding.hpp"
#include "base/file.hpp"
#include "base/progress.hpp"
#include "record/errors.hpp"
#include "record/verify.hpp"

#include <cstdio>
#include <functional>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace urna::record {
namespace {

constexpr int kGood = 0;
constexpr int kFailed = 1;
constexpr int kError = 2;
constexpr std::size_t kMaxPart = std::size_t{1} << 30;

struct Options {
  std::string record;
  std::string election;
  std::string log_key;
  std::string policy;
  std::vector<std::string> seen;
  std::vector<std::string> stations;
  std::string since;
  std::string shard;
  std::string out;
  std::vector<std::string> reduce;
  unsigned jobs = 0;
  bool json = false;
  bool reference = false;
  bool quiet = false;
};

// "2/4": the second of four.
Result<void> read_shard(const std::string& text, VerifyOptions& options) {
  if (text.empty()) return {};
  unsigned i = 0;
  unsigned n = 0;
  int used = 0;
  if (std::sscanf(text.c_str(), "%u/%u%n", &i, &n, &used) != 2 ||
      static_cast<std::size_t>(used) != text.size() || i < 1 || i > n || n > 100'000) {
    return fail(errors::bad_part, fmt::format("'{}' is no shard", text),
                "write 2/4 for the second of four");
  }
  options.shard = i - 1;
  options.shards = n;
  return {};
}

Result<Part> read_part_file(base::FileSystem& files, const std::string& path) {
  URNA_TRY(const Bytes bytes, base::read_file(files, path, kMaxPart));
  auto part = Part::decode(bytes);
  if (!part) return std::unexpected(std::move(part).error().at(path));
  return part;
}

Result<VerifyOptions> read_options(base::FileSystem& files, const Options& given) {
  VerifyOptions options;
  options.stations = given.stations;
  options.jobs = given.jobs;
  options.reference = given.reference;
  if (!given.election.empty()) {
    URNA_TRY(options.trust.election, base::array_from_hex<32>(given.election));
  }
  if (!given.log_key.empty()) {
    URNA_TRY(options.trust.log_key, log::VerifierKey::parse(given.log_key));
  }
  if (!given.policy.empty()) {
    URNA_TRY(options.trust.policy, base::read_text(files, given.policy, 1 << 20));
  }
  for (const std::string& path : given.seen) {
    URNA_TRY(std::string note, base::read_text(files, path, log::kMaxNote));
    options.trust.seen.push_back(std::move(note));
  }
  URNA_CHECK(read_shard(given.shard, options));
  if (!given.since.empty()) {
    URNA_TRY(options.since, read_part_file(files, given.since));
  }
  return options;
}

Result<Part> map_stations(const Frame& frame, VerifyOptions& options,
                          const Options& given) {
  base::LateProgress progress("Verifying", "stations");
  if (!given.quiet) options.progress = std::ref(progress);
  return verify_part(frame, options);
}

Result<int> run(const Options& given) {
  base::RealFiles files;
  URNA_TRY(VerifyOptions options, read_options(files, given));
  URNA_TRY(const Frame frame, read_frame(files, given.record, options.trust));
  Report report;
  if (!given.reduce.empty()) {
    std::vector<Part> parts;
    for (const std::string& path : given.reduce) {
      URNA_TRY(Part part, read_part_file(files, path));
      parts.push_back(std::move(part));
    }
    URNA_TRY(report, unite(frame.report, parts, given.reduce));
  } else {
    URNA_TRY(Part part, map_stations(frame, options, given));
    if (!given.out.empty()) {
      URNA_CHECK(base::write_durable(files, given.out, part.encode()));
    }
    if (options.shards > 1) {
      fmt::print(
          "{}: shard {}/{} with {} stations; bring all shards together with "
          "--reduce\n",
          given.out.empty() ? "not kept (no --out)" : given.out, options.shard + 1,
          options.shards, part.stations.size());
      return kGood;
    }
    report.record = std::move(part.record);
    report.stations = std::move(part.stations);
  }
  report = conclude(frame, std::move(report), options);
  if (given.json) {
    fmt::print("{}\n", report.to_json().dump());
  } else {
    fmt::print("{}", report.text());
  }
  return report.failed() ? kFailed : kGood;
}

}  // namespace

void add_verify_options(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  app.add_option("record", options->record, "The folder of the record")->required();
  app.add_option(
      "--election", options->election,
      "The election hash you know from elsewhere (64 digits); without it the "
      "trust root is not checked");
  app.add_option("--log-key", options->log_key, "The log's verifier key that you know");
  app.add_option("--policy", options->policy,
                 "The witness policy that you know: whose signatures must be there");
  app.add_option("--seen", options->seen,
                 "A checkpoint file that you saw before; may be repeated");
  app.add_option("--station", options->stations, "Only this station; may be repeated");
  app.add_option("--since", options->since,
                 "A file of --out of an earlier time: stations without news are taken "
                 "from it");
  app.add_option("--jobs", options->jobs, "Threads; 0: as many as the machine has");
  auto* shard = app.add_option("--shard", options->shard,
                               "Only the i-th of n parts of the stations, as i/n");
  app.add_option("--out", options->out, "Keep what was found about the stations here");
  app.add_option("--reduce", options->reduce,
                 "Bring together the files of all shards instead of verifying")
      ->excludes(shard);
  app.add_flag("--reference", options->reference,
               "One proof at a time, with libsodium only: slow and plain");
  app.add_flag("--json", options->json, "Machine form");
  app.add_flag("--quiet", options->quiet, "No progress on standard error");
  app.footer(
      "Exit status: 0 nothing failed, 1 a check failed, 2 it could not be carried "
      "out.\n"
      "docs/verification.md explains every check.");
  app.callback([options, &status] {
    const auto done = run(*options);
    if (done) {
      status = *done;
      return;
    }
    fmt::print(stderr, "{}\n", done.error().text());
    status = kError;
  });
}

}  // namespace urna::record
