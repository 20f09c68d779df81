// The ceremony's and the decryption's arithmetic over a group of 13 elements, where
// every input can be tried (group/testing/toy_group.hpp).
#include "base/testing/scripted.hpp"
#include "group/testing/toy_group.hpp"
#include "trustees/coefficient_proof.hpp"
#include "trustees/decryption_proof.hpp"
#include "trustees/errors.hpp"
#include "trustees/small_log.hpp"

#include <gtest/gtest.h>

namespace urna::trustees {
namespace {

constexpr std::uint32_t kOrder = 13;
using Toy = group::testing::ToyGroup<kOrder>;
using Number = Toy::Number;

Toy::Element element(std::uint64_t e) {
  return Toy::Element(Number(e));
}
Toy::Scalar scalar(std::uint64_t s) {
  return Toy::Scalar::from_u64(s);
}
Toy::SecretScalar secret(std::uint64_t s) {
  return Toy::SecretScalar::from_u64(s);
}

Polynomial<Toy> polynomial(const std::vector<std::uint64_t>& values) {
  std::vector<Toy::SecretScalar> coefficients;
  for (const std::uint64_t value : values) coefficients.push_back(secret(value));
  return Polynomial<Toy>(std::move(coefficients));
}

TEST(ExhaustiveSharing, NoMemberCountsTwiceAndNoneIsZero) {
  for (std::uint32_t l = 1; l < kOrder; ++l) {
    for (std::uint32_t m = 1; m < kOrder; ++m) {
      const std::uint32_t members[] = {l, m};
      EXPECT_EQ(lagrange_at_zero<Toy>(members).has_value(), l != m);
      const std::uint32_t around[] = {l, m, l};
      EXPECT_FALSE(lagrange_at_zero<Toy>(around).has_value());
    }
    const std::uint32_t with_zero[] = {l, 0};
    EXPECT_EQ(lagrange_at_zero<Toy>(with_zero).error().kind, errors::bad_sums);
    const std::uint32_t same_modulo[] = {l, l + kOrder};
    EXPECT_FALSE(lagrange_at_zero<Toy>(same_modulo).has_value());
  }
}

// All polynomials of degree 1 and 2: every k of 5 shares give the secret, every share
// fits the public coefficients, and no other value does.
TEST(ExhaustiveSharing, EveryKSharesGiveTheSecretForEveryPolynomial) {
  for (std::uint64_t code = 0; code < 13 * 13 * 13; ++code) {
    const auto p = polynomial({code % 13, code / 13 % 13, code / 169});
    const auto commitments = p.commitments();
    for (std::uint32_t l = 1; l <= 5; ++l) {
      const auto expected = public_share<Toy>(commitments, l);
      for (std::uint64_t other = 0; other < kOrder; ++other) {
        EXPECT_EQ(Toy::base_mul(secret(other)) == expected,
                  other == p.share(l).declassify().value());
      }
    }
    for (unsigned subset = 0; subset < 32; ++subset) {
      if (std::popcount(subset) != 3) continue;
      std::vector<std::uint32_t> members;
      for (std::uint32_t i = 0; i < 5; ++i) {
        if (subset >> i & 1) members.push_back(i + 1);
      }
      const auto weights = lagrange_at_zero<Toy>(members).value();
      Toy::Scalar sum;
      for (std::size_t i = 0; i < 3; ++i) {
        sum = sum + weights[i] * p.share(members[i]).declassify();
      }
      EXPECT_EQ(sum, scalar(code % 13));
    }
  }
}

// k-1 shares say nothing: each pair of share values occurs equally often with every
// secret.
TEST(ExhaustiveSharing, FewerThanKSharesSayNothing) {
  std::map<std::array<std::uint32_t, 3>, int> seen;
  for (std::uint64_t code = 0; code < 13 * 13 * 13; ++code) {
    const auto p = polynomial({code % 13, code / 13 % 13, code / 169});
    ++seen[{p.share(2).declassify().value(), p.share(5).declassify().value(),
            static_cast<std::uint32_t>(code % 13)}];
  }
  EXPECT_EQ(seen.size(), 13u * 13 * 13);
  for (const auto& [key, count] : seen) EXPECT_EQ(count, 1);
}

// For every coefficient and commitment exactly one response is accepted, and the
// prover who knows the secret always finds it.
TEST(ExhaustiveProof, ACoefficientProofHasOneAcceptedResponse) {
  const CoefficientPlace place{{Hash32{1}, 1, 3, 2, Hash32{2}}, 1, 0};
  base::testing::ScriptedRandom random(1);
  for (std::uint64_t a = 0; a < kOrder; ++a) {
    for (std::uint64_t r = 0; r < kOrder; ++r) {
      int accepted = 0;
      for (std::uint64_t v = 0; v < kOrder; ++v) {
        accepted +=
            coefficient_proof_holds<Toy>(place, element(a), {element(r), scalar(v)});
      }
      EXPECT_EQ(accepted, 1);
    }
    const auto proof =
        prove_coefficient<Toy>(random, place, secret(a), element(a)).value();
    EXPECT_TRUE(coefficient_proof_holds<Toy>(place, element(a), proof));
  }
}

// A right decryption is always accepted; a wrong one for at most one challenge, that
// is for about one in 13 commitments, whatever the commitments and the response.
TEST(ExhaustiveProof, AWrongDecryptionIsAcceptedForOneChallengeAtMost) {
  base::testing::ScriptedRandom random(1);
  std::uint64_t wrong_commitments = 0;
  std::uint64_t wrong_accepted = 0;
  for (std::uint64_t z = 1; z < kOrder; ++z) {
    for (std::uint64_t alpha = 1; alpha < kOrder; ++alpha) {
      DecryptionStatement<Toy> statement{Hash32{1}, "1", Hash32{2}, {}};
      statement.fields.push_back({element(alpha), element(5)});
      const auto right =
          prove_decryption<Toy>(random, statement, 1, secret(z), element(z)).value();
      EXPECT_EQ(right.shares[0], element(z * alpha));
      EXPECT_TRUE(decryption_holds<Toy>(statement, right, element(z)));
      const std::uint64_t wrong = (z * alpha + 1) % kOrder;
      for (std::uint64_t code = 0; code < 169; ++code) {
        DecryptionShare<Toy> share{1, {element(wrong)}, {}};
        share.proof.commitment_g = element(code % 13);
        share.proof.commitment_alpha = element(code / 13);
        ++wrong_commitments;
        for (std::uint64_t v = 0; v < kOrder; ++v) {
          share.proof.response = scalar(v);
          wrong_accepted += decryption_holds<Toy>(statement, share, element(z));
        }
      }
    }
  }
  // Expected 1/13, plus the weights that are 0 modulo 13; in a group of elections both
  // are 2^-252.
  EXPECT_LT(wrong_accepted * 13, wrong_commitments * 3);
  EXPECT_GT(wrong_accepted, 0u);
}

TEST(ExhaustiveLog, FindsEveryTotalAndNothingAboveTheBound) {
  using Big = group::testing::ToyGroup<1009>;
  const auto base = Big::Element(Big::Number(5));
  for (const std::uint32_t table : {1u, 2u, 7u, 16u, 100u, 1008u}) {
    const SmallLog<Big> log(base, table);
    for (const std::uint64_t bound : {0u, 1u, 6u, 7u, 15u, 16u, 500u}) {
      for (std::uint64_t t = 0; t < 1009; ++t) {
        const auto target = Big::Element(Big::Number(5 * t));
        const auto found = log.find_var(target, bound);
        if (t <= bound) {
          EXPECT_EQ(found, t);
        } else {
          EXPECT_FALSE(found.has_value()) << t << " " << bound << " " << table;
        }
      }
    }
  }
}

}  // namespace
}  // namespace urna::trustees
