// PNG in and out for fingerprint images: 8-bit grey read from any PNG, grey or
// RGB written. Called by the tools and the evaluation; libpng does the work.
//
// Thread rule: free functions without state.
#pragma once

#include "base/result.hpp"
#include "finger/image.hpp"

#include <span>
#include <string>
#include <vector>

namespace urna::finger {

// The largest side accepted from a file, in pixels; keeps a hostile header from
// asking for gigabytes.
inline constexpr int kMaxImageSide = 5000;

// The PNG in `bytes` as 8-bit grey; colour is converted with the BT.601 weights and
// alpha laid on white. dpi comes from the pHYs chunk, 0 without one. Errors:
// bad_png, input_too_large.
[[nodiscard]] Result<Image> decode_png(std::span<const std::uint8_t> bytes);
[[nodiscard]] Result<Image> read_png(const std::string& path);

// Writes grey (channels 1) or RGB (channels 3) pixels, with pHYs when dpi > 0.
struct PngPixels {
  int width = 0;
  int height = 0;
  int channels = 1;
  int dpi = 0;
  std::span<const std::uint8_t> pixels;
};
[[nodiscard]] Result<std::vector<std::uint8_t>> encode_png(const PngPixels& picture);
[[nodiscard]] Result<void> write_png(const std::string& path, const PngPixels& picture);

}  // namespace urna::finger
