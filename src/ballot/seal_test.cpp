#include "ballot/seal.hpp"

#include "ballot/batch.hpp"
#include "ballot/errors.hpp"
#include "ballot/testing/sample.hpp"
#include "ballot/verify.hpp"

#include <gtest/gtest.h>

namespace urna::ballot {
namespace {

using testing::Sample;

TEST(Seal, EverySealedBallotVerifiesBothWays) {
  Sample sample({{{3, 1}, {5, 3}, {1, 1}, {2, 20}}, testing::reference_style()}, 1);
  std::vector<Bytes> ballots;
  for (std::uint32_t i = 0; i < 12; ++i) {
    ballots.push_back(sample.seal_any(i % 2).ballot);
  }
  for (const Bytes& ballot : ballots) {
    const auto fault = verify_ballot(sample.station, sample.key, ballot);
    EXPECT_FALSE(fault.has_value()) << fault->text();
  }
  const std::vector<ByteView> views(ballots.begin(), ballots.end());
  const auto verdicts = verify_batch(sample.station, sample.key, views, sample.random);
  for (const auto& fault : *verdicts) EXPECT_FALSE(fault.has_value()) << fault->text();
}

TEST(Seal, StopsWithoutRandomness) {
  Sample sample({testing::reference_style()}, 2);
  const Choices choices =
      Choices::make(sample.style(), sample.random_bits(sample.style())).value();
  sample.random.break_down();
  const auto sealed = seal(sample.station, 0, 1, sample.key, choices, sample.random);
  ASSERT_FALSE(sealed.has_value());
}

}  // namespace
}  // namespace urna::ballot
