// The proofs over a group of 11 elements, where everything can be tried: which values
// a proof accepts, for every challenge and every answer.
#include "ballot/or_proof.hpp"
#include "group/testing/toy_group.hpp"

#include <set>

#include <gtest/gtest.h>

namespace urna::ballot {
namespace {

constexpr std::uint32_t kOrder = 11;
using Toy = group::testing::ToyGroup<kOrder>;
using Scalar = Toy::Scalar;
using Secret = Toy::SecretScalar;
using Element = Toy::Element;

// All equations of a proof with these challenges and responses.
bool holds(const Element& key, const Element& alpha, const Element& beta,
           const std::vector<OrBranch<Toy>>& commitments,
           const std::vector<Scalar>& challenges, const std::vector<Scalar>& responses,
           const std::vector<Scalar>& values) {
  for (std::size_t m = 0; m < values.size(); ++m) {
    if (failing_equation<Toy>(
            key, alpha, beta,
            {commitments[m], challenges[m], responses[m], values[m]})) {
      return false;
    }
  }
  return true;
}

// Completeness: every value, nonce, mask and stand-in gives a proof that holds.
TEST(Exhaustive, EveryHonestOptionProofHolds) {
  const Element key = Toy::base_mul(Scalar::from_u64(7));
  const std::vector<Scalar> values = {Scalar(), Scalar::from_u64(1)};
  for (std::uint32_t bit = 0; bit < 2; ++bit) {
    for (std::uint32_t x = 0; x < kOrder; ++x) {
      for (std::uint32_t mask = 0; mask < kOrder; ++mask) {
        for (std::uint32_t stand_in = 0; stand_in < kOrder; ++stand_in) {
          for (std::uint32_t c = 0; c < kOrder; ++c) {
            const Element alpha = Toy::base_mul(Scalar::from_u64(x));
            const Element beta = Toy::mul(Scalar::from_u64(bit + x), key);
            std::vector<Secret> masks;
            masks.push_back(Secret::from_u64(mask));
            masks.push_back(Secret::from_u64(mask + 3));
            std::vector<Secret> stand_ins;
            stand_ins.push_back(Secret::from_u64(stand_in));
            stand_ins.push_back(Secret::from_u64(2 * stand_in + 1));
            OrProver<Toy> prover(std::move(masks), std::move(stand_ins));
            const auto commitments = prover.commit(key, Secret::from_u64(bit), values);
            const std::uint8_t real[2] = {static_cast<std::uint8_t>(1 - bit),
                                          static_cast<std::uint8_t>(bit)};
            const auto answer =
                prover.answer(Scalar::from_u64(c), Secret::from_u64(x), real);
            ASSERT_EQ(answer.challenges[0] + answer.challenges[1], Scalar::from_u64(c));
            ASSERT_TRUE(holds(key, alpha, beta, commitments, answer.challenges,
                              answer.responses, values));
          }
        }
      }
    }
  }
}

// Challenges c for which some answer exists to fixed commitments (a0,b0,a1,b1), all
// given as discrete logarithms; alpha = x G, beta = (s + x) K with K = G.
std::set<std::uint32_t> answerable(std::uint32_t s, std::uint32_t x,
                                   const std::array<std::uint32_t, 4>& commitment) {
  std::set<std::uint32_t> out;
  const auto num = [](std::uint64_t n) { return group::testing::ToyNumber<kOrder>(n); };
  for (std::uint32_t c0 = 0; c0 < kOrder; ++c0) {
    for (std::uint32_t c1 = 0; c1 < kOrder; ++c1) {
      bool all = true;
      for (std::uint32_t j = 0; j < 2 && all; ++j) {
        const std::uint32_t c = j == 0 ? c0 : c1;
        // v is fixed by the first equation; the second must agree.
        const auto v = num(commitment[2 * j]) - num(c) * num(x);
        const auto b = v - num(j) * num(c) + num(c) * (num(s) + num(x));
        all = b == num(commitment[2 * j + 1]);
      }
      if (all) out.insert((c0 + c1) % kOrder);
    }
  }
  return out;
}

// Soundness: when s is 0 or 1, some commitments answer every challenge; when it is
// anything else, no commitment answers more than one challenge in eleven.
TEST(Exhaustive, OnlyZeroAndOneCanAnswerEveryChallenge) {
  for (std::uint32_t s = 0; s < kOrder; ++s) {
    std::size_t most = 0;
    for (std::uint32_t a0 = 0; a0 < kOrder; ++a0) {
      for (std::uint32_t b0 = 0; b0 < kOrder; ++b0) {
        for (std::uint32_t a1 = 0; a1 < kOrder; ++a1) {
          for (std::uint32_t b1 = 0; b1 < kOrder; ++b1) {
            most = std::max(most, answerable(s, 4, {a0, b0, a1, b1}).size());
          }
        }
      }
    }
    EXPECT_EQ(most, s <= 1 ? kOrder : 1U) << "s = " << s;
  }
}

// The folded contest statement: sum + gamma z is one of gamma, 1, .., M. For a true
// statement it always is; for a false one it is for at most M + 1 of the values of
// gamma, so a false one passes for at most that share of the challenges.
TEST(Exhaustive, FoldedStatementIsTrueForAtMostFewGammas) {
  for (std::uint32_t limit = 1; limit <= 3; ++limit) {
    for (std::uint32_t sum = 0; sum < kOrder; ++sum) {
      for (std::uint32_t z = 0; z < kOrder; ++z) {
        std::uint32_t passing = 0;
        for (std::uint32_t gamma = 0; gamma < kOrder; ++gamma) {
          const std::uint32_t folded = (sum + gamma * z) % kOrder;
          bool allowed = folded == gamma;
          for (std::uint32_t m = 1; m <= limit; ++m) allowed |= folded == m;
          passing += allowed ? 1 : 0;
        }
        const bool truth = (sum == 0 && z == 1) || (sum >= 1 && sum <= limit && z == 0);
        if (truth) {
          EXPECT_EQ(passing, kOrder) << sum << " " << z;
        } else {
          EXPECT_LE(passing, limit + 1) << sum << " " << z;
        }
      }
    }
  }
}

}  // namespace
}  // namespace urna::ballot
