// QR codes, written and read. Writing uses alphanumeric mode when the text allows it,
// which every text of this room does; reading looks for all codes of a picture, tries
// harder step by step, and stops as soon as the caller has enough.
//
// Called by the printing and by everything that reads photographs. Thread rule: pure
// functions; several pictures may be read at once.
#pragma once

#include "base/result.hpp"
#include "sheet/paper/image.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::sheet {

// A square of modules without its quiet zone (4 modules on each side are needed).
struct QrMatrix {
  int size = 0;
  std::vector<bool> dark;  // row by row

  [[nodiscard]] bool at(int x, int y) const {
    return dark[static_cast<std::size_t>(y * size + x)];
  }
};

inline constexpr int kQuietModules = 4;

// Model 2, error correction level M, the smallest version that fits. Error:
// cannot_encode.
[[nodiscard]] Result<QrMatrix> encode_qr(std::string_view text);

// The texts of all codes in the picture, each different text once. `enough` is asked
// after every step with what was found so far.
[[nodiscard]] std::vector<std::string> read_qr(
    const GrayImage& image,
    const std::function<bool(const std::vector<std::string>&)>& enough = {});

}  // namespace urna::sheet
