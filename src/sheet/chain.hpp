// The chain of codes: a signed sheet as several short texts, each for one QR code,
// that come together again in any order. docs/formats/qr-chain.md is normative.
//
// Every code names its number, how many there are, and the sheet it belongs to, and
// carries the SHA-256 of the sheet's text up to and including its own piece. The last
// code's hash is the sheet's digest; it also carries the device's signature. The
// certificate is a code of its own, without a number: it may be on another slip.
//
// Written by the printing, read by whoever photographs a sheet. Pictures may overlap,
// be out of order and show other codes; what does not fit is refused with a message
// that tells which piece of paper to look at.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "sheet/signed_sheet.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace urna::sheet {

// Longer codes get too dense for thermal paper and a telephone's camera.
inline constexpr std::size_t kMaxCodeText = 700;
inline constexpr std::uint32_t kMaxCodes = 99;

// The codes of a signed sheet: the pieces in order, then the certificate. Pieces are
// about equally long, so that all codes are equally easy to read. `max_text` is
// at least 400.
[[nodiscard]] Result<std::vector<std::string>> write_chain(
    const SignedSheet& sheet, std::size_t max_text = kMaxCodeText);

// What a scanned text is.
enum class CodeKind : std::uint8_t {
  piece,        // of a sheet
  certificate,  // of a device
  signature,    // of an official
  damaged,      // ours, but lower-cased, cut or over-long
  foreign,      // not ours: other codes may be in the picture
};
[[nodiscard]] CodeKind code_kind(std::string_view text);

// Exactly one sheet from the texts of its codes, in any order, with repeats. Foreign
// codes are ignored. A missing certificate is not an error here: check_signature()
// says so. Errors: lower_case, too_long, truncated, no_codes, code_*.
[[nodiscard]] Result<SignedSheet> read_chain(std::span<const std::string> texts);

// The codes of many sheets together: each sheet or its error, in the order of station,
// segment and digest. Certificates are given to the sheets they are for.
[[nodiscard]] std::vector<Result<SignedSheet>> read_chains(
    std::span<const std::string> texts);

}  // namespace urna::sheet
