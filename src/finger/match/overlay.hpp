// The second stage of Gallery's cascade: the motions that most pairs of the first
// agree on lay one print on the other; the best of them is refined by the minutiae that
// fall on each other, and what share of the visible ones does, with how far ridge
// directions and periods agree, is the value. Internal to src/finger/match.
//
// Integers, but for the motions themselves. Thread rule: pure functions; an
// OverlayPrint is scratch memory, one a thread. Holds biometric personal data.
#pragma once

#include "finger/match/filter.hpp"

#include <array>
#include <vector>

namespace urna::finger {

// A point p of the probe falls on R(turn) p + (x, y), rotated counter-clockwise as
// seen.
struct Motion {
  int votes = 0;
  std::uint8_t turn = 0;  // 256 a turn
  float x = 0;            // pixels
  float y = 0;
};
inline constexpr int kMotions = 3;
using Motions = std::array<Motion, kMotions>;

// The most voted motions that differ, most votes first, each the mean of the pairs
// that agree with it.
[[nodiscard]] Motions best_motions(const Ballot& ballot,
                                   const CandidatePlaces& candidate, int size);

// Places and directions of minutiae as sixteen-bit numbers, padded to whole vectors
// with places that nothing is near.
struct OverlayPoints {
  static constexpr int kMost = 64;
  static constexpr int kUnit = 4;  // in one pixel
  alignas(64) std::array<std::int16_t, kMost> x{};
  alignas(64) std::array<std::int16_t, kMost> y{};
  alignas(64) std::array<std::int16_t, kMost> angle{};  // 65536 a turn, ccw
  int size = 0;
};

// All minutiae of a print, and its ridge map cell by cell.
struct OverlayPrint {
  // More than fit into a template; behind them one cell for what lies beyond the map.
  static constexpr std::size_t kMostCells = 8192;
  static constexpr std::uint16_t kOutside = 64;
  OverlayPoints points;
  int step = 0;  // 0 without a map
  int columns = 0;
  int rows = 0;
  // Low six bits: direction, 64 to a half turn; from bit 8: period in quarter pixels.
  // kOutside outside the print.
  std::array<std::uint16_t, kMostCells + 1> cell{};
};
// From the bytes of a private template, which must be sound.
void overlay_print(const std::uint8_t* bytes, OverlayPrint& out);

// The probe's side, made once a search: also the places whose ridges are compared.
struct OverlayProbe {
  static constexpr int kMostCells = 128;
  OverlayPrint print;
  std::array<float, kMostCells> cell_x{};  // pixels
  std::array<float, kMostCells> cell_y{};
  std::array<std::uint16_t, kMostCells> cell{};
  int cells = 0;
};
// Takes the first OverlayPoints::kMost minutiae.
[[nodiscard]] OverlayProbe overlay_probe(const Template& print);

// How well the ridges agree where both prints show them; zero where few cells do.
struct MapAgreement {
  int cells = 0;
  int agree = 0;   // -100..100, 100 where every direction is the same
  int period = 0;  // mean difference of the periods, 1/100 pixel
};
[[nodiscard]] MapAgreement map_agreement(const OverlayProbe& probe,
                                         const OverlayPrint& candidate,
                                         const Motion& motion);

// What stage 2 ranks by: the share of the minutiae visible in both prints that pair,
// how far the ridges agree, and the votes of the motion.
[[nodiscard]] int overlay(const OverlayProbe& probe, const OverlayPrint& candidate,
                          const Motions& motions);

}  // namespace urna::finger
