#include "count/bound.hpp"

#include <algorithm>
#include <numeric>

namespace urna::count {
namespace {

using election::AreaFigures;
using seats::Fraction;

bool settled(const Missing& missing, Bound& bound) {
  bound.missing = missing;
  if (missing.stations == 0 && missing.voters.value_or(0) == 0) {
    bound.verdict = Verdict::complete;
    return true;
  }
  if (!missing.voters) {
    bound.verdict = Verdict::could_change;
    bound.why = WhyNot::unknown;
    return true;
  }
  return false;
}

// What is known about a pair, kept when it is the closest seen so far: the one where
// the gap after the worst case is smallest.
void keep_closest(Bound& bound, std::size_t ahead, std::size_t behind,
                  std::uint64_t ahead_votes, std::uint64_t behind_at_most) {
  const auto gap = [](std::uint64_t a, std::uint64_t b) {
    return static_cast<std::int64_t>(a) - static_cast<std::int64_t>(b);
  };
  if (bound.ahead &&
      gap(ahead_votes, behind_at_most) >= gap(bound.ahead_votes, bound.behind_at_most))
    return;
  bound.ahead = ahead;
  bound.behind = behind;
  bound.ahead_votes = ahead_votes;
  bound.behind_at_most = behind_at_most;
}

}  // namespace

Missing missing_under(const election::Totals& totals, election::AreaIndex area,
                      const std::vector<OddStation>& odd) {
  const AreaFigures& figures = totals.figures(area);
  const auto& definition = totals.definition();
  Missing out{.stations = figures.stations - figures.counted};
  std::uint64_t rest_of_partial = 0;   // voters of stations counted in part
  std::uint64_t unstated_ballots = 0;  // at least so many voters are accounted for
  bool known = true;
  for (const OddStation& station : odd) {
    const auto& place = definition.place_of(station.station);
    if (!std::ranges::binary_search(place.areas, area)) continue;
    if (station.not_stated) unstated_ballots += station.ballots;
    if (!station.partial) continue;
    ++out.stations;
    const auto registered = definition.stations()[station.station].registered;
    if (!registered) {
      known = false;
    } else if (*registered > station.ballots) {
      rest_of_partial += *registered - station.ballots;
    }
  }
  if (const auto roll = definition.areas()[area].registered) {
    const std::uint64_t accounted = figures.registered_counted + unstated_ballots;
    if (known)
      out.voters = rest_of_partial + (*roll > accounted ? *roll - accounted : 0);
    return out;
  }
  if (figures.not_stated == figures.not_stated_counted && known)
    out.voters = figures.registered - figures.registered_counted + rest_of_partial;
  return out;
}

Bound bound_winners(const std::vector<std::uint64_t>& votes, std::size_t winners,
                    const Missing& missing, std::uint64_t per_voter) {
  Bound bound;
  std::vector<std::size_t> order(votes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return votes[a] != votes[b] ? votes[a] > votes[b] : a < b;
  });
  if (winners == 0 || winners >= votes.size()) {
    // Everybody wins: nothing can change who.
    bound.missing = missing;
    bound.verdict = missing.stations == 0 ? Verdict::complete : Verdict::cannot_change;
    return bound;
  }
  const std::size_t last = order[winners - 1], next = order[winners];
  if (settled(missing, bound)) {
    keep_closest(bound, last, next, votes[last], votes[next]);
    return bound;
  }
  // Sorted by votes, the last winner and the first loser are the closest pair.
  keep_closest(bound, last, next, votes[last],
               votes[next] + *missing.voters * per_voter);
  const bool safe = bound.ahead_votes > bound.behind_at_most;
  bound.verdict = safe ? Verdict::cannot_change : Verdict::could_change;
  if (!safe) bound.why = votes[last] == votes[next] ? WhyNot::tied : WhyNot::votes;
  return bound;
}

namespace {

// Whether a list that is out today could enter, or one that holds seats could fall out.
bool threshold_could_matter(const seats::Contest& contest, const seats::Rules& rules,
                            const seats::Allocation& award, std::uint64_t more,
                            std::size_t list) {
  const seats::List& entry = contest.lists[list];
  const Fraction share = entry.threshold.value_or(rules.threshold.share);
  if (share == Fraction{}) return false;
  std::uint64_t valid = rules.threshold.blanks_count ? contest.blank : 0;
  for (const seats::List& l : contest.lists) valid += l.votes;
  const bool by_district = rules.threshold.or_districts &&
                           entry.districts_won >= *rules.threshold.or_districts;
  if (by_district) return false;
  // Falling out: all missing votes go elsewhere and raise the bar.
  return award.seats[list] > 0 &&
         Fraction(entry.votes) <= share.times(Fraction(valid + more));
}

}  // namespace

Bound bound_award(const seats::Contest& contest, const seats::Rules& rules,
                  const seats::Allocation& award, const Missing& missing,
                  std::uint64_t per_voter) {
  Bound bound;
  if (!award.complete()) {
    bound.missing = missing;
    bound.verdict = Verdict::could_change;
    bound.why = WhyNot::tied;
    return bound;
  }
  if (rules.method == seats::Method::plurality) {
    std::vector<std::uint64_t> votes;
    for (const seats::List& list : contest.lists) votes.push_back(list.votes);
    return bound_winners(votes, rules.seats, missing, per_voter);
  }
  if (settled(missing, bound)) return bound;
  const std::uint64_t more = *missing.voters * per_voter;
  if (more == 0) {
    bound.verdict = Verdict::cannot_change;
    return bound;
  }
  if (!seats::is_divisor_method(rules.method)) {
    bound.verdict = Verdict::could_change;
    bound.why = WhyNot::method;
    return bound;
  }
  bound.verdict = Verdict::cannot_change;
  for (std::size_t w = 0; w < award.seats.size(); ++w) {
    if (award.seats[w] == 0) continue;
    if (threshold_could_matter(contest, rules, award, more, w)) {
      bound.verdict = Verdict::could_change;
      bound.why = WhyNot::threshold;
      bound.ahead = w;
      bound.ahead_votes = contest.lists[w].votes;
      return bound;
    }
    const Fraction last =
        Fraction(contest.lists[w].votes)
            .over(seats::divisor(rules.method, award.seats[w], rules.first_divisor));
    for (std::size_t l = 0; l < award.seats.size(); ++l) {
      // A list kept out by the threshold is tested too: it could pass it.
      if (l == w) continue;
      const auto& list = contest.lists[l];
      if (list.candidates && award.seats[l] >= *list.candidates) continue;
      const Fraction next = Fraction(list.votes + more)
                                .over(seats::divisor(rules.method, award.seats[l] + 1,
                                                     rules.first_divisor));
      if (last > next) continue;
      bound.verdict = Verdict::could_change;
      bound.why = WhyNot::votes;
      keep_closest(bound, w, l, contest.lists[w].votes, list.votes + more);
    }
  }
  return bound;
}

}  // namespace urna::count
