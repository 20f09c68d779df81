// urna election: check, show, new and import. The files that a definition consists of
// are described in docs/formats/definition.md.
#include "base/encoding.hpp"
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "election/definition.hpp"
#include "election/describe.hpp"
#include "election/errors.hpp"
#include "election/import.hpp"
#include "election/sealed.hpp"
#include "election/skeleton.hpp"

#include <cstdio>
#include <map>
#include <memory>

#include <CLI/App.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string folder;
  std::string table;
  std::string mapping;
  std::string station;
  std::string language;
  std::string code = "MYELECTION";
  std::string languages = "es,en";
  std::uint32_t stations = 3;
  bool json = false;
  bool sealed = false;
  bool all = false;
  bool list_stations = false;
};

// A table of a million rows may repeat one mistake a million times: show the first ones
// of each kind and count the rest.
constexpr std::size_t kShownOfAKind = 20;

void print_report(const base::Report& report, bool all) {
  std::map<std::uint16_t, std::size_t> seen;
  for (const base::Finding& finding : report.findings()) {
    if (++seen[finding.kind.number] <= kShownOfAKind || all) {
      fmt::print("{}\n", finding.text());
    }
  }
  for (const auto& [number, count] : seen) {
    if (count <= kShownOfAKind || all) continue;
    fmt::print("... and {} more findings U{:04}; --all shows them\n",
               count - kShownOfAKind, number);
  }
  fmt::print("{} problems, {} warnings\n", report.problems(), report.warnings());
}

// A folder that is not there cannot be judged: an error, not the answer "no".
bool is_folder(const std::string& folder, Outcome& outcome) {
  base::RealFiles disk;
  if (disk.kind(folder) == base::FileKind::folder) return true;
  report_error(outcome, Error{election::errors::file_needed,
                              fmt::format("there is no folder '{}'", folder), "",
                              "give the folder that holds election.json"});
  return false;
}

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

void check(const Options& options, Outcome& outcome) {
  if (!is_folder(options.folder, outcome)) return;
  base::Report report;
  const auto definition = election::load_definition(options.folder, report);
  if (definition && options.sealed) {
    election::check_sealed_voting(*definition, report);
  }
  outcome.status = report.ok() ? kYes : kNo;
  if (options.json) {
    base::Json out = report.to_json();
    if (definition && report.ok()) out.set("hash", base::to_hex(definition->hash()));
    fmt::print("{}\n", out.dump());
    return;
  }
  print_report(report, options.all);
  if (!definition || !report.ok()) {
    fmt::print("{}: not usable until the problems are mended\n", options.folder);
    return;
  }
  fmt::print("{}: {}, {}, {}, {} seats\nhash {}\n", options.folder,
             counted(definition->stations().size(), "station", "stations"),
             counted(definition->contests().size(), "contest", "contests"),
             counted(definition->styles().size(), "ballot style", "ballot styles"),
             definition->model().house_seats, base::to_hex(definition->hash()));
}

void show(const Options& options, Outcome& outcome) {
  if (!is_folder(options.folder, outcome)) return;
  base::Report report;
  const auto definition = election::load_definition(options.folder, report);
  if (!definition) {
    print_report(report, options.all);
    outcome.status = kNo;
    return;
  }
  std::size_t language = 0;
  if (!options.language.empty()) {
    const auto found = definition->find_language(options.language);
    if (!found) {
      return report_error(
          outcome,
          Error{election::errors::bad_language,
                fmt::format("the election has no language '{}'", options.language),
                options.folder, "use one of its languages"});
    }
    language = *found;
  }
  if (options.station.empty()) {
    fmt::print("{}", options.json ? election::summary_json(*definition).dump() + "\n"
                                  : election::definition_text(*definition, language,
                                                              options.list_stations));
    return;
  }
  const auto station = definition->find_station(options.station);
  if (!station) {
    return report_error(outcome,
                        Error{election::errors::unknown_station,
                              fmt::format("there is no station '{}'", options.station),
                              options.folder, "use a code of stations.csv"});
  }
  fmt::print("{}", options.json
                       ? election::station_json(*definition, *station).dump() + "\n"
                       : election::station_text(*definition, *station, language));
}

void make_new(const Options& options, Outcome& outcome) {
  base::RealFiles files;
  const auto made = election::write_skeleton(
      files, options.folder, {options.code, options.languages, options.stations});
  if (!made) return report_error(outcome, made.error());
  fmt::print(
      "{}: a small definition to start from.\n"
      "  1. Put your areas, stations, parties, contests and candidates into the "
      "tables.\n"
      "  2. urna election check {}   names everything that is wrong or missing.\n"
      "  3. urna election show {}    shows what each station's voters will see.\n",
      options.folder, options.folder, options.folder);
}

void import(const Options& options, Outcome& outcome) {
  base::RealFiles files;
  base::Report report;
  const auto done = election::import_stations(files, options.table, options.mapping,
                                              options.folder, report);
  if (!report.findings().empty()) print_report(report, options.all);
  if (!done) return report_error(outcome, done.error());
  fmt::print("{}: {} in {} written\n", options.folder,
             counted(done->stations, "station", "stations"),
             counted(done->areas, "area", "areas"));
  if (done->not_stated > 0) {
    fmt::print("  {} do not state their registered voters\n", done->not_stated);
  }
}

}  // namespace

void add_election_command(CLI::App& app, Outcome& outcome) {
  auto* election = app.add_subcommand(
      "election", "Election definitions: check, show, start, import");
  election->require_subcommand(1);
  auto options = std::make_shared<Options>();

  auto* check_command = election->add_subcommand(
      "check", "Find everything that is wrong with a definition, in one run");
  check_command->add_option("DIR", options->folder, "the definition's folder")
      ->required();
  check_command->add_flag("--sealed", options->sealed,
                          "also check that ballots of it can be sealed");
  check_command->add_flag("--all", options->all, "show every repetition of a finding");
  check_command->add_flag("--json", options->json, "machine-readable report");
  check_command->callback([options, &outcome] { check(*options, outcome); });

  auto* show_command =
      election->add_subcommand("show", "Show what an election consists of");
  show_command->add_option("DIR", options->folder, "the definition's folder")
      ->required();
  show_command->add_option("--station", options->station,
                           "show the ballot of this station");
  show_command->add_option("--lang", options->language,
                           "one of the election's languages");
  show_command->add_flag("--stations", options->list_stations,
                         "list every station in the tree of areas");
  show_command->add_flag("--json", options->json, "machine-readable summary");
  show_command->callback([options, &outcome] { show(*options, outcome); });

  auto* new_command = election->add_subcommand(
      "new", "Write a small definition to start from, with a note in every table");
  new_command->add_option("DIR", options->folder, "a folder to make")->required();
  new_command->add_option("--code", options->code, "short code, A-Z and 0-9")
      ->capture_default_str();
  new_command->add_option("--languages", options->languages, "tags, main one first")
      ->capture_default_str();
  new_command->add_option("--stations", options->stations, "how many stations")
      ->capture_default_str();
  new_command->callback([options, &outcome] { make_new(*options, outcome); });

  auto* import_command = election->add_subcommand(
      "import",
      "Turn a table of polling stations into a definition's areas and stations");
  import_command->add_option("TABLE", options->table, "a CSV file")->required();
  import_command
      ->add_option("--mapping", options->mapping,
                   "which column is what (docs/formats/stations-import.md)")
      ->required();
  import_command->add_option("-o,--output", options->folder, "the folder to write to")
      ->required();
  import_command->callback([options, &outcome] { import(*options, outcome); });
}

}  // namespace urna::cli
