#include "seats/check.hpp"

#include <algorithm>

namespace urna::seats {
namespace {

std::vector<bool> excluded(const Allocation& award) {
  std::vector<bool> out(award.names.size(), false);
  for (const Step& step : award.steps)
    if (step.kind == StepKind::excluded && step.list) out[*step.list] = true;
  return out;
}

std::optional<std::string> check_divisors(const Contest& contest, const Rules& rules,
                                          const Allocation& award) {
  const std::vector<bool> out = excluded(award);
  for (std::size_t w = 0; w < award.seats.size(); ++w) {
    if (award.seats[w] <= contest.lists[w].minimum) continue;
    const Fraction last =
        Fraction(contest.lists[w].votes)
            .over(divisor(rules.method, award.seats[w], rules.first_divisor));
    for (std::size_t l = 0; l < award.seats.size(); ++l) {
      const List& list = contest.lists[l];
      if (l == w || out[l]) continue;
      if (list.candidates && award.seats[l] >= *list.candidates) continue;
      const Fraction next =
          Fraction(list.votes)
              .over(divisor(rules.method, award.seats[l] + 1, rules.first_divisor));
      if (next > last)
        return "'" + list.name + "' has a higher unused quotient (" + next.mixed() +
               ") than the last one that won '" + contest.lists[w].name + "' a seat (" +
               last.mixed() + ")";
    }
  }
  return std::nullopt;
}

std::optional<std::string> check_quota(const Contest& contest,
                                       const Allocation& award) {
  const std::vector<bool> out = excluded(award);
  Votes votes = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (contest.lists[i].candidates) return std::nullopt;
    if (!out[i]) votes += contest.lists[i].votes;
  }
  if (votes == 0) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i]) continue;
    const Fraction share =
        Fraction(contest.lists[i].votes).times(Fraction(award.house, votes));
    if (award.seats[i] < share.floor() || award.seats[i] > share.floor() + 1)
      return "'" + contest.lists[i].name +
             "' is more than one seat from its share of " + share.mixed();
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_flaw(const Contest& contest, const Rules& rules,
                                     const Allocation& award) {
  SeatCount sum = award.unassigned;
  for (std::size_t i = 0; i < award.seats.size(); ++i) {
    sum += award.seats[i];
    if (contest.lists[i].votes == 0 && award.seats[i] > contest.lists[i].minimum)
      return "'" + contest.lists[i].name + "' has seats without votes";
  }
  if (sum != award.house)
    return "the seats add up to " + std::to_string(sum) + ", not " +
           std::to_string(award.house);
  const bool alliances = std::ranges::any_of(
      contest.lists, [](const List& list) { return !list.alliance.empty(); });
  if (alliances) return std::nullopt;
  if (is_divisor_method(rules.method)) return check_divisors(contest, rules, award);
  if (rules.method == Method::hare_largest_remainder)
    return check_quota(contest, award);
  return std::nullopt;
}

}  // namespace urna::seats
