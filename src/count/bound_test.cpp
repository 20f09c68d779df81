#include "count/bound.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace urna::count {
namespace {

Missing voters(std::uint64_t n) {
  return {.stations = n > 0 ? 1U : 0U, .voters = n};
}

TEST(WinnerBound, CannotChangeOnlyWhenEveryMissingVoterIsTooFew) {
  const auto safe = bound_winners({7'156'462, 3'241'461}, 1, voters(3'875'466), 1);
  EXPECT_EQ(safe.verdict, Verdict::cannot_change);
  EXPECT_EQ(safe.behind_at_most, 7'116'927U);
  // One vote short of the leader is still safe; level is not.
  EXPECT_EQ(bound_winners({100, 50}, 1, voters(49), 1).verdict, Verdict::cannot_change);
  EXPECT_EQ(bound_winners({100, 50}, 1, voters(50), 1).verdict, Verdict::could_change);
}

TEST(WinnerBound, NothingMissingIsCompleteAndUnknownIsNeverSafe) {
  EXPECT_EQ(bound_winners({2, 1}, 1, voters(0), 1).verdict, Verdict::complete);
  const auto unknown = bound_winners({1'000'000, 1}, 1, {.stations = 1}, 1);
  EXPECT_EQ(unknown.verdict, Verdict::could_change);
  EXPECT_EQ(unknown.why, WhyNot::unknown);
}

TEST(WinnerBound, LooksAtTheLastWinnerAndTheFirstLoser) {
  const auto bound = bound_winners({10, 90, 60, 55}, 2, voters(4), 1);
  EXPECT_EQ(bound.verdict, Verdict::cannot_change);
  EXPECT_EQ(bound.ahead, std::size_t{2});
  EXPECT_EQ(bound.behind, std::size_t{3});
  EXPECT_EQ(bound_winners({10, 90, 60, 55}, 2, voters(5), 1).verdict,
            Verdict::could_change);
}

TEST(WinnerBound, CountsEveryVoteOneVoterCanGive) {
  EXPECT_EQ(bound_winners({100, 50}, 1, voters(20), 2).verdict, Verdict::cannot_change);
  EXPECT_EQ(bound_winners({100, 50}, 1, voters(25), 2).verdict, Verdict::could_change);
}

TEST(WinnerBound, ATieIsNeverSafe) {
  EXPECT_EQ(bound_winners({5, 5}, 1, voters(1), 1).why, WhyNot::tied);
}

TEST(WinnerBound, WithAPlaceForEverybodyNothingCanChange) {
  EXPECT_EQ(bound_winners({5, 1}, 2, voters(100), 1).verdict, Verdict::cannot_change);
}

seats::Contest lists(const std::vector<std::uint64_t>& votes) {
  seats::Contest out;
  for (std::size_t i = 0; i < votes.size(); ++i)
    out.lists.push_back({.name = std::to_string(i), .votes = votes[i]});
  return out;
}

Bound award_bound(const seats::Contest& contest, const seats::Rules& rules,
                  std::uint64_t missing) {
  const auto award = seats::allocate(contest, rules);
  return bound_award(contest, rules, *award, voters(missing), 1);
}

TEST(AwardBound, AListThatCouldFallBelowTheThresholdIsNotSafe) {
  const seats::Rules rules{
      .method = seats::Method::dhondt, .seats = 40, .threshold = {.share = {5, 100}}};
  EXPECT_EQ(award_bound(lists({9000, 600}), rules, 2500).why, WhyNot::threshold);
  const seats::Rules few{
      .method = seats::Method::dhondt, .seats = 1, .threshold = {.share = {5, 100}}};
  EXPECT_EQ(award_bound(lists({9000, 600}), few, 100).verdict, Verdict::cannot_change);
}

TEST(AwardBound, QuotaMethodsAreNotProved) {
  const seats::Rules rules{.method = seats::Method::hare_largest_remainder, .seats = 5};
  EXPECT_EQ(award_bound(lists({9000, 600}), rules, 1).why, WhyNot::method);
}

// The promise itself: when the bound says that nothing can change, no way of casting
// the missing votes changes a seat. And it is sharp: when it says "could", giving all
// missing votes to the rival it names does change the award or ties it.
RC_GTEST_PROP(AwardBound, IsTrueAndSharp, ()) {
  const auto votes = *rc::gen::resize(
      6, rc::gen::nonEmpty(rc::gen::container<std::vector<std::uint64_t>>(
             rc::gen::inRange<std::uint64_t>(1, 2000))));
  RC_PRE(votes.size() >= 2U);
  const seats::Rules rules{
      .method = *rc::gen::element(seats::Method::dhondt, seats::Method::sainte_lague),
      .seats = *rc::gen::inRange<std::uint32_t>(1, 9)};
  const auto missing = *rc::gen::inRange<std::uint64_t>(1, 400);
  const seats::Contest contest = lists(votes);
  const auto award = seats::allocate(contest, rules);
  RC_PRE(award->complete());
  const Bound bound = bound_award(contest, rules, *award, voters(missing), 1);
  if (bound.verdict == Verdict::cannot_change) {
    seats::Contest more = contest;
    auto left = missing;
    for (seats::List& list : more.lists) {
      const auto add = *rc::gen::inRange<std::uint64_t>(0, left + 1);
      list.votes += add;
      left -= add;
    }
    const auto after = seats::allocate(more, rules);
    RC_ASSERT(after->complete());
    RC_ASSERT(after->seats == award->seats);
  } else {
    seats::Contest more = contest;
    more.lists[*bound.behind].votes += missing;
    const auto after = seats::allocate(more, rules);
    RC_ASSERT(!after->complete() || after->seats != award->seats);
  }
}

}  // namespace
}  // namespace urna::count
