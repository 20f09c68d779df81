// How alike the neighbourhoods of minutiae are, by population count: the matcher's
// first and widest step. Internal to src/finger/match.
//
// Thread rule: pure functions.
#pragma once

#include "finger/match/prepared.hpp"

namespace urna::finger {

// The similarity of one descriptor to all of `others`: 0..1, 0 where the part that
// both prints show is too small to say anything. `out` holds others.stride
// numbers, those beyond the last minutia 0.
void likeness(const Descriptor& a, const Prepared& others, float* out);
// The same numbers without vectors.
void likeness_portable(const Descriptor& a, const Prepared& others, float* out);

}  // namespace urna::finger
