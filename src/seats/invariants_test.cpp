// The invariants every allocation must keep, on random contests (section 6.7 of the
// worked-cases page: anonymity, exactness, monotonicity, scaling, ties, ...).
#include "seats/allocation.hpp"
#include "seats/check.hpp"
#include "seats/rules.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace urna::seats {
namespace {

constexpr Method kAll[] = {Method::dhondt,
                           Method::sainte_lague,
                           Method::modified_sainte_lague,
                           Method::hare_largest_remainder,
                           Method::hagenbach_bischoff,
                           Method::hagenbach_bischoff_remainders,
                           Method::plurality,
                           Method::dutch_council};

rc::Gen<Method> any_method() {
  return rc::gen::elementOf(std::vector<Method>(kAll, kAll + 8));
}
rc::Gen<Method> any_divisor() {
  return rc::gen::elementOf(std::vector<Method>(kAll, kAll + 3));
}

Contest make(const std::vector<Votes>& votes) {
  Contest contest;
  for (std::size_t i = 0; i < votes.size(); ++i)
    contest.lists.push_back({.name = "L" + std::to_string(i), .votes = votes[i]});
  return contest;
}

// Few distinct small values, so that ties are common.
std::vector<Votes> some_votes(Votes high) {
  return *rc::gen::resize(12, rc::gen::nonEmpty(rc::gen::container<std::vector<Votes>>(
                                  rc::gen::inRange<Votes>(0, high))));
}

// Runs the award and draws for every tie, choosing lists by `pick`.
Allocation run_with_lots(const Contest& contest, const Rules& rules,
                         std::vector<Drawing>& drawings,
                         const std::function<std::size_t(std::size_t)>& pick) {
  for (;;) {
    const auto award = allocate(contest, rules, drawings);
    if (!award) throw std::runtime_error(award.error().text());
    if (award->complete()) return *award;
    const LotsNeeded& need = award->lots.front();
    Drawing drawing{need.stage, need.among, {}};
    std::vector<std::string> urn = need.among;
    for (SeatCount n = 0; n < need.take; ++n) {
      const std::size_t at = pick(urn.size());
      drawing.drawn.push_back(urn[at]);
      urn.erase(urn.begin() + static_cast<std::ptrdiff_t>(at));
    }
    drawings.push_back(drawing);
  }
}

std::size_t random_pick(std::size_t n) {
  return *rc::gen::inRange<std::size_t>(0, n);
}

RC_GTEST_PROP(Invariants, SeatsAddUpAndEveryDrawingLeadsToAValidEnd, ()) {
  const Contest contest = make(some_votes(30));
  const Rules rules{.method = *any_method(),
                    .seats = *rc::gen::inRange<SeatCount>(1, 40)};
  std::vector<Drawing> drawings;
  const Allocation award = run_with_lots(contest, rules, drawings, random_pick);
  const auto flaw = find_flaw(contest, rules, award);
  if (flaw) RC_FAIL(*flaw);
  const Votes all =
      std::accumulate(contest.lists.begin(), contest.lists.end(), Votes{0},
                      [](Votes sum, const List& list) { return sum + list.votes; });
  if (all > 0 && rules.method != Method::plurality) RC_ASSERT(award.unassigned == 0U);
  // The same record gives the same award again.
  RC_ASSERT(allocate(contest, rules, drawings)->seats == award.seats);
}

RC_GTEST_PROP(Invariants, PermutingListsPermutesSeatsAndLots, ()) {
  const std::vector<Votes> votes = some_votes(30);
  const Contest contest = make(votes);
  Contest turned = contest;
  const auto shift = *rc::gen::inRange<std::size_t>(0, votes.size());
  std::ranges::rotate(turned.lists,
                      turned.lists.begin() + static_cast<std::ptrdiff_t>(shift));
  const Rules rules{.method = *any_method(),
                    .seats = *rc::gen::inRange<SeatCount>(1, 40)};
  const auto a = allocate(contest, rules), b = allocate(turned, rules);
  RC_ASSERT(a.has_value() && b.has_value());
  RC_ASSERT(a->complete() == b->complete());
  if (!a->complete()) {
    auto x = a->lots.front().among, y = b->lots.front().among;
    std::ranges::sort(x);
    std::ranges::sort(y);
    RC_ASSERT(x == y);
    return;
  }
  for (std::size_t i = 0; i < votes.size(); ++i)
    RC_ASSERT(b->seats[i] == a->seats[(i + shift) % votes.size()]);
}

RC_GTEST_PROP(Invariants, ScalingAllVotesChangesNothing, ()) {
  const std::vector<Votes> votes = some_votes(1000);
  const auto k = *rc::gen::inRange<Votes>(2, 1000);
  std::vector<Votes> more = votes;
  for (Votes& v : more) v *= k;
  const Method method = *rc::gen::suchThat(any_method(), [](Method m) {
    // A quota rounded to a whole number is not scale free.
    return m != Method::hagenbach_bischoff &&
           m != Method::hagenbach_bischoff_remainders;
  });
  const Rules rules{.method = method, .seats = *rc::gen::inRange<SeatCount>(1, 60)};
  const auto a = allocate(make(votes), rules), b = allocate(make(more), rules);
  RC_ASSERT(a->complete() == b->complete());
  RC_ASSERT(a->seats == b->seats);
}

RC_GTEST_PROP(Invariants, ALargerHouseNeverCostsAListASeatUnderDivisors, ()) {
  const Contest contest = make(some_votes(1000));
  const Method method = *any_divisor();
  const auto seats = *rc::gen::inRange<SeatCount>(1, 100);
  const auto small = allocate(contest, {.method = method, .seats = seats});
  const auto large = allocate(contest, {.method = method, .seats = seats + 1});
  RC_PRE(small->complete() && large->complete());
  for (std::size_t i = 0; i < contest.lists.size(); ++i)
    RC_ASSERT(large->seats[i] >= small->seats[i]);
}

RC_GTEST_PROP(Invariants, MoreVotesNeverCostSeatsUnderDivisors, ()) {
  std::vector<Votes> votes = some_votes(1000);
  const Rules rules{.method = *any_divisor(),
                    .seats = *rc::gen::inRange<SeatCount>(1, 100)};
  const auto before = allocate(make(votes), rules);
  const auto lucky = *rc::gen::inRange<std::size_t>(0, votes.size());
  votes[lucky] += *rc::gen::inRange<Votes>(1, 100);
  const auto after = allocate(make(votes), rules);
  RC_PRE(before->complete() && after->complete());
  RC_ASSERT(after->seats[lucky] >= before->seats[lucky]);
}

RC_GTEST_PROP(Invariants, LargestRemainderStaysWithinTheQuota, ()) {
  const Contest contest = make(some_votes(1000));
  const Rules rules{.method = Method::hare_largest_remainder,
                    .seats = *rc::gen::inRange<SeatCount>(1, 100)};
  const auto award = allocate(contest, rules);
  RC_PRE(award->complete());
  RC_ASSERT(!find_flaw(contest, rules, *award));
}

RC_GTEST_PROP(Invariants, MergingTwoListsNeverLosesSeatsUnderDHondt, ()) {
  const std::vector<Votes> votes = some_votes(1000);
  RC_PRE(votes.size() >= 2U);
  std::vector<Votes> merged(votes.begin() + 1, votes.end());
  merged[0] += votes[0];
  const Rules rules{.method = Method::dhondt,
                    .seats = *rc::gen::inRange<SeatCount>(1, 100)};
  const auto apart = allocate(make(votes), rules),
             together = allocate(make(merged), rules);
  RC_PRE(apart->complete() && together->complete());
  RC_ASSERT(together->seats[0] >= apart->seats[0] + apart->seats[1]);
}

RC_GTEST_PROP(Invariants, HagenbachBischoffIsDHondt, ()) {
  const Contest contest = make(some_votes(1000));
  const auto seats = *rc::gen::inRange<SeatCount>(1, 100);
  const auto a = allocate(contest, {.method = Method::dhondt, .seats = seats});
  const auto b =
      allocate(contest, {.method = Method::hagenbach_bischoff, .seats = seats});
  RC_PRE(a->complete() && b->complete());
  RC_ASSERT(a->seats == b->seats);
}

RC_GTEST_PROP(Invariants, ATieIsReportedExactlyWhenTheLastQuotientsAreEqual, ()) {
  const Contest contest = make(some_votes(20));
  const auto seats = *rc::gen::inRange<SeatCount>(1, 20);
  const auto award = allocate(contest, {.method = Method::dhondt, .seats = seats});
  std::vector<Fraction> all;
  for (const List& list : contest.lists) {
    for (SeatCount k = 1; list.votes > 0 && k <= seats + 1; ++k)
      all.push_back(Fraction(list.votes).over(divisor(Method::dhondt, k)));
  }
  RC_PRE(all.size() > seats);
  std::ranges::sort(all, std::greater{});
  RC_ASSERT(award->complete() == (all[seats - 1] != all[seats]));
}

RC_GTEST_PROP(Invariants, AlliancesOfOneChangeNothingAndSumsStayWithTheBlock, ()) {
  Contest plain = make(some_votes(1000));
  const Rules rules{.method = Method::dhondt,
                    .seats = *rc::gen::inRange<SeatCount>(1, 60)};
  Contest blocks = plain;
  for (std::size_t i = 0; i < blocks.lists.size(); ++i)
    blocks.lists[i].alliance = "B" + std::to_string(i / 2);
  const auto award = allocate(blocks, rules);
  RC_PRE(award->complete());
  Contest merged;
  for (std::size_t i = 0; i < plain.lists.size(); ++i) {
    if (i % 2 == 0) merged.lists.push_back({.name = "B" + std::to_string(i / 2)});
    merged.lists.back().votes += plain.lists[i].votes;
  }
  const auto outer = allocate(merged, rules);
  for (std::size_t b = 0; b < merged.lists.size(); ++b) {
    SeatCount sum = award->seats[2 * b];
    if (2 * b + 1 < award->seats.size()) sum += award->seats[2 * b + 1];
    RC_ASSERT(sum == outer->seats[b]);
  }
}

}  // namespace
}  // namespace urna::seats
