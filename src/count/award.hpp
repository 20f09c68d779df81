// From totals to seats: turns the awards of a definition into problems for
// urna::seats, runs them, and gathers the house by party and alliance.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "base/result.hpp"
#include "count/bound.hpp"
#include "election/totals.hpp"
#include "seats/allocation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace urna::count {

// Who a seat belongs to in the picture of the house: an alliance, a party, several
// parties with a joint card, or somebody without a party.
struct Group {
  std::string code;
  election::Text name{};
  std::string colour{};                // may be empty
  std::vector<std::uint32_t> seats{};  // per award of the definition
  std::size_t tint = 0;     // which neutral colour stands in for a missing one
  std::uint64_t votes = 0;  // in `list` and `sum` awards, where it stands

  [[nodiscard]] std::uint32_t total() const;
};

struct House {
  std::vector<Group> groups;  // most seats first; groups without seats last, by votes
  std::uint32_t seats = 0;    // of the whole house, as the definition says
  std::uint32_t awarded = 0;
  std::uint32_t elsewhere = 0;  // seats of the house that no award fills
};

struct AwardPart {
  std::optional<election::ContestIndex> contest{};  // for awards contest by contest
  seats::Contest input{};
  seats::Rules rules{};
  seats::Allocation result{};
  std::vector<std::size_t> group{};  // per list, index into House::groups
  Bound bound{};
};

struct AwardResult {
  election::AwardIndex award = 0;
  std::vector<AwardPart> parts{};
};

struct Awarded {
  std::vector<AwardResult> awards;
  House house;
};

// Stages of drawings are "AWARD" for a `sum` award and "AWARD CONTEST" for the others.
// Errors: unsupported_award; those of seats::allocate.
[[nodiscard]] Result<Awarded> award_seats(const election::Totals& totals,
                                          const std::vector<OddStation>& odd,
                                          std::span<const seats::Drawing> drawings);

}  // namespace urna::count
