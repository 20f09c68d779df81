#include "finger/extract/ridge_count.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace urna::finger {
namespace {

constexpr float kStep = 0.5F;   // pixels between two looks at the line
constexpr float kEnds = 1.0F;   // pixels at its ends that belong to the minutiae
constexpr float kFloor = 0.1F;  // of the strongest: a ridge or valley that counts

// The enhanced image between its pixels; ridges are positive.
float enhanced_at(const Plane<std::int16_t>& plane, float x, float y) {
  const int i = static_cast<int>(x);
  const int j = static_cast<int>(y);
  const float p = x - static_cast<float>(i);
  const float q = y - static_cast<float>(j);
  const auto at = [&](int u, int v) { return static_cast<float>(plane.at(u, v)); };
  return (1 - q) * ((1 - p) * at(i, j) + p * at(i + 1, j)) +
         q * ((1 - p) * at(i, j + 1) + p * at(i + 1, j + 1));
}

}  // namespace

int ridges_between(const Extraction& found, float x0, float y0, float x1, float y1) {
  const float length = std::sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
  std::vector<float> line;
  float strongest = 0;
  for (float at = kEnds; at <= length - kEnds; at += kStep) {
    const float x = x0 + (x1 - x0) * at / length;
    const float y = y0 + (y1 - y0) * at / length;
    const int column = static_cast<int>(x) / kTile;
    const int row = static_cast<int>(y) / kTile;
    if (!found.tiles.inside(column, row) || !found.tiles.at(column, row).inside)
      return -1;
    line.push_back(enhanced_at(found.enhanced, x + kPad, y + kPad));
    strongest = std::max(strongest, std::fabs(line.back()));
  }
  // A ridge counts once the line was in a valley before it and is in one behind it.
  int ridges = 0;
  bool valley = false;
  bool ridge = false;
  for (const float value : line) {
    if (value > kFloor * strongest) {
      ridge = valley;
    } else if (value < -kFloor * strongest) {
      ridges += ridge ? 1 : 0;
      ridge = false;
      valley = true;
    }
  }
  return ridges;
}

std::vector<RidgeCount> count_ridges(const Extraction& found) {
  const std::vector<Minutia>& minutiae = found.result.minutiae;
  std::vector<RidgeCount> out;
  for (std::size_t a = 0; a < minutiae.size(); ++a) {
    struct Nearest {
      int distance2 = 0;
      int to = -1;
    };
    std::array<Nearest, 4> nearest;
    for (std::size_t b = 0; b < minutiae.size(); ++b) {
      if (b == a) continue;
      const int dx = minutiae[b].x - minutiae[a].x;
      const int dy = minutiae[b].y - minutiae[a].y;
      Nearest& best = nearest[(dx < 0 ? 1U : 0U) + (dy < 0 ? 2U : 0U)];
      const int distance2 = dx * dx + dy * dy;
      if (best.to < 0 || distance2 < best.distance2)
        best = {distance2, static_cast<int>(b)};
    }
    for (const Nearest& n : nearest) {
      if (n.to < 0) continue;
      const Minutia& to = minutiae[static_cast<std::size_t>(n.to)];
      constexpr float kPixel = 1.0F / kSubPixel;
      const int count = ridges_between(
          found, static_cast<float>(minutiae[a].x) * kPixel,
          static_cast<float>(minutiae[a].y) * kPixel, static_cast<float>(to.x) * kPixel,
          static_cast<float>(to.y) * kPixel);
      if (count >= 0 && count < 255)
        out.push_back({static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(n.to),
                       static_cast<std::uint8_t>(count)});
    }
  }
  std::sort(out.begin(), out.end(), [](const RidgeCount& a, const RidgeCount& b) {
    return std::tie(a.from, a.to) < std::tie(b.from, b.to);
  });
  return out;
}

}  // namespace urna::finger
