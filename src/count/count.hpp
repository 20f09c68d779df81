// The count: documents in, result out. Adds every station's numbers at every level,
// lists what is in conflict and counts it 0 times, awards the seats, and says for
// every contest whether the stations still missing could change its outcome.
//
//   const auto count = tabulate(definition, std::move(documents), decisions);
//   write_text(*count, ...), write_html(*count, ...)
//
// Nothing is a running counter: a count is computed anew from all documents, so the
// same documents and decisions give the same count, byte for byte.
//
// Thread rule: immutable once made; share freely. Public data only.
#pragma once

#include "base/result.hpp"
#include "count/award.hpp"
#include "count/bound.hpp"
#include "count/decision.hpp"
#include "count/document.hpp"
#include "election/totals.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::count {

enum class StationState : std::uint8_t {
  missing,    // nothing has come
  counted,    // counted in full
  partial,    // a segment of it is known to be missing
  conflict,   // something has come that cannot be counted yet
  set_aside,  // decided: nothing of it is counted
};

// Whether people have opened the ballot box behind a counted sheet and counted its
// papers. Tables say nothing about boxes.
enum class BoxState : std::uint8_t { not_stated, not_yet_counted, counted };

struct Station {
  StationState state = StationState::missing;
  BoxState box = BoxState::not_stated;
  std::uint32_t papers = 0;   // found in the box, where it was counted
  std::uint64_t ballots = 0;  // counted ballots: cast, or the least that fits the votes
  std::vector<std::uint32_t> documents{};  // the documents counted, by index
};

// Something that is not counted until somebody decides, or was decided.
struct Conflict {
  ErrorKind kind{};
  std::optional<election::StationIndex> station{};
  std::string station_code{};
  std::vector<std::uint32_t> documents{};  // all documents it is about
  Said message{};
  Said to_do{};
  std::optional<std::size_t> decision{};  // index into Decisions::decisions
};

// Counted, but somebody should look.
struct Notice {
  ErrorKind kind{};
  std::optional<election::StationIndex> station{};
  Said message{};
};

struct Count {
  election::Definition definition;
  Documents documents;
  Decisions decisions;
  election::Totals totals;
  std::vector<Station> stations;
  std::vector<Conflict> conflicts;
  std::vector<Notice> notices;
  std::vector<AwardResult> awards;
  std::vector<ContestBound> bounds;  // one per contest
  House house;
  Said hypothetical;  // not empty: not votes of this election

  [[nodiscard]] std::size_t open_conflicts() const;
  [[nodiscard]] std::uint64_t in_state(StationState state) const;
  [[nodiscard]] std::uint64_t boxes(BoxState state) const;
  [[nodiscard]] std::vector<seats::LotsNeeded> lots() const;
  // Counted ballots of every area, by index.
  [[nodiscard]] std::vector<std::uint64_t> ballots_by_area() const;
};

// Errors: what the decision file does wrong (2640 to 2645), unused_drawing and the like
// from the seats, overflow. Conflicts are part of the result, not errors.
[[nodiscard]] Result<Count> tabulate(election::Definition definition,
                                     Documents documents, Decisions decisions = {},
                                     Said hypothetical = {});

// The least number of ballots that can hold these numbers: for each contest the blank
// and null ones and the votes divided by the limit, whichever contest needs most.
[[nodiscard]] std::uint64_t least_ballots(const election::Definition& definition,
                                          election::StyleIndex style,
                                          std::span<const std::uint64_t> row);

}  // namespace urna::count
