#include "finger/extract/enhance.hpp"

#include "finger/extract/trig.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace urna::finger {
namespace {

constexpr int kRadius = 9;
constexpr int kSide = 2 * kRadius + 1;
constexpr int kStride = kSide + 1;  // even, so that taps pair up
constexpr int kOrientations = 32;
constexpr int kPeriods = 13;
constexpr float kShortestPeriod = 4.5F;
constexpr float kPeriodRatio = 1.1F;

struct Shape {
  double along;   // pixels
  double across;  // periods
};
constexpr std::array<Shape, 2> kShapes = {{{4.5, 0.42}, {4.0, 0.38}}};

// The rows of taps, with empty rows above and below so that a loop over the four rows
// of a tile needs no conditions.
constexpr int kMargin = kTile - 1;
using Kernel = std::array<std::int16_t, (kSide + 2 * kMargin) * kStride>;

// Wide enough for the sums: the taps' absolute sum stays below 1 << 17, pixels
// below 1 << 10.
constexpr int kKernelBits = 14;

Kernel make_kernel(double theta, double period, const Shape& shape) {
  std::array<double, kSide * kSide> value{};
  const double across = shape.across * period;
  const double c = det_cos(theta);
  const double s = det_sin(theta);
  double envelope_sum = 0;
  double wave_sum = 0;
  std::array<double, kSide * kSide> envelope{};
  for (int y = -kRadius; y <= kRadius; ++y)
    for (int x = -kRadius; x <= kRadius; ++x) {
      const auto at = static_cast<std::size_t>((y + kRadius) * kSide + x + kRadius);
      const double u = -s * x + c * y;  // across the ridge
      const double v = c * x + s * y;   // along it
      double g = det_exp(
          -0.5 * (u * u / (across * across) + v * v / (shape.along * shape.along)));
      const double r2 =
          static_cast<double>(x * x + y * y) / ((kRadius + 0.5) * (kRadius + 0.5));
      g *= r2 < 1 ? (1 - r2 * r2) : 0;
      envelope[at] = g;
      value[at] = g * det_cos(2 * kPi * u / period);
      envelope_sum += g;
      wave_sum += value[at];
    }
  double gain = 0;
  for (int y = -kRadius; y <= kRadius; ++y)
    for (int x = -kRadius; x <= kRadius; ++x) {
      const auto at = static_cast<std::size_t>((y + kRadius) * kSide + x + kRadius);
      value[at] -= envelope[at] * wave_sum / envelope_sum;  // blind to brightness
      gain += value[at] * det_cos(2 * kPi * (-s * x + c * y) / period);
    }
  Kernel kernel{};
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x)
      kernel[static_cast<std::size_t>((y + kMargin) * kStride + x)] =
          static_cast<std::int16_t>(
              std::floor(value[static_cast<std::size_t>(y * kSide + x)] / gain *
                             (1 << kKernelBits) +
                         0.5));
  return kernel;
}

struct Bank {
  std::vector<Kernel> kernels;
  explicit Bank(const Shape& shape) {
    double period = kShortestPeriod;
    for (int p = 0; p < kPeriods; ++p, period *= kPeriodRatio)
      for (int o = 0; o < kOrientations; ++o)
        kernels.push_back(make_kernel(kPi * o / kOrientations, period, shape));
  }
  [[nodiscard]] const Kernel& pick(const Tile& tile) const {
    const float angle =
        det_atan2(tile.sin2, tile.cos2) * static_cast<float>(kOrientations / (2 * kPi));
    const int o = static_cast<int>(angle + 2 * kOrientations + 0.5F) % kOrientations;
    int p = 0;
    float edge = kShortestPeriod * 1.0488F;
    while (p + 1 < kPeriods && tile.period > edge) {
      edge *= kPeriodRatio;
      ++p;
    }
    return kernels[static_cast<std::size_t>(p * kOrientations + o)];
  }
};

const Bank& bank(KernelShape shape) {
  static const Bank first(kShapes[0]);
  static const Bank second(kShapes[1]);
  return shape == KernelShape::first ? first : second;
}

constexpr std::int32_t kHalf = 1 << (kKernelBits - 1);

#if defined(__SSE2__)

// Sixteen sums of 19 x 19 products: every image row is loaded once for the four rows
// of the tile it serves. `pmaddwd` multiplies pairs of neighbours, which is why the
// kernel's rows have an even length.
void filter_tile(const Plane<std::int16_t>& in, int x0, int y0, const Kernel& kernel,
                 Plane<std::int16_t>& out) {
  __m128i sums[kTile] = {_mm_set1_epi32(kHalf), _mm_set1_epi32(kHalf),
                         _mm_set1_epi32(kHalf), _mm_set1_epi32(kHalf)};
  for (int row = 0; row < kSide + kTile - 1; ++row) {
    const std::int16_t* pixels = in.row(y0 + row - kRadius) + x0 - kRadius;
    const std::int16_t* taps = kernel.data() + (row + kMargin) * kStride;
    for (int i = 0; i < kStride; i += 2) {
      const __m128i eight =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(pixels + i));
      const __m128i pairs = _mm_unpacklo_epi16(eight, _mm_srli_si128(eight, 2));
      for (int y = 0; y < kTile; ++y) {
        std::int32_t two = 0;
        std::memcpy(&two, taps - y * kStride + i, sizeof two);
        sums[y] = _mm_add_epi32(sums[y], _mm_madd_epi16(pairs, _mm_set1_epi32(two)));
      }
    }
  }
  for (int y = 0; y < kTile; ++y) {
    const __m128i shifted = _mm_srai_epi32(sums[y], kKernelBits);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out.row(y0 + y) + x0),
                     _mm_packs_epi32(shifted, shifted));
  }
}

#else

void filter_tile(const Plane<std::int16_t>& in, int x0, int y0, const Kernel& kernel,
                 Plane<std::int16_t>& out) {
  for (int y = 0; y < kTile; ++y)
    for (int x = 0; x < kTile; ++x) {
      std::int32_t sum = kHalf;
      for (int j = 0; j < kSide; ++j) {
        const std::int16_t* taps = kernel.data() + (j + kMargin) * kStride;
        const std::int16_t* row = in.row(y0 + y + j - kRadius) + x0 + x - kRadius;
        for (int i = 0; i < kSide; ++i) sum += taps[i] * row[i];
      }
      out.at(x0 + x, y0 + y) =
          static_cast<std::int16_t>(std::clamp(sum >> kKernelBits, -32768, 32767));
    }
}

#endif

}  // namespace

TileField interpolate(const RidgeField& field, const Plane<std::uint8_t>& mask,
                      int width, int height) {
  TileField tiles((width + kTile - 1) / kTile, (height + kTile - 1) / kTile);
  for (int ty = 0; ty < tiles.height; ++ty)
    for (int tx = 0; tx < tiles.width; ++tx) {
      const float fx = (static_cast<float>(tx * kTile) - 2.0F) / kFieldStep;
      const float fy = (static_cast<float>(ty * kTile) - 2.0F) / kFieldStep;
      const int ix = static_cast<int>(std::floor(fx));
      const int iy = static_cast<int>(std::floor(fy));
      float c = 0;
      float s = 0;
      float period = 0;
      float coherence = 0;
      float sum = 0;
      for (int j = 0; j < 2; ++j)
        for (int i = 0; i < 2; ++i) {
          const int x = std::clamp(ix + i, 0, field.width - 1);
          const int y = std::clamp(iy + j, 0, field.height - 1);
          const RidgeCell& cell = field.at(x, y);
          const float wx = i == 0 ? 1.0F - (fx - static_cast<float>(ix))
                                  : fx - static_cast<float>(ix);
          const float wy = j == 0 ? 1.0F - (fy - static_cast<float>(iy))
                                  : fy - static_cast<float>(iy);
          const float w = wx * wy;
          c += w * cell.cos2;
          s += w * cell.sin2;
          period += w * cell.period;
          coherence += w * cell.coherence;
          sum += w;
        }
      Tile& tile = tiles.at(tx, ty);
      const float length = std::sqrt(c * c + s * s);
      if (length > 0) {
        tile.cos2 = c / length;
        tile.sin2 = s / length;
      }
      tile.period = period / sum;
      tile.coherence = coherence / sum;
      tile.inside = mask.at(std::min(tx * kTile / kFieldStep, mask.width - 1),
                            std::min(ty * kTile / kFieldStep, mask.height - 1)) != 0;
    }
  return tiles;
}

Plane<std::int16_t> enhance(const Levelled& image, const TileField& tiles,
                            KernelShape shape) {
  Plane<std::int16_t> out(image.pixels.width, image.pixels.height);
  const Bank& kernels = bank(shape);
  for (int ty = 0; ty < tiles.height; ++ty)
    for (int tx = 0; tx < tiles.width; ++tx) {
      const Tile& tile = tiles.at(tx, ty);
      if (!tile.inside) continue;
      filter_tile(image.pixels, tx * kTile + kPad, ty * kTile + kPad,
                  kernels.pick(tile), out);
    }
  return out;
}

namespace {

// Two passes of a box of 2r+1: close to a Gaussian, and cheap.
void blur(Plane<float>& plane, int r) {
  std::vector<float> line;
  for (int pass = 0; pass < 2; ++pass) {
    for (int y = 0; y < plane.height; ++y) {
      float* row = plane.row(y);
      line.assign(row, row + plane.width);
      for (int x = 0; x < plane.width; ++x) {
        float sum = 0;
        for (int k = std::max(0, x - r); k <= std::min(plane.width - 1, x + r); ++k)
          sum += line[static_cast<std::size_t>(k)];
        row[x] = sum;
      }
    }
    const Plane<float> copy = plane;
    for (int y = 0; y < plane.height; ++y) {
      float* row = plane.row(y);
      std::fill_n(row, plane.width, 0.0F);
      for (int k = std::max(0, y - r); k <= std::min(plane.height - 1, y + r); ++k) {
        const float* from = copy.row(k);
        for (int x = 0; x < plane.width; ++x) row[x] += from[x];
      }
    }
  }
}

}  // namespace

TileField reestimate(const Plane<std::int16_t>& enhanced, const TileField& tiles,
                     int width, int height) {
  (void)width;
  (void)height;
  Plane<float> xx_yy(tiles.width, tiles.height);
  Plane<float> xy2(tiles.width, tiles.height);
  Plane<float> energy(tiles.width, tiles.height);
  Plane<float> value(tiles.width, tiles.height);
  for (int ty = 0; ty < tiles.height; ++ty)
    for (int tx = 0; tx < tiles.width; ++tx) {
      if (!tiles.at(tx, ty).inside) continue;
      float a = 0;
      float b = 0;
      float e = 0;
      float v = 0;
      for (int y = 0; y < kTile; ++y)
        for (int x = 0; x < kTile; ++x) {
          const int px = tx * kTile + x + kPad;
          const int py = ty * kTile + y + kPad;
          const auto gx =
              static_cast<float>(enhanced.at(px + 1, py) - enhanced.at(px - 1, py));
          const auto gy =
              static_cast<float>(enhanced.at(px, py + 1) - enhanced.at(px, py - 1));
          a += gx * gx - gy * gy;
          b += 2 * gx * gy;
          e += gx * gx + gy * gy;
          const auto z = static_cast<float>(enhanced.at(px, py));
          v += z * z;
        }
      // Amplitude-levelled, so that a strong neighbour does not shout down a weak one.
      const float scale = 1.0F / (std::sqrt(e) + 40.0F);
      xx_yy.at(tx, ty) = a * scale;
      xy2.at(tx, ty) = b * scale;
      energy.at(tx, ty) = e * scale;
      value.at(tx, ty) = v * scale;
    }
  blur(xx_yy, 1);
  blur(xy2, 1);
  blur(energy, 1);
  blur(value, 1);
  TileField out = tiles;
  for (int ty = 0; ty < tiles.height; ++ty)
    for (int tx = 0; tx < tiles.width; ++tx) {
      Tile& tile = out.at(tx, ty);
      if (!tile.inside) continue;
      const float a = xx_yy.at(tx, ty);
      const float b = xy2.at(tx, ty);
      const float length = std::sqrt(a * a + b * b);
      if (length <= 0) continue;
      tile.cos2 = -a / length;  // the ridge runs across the gradient
      tile.sin2 = -b / length;
      tile.coherence = length / energy.at(tx, ty);
    }
  return out;
}

}  // namespace urna::finger
