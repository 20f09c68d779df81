// Seats of a Dutch municipal council: Kieswet, chapter P, articles P 5 to P 10
// (Elections Act of the Netherlands, text in force on 1 January 2026).
#include "seats/errors.hpp"
#include "seats/rules.hpp"

#include <algorithm>

namespace urna::seats {
namespace {

class Council {
 public:
  explicit Council(Award& award)
      : award_(award),
        profile_(award.rules().dutch),
        by_remainder_(award.size(), 0),
        by_average_(award.size(), 0),
        residual_(award.size(), 0),
        left_(award.size(), false) {}

  Result<void> run();

 private:
  void give_full_seats();
  Result<void> give_residual_seats(SeatCount open, bool respect_candidates);
  Result<Award::Round> next_round(SeatCount open, bool respect_candidates,
                                  StepKind& kind);
  Result<void> majority();
  Result<void> exhaustion();

  [[nodiscard]] bool eligible(std::size_t i, bool respect_candidates) const {
    if (left_[i] || award_.list(i).votes == 0) return false;
    return !respect_candidates || !profile_.exhausted_leave_before_lots ||
           !award_.full(i);
  }
  [[nodiscard]] Fraction remainder(std::size_t i) const {
    const Fraction have{award_.list(i).votes};
    return have.minus(quota_.times(Fraction(have.over(quota_).floor())));
  }
  [[nodiscard]] Fraction average(std::size_t i) const {
    return {award_.list(i).votes, Wide{award_.seats(i)} + 1};
  }
  [[nodiscard]] bool small() const {
    return award_.out().house < profile_.large_council_from;
  }

  Award& award_;
  const DutchProfile& profile_;
  Fraction quota_;
  // Residual seats each list holds by P 8's remainder, by P 8's one-each average,
  // and in all. A seat lost by P 9 no longer counts: the list may earn it again.
  std::vector<SeatCount> by_remainder_, by_average_, residual_;
  std::vector<bool> left_;  // drawn by lot although exhausted: out of the running
  // The lists that got the residual seat with the smallest value, and how (P 9).
  std::vector<std::size_t> last_;
  StepKind last_kind_ = StepKind::quotient;
};

// P 5: the electoral quota is the votes divided by the seats, as an exact fraction.
// P 6: each list gets as many seats as its votes contain the quota.
void Council::give_full_seats() {
  for (std::size_t i = 0; i < award_.size(); ++i) {
    const auto seats =
        static_cast<SeatCount>(Fraction(award_.list(i).votes).over(quota_).floor());
    if (seats == 0) continue;
    award_.give(i, {.kind = StepKind::full_seats, .seats = seats, .value = quota_});
  }
}

// P 7 (19 seats or more): each residual seat to the highest average.
// P 8 (fewer): to the largest remainder among lists with at least three quarters of
// the quota, one each; then to the highest average, one each; then highest average.
Result<Award::Round> Council::next_round(SeatCount open, bool respect_candidates,
                                         StepKind& kind) {
  std::vector<std::size_t> all, remainder_left, average_left;
  const Fraction needed = quota_.times(profile_.remainder_threshold);
  for (std::size_t i = 0; i < award_.size(); ++i) {
    if (!eligible(i, respect_candidates)) continue;
    all.push_back(i);
    if (by_remainder_[i] == 0 && Fraction(award_.list(i).votes) >= needed)
      remainder_left.push_back(i);
    if (by_average_[i] == 0) average_left.push_back(i);
  }
  const auto average = [this](std::size_t i) { return this->average(i); };
  if (small() && !remainder_left.empty()) {
    kind = StepKind::largest_remainder;
    return award_.best(
        remainder_left, [this](std::size_t i) { return remainder(i); }, open,
        "equal remainders for the last residual seats (Kieswet P 8)");
  }
  if (small() && !average_left.empty()) {
    kind = StepKind::unique_average;
    return award_.best(average_left, average, open,
                       "equal averages for the last residual seats (Kieswet P 8)");
  }
  kind = StepKind::quotient;
  return award_.best(all, average, open,
                     "equal averages for the last residual seats (Kieswet P 7)");
}

Result<void> Council::give_residual_seats(SeatCount open, bool respect_candidates) {
  while (open > 0) {
    bool anybody = false;
    for (std::size_t i = 0; i < award_.size(); ++i)
      anybody = anybody || (eligible(i, respect_candidates) &&
                            !(respect_candidates && award_.full(i)));
    if (!anybody) break;
    StepKind kind = StepKind::quotient;
    URNA_TRY(const Award::Round round, next_round(open, respect_candidates, kind));
    if (round.waiting()) return {};
    last_.clear();
    last_kind_ = kind;
    for (std::size_t w = 0; w < round.winners.size(); ++w) {
      const std::size_t i = round.winners[w];
      if (respect_candidates && award_.full(i)) {
        left_[i] = true;
        continue;
      }
      if (kind == StepKind::largest_remainder) ++by_remainder_[i];
      if (kind == StepKind::unique_average) ++by_average_[i];
      ++residual_[i];
      last_.push_back(i);
      award_.give(
          i, {.kind = kind,
              .value = round.value,
              .decided = round.decided[w],
              .tied = round.tied.size() > 1 ? round.tied : std::vector<std::size_t>{}});
      --open;
    }
  }
  award_.leave_unassigned(open);
  return {};
}

// P 9: a list with more than half of the votes but not more than half of the seats
// gets one more, taken from the list that got a residual seat for the smallest
// remainder or average; among several such lists the lot decides.
Result<void> Council::majority() {
  if (!profile_.absolute_majority || last_.empty()) return {};
  const Fraction votes{award_.votes_taking_part()};
  for (std::size_t i = 0; i < award_.size(); ++i) {
    const bool most_votes = Fraction(award_.list(i).votes) > votes.over(Fraction(2));
    const bool few_seats = Wide{award_.seats(i)} * 2 <= award_.out().house;
    if (!most_votes || !few_seats) continue;
    std::ranges::sort(last_);
    const Fraction value = award_.out().steps.back().value;
    URNA_TRY(const Award::Round round,
             award_.settle(last_, value, 1,
                           "who gives up the last residual seat (Kieswet P 9)", true));
    if (round.waiting()) return {};
    const std::size_t loser = round.winners.front();
    award_.take_back(loser, {.kind = StepKind::majority_loses,
                             .value = value,
                             .decided = round.decided.front()});
    award_.give(i, {.kind = StepKind::majority_gains, .value = value});
    --residual_[loser];
    ++residual_[i];
    if (last_kind_ == StepKind::largest_remainder) --by_remainder_[loser];
    if (last_kind_ == StepKind::unique_average) --by_average_[loser];
    if (profile_.majority_seat_is_residual && small()) {
      ++by_remainder_[i];
      ++by_average_[i];
    }
    break;
  }
  return {};
}

// P 10: seats beyond a list's candidates pass to the other lists, by P 7 or P 8.
Result<void> Council::exhaustion() {
  if (!profile_.list_exhaustion) return {};
  SeatCount freed = 0;
  bool majority_applied = false;
  for (const Step& step : award_.out().steps)
    majority_applied = majority_applied || step.kind == StepKind::majority_gains;
  for (std::size_t i = 0; i < award_.size(); ++i) {
    const SeatCount can = award_.list(i).candidates.value_or(kMostSeats);
    while (award_.seats(i) > can) {
      award_.take_back(i, {.kind = StepKind::exhausted});
      ++freed;
    }
  }
  if (freed == 0) return {};
  if (majority_applied) {
    award_.out().notes.emplace_back(
        "Articles P 9 and P 10 both apply; certified implementations differ here. The "
        "profile in these rules decides; ask the Electoral Council to confirm it.");
  }
  return give_residual_seats(freed, true);
}

Result<void> Council::run() {
  Allocation& out = award_.out();
  const Votes votes = award_.votes_taking_part();
  if (votes == 0) {
    award_.leave_unassigned(out.house);
    return {};
  }
  quota_ = Fraction(votes, out.house);
  out.quota = quota_;
  give_full_seats();
  URNA_CHECK(give_residual_seats(out.house - award_.given(), false));
  if (!out.complete()) return {};
  URNA_CHECK(majority());
  if (!out.complete()) return {};
  return exhaustion();
}

}  // namespace

Result<void> award_dutch_council(Award& award) {
  return Council(award).run();
}

}  // namespace urna::seats
