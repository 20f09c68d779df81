// Second stage of extraction: short-time Fourier analysis. Every kFieldStep pixels a
// window of 32x32 pixels is looked at in the frequency plane; the waves in the ridge
// band vote for orientation and period, and neighbours settle what one window
// cannot (Chikkerur, Cartwright, Govindaraju, Pattern Recognition 40, 2007, for the
// analysis; the relaxation by neighbours is ours).
//
// Thread rule: pure functions.
#pragma once

#include "finger/extract/plane.hpp"
#include "finger/extract/prepare.hpp"

namespace urna::finger {

inline constexpr int kFieldStep = 8;  // pixels between the windows of a RidgeField

// One window: the unit vector of the doubled ridge orientation (y down) times how
// strongly the window agrees with it, the period, and the energies behind.
struct RidgeCell {
  float cos2 = 0;  // doubled-angle vector of the ridge *direction*, y down
  float sin2 = 0;
  float coherence = 0;  // 0..1: share of the ridge-band energy that lies in one wave
  float period = 9;     // pixels
  float energy = 0;     // ridge-band energy of the levelled image, kLevelUnit = 1
};

using RidgeField = Plane<RidgeCell>;

// Cell (i, j) is centred on pixel (8 i + 4, 8 j + 4).
[[nodiscard]] RidgeField analyse(const Levelled& image);

}  // namespace urna::finger
