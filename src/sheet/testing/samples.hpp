// Sheets to test with: a small one whose every number differs, and one of the size of
// the 277-seat assembly. Tests, fuzz targets and benchmarks only.
#pragma once

#include "sheet/signed_sheet.hpp"

#include <cstdint>

namespace urna::sheet::testing {

// Keys that everybody knows.
[[nodiscard]] crypto::SigningKey authority_key();
[[nodiscard]] crypto::SigningKey device_key(std::uint32_t number);

// Two contests; all equalities hold.
[[nodiscard]] SheetFields small_sheet();

// One closed list and one nominal contest of `seats` votes, 38 party cards each, as a
// station of about 800 voters fills them. `seed` varies the votes and the station.
[[nodiscard]] SheetFields assembly_sheet(std::uint32_t seed, std::uint32_t seats = 3);

[[nodiscard]] SignedSheet sign_sample(SheetFields fields);

}  // namespace urna::sheet::testing
