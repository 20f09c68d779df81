// A synthetic finger: the ridge pattern that all its impressions show, and exactly
// where its minutiae are. Serves tests, the demonstration and runs at scale; no real
// person's print goes into it.
//
// How: the ridge direction comes from singular points by the zero-pole model of
// Sherlock and Monro (Pattern Recognition 26(7), 1993) with the correction of Vizcaya
// and Gerhardt (Pattern Recognition 29(7), 1996); ridges then grow out of noise under
// repeated oriented filtering, after Cappelli, Maio and Maltoni (ICPR 2000). Minutiae
// are the points where the phase of the finished pattern winds once: they are found
// to sub-pixel accuracy without looking at any picture.
//
// Deterministic: one seed gives the same finger on every machine. A Finger is
// immutable after it is made and may be shared by threads.
#pragma once

#include "finger/template.hpp"

#include <cstdint>
#include <vector>

namespace urna::finger::synth {

// Henry classes with about their natural frequencies.
enum class PatternClass : std::uint8_t {
  arch,
  tented_arch,
  left_loop,
  right_loop,
  whorl
};

// The finger's own plane, pixels at 500 dpi: 23 x 29 mm.
inline constexpr int kPlaneWidth = 448;
inline constexpr int kPlaneHeight = 576;

struct TrueMinutia {
  float x = 0;  // pixels in the plane
  float y = 0;
  float angle = 0;  // radians, as Minutia::angle means it
  MinutiaType type = MinutiaType::ending;
};

struct Point {
  float x = 0;
  float y = 0;
};

struct Finger {
  std::uint64_t seed = 0;
  PatternClass pattern = PatternClass::arch;
  std::vector<Point> cores;
  std::vector<Point> deltas;
  Point centre;              // where a well-placed finger touches first
  std::vector<float> ridge;  // at each pixel, -1 valley to 1 ridge
  std::vector<TrueMinutia> minutiae;
  std::vector<float> pores;  // 0 to 1 at each pixel: how open a sweat pore is there
  std::vector<float> scars;  // 0 to 1: how much a scar or crease hides the ridges
};

[[nodiscard]] Finger finger(std::uint64_t seed);
[[nodiscard]] Finger finger(std::uint64_t seed, PatternClass pattern);

}  // namespace urna::finger::synth
