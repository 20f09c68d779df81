// urna election: check, show, new and import. The files that a definition consists of
// are described in docs/formats/definition.md.
#include "base/encoding.hpp"
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "election/definition.hpp"
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
};

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

void check(const Options& options, Outcome& outcome) {
  base::Report report;
  const auto definition = election::load_definition(options.folder, report);
  if (definition && options.sealed) {
    election::check_sealed_voting(*definition, report);
  }
  outcome.status = report.ok() ? kYes : kNo;
  if (options.json) {
    base::Json out = report.to_json();
    if (definition && report.ok()) out.set("hash", base::to_hex(definition->hash()));
    fmt::print("{}", out.dump());
    return;
  }
  fmt::print("{}", report.text());
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

// Prints one contest with its options.
void show_contest(const election::Definition& definition,
                  const election::Contest& contest, std::size_t language) {
  fmt::print("  {:<12} {}\n", contest.code, contest.title.in(language));
  fmt::print("  {:<12} {}, area {}, up to {} of {} options{}\n", "",
             election::contest_kind_name(contest.kind),
             definition.areas()[contest.area].code, contest.limit,
             contest.options.size(),
             contest.seats == 0 ? std::string()
                                : ", " + counted(contest.seats, "seat", "seats"));
  for (const election::Option& option : contest.options) {
    const auto& contender = contest.contenders[option.contender];
    std::string cards;
    for (const auto party : option.cards) {
      cards += fmt::format("{}{}", cards.empty() ? "" : "+",
                           definition.parties()[party].code);
    }
    fmt::print("    {:<12} {}{}\n", option.code, contender.name.in(language),
               cards.empty() ? "" : fmt::format("  [{}]", cards));
  }
}

void show_station(const election::Definition& definition, election::StationIndex index,
                  std::size_t language) {
  const election::Station& station = definition.stations()[index];
  fmt::print("station {}: {}\n", station.code, station.name.in(language));
  fmt::print("registered: {}\n", station.registered
                                     ? fmt::format("{}", *station.registered)
                                     : "not stated");
  fmt::print("lies in:");
  for (const auto area : definition.place_of(index).areas) {
    fmt::print(" {} ({})", definition.areas()[area].code,
               definition.areas()[area].name.in(language));
  }
  fmt::print("\nballot style {}:\n", definition.style_of(index).code);
  for (const auto contest : definition.style_of(index).contests) {
    show_contest(definition, definition.contests()[contest], language);
  }
}

void show_areas(const election::Definition& definition, std::size_t language) {
  std::map<std::uint32_t, std::size_t> areas_of_kind;
  for (const auto& area : definition.areas()) ++areas_of_kind[area.kind];
  fmt::print("\nareas\n");
  for (const auto& [kind, count] : areas_of_kind) {
    const auto& what = definition.model().area_kinds[kind];
    fmt::print("  {:<12} {:>6}  {}\n", what.code, count, what.name.in(language));
  }
}

void show_whole(const election::Definition& definition, std::size_t language) {
  const election::Model& model = definition.model();
  std::uint64_t registered = 0;
  std::size_t not_stated = 0;
  for (const auto& station : model.stations) {
    registered += station.registered.value_or(0);
    not_stated += station.registered ? 0 : 1;
  }
  fmt::print("{} ({}, {})\n{}\n", model.name.in(language), model.code,
             election::mode_name(model.mode), model.authority.in(language));
  if (!model.notice.empty()) fmt::print("note: {}\n", model.notice.in(language));
  fmt::print("\n{} {}-{}\n{}, {} registered{}\nhash {}\n", model.day.date,
             model.day.opens, model.day.closes,
             counted(model.stations.size(), "station", "stations"), registered,
             not_stated == 0 ? std::string()
                             : fmt::format(" ({} do not state it)", not_stated),
             base::to_hex(definition.hash()));
  show_areas(definition, language);
  if (!model.parties.empty()) {
    fmt::print("\nparties\n");
    for (const auto& party : model.parties) {
      fmt::print("  {:<12} {}{}\n", party.code, party.name.in(language),
                 party.alliance
                     ? fmt::format("  (in {})", model.alliances[*party.alliance].code)
                     : std::string());
    }
  }
  if (!model.awards.empty()) {
    fmt::print("\nseats: {} in all\n", model.house_seats);
    for (const auto& award : model.awards) {
      fmt::print("  {:<12} {:>5}  {}, {}\n", award.code, award.seats, award.method,
                 award.name.in(language));
    }
  }
  fmt::print("\nballot styles\n");
  std::vector<std::size_t> stations_of(model.styles.size(), 0);
  for (const auto& place : model.places)
    stations_of[place.style] += place.stations.size();
  for (std::size_t i = 0; i < model.styles.size(); ++i) {
    std::string codes;
    for (const auto contest : model.styles[i].contests) {
      codes += " " + model.contests[contest].code;
    }
    fmt::print("  {:<5} {:>5} options, {:>7}:{}\n", model.styles[i].code,
               model.styles[i].options, counted(stations_of[i], "station", "stations"),
               codes);
  }
  constexpr std::size_t kFew = 12;
  fmt::print("\ncontests\n");
  for (std::size_t i = 0; i < model.contests.size() && i < kFew; ++i) {
    show_contest(definition, model.contests[i], language);
  }
  if (model.contests.size() > kFew) {
    fmt::print("  ... {} more; --station CODE shows a station's ballot\n",
               model.contests.size() - kFew);
  }
}

void show(const Options& options, Outcome& outcome) {
  base::Report report;
  const auto definition = election::load_definition(options.folder, report);
  if (!definition) {
    fmt::print("{}", report.text());
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
  if (options.station.empty()) return show_whole(*definition, language);
  const auto station = definition->find_station(options.station);
  if (!station) {
    return report_error(outcome,
                        Error{election::errors::unknown_station,
                              fmt::format("there is no station '{}'", options.station),
                              options.folder, "use a code of stations.csv"});
  }
  show_station(*definition, *station, language);
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
  if (!report.findings().empty()) fmt::print("{}", report.text());
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
