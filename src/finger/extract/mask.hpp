// Which part of the image is fingerprint. Called by extract.cpp after analyse().
// Thread rule: pure functions.
#pragma once

#include "finger/extract/spectrum.hpp"

namespace urna::finger {

// 1 where ridges are clear enough to be filtered, on the grid of the field: ridge
// energy that forms one wave, closed over small gaps, the largest piece and its
// near neighbours.
[[nodiscard]] Plane<std::uint8_t> find_mask(const RidgeField& field,
                                            const Levelled& image);

}  // namespace urna::finger
