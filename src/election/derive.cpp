// What follows from the tables: places, ballot styles, and the checks that need all of
// them.
#include "election/loading.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace urna::election {
namespace {

// "" or "s": numbers in findings read as sentences.
std::string stations(std::size_t n) {
  return n == 1 ? "1 station" : fmt::format("{} stations", n);
}

class PlaceBuilder {
 public:
  explicit PlaceBuilder(Loading& loading) : loading_(loading), model_(loading.model) {}

  void run() {
    // Most stations lie in one area and nothing else: these are found by index.
    std::vector<std::optional<PlaceIndex>> simple(model_.areas.size());
    std::map<std::pair<AreaIndex, std::vector<AreaIndex>>, PlaceIndex> others;
    for (StationIndex i = 0; i < model_.stations.size(); ++i) {
      Station& station = model_.stations[i];
      if (station.area >= loading_.area_within.size()) continue;  // reported
      const auto fresh = static_cast<PlaceIndex>(model_.places.size());
      if (station.also_in.empty()) {
        auto& there = simple[station.area];
        if (!there) there = fresh;
        station.place = *there;
      } else {
        station.place = others.emplace(std::pair{station.area, station.also_in}, fresh)
                            .first->second;
      }
      if (station.place == fresh) model_.places.push_back(build(station));
      model_.places[station.place].stations.push_back(i);
    }
    for (const Place& place : model_.places) check(place);
    check_areas();
  }

 private:
  Place build(const Station& station) {
    Place place;
    place.areas = loading_.area_within[station.area];
    for (const AreaIndex also : station.also_in) {
      const auto& more = loading_.area_within[also];
      place.areas.insert(place.areas.end(), more.begin(), more.end());
    }
    std::ranges::sort(place.areas);
    const auto [from, to] = std::ranges::unique(place.areas);
    place.areas.erase(from, to);
    return place;
  }

  // Overlaps inside one area chain were reported with the area; here are those that
  // come from `also_in`, and kinds that every station needs.
  void check(const Place& place) {
    const Station& first = model_.stations[place.stations.front()];
    const Origin& origin = loading_.station_origin[place.stations.front()];
    std::vector<std::optional<AreaIndex>> of_kind(model_.area_kinds.size());
    for (const AreaIndex area : place.areas) {
      auto& there = of_kind[model_.areas[area].kind];
      if (there && !first.also_in.empty()) {
        loading_.report.problem(
            errors::area_overlap, origin.place("also_in"),
            fmt::format(
                "the station lies in {} and in {}, both of kind {} ({} like it)",
                model_.areas[*there].code, model_.areas[area].code,
                model_.area_kinds[model_.areas[area].kind].code,
                stations(place.stations.size())),
            "a station lies in at most one area of each kind: remove one");
      }
      there = area;
    }
    for (std::size_t kind = 0; kind < of_kind.size(); ++kind) {
      if (of_kind[kind] || !model_.area_kinds[kind].every_station) continue;
      loading_.report.problem(
          errors::station_missing_kind, origin.place("area"),
          fmt::format("the station lies in no area of kind {} ({} like it)",
                      model_.area_kinds[kind].code, stations(place.stations.size())),
          "put it, or the area it lies in, into one");
    }
  }

  void check_areas() {
    std::vector<std::size_t> held(model_.areas.size(), 0);
    for (const Place& place : model_.places) {
      for (const AreaIndex area : place.areas) held[area] += place.stations.size();
    }
    for (std::size_t i = 0; i < held.size(); ++i) {
      const AreaKind& kind = model_.area_kinds[model_.areas[i].kind];
      if (held[i] > 0 || !kind.holds_stations) continue;
      loading_.report.warning(
          errors::area_no_stations, loading_.area_origin[i].place("code"),
          fmt::format("there is no station in {}", model_.areas[i].code),
          "add its stations, or remove the area if nobody votes there");
    }
  }

  Loading& loading_;
  Model& model_;
};

// The contests whose area contains the place, ascending.
std::vector<ContestIndex> contests_of(
    const Place& place, const std::vector<std::vector<ContestIndex>>& in) {
  std::vector<ContestIndex> out;
  for (const AreaIndex area : place.areas) {
    out.insert(out.end(), in[area].begin(), in[area].end());
  }
  std::ranges::sort(out);
  return out;
}

BallotStyle make_style(const Model& model, std::vector<ContestIndex> contests) {
  BallotStyle style;
  style.contests = std::move(contests);
  for (const ContestIndex i : style.contests) {
    style.field_start.push_back(style.fields);
    style.fields += static_cast<std::uint32_t>(model.contests[i].fields());
    style.options += model.contests[i].options.size();
  }
  return style;
}

void check_voters(Loading& loading) {
  const Model& model = loading.model;
  std::vector<std::size_t> voting(model.contests.size(), 0);
  std::vector<bool> somebody(model.contests.size(), false);
  for (const Place& place : model.places) {
    for (const ContestIndex contest : model.styles[place.style].contests) {
      voting[contest] += place.stations.size();
      for (const StationIndex station : place.stations) {
        const auto& registered = model.stations[station].registered;
        if (!registered || *registered > 0) somebody[contest] = true;
      }
    }
  }
  for (std::size_t i = 0; i < voting.size(); ++i) {
    const Contest& contest = model.contests[i];
    if (contest.area >= model.areas.size() || somebody[i]) continue;
    loading.report.problem(
        errors::no_voters, loading.contest_origin[i].place("area"),
        fmt::format("nobody can vote in {}: {} {}", contest.code,
                    model.areas[contest.area].code,
                    voting[i] == 0 ? "contains no station"
                                   : "has no registered voter at any station"),
        "correct its area, or add the stations that are missing");
  }
}

void check_few_registered(Loading& loading) {
  const Model& model = loading.model;
  std::size_t not_stated = 0;
  std::optional<StationIndex> first;
  for (StationIndex i = 0; i < model.stations.size(); ++i) {
    const Station& station = model.stations[i];
    if (!station.registered) {
      ++not_stated;
      if (!first) first = i;
      continue;
    }
    if (*station.registered >= model.minimum_registered) continue;
    loading.report.warning(
        errors::few_registered, loading.station_origin[i].place("registered"),
        fmt::format(
            "the station {} has {} registered voters, fewer than {}: its result "
            "may show how single people voted",
            station.code, *station.registered, model.minimum_registered),
        "merge it with a neighbour before the election");
  }
  if (!first) return;
  loading.report.warning(
      errors::registered_not_stated, loading.station_origin[*first].place("registered"),
      fmt::format("{} of {} stations do not state their registered voters; {} is the "
                  "first",
                  not_stated, model.stations.size(), model.stations[*first].code),
      "without the number nothing can be said about turnout there, nor about how much "
      "a missing station could change");
}

void check_registered_sums(Loading& loading) {
  const Model& model = loading.model;
  std::vector<std::uint64_t> sum(model.areas.size(), 0);
  std::vector<std::uint64_t> open(model.areas.size(), 0);
  for (const Place& place : model.places) {
    std::uint64_t here = 0;
    std::uint64_t unstated = 0;
    for (const StationIndex station : place.stations) {
      const auto& registered = model.stations[station].registered;
      here += registered.value_or(0);
      if (!registered) ++unstated;
    }
    for (const AreaIndex area : place.areas) {
      sum[area] += here;
      open[area] += unstated;
    }
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const auto& declared = model.areas[i].registered;
    if (!declared) continue;
    const bool fits = open[i] == 0 ? sum[i] == *declared : sum[i] <= *declared;
    if (fits) continue;
    loading.report.problem(
        errors::registered_sum, loading.area_origin[i].place("registered"),
        fmt::format("{} has {} registered voters, its stations have {}{}",
                    model.areas[i].code, *declared, sum[i],
                    open[i] == 0 ? ""
                                 : fmt::format(" without the {} that state none",
                                               stations(open[i]))),
        "a station is missing, counted in the wrong area, or has a wrong number");
  }
}

}  // namespace

void derive_places(Loading& loading) {
  PlaceBuilder(loading).run();
}

void derive_styles(Loading& loading) {
  Model& model = loading.model;
  std::vector<std::vector<ContestIndex>> in(model.areas.size());
  for (ContestIndex i = 0; i < model.contests.size(); ++i) {
    const AreaIndex area = model.contests[i].area;
    if (area < in.size()) in[area].push_back(i);
  }
  // Sorted by their contests, so that style numbers depend on the definition only.
  std::map<std::vector<ContestIndex>, StyleIndex> styles;
  for (const Place& place : model.places) styles.emplace(contests_of(place, in), 0);
  for (auto& [contests, index] : styles) {
    index = static_cast<StyleIndex>(model.styles.size());
    model.styles.push_back(make_style(model, contests));
    model.styles.back().code = fmt::format("S{}", index + 1);
  }
  for (Place& place : model.places) {
    place.style = styles.at(contests_of(place, in));
    if (!model.styles[place.style].contests.empty() || !loading.contests_usable)
      continue;
    loading.report.problem(
        errors::no_ballot, loading.station_origin[place.stations.front()].place("area"),
        fmt::format("the voters of {} have nothing to vote on ({} like it)",
                    model.stations[place.stations.front()].code,
                    stations(place.stations.size())),
        "add a contest for an area that contains the station, or remove it");
  }
}

void check_numbers(Loading& loading) {
  check_voters(loading);
  check_few_registered(loading);
  check_registered_sums(loading);
}

}  // namespace urna::election
