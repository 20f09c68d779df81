#include "checkin/roll_import.hpp"

#include "checkin/errors.hpp"
#include "checkin/words.hpp"
#include "finger/match/codec.hpp"
#include "finger/read_print.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

using base::Json;

constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxPrintFile = 16u << 20;

struct Columns {
  std::size_t id = 0, surnames = 0;
  std::optional<std::size_t> names, station, area;
  std::vector<std::pair<finger::FingerPosition, std::size_t>> prints;
};

std::optional<std::size_t> column_of(const base::CsvTable& table,
                                     const std::string& name, base::Report& report) {
  const auto found = table.column(name);
  if (!found) {
    report.problem(errors::bad_mapping, {table.file(), 1, name},
                   fmt::format("the roll has no column '{}'", name),
                   "write the column's name in the mapping as the roll's first row has "
                   "it");
  }
  return found;
}

std::optional<Columns> find_columns(const base::CsvTable& table,
                                    const RollMapping& mapping, base::Report& report) {
  Columns out;
  const auto id = column_of(table, mapping.id, report);
  const auto surnames = column_of(table, mapping.surnames, report);
  if (!mapping.names.empty()) out.names = column_of(table, mapping.names, report);
  if (!mapping.station.empty()) out.station = column_of(table, mapping.station, report);
  if (!mapping.area.empty()) out.area = column_of(table, mapping.area, report);
  for (const auto& [position, name] : mapping.prints) {
    const auto column = column_of(table, name, report);
    if (column) out.prints.emplace_back(position, *column);
  }
  if (!report.ok()) return std::nullopt;
  out.id = *id;
  out.surnames = *surnames;
  return out;
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

class Importer {
 public:
  Importer(base::FileSystem& files, const base::CsvTable& table, const Columns& columns,
           const std::string& prints, const RollMapping& mapping,
           const election::Definition& definition, base::Report& report)
      : files_(files),
        table_(table),
        columns_(columns),
        prints_(prints),
        mapping_(mapping),
        definition_(definition),
        report_(report),
        at_station_(definition.stations().size()) {}

  std::vector<Roll> run() {
    for (std::size_t row = 0; row < table_.rows(); ++row) take(row);
    deal_areas();
    check_sizes();
    if (!report_.ok()) return {};
    std::vector<Roll> out;
    for (std::size_t s = 0; s < at_station_.size(); ++s) {
      Roll roll;
      roll.definition = definition_.hash();
      roll.station = definition_.stations()[s].code;
      std::ranges::sort(at_station_[s], {}, &Voter::id);
      roll.voters = std::move(at_station_[s]);
      out.push_back(std::move(roll));
    }
    return out;
  }

 private:
  void problem(ErrorKind kind, std::size_t row, const std::string& column,
               std::string message, std::string to_do) {
    report_.problem(kind, table_.place(row, column), std::move(message),
                    std::move(to_do));
  }

  void take(std::size_t row) {
    Voter voter;
    voter.id = id_number(table_.cell(row, columns_.id));
    voter.surnames = trimmed(table_.cell(row, columns_.surnames));
    if (columns_.names) voter.names = trimmed(table_.cell(row, *columns_.names));
    bool good = true;
    if (voter.id.empty()) {
      problem(errors::bad_voter, row, mapping_.id,
              fmt::format("'{}' is no ID number", table_.cell(row, columns_.id)),
              fmt::format("1 to {} letters A-Z and digits", kMaxId));
      good = false;
    } else if (const auto [first, fresh] = seen_.try_emplace(voter.id, row); !fresh) {
      problem(errors::duplicate_voter, row, mapping_.id,
              fmt::format("{} stands already in line {}", voter.id,
                          table_.line(first->second)),
              "decide which of the two rows is right and remove the other");
      good = false;
    }
    const auto check_name = [&](const std::string& name, const std::string& column) {
      if (!folded(name).empty() && name.size() <= kMaxName) return;
      problem(errors::bad_voter, row, column,
              name.empty() ? "the name is missing" : "this is no name",
              "complete the row");
      good = false;
    };
    check_name(voter.surnames, mapping_.surnames);
    if (columns_.names) check_name(voter.names, mapping_.names);
    for (const auto& [position, column] : columns_.prints) {
      add_print(row, position, table_.cell(row, column), voter);
    }
    place(row, good, std::move(voter));
  }

  void add_print(std::size_t row, finger::FingerPosition position,
                 std::string_view cell, Voter& voter) {
    const std::string name = trimmed(cell);
    if (name.empty()) return;
    const auto read = [&]() -> Result<Bytes> {
      URNA_TRY(const Bytes bytes,
               base::read_file(files_, base::join_path(prints_, name), kMaxPrintFile));
      URNA_TRY(auto print, finger::print_from(bytes, {}));
      print.position = position;
      return finger::encode_template(print);
    };
    auto print = read();
    if (print) {
      voter.prints.push_back({position, *std::move(print)});
      return;
    }
    // The voter votes all the same: as one without a stored print.
    report_.warning(errors::print_unreadable,
                    table_.place(row, std::string(position_name(position))),
                    fmt::format("'{}': {}", name, print.error().message),
                    "the voter will be checked in without this finger");
  }

  void place(std::size_t row, bool good, Voter voter) {
    if (columns_.station) {
      const std::string code = trimmed(table_.cell(row, *columns_.station));
      const auto station = definition_.find_station(code);
      if (!station) {
        problem(errors::unknown_station, row, mapping_.station,
                fmt::format("the definition has no station '{}'", code),
                "correct the code, or add the station to the definition");
      } else if (good) {
        at_station_[*station].push_back(std::move(voter));
      }
      return;
    }
    const std::string code = trimmed(table_.cell(row, *columns_.area));
    const auto area = definition_.find_area(code);
    if (!area || stations_of(*area).empty()) {
      problem(errors::unknown_station, row, mapping_.area,
              fmt::format("the definition has no area '{}' with stations", code),
              "correct the code, or add stations to the definition");
    } else if (good) {
      in_area_[*area].push_back(std::move(voter));
    }
  }

  [[nodiscard]] std::vector<std::size_t> stations_of(election::AreaIndex area) const {
    std::vector<std::size_t> out;
    for (std::size_t s = 0; s < definition_.stations().size(); ++s) {
      if (definition_.stations()[s].area == area) out.push_back(s);
    }
    return out;
  }

  void deal_areas() {
    for (auto& [area, voters] : in_area_) {
      std::ranges::sort(voters, {}, &Voter::id);
      const auto stations = stations_of(area);
      std::size_t dealt = 0;
      for (std::size_t i = 0; i < stations.size(); ++i) {
        const auto& registered = definition_.stations()[stations[i]].registered;
        const std::size_t left = voters.size() - dealt;
        const std::size_t even =
            (left + stations.size() - i - 1) / (stations.size() - i);
        const std::size_t here = std::min<std::size_t>(left, registered.value_or(even));
        for (std::size_t n = 0; n < here; ++n) {
          at_station_[stations[i]].push_back(std::move(voters[dealt++]));
        }
      }
      if (dealt == voters.size()) continue;
      report_.problem(
          errors::no_room, {table_.file(), 0, mapping_.area},
          fmt::format("{} voters of area {} find no place in its stations",
                      voters.size() - dealt, definition_.areas()[area].code),
          "raise the stations' registered numbers, or add a station");
    }
  }

  void check_sizes() {
    for (std::size_t s = 0; s < at_station_.size(); ++s) {
      const auto& station = definition_.stations()[s];
      if (!station.registered || *station.registered == at_station_[s].size()) continue;
      report_.warning(
          errors::registered_differs, {table_.file(), 0, {}},
          fmt::format("station {} has {} voters, the definition says {}", station.code,
                      at_station_[s].size(), *station.registered),
          "publish the number that is right before the election");
    }
  }

  base::FileSystem& files_;
  const base::CsvTable& table_;
  const Columns& columns_;
  const std::string& prints_;
  const RollMapping& mapping_;
  const election::Definition& definition_;
  base::Report& report_;
  std::vector<std::vector<Voter>> at_station_;
  std::map<election::AreaIndex, std::vector<Voter>> in_area_;
  std::unordered_map<std::string, std::size_t> seen_;
};

void read_prints(const Json& object, const std::string& file, base::Report& report,
                 RollMapping& out) {
  for (const auto& [name, column] : object.members()) {
    const auto position = position_of(name);
    if (!position || *position == finger::FingerPosition::unknown ||
        column.if_string() == nullptr) {
      report.problem(errors::bad_mapping, {file, 0, "/columns/prints/" + name},
                     "this is no finger with a column",
                     "right_thumb, right_index, ... left_little");
      continue;
    }
    out.prints.emplace_back(*position, *column.if_string());
  }
}

}  // namespace

std::optional<RollMapping> read_mapping(const Json& json, const std::string& file,
                                        base::Report& report) {
  base::ObjectReader r(json, file, "", report);
  RollMapping out;
  const auto format = r.string("format");
  const auto encoding = r.optional_string("encoding");
  const auto separator = r.optional_string("separator");
  const Json* columns = r.object("columns");
  r.finish();
  if (format && *format != "urna-roll-mapping-1") {
    report.problem(errors::bad_mapping, {file, 0, "/format"},
                   fmt::format("'{}' is not known", *format), "urna-roll-mapping-1");
  }
  if (encoding) {
    const auto known = base::text_encoding(*encoding);
    if (known) out.encoding = *known;
    if (!known) report.add(known.error(), {file, 0, "/encoding"});
  }
  if (separator && separator->size() == 1) {
    out.separator = separator->front();
  } else if (separator) {
    report.problem(errors::bad_mapping, {file, 0, "/separator"},
                   "the separator is one character");
  }
  if (columns == nullptr) return std::nullopt;
  base::ObjectReader c(*columns, file, "/columns", report);
  out.id = c.string("id").value_or("");
  out.surnames = c.string("surnames").value_or("");
  out.names = c.optional_string("names").value_or("");
  out.station = c.optional_string("station").value_or("");
  out.area = c.optional_string("area").value_or("");
  if (const Json* prints = c.optional_object("prints")) {
    read_prints(*prints, file, report, out);
  }
  c.finish();
  if (out.station.empty() == out.area.empty()) {
    report.problem(errors::bad_mapping, {file, 0, "/columns"},
                   "the mapping names either the station's column or the area's");
  }
  if (!report.ok()) return std::nullopt;
  return out;
}

std::vector<Roll> import_roll(base::FileSystem& files, const base::CsvTable& table,
                              const RollMapping& mapping, const std::string& prints,
                              const election::Definition& definition,
                              base::Report& report) {
  const auto columns = find_columns(table, mapping, report);
  if (!columns) return {};
  return Importer(files, table, *columns, prints, mapping, definition, report).run();
}

}  // namespace urna::checkin
