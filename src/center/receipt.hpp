// What a centre signs about a document that somebody sent: first that it has it (on
// its disk, by hash), later what its verification said. A station keeps both; whoever
// shows a receipt for a document that the public record lacks has caught the centre.
// docs/formats/centre-receipt.md is the byte-level description.
//
// Ed25519 signatures do not vary and the time is stored with the document, so that
// asking again, also after a crash, gives the same bytes.
//
// Thread rule: plain values and pure functions. Public data; the SigningKey is not.
#pragma once

#include "crypto/sign.hpp"

#include <string>
#include <string_view>

namespace urna::center {

inline constexpr std::string_view kReceiptUse = "centre-receipt";

enum class Said : std::uint8_t {
  received,  // stored for good; nothing is said about its content
  verified,  // every check of the document passed; it will be published
  conflict,  // good by itself, but it contradicts another: two people decide
  refused,   // a check failed: `reason` names it; kept as evidence
};
[[nodiscard]] std::string_view said_name(Said said);

struct Receipt {
  Said said = Said::received;
  Hash32 definition{};  // hash of the election definition
  std::string kind;     // of the document, such as "package"
  std::string name;     // station code, or a device's label
  Hash32 hash{};        // SHA-256 of the document
  std::uint64_t bytes = 0;
  std::int64_t time = 0;  // POSIX seconds
  std::string reason;     // one line of UTF-8; empty exactly for received and verified

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

// The receipt's file.
[[nodiscard]] std::string sign_receipt(const Receipt& receipt,
                                       const crypto::SigningKey& key);
// Reads exactly what sign_receipt() writes under this key: bad_receipt otherwise.
[[nodiscard]] Result<Receipt> read_receipt(std::string_view file,
                                           const crypto::PublicKey& key);

// What a reason may not contain is replaced: control characters, more than 400 bytes.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace urna::center
