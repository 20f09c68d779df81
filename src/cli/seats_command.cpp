// `urna seats`: award seats to votes by a named method, with every step shown.
#include "base/bytes.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "cli/commands.hpp"
#include "seats/check.hpp"
#include "seats/explain.hpp"
#include "seats/problem.hpp"

#include <cstdio>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string file;
  std::string method;
  std::uint32_t seats = 0;
  std::string threshold;
  std::uint64_t blank = 0;
  bool blanks_count = false;
  std::uint32_t or_districts = 0;
  std::string ties;
  std::string drawings;
  bool overhang = false;
  bool json = false;
  bool brief = false;
  std::string language = "en";
};

Result<std::string> read_text(const std::string& path) {
  base::RealFiles files;
  URNA_TRY(const Bytes bytes, base::read_file(files, path));
  return std::string(bytes.begin(), bytes.end());
}

Result<base::Json> read_json(const std::string& path) {
  URNA_TRY(const std::string text, read_text(path));
  auto json = base::parse_json(text);
  if (!json) return std::unexpected(std::move(json.error()).at(path));
  return std::move(*json);
}

Result<seats::Problem> load(const Options& options, base::Report& report) {
  seats::Problem problem;
  if (options.file.ends_with(".json")) {
    URNA_TRY(const base::Json json, read_json(options.file));
    problem = seats::read_problem(json, options.file, "", report);
  } else {
    URNA_TRY(std::string text, read_text(options.file));
    problem.contest = seats::read_lists(std::move(text), options.file, report);
  }
  seats::Rules& rules = problem.rules;
  if (!options.method.empty()) {
    URNA_TRY(rules.method, seats::method_from(options.method));
  }
  if (options.seats > 0) rules.seats = options.seats;
  if (!options.threshold.empty()) {
    URNA_TRY(rules.threshold.share, seats::parse_share(options.threshold));
  }
  if (options.blank > 0) problem.contest.blank = options.blank;
  if (options.blanks_count) rules.threshold.blanks_count = true;
  if (options.or_districts > 0) rules.threshold.or_districts = options.or_districts;
  if (options.overhang) problem.overhang = true;
  if (options.ties == "more-votes-then-lot")
    rules.ties = seats::TieRule::more_votes_then_lot;
  if (!options.drawings.empty()) {
    URNA_TRY(const base::Json json, read_json(options.drawings));
    problem.drawings = seats::read_drawings(json, options.drawings, "", report);
  }
  return problem;
}

void run(const Options& options, Outcome& outcome) {
  base::Report report;
  const auto problem = load(options, report);
  if (!problem) return report_error(outcome, problem.error());
  if (!report.ok()) {
    fmt::print(stderr, "{}", report.text());
    outcome.status = kError;
    return;
  }
  const auto award = seats::solve(*problem);
  if (!award) return report_error(outcome, award.error());
  const auto language =
      options.language == "es" ? seats::Language::spanish : seats::Language::english;
  if (options.json) {
    fmt::print("{}\n", seats::to_json(*award).dump());
  } else {
    fmt::print("{}", seats::explain(*award, language, !options.brief));
  }
  if (!award->complete()) outcome.status = kNo;
}

}  // namespace

void add_seats_command(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<Options>();
  CLI::App* sub = app.add_subcommand(
      "seats",
      "Award seats to votes, exactly, and show every step\n\n"
      "VOTES is a table (list,votes[,alliance,candidates,districts_won]) or a JSON\n"
      "problem that holds the rules too (docs/seats.md). Methods: dhondt,\n"
      "sainte-lague, modified-sainte-lague, largest-remainder, hagenbach-bischoff,\n"
      "hagenbach-bischoff-remainders, plurality, dutch-council.\n"
      "Exit status 1 means that lots must be drawn first; record the drawing in a\n"
      "file and run again with --drawings.\n\n"
      "Example: urna seats votes.csv --method dhondt --seats 7 --threshold 3%");
  sub->add_option("VOTES", options->file, "votes as .csv or .json")->required();
  sub->add_option("--method", options->method, "how seats are awarded");
  sub->add_option("--seats", options->seats, "how many seats");
  sub->add_option("--threshold", options->threshold,
                  "share of the valid votes a list needs: 3%, 1/20");
  sub->add_option("--blank", options->blank, "blank votes");
  sub->add_flag("--blanks-count", options->blanks_count,
                "blank votes are valid votes for the threshold");
  sub->add_option("--or-districts", options->or_districts,
                  "districts won that stand in for the threshold");
  sub->add_flag("--overhang", options->overhang,
                "districts won beyond the share are kept (New Zealand)");
  sub->add_option("--ties", options->ties, "lot (default) or more-votes-then-lot")
      ->check(CLI::IsMember({"lot", "more-votes-then-lot"}));
  sub->add_option("--drawings", options->drawings, "JSON list of recorded drawings");
  sub->add_flag("--json", options->json, "the award as JSON");
  sub->add_flag("--brief", options->brief, "only the table");
  sub->add_option("--lang", options->language, "en or es")
      ->check(CLI::IsMember({"en", "es"}));
  sub->callback([options, &outcome] { run(*options, outcome); });
}

}  // namespace urna::cli
