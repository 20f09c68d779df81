#include "seats/fraction.hpp"

#include "seats/errors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace urna::seats {
namespace {

TEST(Fraction, KeepsLowestTermsSoThatEqualValuesAreEqual) {
  EXPECT_EQ(Fraction(6, 4), Fraction(3, 2));
  EXPECT_EQ(Fraction(0, 7), Fraction(0, 3));
  EXPECT_EQ(Fraction(3, 2).text(), "3/2");
  EXPECT_EQ(Fraction(1249, 2).mixed(), "624 1/2");
  EXPECT_EQ(Fraction(1, 3).mixed(), "1/3");
  EXPECT_EQ(Fraction(8, 4).mixed(), "2");
}

TEST(Fraction, SeparatesNeighboursThatADoubleCannot) {
  const Wide big = Wide{1} << 100;
  EXPECT_LT(Fraction(big, big + 1), Fraction(big + 1, big + 2));
  EXPECT_GT(Fraction(big + 1, big), Fraction(big + 2, big + 1));
  EXPECT_EQ(Fraction(big * 2, 2), Fraction(big));
}

TEST(Fraction, OrdersZeroBelowEverything) {
  EXPECT_LT(Fraction(0), Fraction(1, Wide{1} << 120));
  EXPECT_GT(Fraction(1, 5), Fraction(0));
  EXPECT_EQ(Fraction(0) <=> Fraction(0), std::strong_ordering::equal);
}

TEST(Fraction, RoundsHalvesUp) {
  EXPECT_EQ(Fraction(5, 2).rounded(), Wide{3});
  EXPECT_EQ(Fraction(7, 3).rounded(), Wide{2});
  EXPECT_EQ(Fraction(8, 3).rounded(), Wide{3});
}

RC_GTEST_PROP(Fraction, ComparesAsCrossMultiplicationDoes, ()) {
  const auto a = *rc::gen::inRange<std::uint64_t>(0, 1'000'000'000'000);
  const auto b = *rc::gen::inRange<std::uint64_t>(1, 1'000'000'000'000);
  const auto c = *rc::gen::inRange<std::uint64_t>(0, 1'000'000'000'000);
  const auto d = *rc::gen::inRange<std::uint64_t>(1, 1'000'000'000'000);
  RC_ASSERT((Fraction(a, b) < Fraction(c, d)) == (Wide{a} * d < Wide{c} * b));
  RC_ASSERT((Fraction(a, b) == Fraction(c, d)) == (Wide{a} * d == Wide{c} * b));
}

RC_GTEST_PROP(Fraction, TimesOverMinusAreInverse, ()) {
  const auto a = *rc::gen::inRange<std::uint64_t>(1, 1'000'000'000);
  const auto b = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const Fraction x(a, b), y(b, a);
  RC_ASSERT(x.times(y) == Fraction(1));
  RC_ASSERT(x.over(x) == Fraction(1));
  RC_ASSERT(x.minus(x) == Fraction(0));
  RC_ASSERT(x.minus(Fraction(x.floor())) < Fraction(1));
}

TEST(Share, ReadsPercentagesAndFractionsExactly) {
  EXPECT_EQ(*parse_share("3%"), Fraction(3, 100));
  EXPECT_EQ(*parse_share("3.25 %"), Fraction(13, 400));
  EXPECT_EQ(*parse_share("1/20"), Fraction(1, 20));
  EXPECT_EQ(*parse_share("0.05"), Fraction(1, 20));
  EXPECT_EQ(*parse_share("100%"), Fraction(1));
}

TEST(Share, RefusesWhatIsNotAShare) {
  for (const char* text : {"", "%", "3%%", "-3%", "1/0", "2", "101%", "3.", "1/2%", "a",
                           "1/2/3", "0.1.2", ".5", "1/", "9999999999999999"}) {
    const auto share = parse_share(text);
    ASSERT_FALSE(share.has_value()) << text;
    EXPECT_EQ(share.error().kind, errors::bad_fraction);
  }
}

}  // namespace
}  // namespace urna::seats
