// Compensatory mixed-member systems: list seats fill what district seats left unequal.
// When a party wins more districts than its share, either the house takes the extra
// seats in (overhang, New Zealand) or grows until they fit everybody's share (Germany
// from 2013 to 2021).
//
// Pure; plain values.
#pragma once

#include "seats/allocation.hpp"

#include <string>
#include <vector>

namespace urna::seats {

// New Zealand, Electoral Act 1993 ss. 191-192: `rules.seats` by quotients among the
// parties over the threshold; a party keeps districts beyond its share and the house
// is larger by them. Seats won by those who take no part in the list award (below the
// threshold, independents) come off the house first. The result's `house` is the
// resulting size; overhang steps say by whom and by how many it grew.
[[nodiscard]] Result<Allocation> allocate_with_overhang(
    const Contest& contest, const Rules& rules, std::span<const Drawing> drawings = {});

// The same as one stage of a larger award.
[[nodiscard]] Result<Allocation> allocate_with_overhang(const Contest& contest,
                                                        const Rules& rules,
                                                        DrawingBook& drawings,
                                                        std::string_view stage);

struct Region {
  std::string name{};
  Votes population = 0;
  struct Party {
    std::string name{};
    Votes votes = 0;
    SeatCount districts = 0;
  };
  std::vector<Party> parties{};
};

struct GrowingHouse {
  SeatCount seats = 598;
  Threshold threshold{.share = {1, 20}, .or_districts = 3};
  Votes other_votes = 0;  // valid votes of lists that are not named: for the threshold
  Method method = Method::sainte_lague;
  SeatCount limit = 5000;  // stop with unbounded_house beyond this size
};

struct GrownHouse {
  Allocation regions{};                // first step: seats of each region
  std::vector<Allocation> within{};    // second: parties inside each region
  std::vector<std::string> parties{};  // those that take part
  std::vector<Votes> votes{};          // their national votes
  std::vector<SeatCount> minimum{};    // their guaranteed seats
  Allocation national{};               // third: parties in the grown house
  std::vector<Allocation> lists{};     // fourth: each party's regions
  SeatCount house = 0;
  std::vector<LotsNeeded> lots{};
};

// Bundeswahlgesetz section 6 as in force from 2013 to 2020. A party's minimum is the
// sum over the regions of the larger of its seats there by the second step and its
// districts there; the house grows until the third step gives everybody the minimum;
// each regional list keeps at least its districts. Errors: as allocate(), and
// unbounded_house.
[[nodiscard]] Result<GrownHouse> allocate_growing_house(
    const std::vector<Region>& regions, const GrowingHouse& rules,
    std::span<const Drawing> drawings = {});

// The smallest house of at least `seats` in which the divisor method gives everybody
// the minimum. Lists that tie for the last seat of the growth all receive it, since no
// lot can decide the size of a house. Error: unbounded_house.
[[nodiscard]] Result<SeatCount> grow_house(const std::vector<Votes>& votes,
                                           const std::vector<SeatCount>& minimum,
                                           Method method, SeatCount seats,
                                           SeatCount limit);

}  // namespace urna::seats
