// Small mathematics for the generator: random numbers from a seed, trigonometry made
// of plain arithmetic, smooth noise. Everything gives the same value on every machine
// and compiler, which the C library's functions do not promise.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace urna::finger::synth {

inline constexpr double kPi = 3.14159265358979323846;

// Radians in, plain arithmetic inside; error below 1e-9.
[[nodiscard]] double sine(double x);
[[nodiscard]] inline double cosine(double x) {
  return sine(x + kPi / 2);
}
[[nodiscard]] double arc_tangent(double y, double x);  // like atan2
[[nodiscard]] double exponential(double x);            // for x from -60 to 60

// SplitMix64 for seeding, xoshiro256++ for the stream. Not for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  [[nodiscard]] std::uint64_t bits();
  [[nodiscard]] double unit();  // [0, 1)
  [[nodiscard]] double range(double low, double high) {
    return low + (high - low) * unit();
  }
  // Close to a normal distribution (twelve uniform numbers), never beyond 6 sigma.
  [[nodiscard]] double normal(double mean, double sigma);
  [[nodiscard]] bool chance(double probability) { return unit() < probability; }
  [[nodiscard]] int below(int count) { return static_cast<int>(unit() * count); }

 private:
  std::array<std::uint64_t, 4> state_{};
};

// One number for a seed and a purpose, so that streams do not overlap.
[[nodiscard]] std::uint64_t mix(std::uint64_t seed, std::uint64_t purpose);

// Smooth random field over a picture: values on a grid of `cell` pixels, interpolated
// with a cubic blend. About normal with sigma 1 at the grid points, less between.
class SmoothNoise {
 public:
  SmoothNoise(Random& random, int width, int height, double cell);

  [[nodiscard]] float at(float x, float y) const;
  // The values of one row, for x = 0 .. out.size() - 1.
  void row(int y, std::vector<float>& out) const;

 private:
  int columns_ = 0;
  float inverse_cell_ = 1;
  std::vector<float> values_;
};

}  // namespace urna::finger::synth
