#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/key_input.hpp"
#include "record/checkpoint.hpp"
#include "record/errors.hpp"
#include "record/frame.hpp"
#include "record/recorder.hpp"
#include "record/results.hpp"
#include "record/verify.hpp"
#include "record/verify_app.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

using record::NewDocument;

struct Options {
  std::string out;
  std::string record;
  std::string origin;
  std::string key;
  std::string passphrase_file;
  std::string state;
  std::vector<std::string> inputs;
  std::string kind;
  std::string name;
  bool json = false;
};

constexpr std::size_t kMaxDocument = std::size_t{1} << 27;

std::string state_folder(const Options& options) {
  return options.state.empty() ? options.record + ".state" : options.state;
}

// What the record's checkpoint says, so that the origin is typed only once. The
// recorder reads and checks the whole log when it opens.
Result<std::string> origin_of(base::FileSystem& files, const std::string& folder) {
  URNA_TRY(const auto top, record::read_checkpoint(files, folder));
  return top.checkpoint.origin;
}

struct Opened {
  base::SystemClock clock;
  std::unique_ptr<log::LockStore> lock;
  std::optional<record::Recorder> recorder;
};

Result<void> open_recorder(base::FileSystem& files, const Options& options, bool create,
                           Opened& opened) {
  URNA_TRY(auto key, load_signing_key(files, options.key, options.passphrase_file));
  std::string origin = options.origin;
  if (!create) {
    URNA_TRY(origin, origin_of(files, options.record));
  }
  URNA_TRY(auto signer,
           log::NoteSigner::make(origin, log::KeyType::ed25519, std::move(key)));
  const std::string state = state_folder(options);
  if (create) {
    URNA_CHECK(base::make_folder_durable(files, options.record));
    URNA_CHECK(base::make_folder_durable(files, state));
  }
  URNA_TRY(opened.lock, log::open_sqlite_lock(base::join_path(state, "lock.sqlite")));
  const log::LogPlaces places{options.record, state};
  auto recorder = create ? record::Recorder::create(files, places, *opened.lock,
                                                    opened.clock, std::move(signer))
                         : record::Recorder::open(files, places, *opened.lock,
                                                  opened.clock, std::move(signer));
  if (!recorder) return std::unexpected(std::move(recorder).error());
  opened.recorder.emplace(*std::move(recorder));
  return {};
}

// A definition's folder gives its files, any other folder each of its files.
Result<void> gather_folder(base::FileSystem& files, const std::string& folder,
                           std::vector<NewDocument>& out) {
  if (files.kind(base::join_path(folder, "election.json")) == base::FileKind::file) {
    base::Report report;
    const auto definition = election::read_definition_files(files, folder, report);
    if (!definition) return std::unexpected(report.first_problem());
    if (!election::parse_definition(*definition, report)) {
      return std::unexpected(report.first_problem().at(folder));
    }
    for (const auto& [name, text] : definition->files) {
      out.push_back(
          {std::string(record::kinds::definition), name, to_bytes(as_bytes(text))});
    }
    return {};
  }
  URNA_TRY(const auto names, files.list(folder));
  for (const std::string& name : names) {
    const std::string path = base::join_path(folder, name);
    if (files.kind(path) != base::FileKind::file) continue;
    URNA_TRY(Bytes bytes, base::read_file(files, path, kMaxDocument));
    URNA_TRY(NewDocument document, record::identify(path, std::move(bytes)));
    out.push_back(std::move(document));
  }
  return {};
}

Result<std::vector<NewDocument>> gather(base::FileSystem& files,
                                        const Options& options) {
  std::vector<NewDocument> found;
  for (const std::string& path : options.inputs) {
    if (files.kind(path) == base::FileKind::folder) {
      URNA_CHECK(gather_folder(files, path, found));
      continue;
    }
    URNA_TRY(Bytes bytes, base::read_file(files, path, kMaxDocument));
    if (!options.kind.empty()) {
      found.push_back({options.kind, options.name, std::move(bytes)});
    } else {
      URNA_TRY(NewDocument document, record::identify(path, std::move(bytes)));
      found.push_back(std::move(document));
    }
  }
  return found;
}

Result<void> init(const Options& options) {
  base::RealFiles files;
  Opened opened;
  URNA_CHECK(open_recorder(files, options, true, opened));
  fmt::print(
      "{}: a new record\nlog key  {}\nkeep {} private: nobody else may write to "
      "this log\n",
      options.record, opened.recorder->log().key().text(), state_folder(options));
  return {};
}

// The answer is "no" when something now stands in conflict.
Result<bool> add(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const auto documents, gather(files, options));
  Opened opened;
  URNA_CHECK(open_recorder(files, options, false, opened));
  URNA_TRY(const auto added, opened.recorder->add(documents));
  bool conflict = false;
  for (const record::Added& one : added) {
    fmt::print("{} {}: {}\n", one.document.kind, one.document.name,
               !one.fresh ? "there already" : "added");
    if (!one.conflict) continue;
    conflict = true;
    fmt::print(stderr,
               "CONFLICT: the record has another {} {}. Both are kept; neither counts "
               "until people decide (docs/formats/record.md).\n",
               one.document.kind, one.document.name);
  }
  fmt::print("{} entries\n", opened.recorder->log().size());
  return !conflict;
}

base::Json status_json(const record::Frame& frame) {
  base::Json kinds = base::Json::object();
  base::Json conflicts = base::Json::array();
  for (const record::KindInfo& kind : record::all_kinds()) {
    kinds.set(kind.kind, frame.index.of(kind.kind).size());
    for (const std::string& name : frame.index.conflicts(kind.kind)) {
      conflicts.push(fmt::format("{} {}", kind.kind, name));
    }
  }
  base::Json missing = base::Json::array();
  if (frame.definition) {
    for (const auto& station : frame.definition->stations()) {
      if (frame.index.versions(record::kinds::package, station.code).empty()) {
        missing.push(station.code);
      }
    }
  }
  base::Json json = base::Json::object();
  json.set("origin", frame.report.origin);
  json.set("size", frame.report.size);
  json.set("documents", std::move(kinds));
  json.set("conflicts", std::move(conflicts));
  json.set("stations_missing", std::move(missing));
  return json;
}

// The answer is "no" when there are conflicts or damage.
Result<bool> status(const Options& options) {
  base::RealFiles files;
  URNA_TRY(const record::Frame frame, record::read_frame(files, options.record, {}));
  const base::Json json = status_json(frame);
  bool good = json.find("conflicts")->items().empty();
  if (options.json) {
    fmt::print("{}\n", json.dump());
  } else {
    fmt::print("{}: {} entries\n", frame.report.origin, frame.report.size);
    for (const auto& [kind, count] : json.find("documents")->members()) {
      fmt::print("  {:<14} {:>8}\n", kind, *count.if_int());
    }
    for (const auto& one : json.find("conflicts")->items()) {
      fmt::print("conflict: {}\n", *one.if_string());
    }
    const auto& missing = json.find("stations_missing")->items();
    if (frame.definition) {
      fmt::print("stations without a package: {} of {}\n", missing.size(),
                 frame.definition->stations().size());
    }
  }
  for (const record::Failure& failure : frame.report.findings.failures()) {
    fmt::print(stderr, "{}: {}: {}\n", record::info(failure.check).name, failure.file,
               failure.what);
    good = false;
  }
  return good;
}

// Verifies everything, and writes what the verified stations add up to.
Result<bool> results(const Options& options) {
  base::RealFiles files;
  record::VerifyOptions verify;
  URNA_TRY(const auto frame, record::read_frame(files, options.record, verify.trust));
  URNA_TRY(const record::Part part, record::verify_part(frame, verify));
  record::Rows rows;
  std::uint64_t cast = 0;
  for (const auto& [code, station] : part.stations) {
    if (station.row) {
      rows.emplace(code, *station.row);
      cast += station.cast;
    } else {
      fmt::print(stderr, "{}: no usable totals; it counts 0 times\n", code);
    }
  }
  URNA_TRY(const record::Derived derived, record::derive_results(frame, rows, cast));
  URNA_CHECK(base::write_durable(files, options.out, as_bytes(derived.json.dump())));
  fmt::print("{}: {} of {} stations, {} ballots cast\n", options.out, derived.counted,
             part.stations.size(), cast);
  for (const seats::LotsNeeded& tie : derived.lots) {
    fmt::print(
        "lots are needed: {} of {} for {}; record the drawing among the decisions\n",
        tie.take, fmt::join(tie.among, ", "), tie.stage);
  }
  return derived.lots.empty();
}

void add_key_options(CLI::App& command, Options& options) {
  command.add_option("record", options.record, "The folder of the record")->required();
  command.add_option("--key", options.key, "The log's signing key file")->required();
  command.add_option("--passphrase-file", options.passphrase_file,
                     "Read the passphrase from here instead of the terminal");
  command.add_option("--state", options.state,
                     "The log's private folder (default: RECORD.state)");
}

void finish(Outcome& outcome, const Result<bool>& good) {
  if (!good) return report_error(outcome, good.error());
  if (!*good) outcome.status = kNo;
}

}  // namespace

void add_record_command(CLI::App& app, Outcome& outcome) {
  auto* command = app.add_subcommand("record", "The public record: make it, add to it");
  command->require_subcommand(1);
  auto options = std::make_shared<Options>();

  auto* create = command->add_subcommand("init", "Start a record");
  add_key_options(*create, *options);
  create
      ->add_option("--origin", options->origin,
                   "The log's name, such as example.org/election-2026")
      ->required();
  create->callback([options, &outcome] {
    if (const auto done = init(*options); !done) report_error(outcome, done.error());
  });

  auto* more = command->add_subcommand(
      "add", "Add documents; what is there already is not added again");
  add_key_options(*more, *options);
  more->add_option("files", options->inputs,
                   "Files, or folders: a definition, a ceremony, packages, ...")
      ->required();
  auto* name = more->add_option("--name", options->name, "Of a note for people");
  more->add_option("--kind", options->kind, "Instead of finding out (correction)")
      ->needs(name);
  more->callback([options, &outcome] { finish(outcome, add(*options)); });

  auto* sum = command->add_subcommand(
      "results", "Verify every station and write the results document");
  sum->add_option("record", options->record, "The folder of the record")->required();
  sum->add_option("-o,--output", options->out, "Where to write results.json")
      ->required();
  sum->callback([options, &outcome] { finish(outcome, results(*options)); });

  auto* show = command->add_subcommand("status", "What the record holds and lacks");
  show->add_option("record", options->record, "The folder of the record")->required();
  show->add_flag("--json", options->json, "Machine form");
  show->callback([options, &outcome] { finish(outcome, status(*options)); });
}

void add_verify_command(CLI::App& app, Outcome& outcome) {
  auto* command = app.add_subcommand(
      "verify", "Check a whole public record, from the log to the seats");
  record::add_verify_options(*command, outcome.status);
}

}  // namespace urna::cli
