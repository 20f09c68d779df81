// What the files of the key ceremony say, step by step: the payloads of message.hpp as
// values. Decoding checks layout and encodings only; the Board judges content. Byte
// layout: docs/formats/ceremony.md.
//
// Thread rule: plain values. Public data only.
#pragma once

#include "group/concept.hpp"
#include "trustees/coefficient_proof.hpp"
#include "trustees/message.hpp"

#include <array>
#include <vector>

namespace urna::trustees {

using R = group::Ristretto;
using Element = R::Element;
using Scalar = R::Scalar;
using SecretScalar = R::SecretScalar;

// A_ij and the proof that its trustee knows a_ij.
struct Coefficient {
  Element element;
  CoefficientProof<R> proof;
};

inline constexpr std::size_t kCoefficientSize = 3 * 32;
// Exactly kCoefficientSize bytes: element, commitment, response, all canonical.
[[nodiscard]] Result<Coefficient> decode_coefficient(ByteView bytes);

// All coefficients of one trustee, encoded one after another.
[[nodiscard]] Bytes encode_coefficients(std::span<const Coefficient> coefficients);

// Step 1: the hash that fixes a trustee's coefficients before any is seen.
struct CommitPayload {
  Hash32 coefficients_hash{};
  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<CommitPayload> decode(ByteView bytes);
};
[[nodiscard]] Hash32 coefficients_hash(const Binding& binding, std::uint32_t trustee,
                                       ByteView coefficients);

// Step 2: the coefficients, and the commits of all n trustees as their author saw them.
struct RevealPayload {
  std::vector<Coefficient> coefficients;  // k of them
  std::vector<Citation> commits;          // n of them
  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<RevealPayload> decode(const Binding& binding,
                                                    ByteView bytes);
};

// Step 3: a box for every trustee (empty for the dealer), and the reveals seen.
struct SharesPayload {
  std::vector<Citation> reveals;  // n of them
  std::vector<Bytes> boxes;       // n of them, by receiver
  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<SharesPayload> decode(const Binding& binding,
                                                    std::uint32_t dealer,
                                                    ByteView bytes);
};
// Inside a box: P_i(l), then the list hash of all reveals.
inline constexpr std::size_t kShareSize = 32 + 32;
inline constexpr std::size_t kShareBoxSize = kShareSize + crypto::kBoxOverhead;
[[nodiscard]] std::string share_context(const Binding& binding, std::uint32_t dealer,
                                        std::uint32_t receiver);

// Step 4: every share was good and the own share of the key is safely stored.
struct ConfirmPayload {
  std::vector<Citation> shares;  // n of them
  Hash32 election_hash{};        // He, and with it the joint key
  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<ConfirmPayload> decode(const Binding& binding,
                                                     ByteView bytes);
};

// Instead of step 4: the share of the subject does not fit.
struct ComplaintPayload {
  Citation shares;  // the file complained about
  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<ComplaintPayload> decode(ByteView bytes);
};

// The dealer's answer: the ephemeral secret of the one box that the subject complained
// about. Anyone can open it now.
struct AnswerPayload {
  ByteArray<32> ephemeral{};
  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<AnswerPayload> decode(ByteView bytes);
};

}  // namespace urna::trustees
