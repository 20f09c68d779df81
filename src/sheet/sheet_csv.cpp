#include "sheet/counts.hpp"
#include "sheet/definition_check.hpp"
#include "sheet/errors.hpp"
#include "sheet/sheet_json.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

struct Columns {
  std::size_t station, contest, item, value;
};

std::optional<Columns> find_columns(const base::CsvTable& table, base::Report& report) {
  const auto station = table.column("station"), contest = table.column("contest");
  const auto item = table.column("item"), value = table.column("value");
  if (station && contest && item && value && table.header().size() == 4) {
    return Columns{*station, *contest, *item, *value};
  }
  report.problem(errors::bad_import, {table.file(), 1, {}},
                 "the columns must be station, contest, item, value",
                 "one number a row, under these four names");
  return std::nullopt;
}

// Where the number of a row belongs, or nullptr.
struct Target {
  Count* count = nullptr;
  std::uint32_t* votes = nullptr;
};

Target find_target(SheetFields& f, std::string_view contest, std::string_view item) {
  Target out;
  if (contest.empty()) {
    (void)visit_counts(f,
                       [&](std::string_view key, auto, bool, Count& c) -> Result<void> {
                         if (key == item) out.count = &c;
                         return {};
                       });
    return out;
  }
  const auto found = std::ranges::find(f.contests, contest, &ContestResult::code);
  if (found == f.contests.end()) return out;
  if (item == "BALLOTS") out.count = &found->ballots;
  if (item == "BLANK") out.count = &found->blank;
  if (item == "NULL") out.count = &found->null_votes;
  const auto option = std::ranges::find(found->options, item, &OptionVotes::code);
  if (out.count == nullptr && option != found->options.end())
    out.votes = &option->votes;
  return out;
}

}  // namespace

std::vector<SheetFields> sheets_from_csv(const base::CsvTable& table,
                                         const election::Definition& definition,
                                         base::Report& report) {
  std::vector<SheetFields> out;
  const auto columns = find_columns(table, report);
  if (!columns) return out;
  std::map<std::string_view, std::size_t> where;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, bool> seen;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view code = table.cell(row, columns->station);
    const std::string_view contest = table.cell(row, columns->contest);
    const std::string_view item = table.cell(row, columns->item);
    const auto station = definition.find_station(code);
    if (!station) {
      report.problem(errors::not_in_definition, table.place(row, "station"),
                     fmt::format("the definition has no station '{}'", code));
      continue;
    }
    const auto [at, fresh] = where.emplace(code, out.size());
    if (fresh) out.push_back(blank_sheet(definition, *station));
    const Target target = find_target(out[at->second], contest, item);
    if (target.count == nullptr && target.votes == nullptr) {
      report.problem(
          errors::import_mismatch, table.place(row, "item"),
          fmt::format("station {} has no '{}' in contest '{}'", code, item, contest),
          "use the codes of the definition, or BALLOTS, BLANK, NULL");
      continue;
    }
    if (!seen.emplace(std::tuple(code, contest, item), true).second) {
      report.problem(errors::duplicate_code, table.place(row, "item"),
                     fmt::format("'{}' of contest '{}' a second time", item, contest));
      continue;
    }
    const auto number = base::parse_count(table.cell(row, columns->value), kMaxCount);
    if (!number) {
      report.add(number.error(), table.place(row, "value"));
    } else if (target.count != nullptr) {
      *target.count = static_cast<std::uint32_t>(*number);
    } else {
      *target.votes = static_cast<std::uint32_t>(*number);
    }
  }
  return out;
}

}  // namespace urna::sheet
