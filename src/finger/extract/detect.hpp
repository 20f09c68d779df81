// Fourth stage of extraction: minutiae as the points where the ridge phase turns.
//
// Around a point where a ridge begins, the phase of the ridge pattern gains or loses
// one whole turn: the enhanced image e and its derivative across the ridges both
// vanish there (Larkin, Fletcher, "A coherent framework for fingerprint analysis:
// are fingerprints holograms?", Optics Express 15(14), 2007). That gives sub-pixel
// positions and directions without thinning, and treats endings and bifurcations
// alike.
//
// Thread rule: pure functions.
#pragma once

#include "finger/extract/enhance.hpp"

#include <vector>

namespace urna::finger {

inline constexpr float kLeastQuality = 0.1F;  // of a candidate that becomes a minutia

struct Candidate {
  float x = 0;  // pixels in the unpadded image
  float y = 0;
  float dx = 0;  // unit vector of the direction, y down
  float dy = 0;
  bool ending = false;
  // What tells true from false, all about 0..1 unless said otherwise.
  float coherence = 0;
  float amplitude = 0;       // of the enhanced image around it, levelled units
  float fit = 0;             // correlation of image and enhanced image around it
  float border = 0;          // pixels to the mask's edge, at most 32
  float opposite = 0;        // pixels to the nearest opposite turn, at most 32
  float opposite_angle = 0;  // |cos| between the direction and the way to that
  float same = 0;            // pixels to the nearest turn of the same sense, at most 32
  int crowd = 0;             // turns within 24 pixels
  int ring = 0;              // rings (radius 5, 8, 11) whose phase turns as it should
  float contrast = 0;        // type clarity
  float quality = 0;         // 0..1, set by quality.cpp
};

[[nodiscard]] std::vector<Candidate> detect(const Plane<std::int16_t>& enhanced,
                                            const TileField& tiles,
                                            const Levelled& image);

}  // namespace urna::finger
