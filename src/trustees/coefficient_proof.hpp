// Schnorr's proof that a trustee knows the secret behind a public coefficient it
// reveals (J. Cryptology 1991, made non-interactive over the whole statement). One for
// every coefficient: without it a trustee could choose its own as a function of the
// others'. The form with the commitment: R = v G + c A.
//
// Templates over the group. Thread rule: pure functions. prove_coefficient handles
// secrets.
#pragma once

#include "ballot/declassify.hpp"
#include "base/bytes.hpp"
#include "crypto/transcript.hpp"
#include "trustees/polynomial.hpp"

namespace urna::trustees {

// What every file and proof of one attempt of one ceremony is bound to.
struct Binding {
  Hash32 ceremony{};  // drawn when the ceremony was called
  std::uint32_t attempt = 1;
  std::uint32_t trustees = 0;   // n
  std::uint32_t threshold = 0;  // k
  Hash32 definition{};

  void add_to(crypto::Transcript& transcript) const {
    transcript.bytes(ceremony).u32(attempt).u32(trustees).u32(threshold).bytes(
        definition);
  }
  friend bool operator==(const Binding&, const Binding&) = default;
};

// Which coefficient of whom a proof is about: A_ij of trustee i (from 1), j from 0.
struct CoefficientPlace {
  Binding binding;
  std::uint32_t trustee = 0;
  std::uint32_t index = 0;
};

template <group::Group G>
struct CoefficientProof {
  typename G::Element commitment;  // R
  typename G::Scalar response;     // v
};

template <group::Group G>
[[nodiscard]] typename G::Scalar coefficient_challenge(
    const CoefficientPlace& place, const typename G::Element& coefficient,
    const typename G::Element& commitment) {
  crypto::Transcript transcript("coefficient");
  place.binding.add_to(transcript);
  return G::Scalar::reduce_wide(transcript.u32(place.trustee)
                                    .u32(place.index)
                                    .bytes(coefficient.bytes())
                                    .bytes(commitment.bytes())
                                    .wide());
}

template <group::Group G>
[[nodiscard]] Result<CoefficientProof<G>> prove_coefficient(
    base::Random& random, const CoefficientPlace& place,
    const typename G::SecretScalar& secret, const typename G::Element& coefficient) {
  URNA_TRY(const typename G::SecretScalar nonce, draw_scalar<G>(random));
  const auto commitment = G::base_mul(nonce);
  ballot::declassify(commitment);  // published
  const auto c = coefficient_challenge<G>(place, coefficient, commitment);
  const auto response = (nonce - c * secret).declassify();
  ballot::declassify(response);
  return CoefficientProof<G>{commitment, response};
}

template <group::Group G>
[[nodiscard]] bool coefficient_proof_holds(const CoefficientPlace& place,
                                           const typename G::Element& coefficient,
                                           const CoefficientProof<G>& proof) {
  const auto c = coefficient_challenge<G>(place, coefficient, proof.commitment);
  return G::base_mul(proof.response) + G::mul(c, coefficient) == proof.commitment;
}

}  // namespace urna::trustees
