// Parallel (segmented) systems: seats by plurality in circuits, seats by list in
// regions, and seats by national list, each part on its own, none compensating another.
// The Venezuelan National Assembly of 2020 is the case this was written for: 130
// nominal seats in 87 circuits, 96 by state list, 48 by a national list awarded on the
// sum of the state-list votes, 3 reserved seats filled outside this award (CNE special
// rules of 1 July 2020 after TSJ ruling 0068/2020; LOPRE arts. 9, 19 and 20).
//
// Pure; plain values.
#pragma once

#include "seats/allocation.hpp"

#include <string>
#include <vector>

namespace urna::seats {

struct ParallelPart {
  std::string name{};  // the stage in drawings: "circuit 0101", "state 04"
  Contest contest{};
  Rules rules{};
  std::vector<std::string> party{};  // nominal parts: the party of each candidate
};

struct ParallelSystem {
  std::vector<ParallelPart> nominal{};
  std::vector<ParallelPart> regional{};
  std::optional<Rules> national{};  // on the sum of the regional votes, by list name
  SeatCount reserved = 0;           // seats of the house filled by other means
};

struct PartySeats {
  std::string party{};
  Votes list_votes = 0;
  SeatCount nominal = 0;
  SeatCount regional = 0;
  SeatCount national = 0;
  [[nodiscard]] SeatCount total() const { return nominal + regional + national; }
};

struct ParallelResult {
  std::vector<Allocation> nominal{};
  std::vector<Allocation> regional{};
  std::optional<Allocation> national{};
  std::vector<PartySeats> parties{};  // most seats first, then most list votes
  SeatCount house = 0;                // with the reserved seats
  SeatCount reserved = 0;
  SeatCount unassigned = 0;
  std::vector<LotsNeeded> lots{};
};

// Awards every part. The national contest has one list for each list name that
// appears in a region, with the sum of its votes and the alliance of its first
// appearance. Errors as allocate().
[[nodiscard]] Result<ParallelResult> allocate_parallel(
    const ParallelSystem& system, std::span<const Drawing> drawings = {});

}  // namespace urna::seats
