// What all trustees' public coefficients add up to: the joint key K to which ballots
// are encrypted, everybody's public share Z_l, and the election hash He that binds the
// key to the definition. Everyone can compute it; nobody holds the secret behind K.
//
// Thread rule: plain values. Public data only.
#pragma once

#include "trustees/payload.hpp"

#include <vector>

namespace urna::trustees {

struct Joint {
  Element key;                         // K = sum of A_i0
  std::vector<Element> public_shares;  // Z_1 .. Z_n
  Hash32 election_hash{};              // He
};

// coefficients[i][j] = A_(i+1)j: n rows of k. Error bad_coefficient when K or a Z_l is
// the identity, which trustees can only bring about together.
[[nodiscard]] Result<Joint> join(const Binding& binding,
                                 std::span<const std::vector<Element>> coefficients);

// He = H("election"; definition, "ristretto255", n, k, every A_ij, K).
[[nodiscard]] Hash32 election_hash(const Binding& binding,
                                   std::span<const std::vector<Element>> coefficients,
                                   const Element& key);

[[nodiscard]] std::vector<Element> elements_of(
    std::span<const Coefficient> coefficients);

// P(l) G as the dealer's coefficients give it, against the share somebody holds.
[[nodiscard]] bool share_fits(const SecretScalar& share,
                              std::span<const Coefficient> coefficients,
                              std::uint32_t receiver);

}  // namespace urna::trustees
