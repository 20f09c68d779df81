// What two people say about documents that contradict one another: a statement that
// both sign, each with a key that the election trusts. It ends in the record as a text
// for people (kind "correction"), and, where the record holds two packages of a
// station, as a decision that the verifier follows (docs/formats/decision.md).
// docs/formats/centre-decision.md is the byte-level description.
//
// Thread rule: plain values and pure functions. Public data; a SigningKey is not.
#pragma once

#include "crypto/sign.hpp"
#include "sheet/officials.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace urna::center {

inline constexpr std::string_view kDecisionUse = "centre-decision";

struct Statement {
  Hash32 definition{};
  std::string family;             // "package", "box-count", "signatures", "certificate"
  std::string name;               // station code, or a device's label
  std::vector<Hash32> documents;  // all that stand against one another, ascending
  std::optional<Hash32> counts;   // one of them; none: nothing counts
  std::string reason;             // one line of UTF-8
  std::string date;               // "2026-12-07"

  [[nodiscard]] std::string text() const;
  // Exactly what text() gives. Error bad_decision.
  [[nodiscard]] static Result<Statement> parse(std::string_view text);
  friend bool operator==(const Statement&, const Statement&) = default;
};

struct DecisionSignature {
  std::string role;  // as a code: PRESIDENT
  std::string name;  // a label
  crypto::PublicKey key;
  crypto::Signature signature{};

  [[nodiscard]] std::string text() const;  // one line with its line feed
};

[[nodiscard]] std::string sign_statement(std::string_view statement, std::string role,
                                         std::string name,
                                         const crypto::SigningKey& key);
// Reads such a line and checks the signature over the statement: bad_decision.
[[nodiscard]] Result<DecisionSignature> read_decision_signature(
    std::string_view statement, std::string_view line);

// Whether the election trusts this signer for the station (empty: for all).
[[nodiscard]] bool is_trusted(const DecisionSignature& signature,
                              std::string_view station,
                              std::span<const sheet::TrustedOfficial> officials);

}  // namespace urna::center
