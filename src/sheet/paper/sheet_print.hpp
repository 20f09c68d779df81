// The printed tally sheet: what a poll worker signs, a witness photographs and a
// journalist reads. First whether the numbers agree, then who voted, then every
// contest, the digest, the lines to sign on, and the chain of codes.
//
// Called by the machine at closing and by `urna sheet print`. Thread rule: pure
// functions. Public data.
#pragma once

#include "sheet/box_count.hpp"
#include "sheet/officials.hpp"
#include "sheet/paper/document.hpp"
#include "sheet/paper/names.hpp"
#include "sheet/signed_sheet.hpp"

namespace urna::sheet {

struct PrintOptions {
  std::string language = "es";
  std::string copy;                     // "Copy 2 of 4"; may be empty
  const BoxCountFields* box = nullptr;  // when the box has been counted already
};

// Unsigned sheets (imported ones) are printed without codes. Error: cannot_encode.
[[nodiscard]] Result<Document> sheet_document(const SignedSheet& sheet,
                                              const SheetNames& names,
                                              const PrintOptions& options);

// The second slip: the officials' own signatures over the sheet's digest, each with
// its code.
[[nodiscard]] Document officials_document(const Sheet& sheet,
                                          std::span<const OfficialSignature> signatures,
                                          const SheetNames& names,
                                          const PrintOptions& options);

}  // namespace urna::sheet
