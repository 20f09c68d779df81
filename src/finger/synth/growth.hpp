// Growing a ridge pattern along a flow, and finding its minutiae by phase. Used by
// finger.cpp.
#pragma once

#include "finger/synth/flow.hpp"

namespace urna::finger::synth {

// The pattern: kPlaneWidth * kPlaneHeight values, ridges near 1 and valleys near -1.
[[nodiscard]] std::vector<float> grow_ridges(const Flow& flow, Random& random);

// The points about which the pattern's phase winds by a full turn.
[[nodiscard]] std::vector<TrueMinutia> find_minutiae(const std::vector<float>& ridge,
                                                     const Flow& flow,
                                                     const SingularPoints& points);

}  // namespace urna::finger::synth
