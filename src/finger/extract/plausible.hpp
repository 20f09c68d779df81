// Last stage of extraction: whether what was found can be a finger at all. Text,
// photographs, patterns and noise have edges that pass for ridges here and there; a
// finger's ridges flow, are evenly spaced, and most of what the detector finds in them
// holds. The limits lie well beyond every print of the sets named in
// docs/fingerprints.md, which also says what still passes.
//
// Thread rule: pure functions.
#pragma once

#include "finger/extract/detect.hpp"
#include "finger/extract/spectrum.hpp"
#include "finger/template.hpp"

#include <cstdint>
#include <string>

namespace urna::finger {

// Means over the print, on the scale of RidgeCell unless said otherwise.
struct Traits {
  float coherence = 0;
  float energy = 0;
  float flow = 0;     // cosine of the doubled change of direction across 24 pixels
  float spacing = 0;  // relative change of the ridge period across 24 pixels
  float turns = 0;    // candidate minutiae in a square centimetre
  float held = 0;     // share of the candidates that became minutiae
  float quality = 0;  // of these, 0..1
};
[[nodiscard]] Traits traits_of(const RidgeField& field, const Plane<std::uint8_t>& mask,
                               const std::vector<Candidate>& candidates,
                               const std::vector<Minutia>& minutiae);

// Why this is no finger; empty when it may be one.
[[nodiscard]] std::string why_no_finger(const Traits& traits);

}  // namespace urna::finger
