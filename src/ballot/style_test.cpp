#include "ballot/style.hpp"

#include "ballot/choices.hpp"
#include "ballot/code.hpp"
#include "ballot/errors.hpp"
#include "ballot/testing/sample.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::ballot {
namespace {

TEST(BallotStyle, ReferenceBallotIsAsLargeAsTheProtocolSays) {
  const BallotStyle style = BallotStyle::make(0, testing::reference_style()).value();
  EXPECT_EQ(style.options(), 52U);
  // 288 bytes an option and 288 a contest with one vote, and the header.
  EXPECT_EQ(style.ballot_size(), kHeaderSize + 288 * 52 + 288 * 8);
}

TEST(BallotStyle, RefusesWhatTheProtocolDoesNotProve) {
  const std::vector<std::vector<ContestShape>> bad = {
      {},       {{0, 1}},   {{1001, 1}},
      {{3, 0}}, {{30, 21}}, std::vector<ContestShape>(kMaxContests + 1, {2, 1})};
  for (const auto& contests : bad) {
    EXPECT_EQ(BallotStyle::make(0, contests).error().kind, errors::bad_style);
  }
  EXPECT_TRUE(BallotStyle::make(0, {{30, 20}}).has_value());
}

TEST(BallotStyle, SizeDoesNotDependOnTheChoices) {
  testing::Sample sample({{{3, 2}, {2, 1}}}, 2);
  const std::size_t blank = sample.seal_bits(Bytes{0, 0, 0, 0, 0}).ballot.size();
  EXPECT_EQ(sample.seal_bits(Bytes{1, 1, 0, 0, 1}).ballot.size(), blank);
  EXPECT_EQ(blank, sample.style().ballot_size());
}

TEST(Choices, RefusesWhatDoesNotFit) {
  const BallotStyle style = BallotStyle::make(0, {{3, 2}, {2, 1}}).value();
  for (const Bytes& bad :
       {Bytes{0, 0, 0, 0}, Bytes{0, 0, 0, 0, 0, 0}, Bytes{2, 0, 0, 0, 0},
        Bytes{1, 1, 1, 0, 0}, Bytes{0, 0, 0, 1, 1}, Bytes{255, 0, 0, 0, 0}}) {
    EXPECT_EQ(Choices::make(style, bad).error().kind, errors::bad_choices);
  }
  EXPECT_TRUE(Choices::make(style, Bytes{1, 0, 1, 0, 1}).has_value());
}

TEST(Code, HasOneSpelling) {
  EXPECT_TRUE(rc::check([](const std::array<std::uint8_t, 32>& code) {
    const std::string text = code_text(code);
    RC_ASSERT(text.size() == 64U);
    RC_ASSERT(parse_code(text).value() == code);
    std::string changed = text;
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    const auto other = parse_code(changed);
    RC_ASSERT(!other || *other != code);
  }));
  for (const char* bad : {"", "AAAA", "aaaa-aaaa"}) {
    EXPECT_EQ(parse_code(bad).error().kind, errors::bad_code);
  }
}

}  // namespace
}  // namespace urna::ballot
