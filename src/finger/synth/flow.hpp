// The ridge flow of a synthetic finger: direction and period at every point of its
// plane. Used by finger.cpp.
#pragma once

#include "finger/synth/finger.hpp"
#include "finger/synth/maths.hpp"

#include <array>
#include <vector>

namespace urna::finger::synth {

struct SingularPoints {
  std::vector<Point> cores;
  std::vector<Point> deltas;
  Point centre;
};

// Places cores and deltas for a class with natural variation.
[[nodiscard]] SingularPoints place_singular_points(PatternClass pattern,
                                                   Random& random);

struct Flow {
  std::vector<float> direction;  // radians in [0, pi), counter-clockwise, y up
  std::vector<float> period;     // pixels
};

[[nodiscard]] Flow make_flow(PatternClass pattern, const SingularPoints& points,
                             Random& random);

}  // namespace urna::finger::synth
