// Cores and deltas: the points around which the ridge direction turns by half a turn
// one way or the other (Kawagoe, Tojo, Pattern Recognition 17(3), 1984). The matcher
// does without them; they travel in the private template and are drawn by `urna finger
// show`.
//
// Thread rule: pure functions.
#pragma once

#include "finger/extract/spectrum.hpp"
#include "finger/template.hpp"

#include <cstdint>
#include <vector>

namespace urna::finger {

// At most eight, row by row. A point so near the edge of the print that no whole ring
// of windows lies around it is not seen.
[[nodiscard]] std::vector<SingularPoint> find_singular_points(
    const RidgeField& field, const Plane<std::uint8_t>& mask, int width, int height);

}  // namespace urna::finger
