// A template made ready for matching: structure of arrays, a bit descriptor for each
// minutia, and where the print is. Made once per template; the matcher and the
// gallery compare Prepared with Prepared.
//
// Thread rule: a plain value. It is biometric personal data.
#pragma once

#include "finger/template.hpp"

#include <array>
#include <bit>
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

// Some of the minutiae of one print.
class MinutiaSet {
 public:
  [[nodiscard]] bool empty() const { return (words_[0] | words_[1]) == 0; }
  [[nodiscard]] bool has(std::size_t k) const {
    return (words_[k >> 6] >> (k & 63) & 1U) != 0;
  }
  void add(std::size_t k) { words_[k >> 6] |= std::uint64_t{1} << (k & 63); }
  // Removes the lowest; there must be one.
  std::size_t take() {
    const std::size_t word = words_[0] != 0 ? 0 : 1;
    const auto bit = static_cast<std::size_t>(std::countr_zero(words_[word]));
    words_[word] &= words_[word] - 1;
    return word * 64 + bit;
  }
  friend MinutiaSet operator&(const MinutiaSet& a, const MinutiaSet& b) {
    MinutiaSet both;
    for (std::size_t k = 0; k < 2; ++k) both.words_[k] = a.words_[k] & b.words_[k];
    return both;
  }

 private:
  static_assert(kMatchMinutiae <= 128);
  std::array<std::uint64_t, 2> words_{};
};

// Which minutiae may lie near a place: for every strip of kStep pixels those that reach
// into it, by columns and by rows. What lies beyond the last strip counts to it.
class Whereabouts {
 public:
  static constexpr float kReach = 18.5F;  // pixels

  void add(std::size_t k, float x, float y) {
    enter(columns_, k, x);
    enter(rows_, k, y);
  }
  // All within kReach of (x, y), and a few more.
  [[nodiscard]] MinutiaSet near(float x, float y) const {
    return columns_[strip(x)] & rows_[strip(y)];
  }

 private:
  static constexpr float kStep = 16;
  static constexpr std::size_t kStrips = 64;
  using Strips = std::array<MinutiaSet, kStrips>;

  static std::size_t strip(float at) {
    const float last = static_cast<float>(kStrips - 1);
    const float which = at * (1 / kStep);
    return static_cast<std::size_t>(which < 0 ? 0 : which > last ? last : which);
  }
  static void enter(Strips& strips, std::size_t k, float at) {
    for (std::size_t s = strip(at - kReach); s <= strip(at + kReach); ++s)
      strips[s].add(k);
  }

  Strips columns_{};
  Strips rows_{};
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
  Whereabouts whereabouts;
  RidgeMap map;
  std::uint8_t image_quality = 0;

  [[nodiscard]] int size() const { return static_cast<int>(x.size()); }
};

[[nodiscard]] Prepared prepare(const Template& print);

}  // namespace urna::finger
