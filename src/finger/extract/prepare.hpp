// First stage of extraction: any grey image -> 500 dpi, ridges positive, local mean
// and contrast levelled; or a refusal that says why. Called by extract.cpp.
//
// Thread rule: pure functions.
#pragma once

#include "base/result.hpp"
#include "finger/extract/plane.hpp"
#include "finger/image.hpp"

namespace urna::finger {

// The image at kStandardDpi (bicubic upwards, area average downwards). `dpi` is the
// resolution of the input and must be given.
[[nodiscard]] Image resample(const Image& image, int dpi);

// A resampled image is surrounded by this many neutral pixels in a Levelled plane,
// so that windows and kernels need no bounds checks.
inline constexpr int kPad = 20;

struct Levelled {
  int width = 0;  // of the image without padding
  int height = 0;
  // (width + 2 kPad) x (height + 2 kPad); ridges positive, about one standard
  // deviation is kLevelUnit; 0 in the padding.
  Plane<std::int16_t> pixels;
  // Contrast before levelling, in grey levels, on the same grid / 8 (unpadded).
  Plane<float> contrast;
  float typical_contrast = 0;  // of the contrasty part of the image, grey levels
};
inline constexpr int kLevelUnit = 256;

[[nodiscard]] Levelled level(const Image& image);

}  // namespace urna::finger
