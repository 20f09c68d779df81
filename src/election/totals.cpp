#include "election/totals.hpp"

#include "election/errors.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

namespace urna::election {
namespace {

// Adds without wrapping around; false when the sum does not fit.
[[nodiscard]] bool add_to(std::uint64_t& sum, std::uint64_t more) {
  return !__builtin_add_overflow(sum, more, &sum);
}

std::unexpected<Error> overflow_error(std::string_view where) {
  return fail(errors::overflow,
              fmt::format("the votes at {} exceed what 64 bits can count", where),
              "look for a number that cannot be true");
}

[[nodiscard]] bool add_figures(AreaFigures& sum, const AreaFigures& more) {
  return add_to(sum.stations, more.stations) && add_to(sum.counted, more.counted) &&
         add_to(sum.registered, more.registered) &&
         add_to(sum.registered_counted, more.registered_counted) &&
         add_to(sum.not_stated, more.not_stated) &&
         add_to(sum.not_stated_counted, more.not_stated_counted) &&
         add_to(sum.cast, more.cast) &&
         add_to(sum.cast_not_stated, more.cast_not_stated);
}

}  // namespace

std::uint64_t ContestTotal::votes() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t option : options) sum += option;
  return sum;
}

Totals::Totals(Definition definition)
    : definition_(std::move(definition)), stations_(definition_.stations().size()) {
  for (const Place& place : definition_.places()) {
    place_start_.push_back(place_votes_.size());
    place_votes_.resize(place_votes_.size() + definition_.styles()[place.style].fields);
  }
  place_figures_.resize(definition_.places().size());
  lay_out_areas();
}

// Gives every area a slot for each contest that some place in it votes on.
void Totals::lay_out_areas() {
  std::vector<std::vector<ContestIndex>> contests(definition_.areas().size());
  for (const Place& place : definition_.places()) {
    const auto& on_ballot = definition_.styles()[place.style].contests;
    for (const AreaIndex area : place.areas) {
      contests[area].insert(contests[area].end(), on_ballot.begin(), on_ballot.end());
    }
  }
  std::size_t fields = 0;
  for (auto& list : contests) {
    std::ranges::sort(list);
    const auto [from, to] = std::ranges::unique(list);
    list.erase(from, to);
    area_start_.push_back(area_contests_.size());
    for (const ContestIndex contest : list) {
      area_contests_.push_back(contest);
      slot_start_.push_back(fields);
      fields += definition_.contests()[contest].fields();
    }
  }
  area_start_.push_back(area_contests_.size());
  slot_votes_.resize(fields);
  slot_stations_.resize(area_contests_.size());
  area_figures_.resize(definition_.areas().size());
}

Result<void> Totals::add(StationIndex station, std::span<const std::uint64_t> row,
                         const StationFigures& figures) {
  const Station& where = definition_.stations()[station];
  const BallotStyle& style = definition_.style_of(station);
  if (row.size() != style.fields) {
    return fail(
        errors::wrong_fields,
        fmt::format("{} numbers for the station {}, whose ballot style {} has {}",
                    row.size(), where.code, style.code, style.fields),
        "give the options, blank and null of each contest of the style");
  }
  const std::size_t start = place_start_[where.place];
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!add_to(place_votes_[start + i], row[i])) return overflow_error(where.code);
  }
  StationState& state = stations_[station];
  state.counted = true;
  if (figures.registered) {
    state.registered = std::max(state.registered.value_or(0), *figures.registered);
  }
  if (!figures.cast) {
    state.cast_open = true;
  } else if (!add_to(state.cast, *figures.cast)) {
    return overflow_error(where.code);
  }
  return {};
}

AreaFigures Totals::station_figures(StationIndex station) const {
  const StationState& state = stations_[station];
  std::optional<std::uint64_t> registered = state.registered;
  if (!registered) registered = definition_.stations()[station].registered;
  AreaFigures out;
  out.stations = 1;
  out.counted = state.counted ? 1 : 0;
  out.registered = registered.value_or(0);
  out.not_stated = registered ? 0 : 1;
  if (!state.counted) return out;
  out.registered_counted = out.registered;
  out.not_stated_counted = out.not_stated;
  out.cast = state.cast_open ? 0 : state.cast;
  out.cast_not_stated = state.cast_open ? 1 : 0;
  return out;
}

Result<void> Totals::finish() {
  const auto places = definition_.places();
  for (std::size_t p = 0; p < places.size(); ++p) {
    const Place& place = places[p];
    AreaFigures& here = place_figures_[p];
    for (const StationIndex station : place.stations) {
      if (!add_figures(here, station_figures(station))) {
        return overflow_error(definition_.stations()[station].code);
      }
    }
    for (const AreaIndex area : place.areas) URNA_CHECK(add_place(p, area));
  }
  return {};
}

Result<void> Totals::add_place(std::size_t p, AreaIndex area) {
  const Place& place = definition_.places()[p];
  const BallotStyle& style = definition_.styles()[place.style];
  const std::string& name = definition_.areas()[area].code;
  if (!add_figures(area_figures_[area], place_figures_[p])) return overflow_error(name);
  for (std::size_t i = 0; i < style.contests.size(); ++i) {
    const std::size_t at = *slot(area, style.contests[i]);
    slot_stations_[at].stations += place_figures_[p].stations;
    slot_stations_[at].counted += place_figures_[p].counted;
    const std::size_t from = place_start_[p] + style.field_start[i];
    const std::size_t fields = definition_.contests()[style.contests[i]].fields();
    for (std::size_t f = 0; f < fields; ++f) {
      if (!add_to(slot_votes_[slot_start_[at] + f], place_votes_[from + f])) {
        return overflow_error(name);
      }
    }
  }
  return {};
}

const AreaFigures& Totals::figures(AreaIndex area) const {
  return area_figures_[area];
}

std::span<const ContestIndex> Totals::contests(AreaIndex area) const {
  return std::span(area_contests_)
      .subspan(area_start_[area], area_start_[area + 1] - area_start_[area]);
}

std::optional<std::size_t> Totals::slot(AreaIndex area, ContestIndex contest) const {
  const auto list = contests(area);
  const auto found = std::ranges::lower_bound(list, contest);
  if (found == list.end() || *found != contest) return std::nullopt;
  return area_start_[area] + static_cast<std::size_t>(found - list.begin());
}

std::optional<ContestTotal> Totals::total(AreaIndex area, ContestIndex contest) const {
  const auto at = slot(area, contest);
  if (!at) return std::nullopt;
  const std::size_t options = definition_.contests()[contest].options.size();
  const auto row = std::span(slot_votes_).subspan(slot_start_[*at], options + 2);
  return ContestTotal{row.first(options), row[options], row[options + 1],
                      slot_stations_[*at].stations, slot_stations_[*at].counted};
}

ContestTotal Totals::total(ContestIndex contest) const {
  // A definition has no contest that no station votes on.
  return *total(definition_.contests()[contest].area, contest);
}

std::vector<std::uint64_t> Totals::by_contender(ContestIndex contest) const {
  const Contest& what = definition_.contests()[contest];
  const ContestTotal sum = total(contest);
  std::vector<std::uint64_t> out(what.contenders.size(), 0);
  for (std::size_t i = 0; i < what.options.size(); ++i) {
    out[what.options[i].contender] += sum.options[i];
  }
  return out;
}

std::vector<std::uint64_t> Totals::by_award_list(AwardIndex award) const {
  const Award& what = definition_.awards()[award];
  std::map<PartyIndex, std::size_t> list_of;
  for (std::size_t i = 0; i < what.lists.size(); ++i) {
    for (const PartyIndex card : what.lists[i].cards) list_of.emplace(card, i);
  }
  std::vector<std::uint64_t> out(what.lists.size(), 0);
  for (const ContestIndex contest : what.contests) {
    const auto& options = definition_.contests()[contest].options;
    const ContestTotal sum = total(contest);
    for (std::size_t i = 0; i < options.size(); ++i) {
      // No two cards of a joint card belong to different lists: the loader checked it.
      for (const PartyIndex card : options[i].cards) {
        const auto found = list_of.find(card);
        if (found == list_of.end()) continue;
        out[found->second] += sum.options[i];
        break;
      }
    }
  }
  return out;
}

}  // namespace urna::election
