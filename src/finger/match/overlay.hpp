// The second stage of Gallery's cascade: the motions that most pairs of the first
// agree on lay one print on the other, and minutiae and ridge directions that fall on
// each other are counted. Internal to src/finger/match.
//
// Thread rule: pure functions; an OverlayPrint is scratch memory, one a thread. Holds
// biometric personal data.
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

// All minutiae of a print, and its ridge directions in 1/64 of a half turn on a grid
// with a fixed stride; kOutside outside the print.
struct OverlayPrint {
  static constexpr int kMost = 96;
  static constexpr int kSide = 64;  // cells; what lies beyond is left out
  static constexpr std::uint8_t kOutside = 64;
  std::array<float, kMost> x{};  // pixels
  std::array<float, kMost> y{};
  std::array<float, kMost> dx{};  // unit vector of the direction, y up
  std::array<float, kMost> dy{};
  int size = 0;
  int step = 0;  // 0 without a map
  std::array<std::uint8_t, std::size_t{kSide} * kSide> orientation{};
};
void overlay_print(const Template& print, OverlayPrint& out);
// The same, straight from the bytes of a private template.
void overlay_print(const std::uint8_t* bytes, OverlayPrint& out);

// The probe's side, made once a search: also places whose ridge direction is compared.
struct OverlayProbe {
  static constexpr int kMostCells = 256;
  OverlayPrint print;
  std::array<float, kMostCells> cell_x{};
  std::array<float, kMostCells> cell_y{};
  std::array<std::uint8_t, kMostCells> cell{};
  int cells = 0;
};
[[nodiscard]] OverlayProbe overlay_probe(const Template& print);

// How many minutiae of the probe find one of the candidate's within 15 pixels and 30
// degrees.
[[nodiscard]] int count_pairs(const OverlayPrint& probe, const OverlayPrint& candidate,
                              const Motion& motion);

// How well the ridge directions agree, -100..100: 100 everywhere the same. 0 where few
// cells lie on each other or a print has no map.
[[nodiscard]] int map_agreement(const OverlayProbe& probe,
                                const OverlayPrint& candidate, const Motion& motion);

// The best motion's votes, kPairVotes a minutia that falls on another, and kMapVotes
// a per cent by which the ridge directions agree.
[[nodiscard]] int overlay(const OverlayProbe& probe, const OverlayPrint& candidate,
                          const Motions& motions);

}  // namespace urna::finger
