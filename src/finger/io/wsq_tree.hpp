// The geometry of WSQ: how the 64 subbands tile the transform plane, and the one-
// and two-dimensional symmetric wavelet transforms on it (specification annex A).
// Used by wsq_read.cpp and wsq_write.cpp only.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace urna::finger::io::wsq {

inline constexpr std::size_t kSubbands = 64;

struct Rect {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  [[nodiscard]] std::uint32_t area() const { return width * height; }
};

// A node that the transform splits in four. On an axis that holds the upper half
// of its parent's spectrum, downsampling has turned the frequencies round, so there
// the high-pass half comes first: positions in the plane stay ordered by frequency.
struct Node {
  Rect rect;
  bool turned_x = false;
  bool turned_y = false;
};

struct Tree {
  std::vector<Node> splits;             // in the order analysis performs them
  std::array<Rect, kSubbands> bands{};  // in the order the stream carries them
};

[[nodiscard]] Tree make_tree(std::uint32_t width, std::uint32_t height);

// The two synthesis-ready filters, centred and odd: tap 0 is the centre, tap k
// stands at both +k and -k. Analysis low-pass and high-pass of the specification.
struct Filters {
  std::vector<double> low;   // h0: 5 taps for the 9-tap filter
  std::vector<double> high;  // h1: 4 taps for the 7-tap filter
};

[[nodiscard]] const Filters& standard_filters();

// A plane of width x height transform coefficients.
struct Plane {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<double> values;
};

void analyse(Plane& plane, const Tree& tree, const Filters& filters);
void synthesise(Plane& plane, const Tree& tree, const Filters& filters);

}  // namespace urna::finger::io::wsq
