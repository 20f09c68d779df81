// Every hash of the ballot protocol, in one place: what a ballot's identity binds,
// the challenges of its proofs, the nonces of its encryptions, its confirmation code,
// and the bytes a machine signs about it. Sealing and both verifiers call these, so a
// public input can be missing from a challenge only here; hashes_test.cpp has one row
// for each of them.
//
// Source: protocol.md "Ballot"; docs/formats/ballot.md lists the parts byte by byte.
// Indices count from 0; points are their 32-byte encodings, each a part of its own.
//
// Thread rule: pure functions. Only nonce() handles a secret.
#pragma once

#include "base/bytes.hpp"
#include "crypto/transcript.hpp"

#include <span>
#include <string_view>

namespace urna::ballot {

// What a ballot is bound to, besides the election: where it was cast and its id.
struct BallotIdentity {
  std::uint32_t segment = 0;
  std::uint32_t style = 0;
  Hash32 id{};
};

// Hi = H("ballot"; He, station, segment, style, id_B).
[[nodiscard]] Hash32 ballot_hash(const Hash32& election_hash, std::string_view station,
                                 const BallotIdentity& identity);

// c of one option proof, over (alpha, beta) and (a0, b0, a1, b1).
[[nodiscard]] crypto::Hash64 option_challenge(const Hash32& hi, std::uint32_t contest,
                                              std::uint32_t option, ByteView ciphertext,
                                              ByteView commitments);

// gamma of one contest: its option ciphertexts, then the blank indicator's.
[[nodiscard]] crypto::Hash64 fold_challenge(const Hash32& hi, std::uint32_t contest,
                                            ByteView ciphertexts);

// c of one contest proof: the ciphertexts as for gamma, then (a, b) of each branch.
[[nodiscard]] crypto::Hash64 contest_challenge(const Hash32& hi, std::uint32_t contest,
                                               ByteView ciphertexts,
                                               ByteView commitments);

// The encryption nonce of one ciphertext, before reduction to a scalar. The blank
// indicator counts as option number `options`. Constant time; the caller wipes `out`.
void nonce(const Hash32& hi, std::uint32_t contest, std::uint32_t option,
           std::span<const std::uint8_t, 32> xi, std::span<std::uint8_t, 64> out);

// The confirmation code: over Hi and all ciphertexts, and nothing of the proofs.
[[nodiscard]] Hash32 confirmation_code(const Hash32& hi, ByteView ciphertexts);

// What the machine signs: with crypto::sign under kReceiptUse for the receipt that is
// printed before the voter decides, under kCastUse after the ballot is durably cast.
// No time, no sequence number: the two say nothing about order.
inline constexpr std::string_view kReceiptUse = "receipt";
inline constexpr std::string_view kCastUse = "cast";
[[nodiscard]] Bytes ballot_statement(const Hash32& election_hash,
                                     std::string_view station, const Hash32& code);

}  // namespace urna::ballot
