// Third stage of extraction: contextual filtering. Every 4x4 tile of the levelled
// image is convolved with the Gabor kernel of its own orientation and period (Hong,
// Wan, Jain, TPAMI 20(8), 1998), in 16-bit integers; and the orientation is
// estimated again from the result, which is far cleaner than the image was.
//
// Thread rule: pure functions over tables that are built once.
#pragma once

#include "finger/extract/plane.hpp"
#include "finger/extract/prepare.hpp"
#include "finger/extract/spectrum.hpp"

namespace urna::finger {

inline constexpr int kTile = 4;  // pixels

// What a tile is filtered with: doubled-angle unit vector of the ridge direction
// (y down) and period; `inside` says whether the tile is filtered at all.
struct Tile {
  float cos2 = 1;
  float sin2 = 0;
  float period = 9;
  float coherence = 0;
  bool inside = false;
};
using TileField = Plane<Tile>;

// Bilinear interpolation of a RidgeField onto tiles; `mask` has the field's shape.
[[nodiscard]] TileField interpolate(const RidgeField& field,
                                    const Plane<std::uint8_t>& mask, int width,
                                    int height);

// How long the kernel is along the ridge and across it, in periods (standard
// deviations of its Gaussian envelope).
enum class KernelShape { first, second };

// The filtered image, padded like the input, 0 outside the tiles' mask. A wave that
// fits the kernel keeps its amplitude.
[[nodiscard]] Plane<std::int16_t> enhance(const Levelled& image, const TileField& tiles,
                                          KernelShape shape);

// Orientation (and period) of an enhanced image by the structure tensor, averaged
// over about 10 pixels; tiles outside keep what `tiles` says.
[[nodiscard]] TileField reestimate(const Plane<std::int16_t>& enhanced,
                                   const TileField& tiles, int width, int height);

}  // namespace urna::finger
