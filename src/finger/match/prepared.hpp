// A template made ready for matching: structure of arrays, a bit descriptor for each
// minutia, and where the print is. Made once per template; the matcher and the
// gallery compare Prepared with Prepared.
//
// Thread rule: a plain value. It is biometric personal data.
#pragma once

#include "finger/template.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace urna::finger {

inline constexpr int kMatchMinutiae = 80;  // at most; the best by quality

// Minutia Cylinder-Code in bits (Cappelli, Ferrara, Maltoni, TPAMI 32(12), 2010): an
// 8x8 grid around the minutia, turned into its direction; layer k has a bit set in
// each cell near which a neighbour's direction differs by about k * 60 degrees.
struct Descriptor {
  static constexpr int kLayers = 6;
  std::array<std::uint64_t, kLayers> layer{};
  std::uint64_t valid = 0;  // cells that lie in the print
  std::uint64_t count = 0;  // of bits set within `valid`
};

// A print's area as bits on a grid of kCoverStep pixels.
struct Coverage {
  static constexpr int kStep = 16;
  static constexpr int kSide = 64;
  std::array<std::uint64_t, kSide> rows{};

  [[nodiscard]] bool at(float x, float y) const {
    if (x < 0 || y < 0) return false;
    const auto i = static_cast<unsigned>(x) / kStep;
    const auto j = static_cast<unsigned>(y) / kStep;
    return i < kSide && j < kSide && ((rows[j] >> i) & 1U) != 0;
  }
};

struct Prepared {
  std::vector<float> x;  // pixels at 500 dpi
  std::vector<float> y;
  std::vector<std::uint16_t> angle;  // clockwise on screen: y down, 65536 a turn
  std::vector<float> dx;             // unit vector of the direction, y down
  std::vector<float> dy;
  std::vector<float> quality;  // 0..1
  std::vector<MinutiaType> type;
  std::vector<Descriptor> descriptor;
  // The same word by word, so that eight minutiae fill a vector: the layers and then
  // `valid`, each for `stride` minutiae, those beyond the last 0.
  std::vector<std::uint64_t> words;
  std::size_t stride = 0;
  Coverage coverage;
  RidgeMap map;
  std::uint8_t image_quality = 0;

  [[nodiscard]] int size() const { return static_cast<int>(x.size()); }
};

[[nodiscard]] Prepared prepare(const Template& print);

}  // namespace urna::finger
