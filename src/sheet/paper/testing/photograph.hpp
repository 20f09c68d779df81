// A hand-held telephone photographing a piece of paper: turned, in perspective, out
// of focus, unevenly lit, noisy and saved as JPEG. Repeatable from its seed. Tests and
// benchmarks only.
#pragma once

#include "sheet/paper/image.hpp"

#include <cstdint>
#include <vector>

namespace urna::sheet::testing {

struct Camera {
  double scale = 1.0;         // pixels of the picture per pixel of the paper
  double turn_degrees = 0;    // any angle
  double perspective = 0.05;  // how far corners wander, of the paper's size
  double blur = 1.0;          // Gaussian, standard deviation in pixels
  double noise = 8;           // standard deviation in grey levels
  double dimmest = 0.6;       // light in the darkest corner
  int jpeg_quality = 70;
};

// A camera as hands and light happen to be.
[[nodiscard]] Camera random_camera(std::uint32_t seed);

// The JPEG file of the photograph.
[[nodiscard]] Bytes photograph(const GrayImage& paper, const Camera& camera,
                               std::uint32_t seed);

[[nodiscard]] Bytes encode_jpeg(const GrayImage& image, int quality);

// A long strip as several overlapping pieces, each `height` pixels.
[[nodiscard]] std::vector<GrayImage> overlapping_pieces(const GrayImage& strip,
                                                        int height, int overlap);

}  // namespace urna::sheet::testing
