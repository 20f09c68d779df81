// The fast stages of Gallery's cascade: short descriptors, their best pairs, and the
// vote of those pairs. Internal to src/finger/match.
//
// Thread rule: pure functions.
#pragma once

#include "finger/match/gallery.hpp"

#include <array>

namespace urna::finger {

// Where a filtered minutia lies.
struct Place {
  std::int16_t x;  // pixels
  std::int16_t y;
  std::uint8_t angle;  // counter-clockwise as in Minutia, 256 a turn
};

struct FilterPrint {
  std::array<ShortDescriptor, kFilterMinutiae> bits{};
  std::array<Place, kFilterMinutiae> place{};
  std::array<int, kFilterMinutiae> count{};  // bits set
  int size = 0;
};

// Of the first kFilterMinutiae minutiae, which the extractor orders by quality.
[[nodiscard]] FilterPrint describe_short(const Template& print);

// For each probe minutia its best partner: 4 * common bits - bits of both, which is
// above zero where more than half of the bits are shared.
struct BestPartner {
  int value;
  int index;
};
using BestPartners = std::array<BestPartner, kFilterMinutiae>;

// `candidate` holds kFilterMinutiae descriptors, unused ones zero.
void best_partners(const FilterPrint& probe, const ShortDescriptor* candidate,
                   BestPartners& out);
void best_partners_portable(const FilterPrint& probe, const ShortDescriptor* candidate,
                            BestPartners& out);

// How the voters lay the candidate on the probe: a point p of the probe falls on
// R(turn) p + (x, y), rotated counter-clockwise as seen.
struct Hypothesis {
  int votes = 0;
  std::uint8_t turn = 0;  // 256 a turn
  float x = 0;            // pixels
  float y = 0;
};
inline constexpr int kHypotheses = 3;
using Hypotheses = std::array<Hypothesis, kHypotheses>;

// The best hypotheses of the pairs, most votes first.
[[nodiscard]] Hypotheses vote(const FilterPrint& probe, const BestPartners& partners,
                              const Place* candidate);

// All minutiae of a print, for counting.
struct CountPrint {
  static constexpr int kMost = 128;
  std::array<float, kMost> x{};
  std::array<float, kMost> y{};
  std::array<float, kMost> dx{};  // unit vector of the direction, y up
  std::array<float, kMost> dy{};
  int size = 0;
};
[[nodiscard]] CountPrint count_print(const Template& print);
// The same, straight from the bytes of a private template.
void count_print(const std::uint8_t* bytes, CountPrint& out);

// How many minutiae of the probe find one of the candidate's within 15 pixels and 30
// degrees under the hypothesis.
[[nodiscard]] int count_pairs(const CountPrint& probe, const CountPrint& candidate,
                              const Hypothesis& hypothesis);

// Ridge orientations of a template's map in 1/64 of a half turn; 255 outside the print.
struct CountMap {
  int step = 0;
  int columns = 0;
  int rows = 0;
  std::vector<std::uint8_t> orientation;
};
[[nodiscard]] CountMap count_map(const Template& print);
void count_map(const std::uint8_t* bytes, CountMap& out);

// How well the orientations of two prints agree under the hypothesis, -100..100: 100
// everywhere the same. 0 where fewer than 24 cells lie on each other.
[[nodiscard]] int map_agreement(const CountMap& probe, const CountMap& candidate,
                                const Hypothesis& hypothesis);

// All a search needs of its probe, and memory for one candidate at a time.
struct FilterProbe {
  FilterPrint filter;
  CountPrint count;
  CountMap map;
};
struct FilterScratch {
  CountPrint count;
  CountMap map;
};
[[nodiscard]] FilterProbe filter_probe(const Template& print);

// Whether any hypothesis makes the full matcher worth its time.
[[nodiscard]] bool worth_matching(const FilterProbe& probe,
                                  const Hypotheses& hypotheses,
                                  const FilterScratch& candidate);

}  // namespace urna::finger
