// areas.csv and stations.csv, and in which areas everything lies.
#include "election/loading.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace urna::election {
namespace {

constexpr std::size_t kMaxAreas = 1'000'000;
constexpr std::size_t kMaxStations = 10'000'000;
constexpr std::uint64_t kMaxRegistered = 10'000'000'000;
constexpr std::uint64_t kMaxStationRegistered = 1'000'000;

enum AreaColumn : std::size_t { kCode, kKind, kIn, kRegistered, kSeats };
enum StationColumn : std::size_t { kStation, kArea, kAlsoIn, kAddress, kVoters };

// The rows `in` names, sorted into the order of the kinds that `area` must lie within.
// Areas may be named before their own row, so this runs when all codes are known.
void place_area(Loading& loading, const Rows& rows, std::size_t row, AreaIndex own) {
  Area& area = loading.model.areas[own];
  const AreaKind& kind = loading.model.area_kinds[area.kind];
  std::vector<std::optional<AreaIndex>> found(kind.within.size());
  bool good = true;
  for (const std::string_view code : split(rows.cell(row, kIn), ';')) {
    const auto around = loading.areas.find(code);
    if (around == loading.areas.end()) {
      loading.report.problem(
          errors::unknown_area, rows.place(row, "in"),
          fmt::format("there is no area {}", base::json_quoted(code)),
          "use the code of another row of areas.csv; separate "
          "several with semicolons");
      good = false;
      continue;
    }
    const std::uint32_t around_kind = loading.model.areas[around->second].kind;
    const auto slot = std::ranges::find(kind.within, around_kind);
    if (slot == kind.within.end()) {
      loading.report.problem(
          errors::area_parents, rows.place(row, "in"),
          fmt::format("an area of kind {} does not lie directly within one of kind {}",
                      kind.code, loading.model.area_kinds[around_kind].code),
          "name only areas of the kinds in 'within' of election.json");
      good = false;
      continue;
    }
    auto& there = found[static_cast<std::size_t>(slot - kind.within.begin())];
    if (there) {
      loading.report.problem(
          errors::area_overlap, rows.place(row, "in"),
          fmt::format("the area lies in {} and in {}, both of kind {}",
                      loading.model.areas[*there].code, code,
                      loading.model.area_kinds[around_kind].code),
          "keep one of them");
      good = false;
    }
    there = around->second;
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i]) {
      area.parents.push_back(*found[i]);
    } else if (good) {
      loading.report.problem(errors::area_parents, rows.place(row, "in"),
                             fmt::format("the area lies in no area of kind {}",
                                         loading.model.area_kinds[kind.within[i]].code),
                             "add the code of the area around it");
    }
  }
}

// Fills area_within for all areas: the area itself and everything around it. Kinds lie
// only within earlier kinds, so going by kind meets every parent before its children.
void close_areas(Loading& loading) {
  Model& model = loading.model;
  std::vector<AreaIndex> order(model.areas.size());
  for (AreaIndex i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {},
                    [&](AreaIndex i) { return std::pair{model.areas[i].kind, i}; });
  loading.area_within.resize(model.areas.size());
  for (const AreaIndex own : order) {
    std::vector<AreaIndex> around{own};
    for (const AreaIndex parent : model.areas[own].parents) {
      const auto& more = loading.area_within[parent];
      around.insert(around.end(), more.begin(), more.end());
    }
    std::ranges::sort(around);
    const auto [from, to] = std::ranges::unique(around);
    around.erase(from, to);
    for (std::size_t i = 0; i < around.size(); ++i) {
      for (std::size_t j = i + 1; j < around.size(); ++j) {
        const Area& a = model.areas[around[i]];
        const Area& b = model.areas[around[j]];
        if (a.kind != b.kind) continue;
        loading.report.problem(errors::area_overlap,
                               loading.area_origin[own].place("in"),
                               fmt::format("{} lies in {} and in {}, both of kind {}",
                                           model.areas[own].code, a.code, b.code,
                                           model.area_kinds[a.kind].code),
                               "one of the areas around it is in the wrong place");
      }
    }
    loading.area_within[own] = std::move(around);
  }
}

void check_top(Loading& loading) {
  std::size_t tops = 0;
  for (std::size_t i = 0; i < loading.model.areas.size(); ++i) {
    if (loading.model.areas[i].kind != 0) continue;
    if (++tops < 2) continue;
    loading.report.problem(
        errors::top_area, loading.area_origin[i].place("kind"),
        fmt::format("there are two areas of the top kind {}",
                    loading.model.area_kinds[0].code),
        "one area contains the whole election; give the others a smaller kind");
  }
  if (tops == 0) {
    loading.report.problem(errors::top_area, {"areas.csv", 0, "kind"},
                           fmt::format("there is no area of the top kind {}",
                                       loading.model.area_kinds[0].code),
                           "add the area that contains the whole election");
  }
}

// Names that people cannot tell apart: the same kind, the same area around.
void check_area_names(Loading& loading) {
  std::map<std::pair<std::vector<AreaIndex>, std::string_view>, std::size_t> seen;
  const auto& areas = loading.model.areas;
  for (std::size_t i = 0; i < areas.size(); ++i) {
    if (areas[i].name.empty() || areas[i].parents.empty()) continue;
    std::vector<AreaIndex> key = areas[i].parents;
    key.push_back(areas[i].kind);
    if (!seen.emplace(std::pair{std::move(key), areas[i].name.in(0)}, i).second) {
      loading.report.warning(
          errors::same_name, loading.area_origin[i].place("name"),
          fmt::format("two areas of one kind are called {} in the same place",
                      base::json_quoted(areas[i].name.in(0))),
          "check whether one is a repetition");
    }
  }
}

std::vector<AreaIndex> read_also_in(Loading& loading, const Rows& rows,
                                    std::size_t row) {
  std::vector<AreaIndex> out;
  for (const std::string_view code : split(rows.cell(row, kAlsoIn), ';')) {
    const auto found = loading.areas.find(code);
    if (found != loading.areas.end()) {
      out.push_back(found->second);
    } else if (loading.areas_usable) {
      loading.report.problem(
          errors::unknown_area, rows.place(row, "also_in"),
          fmt::format("there is no area {}", base::json_quoted(code)),
          "use codes of areas.csv, separated by semicolons");
    }
  }
  std::ranges::sort(out);
  const auto [from, to] = std::ranges::unique(out);
  out.erase(from, to);
  return out;
}

void read_station(Loading& loading, const Rows& rows, std::size_t row) {
  Model& model = loading.model;
  const std::string_view code = rows.code(loading, row, kStation, "code");
  const bool mine = claim_code(loading, loading.stations, code,
                               static_cast<StationIndex>(model.stations.size()),
                               rows.place(row, "code"), "a station");
  Station station;
  station.code = code;
  station.area = static_cast<AreaIndex>(model.areas.size());  // none, until found
  const std::string_view area_code = rows.cell(row, kArea);
  const auto area = loading.areas.find(area_code);
  if (area == loading.areas.end()) {
    if (loading.areas_usable) {
      loading.report.problem(
          errors::unknown_area, rows.place(row, "area"),
          area_code.empty()
              ? "the station lies in no area"
              : fmt::format("there is no area {}", base::json_quoted(area_code)),
          "use the code of a row of areas.csv, or add the area there");
    }
  } else {
    station.area = area->second;
    const AreaKind& kind = model.area_kinds[model.areas[area->second].kind];
    if (!kind.holds_stations) {
      loading.report.problem(
          errors::station_area, rows.place(row, "area"),
          fmt::format("{} is of kind {}, which holds no stations directly", area_code,
                      kind.code),
          "put the station in a smaller area, or write \"holds_stations\": true");
    }
  }
  station.also_in = read_also_in(loading, rows, row);
  station.name = rows.text(loading, row, 0, true, kTitleLimit);
  station.address = rows.cell(row, kAddress);
  if (!station.address.empty()) {
    check_text(loading, station.address, rows.place(row, "address"), kTitleLimit);
  }
  const auto voters =
      rows.number(loading, row, kVoters, "registered", 0, kMaxStationRegistered);
  if (voters) station.registered = static_cast<std::uint32_t>(*voters);
  if (!mine) return;
  loading.station_origin.push_back({"stations.csv", rows.place(row, "").line});
  model.stations.push_back(std::move(station));
}

}  // namespace

void load_areas(Loading& loading) {
  Model& model = loading.model;
  const auto rows = Rows::open(
      loading, "areas.csv",
      {{"code"}, {"kind"}, {"in", false}, {"registered", false}, {"seats", false}},
      {"name"}, false);
  if (!rows || model.area_kinds.empty()) return;
  if (rows->size() > kMaxAreas) {
    loading.report.problem(
        errors::too_many, {"areas.csv", 0, {}},
        fmt::format("{} areas; at most {}", rows->size(), kMaxAreas));
    return;
  }
  loading.areas_usable = true;
  std::vector<std::size_t> row_of;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    const std::string_view code = rows->code(loading, row, kCode, "code");
    const bool mine = claim_code(loading, loading.areas, code,
                                 static_cast<AreaIndex>(model.areas.size()),
                                 rows->place(row, "code"), "an area");
    Area area;
    area.code = code;
    area.name = rows->text(loading, row, 0, true, kTitleLimit);
    area.registered =
        rows->number(loading, row, kRegistered, "registered", 0, kMaxRegistered);
    const auto kind = loading.kinds.find(rows->cell(row, kKind));
    if (kind == loading.kinds.end()) {
      loading.report.problem(errors::unknown_kind, rows->place(row, "kind"),
                             fmt::format("{} is not an area kind",
                                         base::json_quoted(rows->cell(row, kKind))),
                             "use a code of 'area_kinds' in election.json");
      // Placed as the smallest kind so that what follows can still be checked.
      area.kind = static_cast<std::uint32_t>(model.area_kinds.size() - 1);
    } else {
      area.kind = kind->second;
    }
    const auto seats = rows->number(loading, row, kSeats, "seats", 0, 100'000);
    if (!mine) continue;
    loading.area_seats.push_back(seats);
    loading.area_origin.push_back({"areas.csv", rows->place(row, "").line});
    row_of.push_back(kind == loading.kinds.end() ? SIZE_MAX : row);
    model.areas.push_back(std::move(area));
  }
  for (AreaIndex i = 0; i < model.areas.size(); ++i) {
    if (row_of[i] != SIZE_MAX) place_area(loading, *rows, row_of[i], i);
  }
  check_top(loading);
  close_areas(loading);
  check_area_names(loading);
}

void load_stations(Loading& loading) {
  const auto rows = Rows::open(
      loading, "stations.csv",
      {{"code"}, {"area"}, {"also_in", false}, {"address", false}, {"registered"}},
      {"name"}, false);
  if (!rows) return;
  if (rows->size() == 0 || rows->size() > kMaxStations) {
    loading.report.problem(
        rows->size() == 0 ? errors::no_stations : errors::too_many,
        {"stations.csv", 0, {}}, fmt::format("the table has {} stations", rows->size()),
        fmt::format("an election has 1 to {} polling stations", kMaxStations));
    return;
  }
  loading.model.stations.reserve(rows->size());
  loading.stations.reserve(rows->size());
  for (std::size_t row = 0; row < rows->size(); ++row) {
    read_station(loading, *rows, row);
  }
}

}  // namespace urna::election
