// Check-in's totals slip, scanned when the polls close: how many people came and how
// many tokens were handed out, signed by the check-in device and carried with its
// certificate (role CHECKIN). docs/formats/check-in-slip.md has the text. It is one of
// the two pieces of paper that cross from the roll to the vote (the token is the
// other); it holds totals and nothing of any person.
//
// Thread rule: plain values. Public data.
#pragma once

#include "sheet/certificate.hpp"
#include "sheet/sheet.hpp"

#include <span>
#include <string>
#include <string_view>

namespace urna::sheet {

inline constexpr std::string_view kCheckInRole = "CHECKIN";

struct CheckInSlip {
  Mode mode;
  Hash32 election{};
  std::string station;
  CheckIn counts;                 // all stated
  std::uint32_t tokens_left = 0;  // in the drawers of all devices
};

// The numbers of a slip, in its order, under the keys that a sheet uses too.
struct CheckInField {
  std::string_view key;
  Count CheckIn::* count;
};
[[nodiscard]] std::span<const CheckInField, 7> check_in_fields();

// Two lines: the signed totals, the certificate.
[[nodiscard]] Result<std::string> make_check_in_slip(const CheckInSlip& slip,
                                                     const Certificate& certificate,
                                                     const crypto::SigningKey& device);

// Errors: those of sheet's fields, certificates and signatures.
[[nodiscard]] Result<CheckInSlip> read_check_in_slip(
    std::string_view text, std::span<const crypto::PublicKey> authorities);

}  // namespace urna::sheet
