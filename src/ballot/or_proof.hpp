// The disjunctive Chaum-Pedersen proof (Cramer, Damgard, Schoenmakers 1994) that an
// exponential ElGamal pair (alpha, beta) = (x G, (V + x) K) encrypts one of the public
// values v_0 .. v_M, in the form with commitments, so that thousands of proofs fold
// into one multi-scalar multiplication. An option proof is the case {0, 1}; a contest
// proof has the values {gamma, 1, .. M}.
//
// For each branch m: a_m = r_m G + c_m alpha,  b_m = (r_m - c_m v_m) K + c_m beta,
// and the c_m add up to the challenge c of the whole statement and all commitments.
//
// Templates over the group (group/concept.hpp): the elections use Ristretto255, the
// exhaustive tests a group small enough to try every input. Thread rule: plain values.
// OrProver handles secrets and takes no branch on them; check_or is for public data.
#pragma once

#include "group/concept.hpp"

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace urna::ballot {

template <group::Group G>
struct OrBranch {
  typename G::Element a;
  typename G::Element b;
};

// What one branch of a proof claims and shows.
template <group::Group G>
struct OrShown {
  OrBranch<G> commitment;
  typename G::Scalar challenge;
  typename G::Scalar response;
  typename G::Scalar value;
};

enum class OrEquation : std::uint8_t { a, b };

// The first of the branch's two equations that does not hold.
template <group::Group G>
[[nodiscard]] std::optional<OrEquation> failing_equation(
    const typename G::Element& key, const typename G::Element& alpha,
    const typename G::Element& beta, const OrShown<G>& branch) {
  const auto& c = branch.challenge;
  const auto& r = branch.response;
  if (!(G::base_mul(r) + G::mul(c, alpha) == branch.commitment.a)) return OrEquation::a;
  if (!(G::mul(r - c * branch.value, key) + G::mul(c, beta) == branch.commitment.b)) {
    return OrEquation::b;
  }
  return std::nullopt;
}

// Makes one proof. With a mask e_m and a stand-in challenge d_m for every branch, all
// branches are computed alike, real or not: a_m = e_m G, b_m = (e_m + (V - v_m) d_m) K
// and r_m = e_m - c_m x. For the real branch V - v_m is zero, so its d_m leaves no
// trace and its challenge can be set last, to c minus the others. Which branch is real
// enters only through multiplication and constant-time selection.
template <group::Group G>
class OrProver {
 public:
  using Secret = typename G::SecretScalar;
  using Scalar = typename G::Scalar;
  using Element = typename G::Element;

  struct Answer {
    std::vector<Scalar> challenges;
    std::vector<Scalar> responses;
  };

  // One uniform mask and stand-in challenge a branch, used for nothing else.
  OrProver(std::vector<Secret> masks, std::vector<Secret> stand_ins)
      : masks_(std::move(masks)), stand_ins_(std::move(stand_ins)) {}

  // `value` is V, `values` the v_m.
  [[nodiscard]] std::vector<OrBranch<G>> commit(const Element& key, const Secret& value,
                                                std::span<const Scalar> values) const {
    std::vector<OrBranch<G>> branches;
    branches.reserve(masks_.size());
    for (std::size_t m = 0; m < masks_.size(); ++m) {
      const Secret difference = value - Secret::from_public(values[m]);
      const Secret tilt = masks_[m] + difference * stand_ins_[m];
      branches.push_back({G::base_mul(masks_[m]), G::mul(tilt, key)});
    }
    return branches;
  }

  // `nonce` is x; real[m] is 1 for the branch whose value is V and 0 for the others.
  [[nodiscard]] Answer answer(const Scalar& challenge, const Secret& nonce,
                              std::span<const std::uint8_t> real) const {
    Secret gap = Secret::from_public(challenge);
    for (const Secret& stand_in : stand_ins_) gap = gap - stand_in;
    Answer answer;
    for (std::size_t m = 0; m < masks_.size(); ++m) {
      const Secret share = Secret::select(real[m], stand_ins_[m], stand_ins_[m] + gap);
      const Secret response = masks_[m] - share * nonce;
      answer.challenges.push_back(share.declassify());
      answer.responses.push_back(response.declassify());
    }
    return answer;
  }

 private:
  std::vector<Secret> masks_;
  std::vector<Secret> stand_ins_;
};

}  // namespace urna::ballot
