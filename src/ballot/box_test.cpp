#include "ballot/box.hpp"

#include "ballot/errors.hpp"
#include "ballot/opening.hpp"
#include "ballot/sums.hpp"
#include "ballot/testing/sample.hpp"
#include "base/encoding.hpp"

#include <gtest/gtest.h>

namespace urna::ballot {
namespace {

using testing::Sample;

class BoxTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 6; ++i) add(Decision::cast);
    for (int i = 0; i < 2; ++i) add(Decision::challenged);
    add(Decision::voided);
    sort_box(box);
  }

  void add(Decision decision) {
    const Bytes bits = sample.random_bits(sample.style());
    const Choices choices = Choices::make(sample.style(), bits).value();
    Sealed sealed =
        seal(sample.station, 0, 1, sample.key, choices, sample.random).value();
    BoxBallot item{decision, sealed.ballot, {}};
    if (decision == Decision::challenged) {
      item.opening = make_opening(sealed.seed, choices);
    }
    if (decision == Decision::cast) cast_bits.push_back(bits);
    box.ballots.push_back(std::move(item));
  }

  // The kinds of all faults, in the box's order.
  std::vector<ErrorKind> kinds(bool reference = false) {
    std::vector<ErrorKind> out;
    const BoxReport found = check_box(box, 1, reference).value();
    for (const BoxFault& f : found.faults) {
      out.push_back(f.fault.kind);
    }
    return out;
  }

  BoxBallot& first(Decision decision) {
    return *std::ranges::find(box.ballots, decision, &BoxBallot::decision);
  }

  Sample sample{{{{3, 2}, {2, 1}}}, 21};
  Box box{sample.station, sample.key, {}};
  std::vector<Bytes> cast_bits;
};

TEST_F(BoxTest, HonestBoxHasNoFault) {
  const BoxReport report = check_box(box, 2, false).value();
  EXPECT_TRUE(report.faults.empty());
  EXPECT_EQ(report.cast, 6U);
  EXPECT_EQ(report.challenged, 2U);
  EXPECT_EQ(report.voided, 1U);
  EXPECT_TRUE(kinds(true).empty());
}

TEST_F(BoxTest, BytesComeBack) {
  const Bytes bytes = box_bytes(box);
  EXPECT_EQ(base::to_hex(ByteView(bytes).first(21)),
            "1100000075726e612d62616c6c6f742d626f782d31");
  const Box again = parse_box(bytes).value();
  EXPECT_EQ(box_bytes(again), bytes);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 13) {
    EXPECT_FALSE(parse_box(ByteView(bytes).first(cut)).has_value());
  }
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(parse_box(longer).error().kind, errors::bad_box);
}

TEST_F(BoxTest, DuplicatesAreNamed) {
  box.ballots.insert(box.ballots.begin(), box.ballots.front());
  EXPECT_EQ(kinds(), std::vector<ErrorKind>{errors::duplicate_id});
}

TEST_F(BoxTest, ABallotWithTwoDecisionsIsNamed) {
  first(Decision::voided).ballot = first(Decision::cast).ballot;
  EXPECT_EQ(kinds(), std::vector<ErrorKind>{errors::id_conflict});
}

TEST_F(BoxTest, ACopiedCiphertextIsNamed) {
  // Another identifier over the same ciphertexts: its own proofs fail, and it is seen
  // to be a copy whatever the proofs say.
  Bytes copy = box.ballots[0].ballot;
  copy[9] ^= 1;
  box.ballots.insert(box.ballots.begin(), {Decision::cast, copy, {}});
  sort_box(box);
  const auto found = kinds();
  EXPECT_EQ(std::ranges::count(found, errors::duplicate_alpha), 1);
  EXPECT_EQ(std::ranges::count(found, errors::option_proof), 1);
}

TEST_F(BoxTest, OrderThatCouldTellTimeIsNamed) {
  std::swap(box.ballots[0], box.ballots[1]);
  EXPECT_EQ(kinds(), std::vector<ErrorKind>{errors::group_order});
}

TEST_F(BoxTest, OpeningsFollowTheDecision) {
  const Bytes opening = first(Decision::challenged).opening;
  first(Decision::cast).opening = opening;
  EXPECT_EQ(kinds(), std::vector<ErrorKind>{errors::opening_forbidden});
  first(Decision::cast).opening.clear();
  first(Decision::challenged).opening.clear();
  EXPECT_EQ(kinds(), std::vector<ErrorKind>{errors::opening_missing});
}

TEST_F(BoxTest, EveryChangedOpeningIsRefused) {
  const Bytes good = first(Decision::challenged).opening;
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
    const auto ballot =
        BallotBytes::read(box.station, first(Decision::challenged).ballot).value();
    EXPECT_TRUE(check_opening(box.station, box.key, ballot, bad).has_value()) << bit;
  }
}

// The sums decrypt to the votes: beta - x alpha = t K, found by trying.
TEST_F(BoxTest, SumsAreTheVotes) {
  std::vector<BallotBytes> cast;
  for (const BoxBallot& item : box.ballots) {
    if (item.decision == Decision::cast) {
      cast.push_back(BallotBytes::read(box.station, item.ballot).value());
    }
  }
  Sums sums;
  ASSERT_TRUE(sums.add(std::span(cast).first(2)).has_value());
  ASSERT_TRUE(sums.add(std::span(cast).subspan(2)).has_value());
  const auto totals = sums.finish();
  ASSERT_EQ(totals.size(), 1U);
  EXPECT_EQ(totals[0].ballots, 6U);
  std::vector<std::uint64_t> expected(7, 0);
  for (const Bytes& bits : cast_bits) {
    const bool blank1 = bits[0] + bits[1] + bits[2] == 0;
    const bool blank2 = bits[3] + bits[4] == 0;
    const std::uint64_t fields[7] = {bits[0],          bits[1], bits[2],
                                     blank1 ? 1U : 0U, bits[3], bits[4],
                                     blank2 ? 1U : 0U};
    for (std::size_t f = 0; f < 7; ++f) expected[f] += fields[f];
  }
  for (std::size_t f = 0; f < 7; ++f) {
    const Ciphertext& sum = totals[0].fields[f];
    // alpha = x G and K = s G, so s alpha = x K.
    const auto votes = sum.beta - group::mul(sample.secret, sum.alpha);
    EXPECT_EQ(votes,
              group::mul(group::Scalar::from_u64(expected[f]), sample.key.element()));
  }
}

}  // namespace
}  // namespace urna::ballot
