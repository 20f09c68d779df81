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

// The most that agreeing pairs among the best ones add up to. `place(j)` gives the
// candidate's minutia.
[[nodiscard]] int vote(const FilterPrint& probe, const BestPartners& partners,
                       const Place* candidate);

}  // namespace urna::finger
