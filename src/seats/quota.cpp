// Quota methods: whole quotas first, the rest by largest remainder or by average.
//
// Hare quota with largest remainders: T. Hare (1859), A. Hamilton (1792); Balinski and
// Young, Fair Representation (2nd ed. 2001), appendix A.
// Hagenbach-Bischoff: E. Hagenbach-Bischoff (1888); Switzerland, Federal Act on
// Political Rights art. 40 (quota: the next whole number above votes/(seats+1)) and
// art. 41 (each further seat to the highest votes/(seats already held + 1)).
// With remainders: Slovakia, Act 180/2014 s. 68 (quota rounded to a whole number; when
// that gives a seat too many, the list with the smallest remainder loses it).
#include "seats/errors.hpp"
#include "seats/rules.hpp"

#include <algorithm>

namespace urna::seats {
namespace {

Fraction quota_of(Method method, Votes votes, SeatCount seats) {
  if (method == Method::hare_largest_remainder) return {votes, seats};
  const Fraction exact{votes, Wide{seats} + 1};
  if (method == Method::hagenbach_bischoff_remainders)
    return Fraction(std::max<Wide>(exact.rounded(), 1));
  return Fraction(exact.floor() + 1);
}

Fraction remainder_of(const Award& award, std::size_t i, const Fraction& quota) {
  const Fraction have{award.list(i).votes};
  return have.minus(quota.times(Fraction(have.over(quota).floor())));
}

void give_whole_quotas(Award& award, const Fraction& quota) {
  for (std::size_t i = 0; i < award.size(); ++i) {
    if (!award.takes_part(i)) continue;
    auto seats =
        static_cast<SeatCount>(Fraction(award.list(i).votes).over(quota).floor());
    if (award.list(i).candidates) seats = std::min(seats, *award.list(i).candidates);
    if (seats == 0) continue;
    award.give(i, {.kind = StepKind::full_seats, .seats = seats, .value = quota});
  }
}

// A rounded quota can give one seat too many; the smallest remainder gives it back.
Result<void> take_back_excess(Award& award, const Fraction& quota) {
  while (award.given() > award.out().house) {
    std::vector<std::size_t> holders;
    for (std::size_t i = 0; i < award.size(); ++i) {
      if (award.seats(i) > 0) holders.push_back(i);
    }
    const auto excess = award.given() - award.out().house;
    URNA_TRY(const Award::Round round,
             award.best(
                 holders, [&](std::size_t i) { return remainder_of(award, i, quota); },
                 excess, "equal smallest remainders", true));
    if (round.waiting()) return {};
    for (std::size_t w = 0; w < round.winners.size(); ++w) {
      award.take_back(round.winners[w], {.kind = StepKind::quota_excess,
                                         .value = round.value,
                                         .decided = round.decided[w]});
    }
  }
  return {};
}

Result<void> give_rest(Award& award, bool by_remainder, const Fraction& quota) {
  std::vector<std::size_t> had;  // one remainder seat each until all have one
  SeatCount open = award.out().house - award.given();
  while (open > 0) {
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < award.size(); ++i) {
      if (award.can_take(i) &&
          (!by_remainder || std::ranges::find(had, i) == had.end()))
        candidates.push_back(i);
    }
    if (candidates.empty()) {
      // Only when lists run out of candidates: the others may take a second one.
      if (had.empty()) break;
      had.clear();
      continue;
    }
    const auto value = [&](std::size_t i) {
      return by_remainder ? remainder_of(award, i, quota)
                          : Fraction(award.list(i).votes, Wide{award.seats(i)} + 1);
    };
    URNA_TRY(const Award::Round round,
             award.best(candidates, value, open,
                        by_remainder ? "equal remainders for the last seats"
                                     : "equal averages for the last seats"));
    if (round.waiting()) return {};
    for (std::size_t w = 0; w < round.winners.size(); ++w) {
      award.give(
          round.winners[w],
          {.kind = by_remainder ? StepKind::largest_remainder : StepKind::quotient,
           .value = round.value,
           .decided = round.decided[w],
           .tied = round.tied.size() > 1 ? round.tied : std::vector<std::size_t>{}});
      if (by_remainder) had.push_back(round.winners[w]);
      --open;
    }
  }
  award.leave_unassigned(open);
  return {};
}

}  // namespace

Result<void> award_by_quota(Award& award) {
  Allocation& out = award.out();
  const Votes votes = award.votes_taking_part();
  if (votes == 0) {
    award.leave_unassigned(out.house);
    return {};
  }
  const Fraction quota = quota_of(out.method, votes, out.house);
  out.quota = quota;
  give_whole_quotas(award, quota);
  URNA_CHECK(take_back_excess(award, quota));
  if (!out.complete()) return {};
  return give_rest(award, out.method != Method::hagenbach_bischoff, quota);
}

}  // namespace urna::seats
