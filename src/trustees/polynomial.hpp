// Feldman's verifiable secret sharing (FOCS 1987), the arithmetic of the key ceremony:
// a secret polynomial P of degree k-1, its public coefficients A_j = a_j G, and shares
// P(l) that anyone holding one can check against them. Any k shares give P(0); k-1
// give nothing.
//
// Templates over the group (group/concept.hpp): elections use Ristretto255, the
// exhaustive tests a group small enough to try every input. Thread rule: plain values.
// Polynomial is secret and takes no branch on its coefficients.
#pragma once

#include "base/clock.hpp"
#include "crypto/secret.hpp"
#include "group/concept.hpp"
#include "trustees/errors.hpp"

#include <span>
#include <vector>

namespace urna::trustees {

// A uniform secret scalar from the randomness port: 64 bytes, reduced.
template <group::Group G>
[[nodiscard]] Result<typename G::SecretScalar> draw_scalar(base::Random& random) {
  crypto::SecretArray<64> wide;
  URNA_CHECK(random.fill(wide.writable()));
  return G::SecretScalar::from_wide(wide.expose());
}

template <group::Group G>
class Polynomial {
 public:
  using Secret = typename G::SecretScalar;
  using Element = typename G::Element;

  // `threshold` coefficients, the constant term first; at least one.
  explicit Polynomial(std::vector<Secret> coefficients)
      : coefficients_(std::move(coefficients)) {}

  [[nodiscard]] static Result<Polynomial> draw(base::Random& random,
                                               std::uint32_t threshold) {
    std::vector<Secret> coefficients;
    for (std::uint32_t j = 0; j < threshold; ++j) {
      URNA_TRY(Secret coefficient, draw_scalar<G>(random));
      coefficients.push_back(std::move(coefficient));
    }
    return Polynomial(std::move(coefficients));
  }

  [[nodiscard]] std::span<const Secret> coefficients() const { return coefficients_; }

  // A_j = a_j G.
  [[nodiscard]] std::vector<Element> commitments() const {
    std::vector<Element> elements;
    for (const Secret& coefficient : coefficients_) {
      elements.push_back(G::base_mul(coefficient));
    }
    return elements;
  }

  // P(l), the share of trustee l; l counts from 1.
  [[nodiscard]] Secret share(std::uint32_t l) const {
    const auto at = G::Scalar::from_u64(l);
    Secret value = coefficients_.back().clone();
    for (std::size_t j = coefficients_.size() - 1; j-- > 0;) {
      value = at * value + coefficients_[j];
    }
    return value;
  }

 private:
  std::vector<Secret> coefficients_;
};

// P(l) G, from the public coefficients alone: sum of l^j A_j.
template <group::Group G>
[[nodiscard]] typename G::Element public_share(
    std::span<const typename G::Element> commitments, std::uint32_t l) {
  const auto at = G::Scalar::from_u64(l);
  typename G::Element value = commitments.back();
  for (std::size_t j = commitments.size() - 1; j-- > 0;) {
    value = G::mul(at, value) + commitments[j];
  }
  return value;
}

// The weights that give P(0) = sum of weights[i] P(members[i]): Lagrange at zero.
// Error group no_inverse when a member is repeated (modulo the group order), even in
// different places, so that nobody can count twice; bad_sums for member zero, whose
// share would be the secret itself.
template <group::Group G>
[[nodiscard]] Result<std::vector<typename G::Scalar>> lagrange_at_zero(
    std::span<const std::uint32_t> members) {
  using Scalar = typename G::Scalar;
  std::vector<Scalar> weights;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Scalar l = Scalar::from_u64(members[i]);
    if (l == Scalar{}) return fail(errors::bad_sums, "there is no member zero");
    Scalar above = Scalar::from_u64(1);
    Scalar below = Scalar::from_u64(1);
    for (std::size_t j = 0; j < members.size(); ++j) {
      if (j == i) continue;
      const Scalar m = Scalar::from_u64(members[j]);
      above = above * m;
      below = below * (m - l);
    }
    URNA_TRY(const Scalar inverse, below.invert_var());
    weights.push_back(above * inverse);
  }
  return weights;
}

}  // namespace urna::trustees
