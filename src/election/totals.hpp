// Votes added at every level: each station's numbers, per contest, summed in every
// area that contains the station (parish, municipality, state, circuit, nation).
// Called by the count and by everything that publishes results; nothing is a running
// counter, totals are computed anew from the stations' documents.
//
// Numbers of one contest stand as on the tally sheet: one per option in ballot order,
// then blank, then null. Sums are 64-bit and every addition is checked.
//
// Cost: stations are added per place (model.hpp) and places are added to their areas
// once, in finish(): linear in the number of stations.
//
// Thread rule: one thread builds; after finish() a Totals may be read by many.
// Public data only.
#pragma once

#include "base/result.hpp"
#include "election/definition.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace urna::election {

// What one station reports besides its votes. Nullopt: the document does not state it.
struct StationFigures {
  std::optional<std::uint64_t> registered;  // nullopt: the definition's number counts
  std::optional<std::uint64_t> cast;
};

// The stations of an area, counted and missing.
struct AreaFigures {
  std::uint64_t stations = 0;            // expected
  std::uint64_t counted = 0;             // of these
  std::uint64_t registered = 0;          // at all stations that state it
  std::uint64_t registered_counted = 0;  // at counted stations that state it
  std::uint64_t not_stated = 0;          // stations without a registered number
  std::uint64_t not_stated_counted = 0;  // counted stations without one
  std::uint64_t cast = 0;                // at counted stations that state it
  std::uint64_t cast_not_stated = 0;     // counted stations that do not state it
};

// The sum of one contest over one area.
struct ContestTotal {
  std::span<const std::uint64_t> options;  // in ballot order
  std::uint64_t blank = 0;
  std::uint64_t null = 0;
  std::uint64_t stations = 0;  // that vote on this contest in this area
  std::uint64_t counted = 0;   // of these

  [[nodiscard]] std::uint64_t votes() const;  // all options added
};

class Totals {
 public:
  explicit Totals(Definition definition);

  // Adds a document of a station: a row as BallotStyle describes it, that is for each
  // contest of the station's style its options, blank and null. May be called several
  // times for a station (segments of a replaced machine); it counts as one station.
  // Errors: wrong_fields when the row has another length; overflow.
  [[nodiscard]] Result<void> add(StationIndex station,
                                 std::span<const std::uint64_t> row,
                                 const StationFigures& figures = {});

  // Whether add() was called for the station.
  [[nodiscard]] bool counted(StationIndex station) const {
    return stations_[station].counted;
  }

  // Sums places into areas. Call once, after the last add(). Error: overflow.
  [[nodiscard]] Result<void> finish();

  // After finish().
  [[nodiscard]] const AreaFigures& figures(AreaIndex area) const;
  // Contests that at least one station of the area votes on, ascending.
  [[nodiscard]] std::span<const ContestIndex> contests(AreaIndex area) const;
  // The contest over the part of `area` that votes on it; nullopt when no part does.
  [[nodiscard]] std::optional<ContestTotal> total(AreaIndex area,
                                                  ContestIndex contest) const;
  // The contest over its own area: its result.
  [[nodiscard]] ContestTotal total(ContestIndex contest) const;
  // Votes per contender of a contest, its cards added: what is awarded.
  [[nodiscard]] std::vector<std::uint64_t> by_contender(ContestIndex contest) const;
  // Votes per list of a `sum` award over all contests that feed it.
  [[nodiscard]] std::vector<std::uint64_t> by_award_list(AwardIndex award) const;

  [[nodiscard]] const Definition& definition() const { return definition_; }

 private:
  struct StationState {
    bool counted = false;
    bool cast_open = false;  // some document does not state it
    std::uint64_t cast = 0;
    std::optional<std::uint64_t> registered;
  };
  struct Cell {
    std::uint64_t stations = 0;
    std::uint64_t counted = 0;
  };
  [[nodiscard]] std::optional<std::size_t> slot(AreaIndex area,
                                                ContestIndex contest) const;

  void lay_out_areas();
  [[nodiscard]] AreaFigures station_figures(StationIndex station) const;
  [[nodiscard]] Result<void> add_place(std::size_t place, AreaIndex area);

  Definition definition_;
  std::vector<StationState> stations_;

  // Per place: one row of its style's fields, and its figures.
  std::vector<std::size_t> place_start_;
  std::vector<std::uint64_t> place_votes_;
  std::vector<AreaFigures> place_figures_;

  // Per area: the contests in it (a slice of area_contests_), and for each of these
  // slots its votes and its stations.
  std::vector<std::size_t> area_start_;
  std::vector<ContestIndex> area_contests_;
  std::vector<std::size_t> slot_start_;
  std::vector<std::uint64_t> slot_votes_;
  std::vector<Cell> slot_stations_;
  std::vector<AreaFigures> area_figures_;
};

}  // namespace urna::election
