// A QR code as a small PNG picture, one pixel a module with its quiet zone; pages and
// printers enlarge it. Thread rule: pure function. Public data.
#pragma once

#include "sheet/paper/qr.hpp"

namespace urna::results {

[[nodiscard]] Bytes qr_png(const sheet::QrMatrix& code);

}  // namespace urna::results
