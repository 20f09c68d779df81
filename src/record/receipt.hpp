// From what a voter took home to an answer: the ballot is recorded as cast, and here is
// the proof; or it is not, and here is what a complaint can be built on. A slip is the
// confirmation code as people type it, or the signed text of the slip's QR code
// (URNAR1 from the receipt, URNAC1 from the "cast" slip; docs/formats/slips.md).
//
// Thread rule: pure functions of an unchanging Frame. Public data: a code shows nothing
// of the choices.
#pragma once

#include "ballot/station_check.hpp"
#include "record/frame.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace urna::record {

enum class SlipKind : std::uint8_t {
  typed,    // a code alone
  receipt,  // signed by the machine before the voter decided
  cast,     // signed by the machine after the ballot was cast
};

struct Slip {
  SlipKind kind = SlipKind::typed;
  Hash32 code{};
  std::string station;                         // empty: not known
  std::optional<crypto::Signature> signature;  // of receipt and cast
};

// Spaces, hyphens and lower case do not matter in a typed code. Error bad_receipt_code.
[[nodiscard]] Result<Slip> parse_slip(std::string_view text);

struct ReceiptAnswer {
  // What the record says of the code; nothing when it is in no package.
  std::optional<ballot::Decision> found;
  std::string station;
  std::uint64_t position = 0;  // in its group, from 0
  std::uint64_t group = 0;     // ballots in the group
  Hash32 leaf{};               // SHA-256(00, ballot)
  std::vector<Hash32> proof;   // of the leaf in the package's root of the group
  Hash32 root{};
  std::uint64_t entry = 0;  // of the package in the log
  Hash32 package{};
  std::optional<std::string> log_proof;  // of that entry (docs/formats/log-receipt.md)
  // Whether a machine of the station signed the slip; nothing for a typed code, or when
  // no certificate of the station is known.
  std::optional<bool> signed_by_machine;

  // What speaks against the log, or against the package with the ballot.
  std::vector<std::string> doubts;
  // Packages that cannot be read: the ballot may be in one of them.
  std::vector<std::string> not_read;

  // The ballot is recorded as cast, and nothing speaks against it.
  [[nodiscard]] bool kept() const;
  // The slip and the record contradict each other, and a machine's signature proves
  // it: a cast slip whose ballot is not recorded as cast, or a receipt whose ballot
  // stands nowhere. A receipt alone does not say whether the ballot was cast.
  [[nodiscard]] bool evidence(const Slip& slip) const;
  [[nodiscard]] std::string text(const Slip& slip) const;
  [[nodiscard]] base::Json to_json(const Slip& slip) const;

 private:
  [[nodiscard]] std::string verdict(const Slip& slip) const;
};

// Looks in the slip's station, or in every station. Errors: not_in_record when the
// record has no usable definition or election key, unknown_station.
[[nodiscard]] Result<ReceiptAnswer> check_slip(const Frame& frame, const Slip& slip);

}  // namespace urna::record
