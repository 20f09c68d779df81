// One trustee's share of a station's decryption, M_f = z_l alpha_f for every field f,
// and the one proof that all of them are right: Chaum and Pedersen (CRYPTO 1992) for
// (G, Z_l; A, B) with A = sum of w_f alpha_f and B = sum of w_f M_f. The weights w_f
// are hashes of the whole statement, so that wrong shares cannot cancel one another.
// Source: protocol.md, "Tally and decryption"; docs/formats/decryption.md.
//
// Templates over the group. Thread rule: pure functions. prove_decryption handles
// secrets; the others see public data only.
#pragma once

#include "ballot/declassify.hpp"
#include "base/bytes.hpp"
#include "crypto/transcript.hpp"
#include "trustees/polynomial.hpp"

#include <string>
#include <vector>

namespace urna::trustees {

template <group::Group G>
struct Ciphertext {
  typename G::Element alpha;
  typename G::Element beta;
  friend bool operator==(const Ciphertext&, const Ciphertext&) = default;
};

// What is decrypted, as everybody computes it from the station's package.
template <group::Group G>
struct DecryptionStatement {
  Hash32 election_hash{};  // He
  std::string station;     // its code
  Hash32 package{};        // hash of the station package
  std::vector<Ciphertext<G>> fields;
};

template <group::Group G>
struct DecryptionProof {
  typename G::Element commitment_g;      // R_1, for (G, Z_l)
  typename G::Element commitment_alpha;  // R_2, for (A, B)
  typename G::Scalar response;           // v
};

template <group::Group G>
struct DecryptionShare {
  std::uint32_t trustee = 0;                // l
  std::vector<typename G::Element> shares;  // M_f
  DecryptionProof<G> proof;
};

namespace detail {

// Everything a weight and the challenge are bound to, under one tag each.
template <group::Group G>
[[nodiscard]] crypto::Transcript decryption_transcript(
    std::string_view tag, const DecryptionStatement<G>& statement,
    std::uint32_t trustee, const typename G::Element& public_share,
    std::span<const typename G::Element> shares) {
  crypto::Transcript transcript(tag);
  transcript.bytes(statement.election_hash)
      .text(statement.station)
      .bytes(statement.package)
      .u32(trustee)
      .bytes(public_share.bytes())
      .u32(static_cast<std::uint32_t>(statement.fields.size()));
  for (const auto& field : statement.fields) {
    transcript.bytes(field.alpha.bytes()).bytes(field.beta.bytes());
  }
  for (const auto& share : shares) transcript.bytes(share.bytes());
  return transcript;
}

template <group::Group G>
[[nodiscard]] std::vector<typename G::Scalar> decryption_weights(
    const DecryptionStatement<G>& statement, std::uint32_t trustee,
    const typename G::Element& public_share,
    std::span<const typename G::Element> shares) {
  const crypto::Transcript common =
      decryption_transcript<G>("dw", statement, trustee, public_share, shares);
  std::vector<typename G::Scalar> weights;
  for (std::uint32_t f = 0; f < statement.fields.size(); ++f) {
    crypto::Transcript transcript = common;
    weights.push_back(G::Scalar::reduce_wide(transcript.u32(f).wide()));
  }
  return weights;
}

template <group::Group G>
[[nodiscard]] typename G::Element weighted_alphas(
    const DecryptionStatement<G>& statement,
    std::span<const typename G::Scalar> weights) {
  typename G::Element sum{};
  for (std::size_t f = 0; f < weights.size(); ++f) {
    sum = sum + G::mul(weights[f], statement.fields[f].alpha);
  }
  return sum;
}

template <group::Group G>
[[nodiscard]] typename G::Scalar decryption_challenge(
    const DecryptionStatement<G>& statement, std::uint32_t trustee,
    const typename G::Element& public_share,
    std::span<const typename G::Element> shares,
    const typename G::Element& commitment_g,
    const typename G::Element& commitment_alpha) {
  auto transcript =
      decryption_transcript<G>("decryption", statement, trustee, public_share, shares);
  return G::Scalar::reduce_wide(
      transcript.bytes(commitment_g.bytes()).bytes(commitment_alpha.bytes()).wide());
}

// Hashes the secret, fresh bytes and the statement: a broken generator alone, or a
// repeated statement alone, does not repeat a nonce.
template <group::Group G>
[[nodiscard]] Result<typename G::SecretScalar> decryption_nonce(
    base::Random& random, const typename G::SecretScalar& secret,
    const Hash32& statement_hash) {
  crypto::SecretArray<64> fresh;
  URNA_CHECK(random.fill(fresh.writable()));
  crypto::SecretArray<64> wide;
  crypto::SecretTranscript("decryption-nonce")
      .bytes(secret.secret_bytes())
      .bytes(fresh.expose())
      .bytes(statement_hash)
      .wide(wide.writable());
  return G::SecretScalar::from_wide(wide.expose());
}

}  // namespace detail

// `secret` is z_l and `public_share` Z_l = z_l G. Error: no_random.
template <group::Group G>
[[nodiscard]] Result<DecryptionShare<G>> prove_decryption(
    base::Random& random, const DecryptionStatement<G>& statement,
    std::uint32_t trustee, const typename G::SecretScalar& secret,
    const typename G::Element& public_share) {
  DecryptionShare<G> share;
  share.trustee = trustee;
  for (const auto& field : statement.fields) {
    share.shares.push_back(G::mul(secret, field.alpha));
  }
  for (const auto& element : share.shares) ballot::declassify(element);  // published
  const auto weights =
      detail::decryption_weights<G>(statement, trustee, public_share, share.shares);
  const auto alphas = detail::weighted_alphas<G>(statement, weights);
  const Hash32 statement_hash =
      detail::decryption_transcript<G>("dw", statement, trustee, public_share,
                                       share.shares)
          .hash32();
  URNA_TRY(const auto nonce,
           detail::decryption_nonce<G>(random, secret, statement_hash));
  share.proof.commitment_g = G::base_mul(nonce);
  share.proof.commitment_alpha = G::mul(nonce, alphas);
  ballot::declassify(share.proof.commitment_g);
  ballot::declassify(share.proof.commitment_alpha);
  const auto c = detail::decryption_challenge<G>(statement, trustee, public_share,
                                                 share.shares, share.proof.commitment_g,
                                                 share.proof.commitment_alpha);
  share.proof.response = (nonce - c * secret).declassify();
  ballot::declassify(share.proof.response);
  return share;
}

// Whether every M_f is z_l alpha_f for the z_l behind `public_share`.
template <group::Group G>
[[nodiscard]] bool decryption_holds(const DecryptionStatement<G>& statement,
                                    const DecryptionShare<G>& share,
                                    const typename G::Element& public_share) {
  if (share.shares.size() != statement.fields.size()) return false;
  const auto weights = detail::decryption_weights<G>(statement, share.trustee,
                                                     public_share, share.shares);
  const auto alphas = detail::weighted_alphas<G>(statement, weights);
  typename G::Element shares{};
  for (std::size_t f = 0; f < weights.size(); ++f) {
    shares = shares + G::mul(weights[f], share.shares[f]);
  }
  const DecryptionProof<G>& proof = share.proof;
  const auto c = detail::decryption_challenge<G>(statement, share.trustee, public_share,
                                                 share.shares, proof.commitment_g,
                                                 proof.commitment_alpha);
  return G::base_mul(proof.response) + G::mul(c, public_share) == proof.commitment_g &&
         G::mul(proof.response, alphas) + G::mul(c, shares) == proof.commitment_alpha;
}

}  // namespace urna::trustees
