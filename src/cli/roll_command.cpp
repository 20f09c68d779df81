// `urna roll import | show | destroy`: the electoral roll, before and after.
#include "cli/roll_command.hpp"

#include "base/json.hpp"
#include "checkin/device.hpp"
#include "checkin/errors.hpp"
#include "checkin/roll_import.hpp"
#include "election/definition.hpp"

#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string input;
  std::string mapping, definition, output, prints = ".";
  bool json = false;
  bool yes = false;
};

void finish(const Result<void>& result, Outcome& outcome) {
  if (!result) report_error(outcome, result.error());
}

base::Json station_line(const checkin::Roll& roll) {
  std::size_t with_prints = 0;
  for (const auto& voter : roll.voters) with_prints += voter.prints.empty() ? 0 : 1;
  base::Json out = base::Json::object();
  out.set("station", roll.station);
  out.set("voters", roll.voters.size());
  out.set("with_prints", with_prints);
  return out;
}

void print_result(const Options& o, const std::vector<checkin::Roll>& rolls,
                  const base::Report& report) {
  base::Json stations = base::Json::array();
  for (const auto& roll : rolls) stations.push(station_line(roll));
  if (o.json) {
    base::Json out = base::Json::object();
    out.set("stations", std::move(stations));
    out.set("report", report.to_json());
    fmt::print("{}\n", out.dump());
    return;
  }
  if (!report.findings().empty()) fmt::print(stderr, "{}\n", report.text());
  if (rolls.empty()) return;
  fmt::print("{:<18}{:>8}{:>13}\n", "station", "voters", "with prints");
  for (const auto& line : stations.items()) {
    fmt::print("{:<18}{:>8}{:>13}\n", *line.find("station")->if_string(),
               *line.find("voters")->if_int(), *line.find("with_prints")->if_int());
  }
}

Result<void> import(const Options& o, Outcome& outcome) {
  base::RealFiles files;
  base::Report report;
  URNA_TRY(const std::string map_text, base::read_text(files, o.mapping, 1 << 20));
  auto json = base::parse_json(map_text);
  if (!json) return std::unexpected(std::move(json).error().at(o.mapping));
  const auto mapping = checkin::read_mapping(*json, o.mapping, report);
  const auto definition = election::load_definition(o.definition, report);
  std::vector<checkin::Roll> rolls;
  if (mapping && definition) {
    URNA_TRY(const Bytes bytes, base::read_file(files, o.input));
    auto text = base::decode_text(bytes, mapping->encoding);
    if (!text) return std::unexpected(std::move(text).error().at(o.input));
    const auto table = base::parse_csv(*std::move(text), o.input, report,
                                       {.separator = mapping->separator});
    rolls = checkin::import_roll(files, table, *mapping, o.prints, *definition, report);
  }
  if (!report.ok()) {
    print_result(o, {}, report);
    outcome.status = kNo;
    return {};
  }
  URNA_CHECK(base::make_folder_durable(files, o.output));
  for (const auto& roll : rolls) {
    URNA_CHECK(base::write_durable(files,
                                   base::join_path(o.output, roll.station + ".roll"),
                                   checkin::encode_roll(roll)));
  }
  print_result(o, rolls, report);
  return {};
}

Result<void> destroy(const Options& o) {
  base::RealFiles files;
  base::SystemRandom random;
  if (files.kind(base::join_path(o.input, "device.key")) != base::FileKind::file) {
    return fail(checkin::errors::bad_device,
                fmt::format("'{}' is not the folder of a check-in device", o.input));
  }
  if (!o.yes) {
    return fail(checkin::errors::not_ready,
                "this erases the fingerprint templates for good",
                "when the time for appeals is over, repeat it with --yes");
  }
  // The key first: from then on every copy is unreadable.
  for (const char* name : {"prints.key", "prints.sealed"}) {
    URNA_CHECK(checkin::erase_file(files, random, base::join_path(o.input, name)));
  }
  fmt::print("The templates and their key are erased. The log of who came remains.\n");
  return {};
}

}  // namespace

void add_roll_command(CLI::App& app, Outcome& outcome) {
  CLI::App* roll = app.add_subcommand(
      "roll",
      "The electoral roll: import it, pack a station's part, destroy templates");
  roll->require_subcommand(1);

  const auto i = std::make_shared<Options>();
  CLI::App* import_command = roll->add_subcommand(
      "import",
      "Sort a roll into the stations of an election\n\n"
      "Every problem is reported by row; a roll with a problem writes nothing (status "
      "1).\nWhat is written is in clear: keep it where the roll itself is kept\n"
      "(docs/formats/roll-import.md).");
  import_command->add_option("ROLL", i->input, "the roll as CSV")->required();
  import_command->add_option("--mapping", i->mapping, "which columns hold what, JSON")
      ->required();
  import_command->add_option("--definition", i->definition, "the election's folder")
      ->required();
  import_command->add_option("--prints", i->prints,
                             "folder that print columns are relative to");
  import_command->add_option("-o,--output", i->output, "folder for the stations' rolls")
      ->required();
  import_command->add_flag("--json", i->json, "result and problems as JSON");
  import_command->callback([i, &outcome] { finish(import(*i, outcome), outcome); });

  add_roll_packing(*roll, outcome);

  const auto d = std::make_shared<Options>();
  CLI::App* destroy_command = roll->add_subcommand(
      "destroy",
      "Erase the fingerprint templates of a check-in device\n\n"
      "After the time for appeals. Destroys the key that they are sealed to, so that\n"
      "copies on sticks are unreadable as well; the log of who came remains.");
  destroy_command->add_option("FOLDER", d->input, "the device's folder")->required();
  destroy_command->add_flag("--yes", d->yes, "really");
  destroy_command->callback([d, &outcome] { finish(destroy(*d), outcome); });
}

}  // namespace urna::cli
