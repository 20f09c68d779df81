// One impression of a synthetic finger on a scanner: where it lies, how the skin is
// stretched, how hard and how moist it presses, what the sensor adds; and the minutiae
// that are visible in it, exactly where they are.
//
// Deterministic: finger, seed and conditions give the same bytes on every machine.
// Pure function; fingers may be shared by threads.
#pragma once

#include "finger/image.hpp"
#include "finger/synth/finger.hpp"
#include "finger/template.hpp"

namespace urna::finger::synth {

enum class Sensor : std::uint8_t { optical, capacitive };

// A situation, not one impression: each impression draws its own values around these.
// The values here are those of a careful person on a clean scanner.
struct Conditions {
  int width = 320;  // of the image, pixels at 500 dpi
  int height = 400;
  double rotation = 7;     // degrees, standard deviation
  double shift = 14;       // pixels, standard deviation along each axis
  double distortion = 1;   // 1: a cooperative person; 3: twisting on purpose
  double pressure = 0;     // -1 light to 1 hard
  double moisture = 0;     // -1 dry to 1 wet
  double variation = 0.4;  // of pressure and moisture between impressions
  double noise = 1;        // grain, speckle and dirt
  double partial = 0.12;   // share of impressions that touch only in part
  Sensor sensor = Sensor::optical;
};

// Hardly any variation: for demonstrations and for tests of exactness.
[[nodiscard]] Conditions clean_conditions();
// Like the public optical sets, by genuine and impostor scores
// (docs/synthetic-fingerprints.md); what `urna finger synth` makes.
[[nodiscard]] Conditions usual_conditions();
// Dry or wet fingers, hurried placement: what a polling place sees on a bad day.
[[nodiscard]] Conditions hard_conditions();

struct Impression {
  Image image;
  // The visible minutiae; quality 0, since nothing was estimated. Singular points
  // inside the image are listed with angle 0.
  Template truth;
};

[[nodiscard]] Impression impression(const Finger& finger, std::uint64_t seed,
                                    const Conditions& conditions = {});

}  // namespace urna::finger::synth
