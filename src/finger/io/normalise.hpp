// From a picture as a file holds it to the image extraction works on: 500 dpi, dark
// ridges, and refused with a reason when it is blank, tiny or out of scale.
//
// Deterministic: resampling weights are rounded to 1/16384 once and everything after
// is integer. Pure functions.
#pragma once

#include "finger/image.hpp"
#include "finger/io/picture.hpp"

namespace urna::finger::io {

// Whether ridges are dark (the usual way) or bright in the file.
enum class Polarity : std::uint8_t { detect, ridges_dark, ridges_bright };

struct NormaliseOptions {
  std::optional<double> dpi = {};  // overrides what the file says
  double assumed_dpi = 500;        // when neither the caller nor the file says
  Polarity polarity = Polarity::detect;
};

// Accepted resolutions; below, ridges are not resolved.
inline constexpr double kLeastDpi = 250;
inline constexpr double kMostDpi = 2500;

// The least side of an image at 500 dpi: 3 mm. Extraction asks for more ridges.
inline constexpr int kLeastSide = 60;

// Errors: input_resolution, input_too_small, input_too_large, input_blank.
[[nodiscard]] Result<Image> normalise(const Picture& picture,
                                      const NormaliseOptions& options = {});

// Ridges dark or bright, decided by comparing ridge areas with the flat border around
// them. A print that fills the picture is taken to be dark, as nearly all scanners
// give it. Never `detect`.
[[nodiscard]] Polarity detect_polarity(const Picture& picture);

// Separable cubic (Catmull-Rom) resampling, widened into an area filter when the
// result is smaller. `width` and `height` at least 1.
[[nodiscard]] Picture resample(const Picture& picture, std::uint32_t width,
                               std::uint32_t height);

}  // namespace urna::finger::io
