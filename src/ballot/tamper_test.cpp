// A ballot that was changed in any way is refused, with its own reason, and both
// verifiers give the same verdict: every bit of every field, and parts moved between
// options, contests, ballots, stations and elections.
#include "ballot/batch.hpp"
#include "ballot/errors.hpp"
#include "ballot/testing/sample.hpp"
#include "ballot/verify.hpp"
#include "base/memory.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::ballot {
namespace {

using testing::Sample;

std::optional<Fault> both(Sample& sample, ByteView ballot) {
  const auto reference = verify_ballot(sample.station, sample.key, ballot);
  const auto batch =
      verify_batch(sample.station, sample.key, {&ballot, 1}, sample.random).value();
  EXPECT_EQ(reference, batch[0]);
  return reference;
}

ErrorKind verdict(Sample& sample, ByteView ballot) {
  const auto fault = both(sample, ballot);
  return fault ? fault->kind : ErrorKind{0, "accepted"};
}

std::span<std::uint8_t> field(const BallotStyle&, Bytes& ballot, std::size_t index) {
  return std::span(ballot).subspan(kHeaderSize + kFieldSize * index, kFieldSize);
}

void swap_fields(const BallotStyle& style, Bytes& a, std::size_t i, Bytes& b,
                 std::size_t j) {
  std::ranges::swap_ranges(field(style, a, i), field(style, b, j));
}

// The order l of the group, little-endian.
constexpr ByteArray<32> kOrder = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                  0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                  0,    0,    0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0x10};

class TamperTest : public ::testing::Test {
 protected:
  Sample sample{{{{2, 1}, {3, 2}}, {{2, 1}}}, 11};
  const BallotStyle& style = sample.style(0);
  Bytes good = sample.seal_any(0).ballot;
};

TEST_F(TamperTest, EveryFlippedBitIsRefused) {
  ASSERT_FALSE(both(sample, good).has_value());
  // All bits in batches: one flipped ballot each, 100 at a time.
  std::vector<Bytes> flipped;
  const std::size_t step = std::getenv("URNA_LONG") != nullptr ? 1 : 3;
  for (std::size_t bit = 0; bit < good.size() * 8; bit += step) {
    Bytes& bad = flipped.emplace_back(good);
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
  }
  std::vector<ByteView> views(flipped.begin(), flipped.end());
  for (std::size_t start = 0; start < views.size(); start += 100) {
    const auto chunk = std::span(views).subspan(
        start, std::min<std::size_t>(100, views.size() - start));
    const auto verdicts =
        verify_batch(sample.station, sample.key, chunk, sample.random).value();
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      EXPECT_TRUE(verdicts[i].has_value()) << "bit " << (start + i) * step;
    }
  }
}

TEST_F(TamperTest, ReasonsAreTheirOwn) {
  const auto changed = [&](const std::function<void(Bytes&)>& change) {
    Bytes bad = good;
    change(bad);
    return verdict(sample, bad);
  };
  const std::size_t scalars = style.points();
  EXPECT_EQ(changed([](Bytes& b) { b.pop_back(); }), errors::short_ballot);
  EXPECT_EQ(changed([](Bytes& b) { b.clear(); }), errors::short_ballot);
  EXPECT_EQ(changed([](Bytes& b) { b.push_back(0); }), errors::long_ballot);
  EXPECT_EQ(changed([](Bytes& b) { b[0] = 2; }), errors::bad_version);
  EXPECT_EQ(changed([](Bytes& b) { b[1] = 9; }), errors::unknown_style);
  EXPECT_EQ(changed([](Bytes& b) { b[5] = 9; }), errors::unknown_segment);
  // c + l is the same number, written otherwise.
  EXPECT_EQ(changed([&](Bytes& b) {
              std::uint32_t carry = 0;
              auto c0 = field(style, b, scalars);
              for (std::size_t i = 0; i < 32; ++i) {
                carry += static_cast<std::uint32_t>(c0[i]) + kOrder[i];
                c0[i] = static_cast<std::uint8_t>(carry);
                carry >>= 8;
              }
            }),
            errors::bad_scalar);
  EXPECT_EQ(changed([&](Bytes& b) { field(style, b, 0)[0] ^= 1; }), errors::bad_point);
  EXPECT_EQ(changed([&](Bytes& b) { field(style, b, 1)[31] |= 0x80; }),
            errors::bad_point);
  EXPECT_EQ(changed([&](Bytes& b) { std::ranges::fill(field(style, b, 0), 0); }),
            errors::identity_point);
  EXPECT_EQ(changed([&](Bytes& b) { std::ranges::fill(field(style, b, 3), 0); }),
            errors::identity_point);
  // An identity commitment is legal as an encoding: only its equation fails.
  EXPECT_EQ(changed([&](Bytes& b) {
              std::ranges::fill(field(style, b, style.ciphertext_points()), 0);
            }),
            errors::option_proof);
  EXPECT_EQ(changed([&](Bytes& b) { std::ranges::fill(field(style, b, scalars), 0); }),
            errors::option_proof);
  const std::size_t contest_scalars = style.place(0).scalars + 6;
  EXPECT_EQ(changed([&](Bytes& b) {
              std::ranges::fill(field(style, b, scalars + contest_scalars), 0);
            }),
            errors::contest_proof);
}

TEST_F(TamperTest, MovedPartsAreRefused) {
  Bytes other = sample.seal_any(0).ballot;
  const std::size_t ciphertexts = style.ciphertext_points();
  const auto refuse = [&](Bytes bad) { EXPECT_TRUE(both(sample, bad).has_value()); };
  const auto swapped = [&](std::size_t i, std::size_t j, std::size_t count) {
    Bytes bad = good;
    for (std::size_t k = 0; k < count; ++k) swap_fields(style, bad, i + k, bad, j + k);
    return bad;
  };
  refuse(swapped(0, 2, 2));                                // options of one contest
  refuse(swapped(0, 6, 2));                                // options of two contests
  refuse(swapped(0, 1, 1));                                // alpha with beta
  refuse(swapped(ciphertexts, ciphertexts + 4, 4));        // commitments of two options
  refuse(swapped(style.points(), style.points() + 3, 3));  // responses of two options
  for (std::size_t i = 0; i < style.points() + style.scalars(); ++i) {
    Bytes bad = good;
    Bytes from = other;
    swap_fields(style, bad, i, from, i);  // each field of another ballot
    refuse(bad);
  }
  // A whole option, proof included, from another ballot.
  Bytes bad = good;
  Bytes from = other;
  for (const std::size_t i :
       {0UL, 1UL, ciphertexts, ciphertexts + 1, ciphertexts + 2, ciphertexts + 3,
        style.points(), style.points() + 1, style.points() + 2}) {
    swap_fields(style, bad, i, from, i);
  }
  refuse(bad);
}

TEST_F(TamperTest, BallotsDoNotTravel) {
  Sample other_station({{{2, 1}, {3, 2}}, {{2, 1}}}, 1, "0101002");
  EXPECT_EQ(verdict(other_station, good), errors::option_proof);
  Sample other_election({{{2, 1}, {3, 2}}, {{2, 1}}}, 1, "0101001", 8);
  EXPECT_EQ(verdict(other_election, good), errors::option_proof);
  Bytes other_segment = good;
  other_segment[5] = 2;
  EXPECT_EQ(verdict(sample, other_segment), errors::option_proof);
  Bytes other_id = good;
  other_id[9] ^= 1;
  EXPECT_EQ(verdict(sample, other_id), errors::option_proof);
  Sample same_shape({{{2, 1}, {3, 2}}, {{2, 1}, {3, 2}}}, 1);
  Bytes other_style = good;
  other_style[1] = 1;
  EXPECT_EQ(verdict(same_shape, other_style), errors::option_proof);
}

// Ciphertexts made larger by the same amount: a proof of something else.
TEST_F(TamperTest, RerandomisedCopyIsRefused) {
  Bytes bad = good;
  const auto add = [&](std::size_t index, const group::Element& e) {
    const auto old = group::Element::decode(field(style, bad, index)).value();
    std::ranges::copy((old + e).bytes(), field(style, bad, index).begin());
  };
  const auto r = group::Scalar::from_u64(5);
  add(0, group::base_mul(r));
  add(1, group::mul(r, sample.key.element()));
  EXPECT_EQ(verdict(sample, bad), errors::option_proof);
}

// Sanitizers make each trial ten times dearer.
#if defined(__SANITIZE_ADDRESS__) || URNA_SANITIZED
constexpr int kTrials = 5;
#else
constexpr int kTrials = 200;
#endif

// One bad option among 8,192 (158 ballots of 52), always caught and named.
TEST(BatchSoundness, OneBadOptionIsAlwaysNamed) {
  base::keep_freed_memory();  // as the programs do: a third of the time is page faults
  Sample sample({testing::reference_style()}, 3);
  const BallotStyle& style = sample.style();
  std::vector<Bytes> ballots;
  for (int i = 0; i < 158; ++i) ballots.push_back(sample.seal_any().ballot);
  const int trials = std::getenv("URNA_LONG") != nullptr ? 10'000 : kTrials;
  for (int trial = 0; trial < trials; ++trial) {
    const std::size_t victim = sample.random.below(ballots.size()).value();
    const std::size_t option = sample.random.below(8).value();
    Bytes bad = ballots[victim];
    const std::size_t response =
        style.points() + style.place(0).scalars + 3 * option + 1;
    field(style, bad, response)[0] ^= 1;
    std::vector<ByteView> views(ballots.begin(), ballots.end());
    views[victim] = bad;
    const auto verdicts =
        verify_batch(sample.station, sample.key, views, sample.random).value();
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      ASSERT_EQ(verdicts[i].has_value(), i == victim) << "trial " << trial;
    }
    EXPECT_EQ(verdicts[victim]->kind, errors::option_proof);
    EXPECT_EQ(verdicts[victim]->place,
              "contest 0, option " + std::to_string(option) + ", equation a0");
  }
}

// Several bad ballots of several kinds among good ones: each named, none other.
TEST(BatchSoundness, ManyFaultsAtOnce) {
  Sample sample({{{2, 1}}}, 5);
  const BallotStyle& style = sample.style();
  std::vector<Bytes> ballots;
  for (int i = 0; i < 40; ++i) ballots.push_back(sample.seal_any().ballot);
  ballots[3].pop_back();
  field(style, ballots[7], 0)[0] ^= 1;
  field(style, ballots[8], style.points())[0] ^= 1;
  field(style, ballots[39], style.points() + 8)[0] ^= 1;
  const std::vector<ByteView> views(ballots.begin(), ballots.end());
  const auto verdicts =
      verify_batch(sample.station, sample.key, views, sample.random).value();
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    EXPECT_EQ(verdicts[i], verify_ballot(sample.station, sample.key, views[i]));
    EXPECT_EQ(verdicts[i].has_value(), i == 3 || i == 7 || i == 8 || i == 39) << i;
  }
}

TEST(VerifyStream, VerdictsKeepTheirPositionsOnSeveralThreads) {
  Sample sample({{{2, 1}}}, 6);
  std::vector<Bytes> ballots;
  for (int i = 0; i < 20; ++i) ballots.push_back(sample.seal_any().ballot);
  for (std::size_t i = 0; i < ballots.size(); i += 7) ballots[i][9] ^= 1;
  std::size_t next = 0;
  std::vector<int> seen(60, 0);
  const auto done = verify_stream(
      sample.station, sample.key,
      [&](Bytes& ballot) {
        if (next == seen.size()) return false;
        ballot = ballots[next++ % ballots.size()];
        return true;
      },
      [&](std::uint64_t position, const std::optional<Fault>& fault) {
        ++seen[position];
        EXPECT_EQ(fault.has_value(), position % 20 % 7 == 0);
      },
      3);
  ASSERT_TRUE(done.has_value());
  for (const int count : seen) EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace urna::ballot
