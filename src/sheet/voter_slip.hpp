// The signed code on a voter's paper: the receipt, printed before the voter decides,
// and the "vote cast" slip, printed after. docs/formats/slips.md has the texts. The
// signature is the machine's over ballot::ballot_statement(); whoever knows the machine
// checks it.
//
// Written by the machine, read by `urna receipt check`. Thread rule: plain values.
// Public data: a code shows nothing of the choices.
#pragma once

#include "crypto/sign.hpp"

#include <string>
#include <string_view>

namespace urna::sheet {

enum class VoterSlipKind : std::uint8_t { receipt, cast };

struct VoterSlip {
  VoterSlipKind kind = VoterSlipKind::receipt;
  std::string station;
  Hash32 code{};  // the confirmation code
  crypto::Signature signature{};

  friend bool operator==(const VoterSlip&, const VoterSlip&) = default;
};

// "URNAR1 STATION:N01 CODE:... SIGN:..." of a receipt, "URNAC1 ..." of a cast slip.
[[nodiscard]] std::string to_text(const VoterSlip& slip);

// Whether the text begins like one: a picture may show other codes too.
[[nodiscard]] bool is_voter_slip(std::string_view text);

// Exactly what to_text() gives. Errors: unknown_version, and those of fields.
[[nodiscard]] Result<VoterSlip> parse_voter_slip(std::string_view text);

}  // namespace urna::sheet
