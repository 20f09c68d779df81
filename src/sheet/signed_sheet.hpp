// A sheet with what makes it evidence: the device's signature over its digest, and
// the certificate that ties the device to the station. Read and checked by the count,
// the record and `urna sheet verify`; made by the machine at closing.
//
// On disk a sheet is one line (not signed) or three: the text, "SIGN:" with the
// signature, the certificate. Several sheets may stand in one file, one after another.
//
// Thread rule: plain values; check_signatures() runs its own threads.
#pragma once

#include "sheet/certificate.hpp"
#include "sheet/sheet.hpp"

#include <optional>
#include <vector>

namespace urna::sheet {

struct SignedSheet {
  Sheet sheet;
  std::optional<crypto::Signature> signature;
  std::optional<Certificate> certificate;
};

// Refuses a certificate that is not for this sheet's device, station, election, mode.
[[nodiscard]] Result<SignedSheet> sign_sheet(Sheet sheet, Certificate certificate,
                                             const crypto::SigningKey& device);

// The whole chain of trust, offline: certificate by an authority, certificate for this
// very device and station, signature over the digest. Two signature checks.
[[nodiscard]] Result<void> check_signature(
    const SignedSheet& sheet, std::span<const crypto::PublicKey> authorities);

// The same for many, on `threads` threads (0: as many as the machine has). Element i
// is empty when sheet i is good.
[[nodiscard]] std::vector<std::optional<Error>> check_signatures(
    std::span<const SignedSheet> sheets, std::span<const crypto::PublicKey> authorities,
    unsigned threads = 0);

// The file form.
[[nodiscard]] std::string to_file_text(const SignedSheet& sheet);
[[nodiscard]] Result<SignedSheet> parse_signed_sheet(std::string_view file_text);

// Every sheet of a file that may hold many. A sheet that cannot be read becomes an
// Error that names its line; the others are still read.
[[nodiscard]] std::vector<Result<SignedSheet>> parse_sheet_file(
    std::string_view file_text);

// Whether a file looks like this (by its first bytes).
[[nodiscard]] bool is_sheet_file(std::string_view file_text);

// "SIGN:" and the signature, as files and the last code of a chain write it.
[[nodiscard]] std::string signature_field(const crypto::Signature& signature);

}  // namespace urna::sheet
