// How many ridges lie between neighbouring minutiae: a private extra that other
// engines ask for (ISO/IEC 19794-2:2005 section 7.5.1). The matcher of this room does
// without: the ridge map says the same with less to get wrong.
//
// Pure functions. Holds biometric personal data.
#pragma once

#include "finger/extract/extract.hpp"

#include <cstdint>
#include <vector>

namespace urna::finger {

struct RidgeCount {
  std::uint8_t from = 0;  // place in Template::minutiae
  std::uint8_t to = 0;
  std::uint8_t count = 0;  // ridges that the straight line crosses, its ends left out

  friend bool operator==(const RidgeCount&, const RidgeCount&) = default;
};

// From every minutia of found.result to its nearest neighbour in each of the four
// quadrants about it (image axes), as far as the line between them stays in the print.
// By `from`, then by `to`.
[[nodiscard]] std::vector<RidgeCount> count_ridges(const Extraction& found);

// Ridges that the line from (x0, y0) to (x1, y1) crosses, in pixels of found.image; -1
// where it leaves the print.
[[nodiscard]] int ridges_between(const Extraction& found, float x0, float y0, float x1,
                                 float y1);

}  // namespace urna::finger
