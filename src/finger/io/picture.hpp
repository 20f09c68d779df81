// A grey picture as an image file holds it: pixels and what the file claims about
// its resolution, before anything is normalised. Readers produce it, writers take
// it; normalise.hpp turns it into the finger::Image that extraction works on.
//
// Thread rule: plain value. Pixels are biometric data: do not log them.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace urna::finger::io {

// Refused before any memory is taken: a ten-print card at 1000 dpi still fits.
inline constexpr std::uint32_t kMaxSide = 8192;
inline constexpr std::uint32_t kMaxPixels = 1U << 24;

struct Picture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  Bytes pixels;  // row by row from the top left, one byte each, 0 black

  // Pixels per inch along x and y as the file claims them. Absent when the file
  // says nothing, or a screen default (72, 96) that no scanner has.
  std::optional<double> dpi_x;
  std::optional<double> dpi_y;

  [[nodiscard]] std::uint8_t at(std::uint32_t x, std::uint32_t y) const {
    return pixels[static_cast<std::size_t>(y) * width + x];
  }

  friend bool operator==(const Picture&, const Picture&) = default;
};

// A black picture of that size, which check_size has accepted.
[[nodiscard]] Picture make_picture(std::uint32_t width, std::uint32_t height);

// Succeeds when a picture of this size may be decoded at all.
[[nodiscard]] Result<void> check_size(std::uint64_t width, std::uint64_t height);

// Records what a file claims, dropping claims that mean "unknown": below 90 or
// above 2500 dpi, and 96 (what drawing programs write by default).
void set_resolution(Picture& picture, double dpi_x, double dpi_y);

}  // namespace urna::finger::io
