// Could the stations that are still missing change the outcome? "Cannot change" is
// said only when it is proved: when even the worst case, every voter registered at a
// missing station voting for one rival, changes nothing. Otherwise: "could change".
//
// The worst case for a pair of contenders is that every missing vote goes to the one
// behind; since a contender ahead never loses votes, checking every pair is enough.
// For divisor methods the same argument runs over quotients: the award stays exactly
// as it is when every last winning quotient is larger than every rival's next quotient
// with all missing votes added (the min-max inequality, strict).
//
// Thread rule: pure functions. Public data.
#pragma once

#include "election/totals.hpp"
#include "seats/allocation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace urna::count {

enum class Verdict : std::uint8_t {
  complete,       // nothing is missing
  cannot_change,  // proved
  could_change,   // not proved; see why
};

enum class WhyNot : std::uint8_t {
  none,
  votes,      // enough votes are missing
  tied,       // the outcome is tied as it stands
  unknown,    // nobody states how many voters the missing stations have
  method,     // no proof is known for this method; anything missing could matter
  threshold,  // a list could cross the threshold
};

// What is missing under a contest.
struct Missing {
  std::uint64_t stations = 0;
  std::optional<std::uint64_t> voters{};  // at most this many; nullopt: not known
};

struct Bound {
  Verdict verdict = Verdict::complete;
  WhyNot why = WhyNot::none;
  Missing missing{};
  // The closest pair: who is ahead by the counted votes, who could overtake, and the
  // votes the second would reach with every missing voter. Indices of the contest's
  // contenders or the award's lists.
  std::optional<std::size_t> ahead{};
  std::optional<std::size_t> behind{};
  std::uint64_t ahead_votes = 0;
  std::uint64_t behind_at_most = 0;
};

struct ContestBound {
  election::ContestIndex contest = 0;
  Bound bound{};
  std::vector<std::size_t> order{};    // contenders, most votes first
  std::vector<std::uint64_t> votes{};  // per contender
};

// A counted station that the bound must look at twice: a segment of it is missing, or
// nobody states how many voters it has.
struct OddStation {
  election::StationIndex station = 0;
  std::uint64_t ballots = 0;  // counted there
  bool partial = false;
  bool not_stated = false;
};

// The voters of a contest that have not been counted. When the area has a published
// roll, the roll less the registered voters of the counted stations (less the ballots,
// where a counted station does not state its voters); otherwise the sum over the
// missing stations, if all of them state it.
[[nodiscard]] Missing missing_under(const election::Totals& totals,
                                    election::AreaIndex area,
                                    const std::vector<OddStation>& odd);

// The winners of a contest with `winners` places. `per_voter`: how many votes one
// voter can give to one contender at most.
[[nodiscard]] Bound bound_winners(const std::vector<std::uint64_t>& votes,
                                  std::size_t winners, const Missing& missing,
                                  std::uint64_t per_voter);

// An award of seats. `votes_per_voter` as above.
[[nodiscard]] Bound bound_award(const seats::Contest& contest,
                                const seats::Rules& rules,
                                const seats::Allocation& award, const Missing& missing,
                                std::uint64_t per_voter);

}  // namespace urna::count
