// Divisor (highest-average) methods and plurality.
//
// D'Hondt: V. D'Hondt, Système pratique et raisonné de représentation proportionnelle
// (1882); Spain LOREG art. 163.1; Venezuela LOPRE art. 20; Austria NRWO s. 107.
// Sainte-Laguë: A. Sainte-Laguë, La représentation proportionnelle et la méthode des
// moindres carrés (1910); New Zealand Electoral Act 1993 s. 191; Germany BWahlG s. 6.
// Modified (first divisor 1.4): Norway Valgloven s. 11-4 as applied until 2023.
#include "seats/errors.hpp"
#include "seats/rules.hpp"

namespace urna::seats {

bool is_divisor_method(Method method) {
  return method == Method::dhondt || method == Method::sainte_lague ||
         method == Method::modified_sainte_lague;
}

Fraction divisor(Method method, SeatCount k, const Fraction& first) {
  if (method == Method::dhondt) return Fraction(k);
  if (method == Method::modified_sainte_lague && k == 1) return first;
  return Fraction(Wide{2} * k - 1);
}

namespace {

// The quotients that won and, for each list, the first that did not: together they
// prove the award, since no losing quotient may exceed a winning one.
void write_quotients(Award& award) {
  Allocation& out = award.out();
  for (std::size_t i = 0; i < award.size(); ++i) {
    if (!award.takes_part(i) || award.list(i).votes == 0) continue;
    for (SeatCount k = 1; k <= out.seats[i] + 1; ++k) {
      const Fraction by = divisor(out.method, k, award.rules().first_divisor);
      out.quotients.push_back({.list = i,
                               .number = k,
                               .divisor = by,
                               .value = Fraction(award.list(i).votes).over(by),
                               .won = k <= out.seats[i]});
    }
  }
}

Result<void> award_quotients(Award& award) {
  const Method method = award.out().method;
  std::vector<Fraction> next(award.size());
  const auto refresh = [&](std::size_t i) {
    next[i] =
        Fraction(award.list(i).votes)
            .over(divisor(method, award.seats(i) + 1, award.rules().first_divisor));
  };
  for (std::size_t i = 0; i < award.size(); ++i) {
    if (award.takes_part(i) && award.list(i).minimum > 0)
      award.give(i, {.kind = StepKind::district_seats, .seats = award.list(i).minimum});
    refresh(i);
  }
  if (award.given() > award.out().house)
    return fail(errors::bad_rule, "the guaranteed seats exceed the house",
                "give the award more seats, or lower the guaranteed ones");
  SeatCount open = award.out().house - award.given();
  while (open > 0) {
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < award.size(); ++i) {
      if (award.can_take(i)) candidates.push_back(i);
    }
    if (candidates.empty()) break;
    URNA_TRY(const Award::Round round,
             award.best(
                 candidates, [&](std::size_t i) { return next[i]; }, open,
                 "equal quotients for the last seats"));
    if (round.waiting()) return {};
    for (std::size_t w = 0; w < round.winners.size(); ++w) {
      award.give(
          round.winners[w],
          {.kind = StepKind::quotient,
           .value = round.value,
           .decided = round.decided[w],
           .tied = round.tied.size() > 1 ? round.tied : std::vector<std::size_t>{}});
      refresh(round.winners[w]);
      --open;
    }
  }
  award.leave_unassigned(open);
  return {};
}

}  // namespace

Result<void> award_by_divisors(Award& award) {
  URNA_CHECK(award_quotients(award));
  write_quotients(award);
  return {};
}

// The N candidates with most votes, one seat each: relative majority with as many
// seats as the circuit has (Venezuela LOPRE art. 9; block vote in the literature).
Result<void> award_by_plurality(Award& award) {
  SeatCount open = award.out().house;
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < award.size(); ++i) {
    if (award.can_take(i)) candidates.push_back(i);
  }
  while (open > 0 && !candidates.empty()) {
    URNA_TRY(
        const Award::Round round,
        award.best(
            candidates, [&](std::size_t i) { return Fraction(award.list(i).votes); },
            open, "equal votes for the last seats"));
    if (round.waiting()) return {};
    for (std::size_t w = 0; w < round.winners.size(); ++w) {
      award.give(
          round.winners[w],
          {.kind = StepKind::most_votes,
           .value = round.value,
           .decided = round.decided[w],
           .tied = round.tied.size() > 1 ? round.tied : std::vector<std::size_t>{}});
      std::erase(candidates, round.winners[w]);
      --open;
    }
  }
  award.leave_unassigned(open);
  return {};
}

}  // namespace urna::seats
