#include "finger/extract/singular.hpp"

#include "finger/extract/trig.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace urna::finger {
namespace {

constexpr int kSmooth = 2;  // cells to either side that a direction is averaged over
constexpr std::size_t kMost = 8;  // a whorl has four
constexpr float kTurn = static_cast<float>(2 * kPi);

// The ring of cells at a distance of about two, in order.
constexpr std::array<std::pair<int, int>, 12> kRing = {{{2, -1},
                                                        {2, 0},
                                                        {2, 1},
                                                        {1, 2},
                                                        {0, 2},
                                                        {-1, 2},
                                                        {-2, 1},
                                                        {-2, 0},
                                                        {-2, -1},
                                                        {-1, -2},
                                                        {0, -2},
                                                        {1, -2}}};

struct Direction {  // doubled angle, not of unit length
  float c = 0;
  float s = 0;
};

Plane<Direction> smooth(const RidgeField& field, const Plane<std::uint8_t>& mask) {
  Plane<Direction> out(mask.width, mask.height);
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x) {
      if (mask.at(x, y) == 0) continue;
      Direction& sum = out.at(x, y);
      for (int j = y - kSmooth; j <= y + kSmooth; ++j)
        for (int i = x - kSmooth; i <= x + kSmooth; ++i) {
          if (!mask.inside(i, j) || mask.at(i, j) == 0) continue;
          const RidgeCell& cell = field.at(i, j);
          sum.c += cell.coherence * cell.cos2;
          sum.s += cell.coherence * cell.sin2;
        }
    }
  return out;
}

// How often the doubled direction turns on the way around (x, y): 1 for a core, -1 for
// a delta, 2 for the middle of a whorl; 0 also where the ring leaves the print.
int turns_around(const Plane<Direction>& field, const Plane<std::uint8_t>& mask, int x,
                 int y) {
  float sum = 0;
  for (std::size_t k = 0; k < kRing.size(); ++k) {
    const auto [i, j] = kRing[k];
    const auto [u, v] = kRing[(k + 1) % kRing.size()];
    if (!mask.inside(x + i, y + j) || mask.at(x + i, y + j) == 0) return 0;
    const Direction a = field.at(x + i, y + j);
    if (!mask.inside(x + u, y + v)) return 0;
    const Direction b = field.at(x + u, y + v);
    sum += det_atan2(a.c * b.s - a.s * b.c, a.c * b.c + a.s * b.s);
  }
  return static_cast<int>(std::floor(sum / kTurn + 0.5F));
}

// Where the point looks: around it the doubled direction is (the way there) + this for
// a core, whose loop opens that way; for a delta one of its three arms.
std::uint16_t direction_of(const Plane<Direction>& field, int x, int y, bool core) {
  float c = 0;
  float s = 0;
  for (const auto& [i, j] : kRing) {
    const Direction d = field.at(x + i, y + j);
    const auto u = static_cast<float>(i);
    const auto v = static_cast<float>(core ? -j : j);
    c += d.c * u - d.s * v;
    s += d.s * u + d.c * v;
  }
  const float angle = det_atan2(-s, c) / (core ? 1.0F : 3.0F);  // y down to y up
  const auto units =
      static_cast<std::int32_t>(std::floor(angle * 32768.0F / kTurn + 0.5F));
  return static_cast<std::uint16_t>((static_cast<unsigned>(units) & 0x7fffU) << 1);
}

}  // namespace

std::vector<SingularPoint> find_singular_points(const RidgeField& field,
                                                const Plane<std::uint8_t>& mask,
                                                int width, int height) {
  const Plane<Direction> directions = smooth(field, mask);
  Plane<int> turns(mask.width, mask.height);
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x)
      turns.at(x, y) = mask.at(x, y) == 0 ? 0 : turns_around(directions, mask, x, y);
  // Neighbouring cells that see the same turn see the same point: their middle.
  std::vector<SingularPoint> out;
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x) {
      const int sign = turns.at(x, y) > 0 ? 1 : turns.at(x, y) < 0 ? -1 : 0;
      if (sign == 0) continue;
      std::vector<std::pair<int, int>> cells{{x, y}};
      turns.at(x, y) = 0;
      int sum_x = 0;
      int sum_y = 0;
      for (std::size_t k = 0; k < cells.size(); ++k) {
        const auto [cx, cy] = cells[k];
        sum_x += cx;
        sum_y += cy;
        for (int j = cy - 1; j <= cy + 1; ++j)
          for (int i = cx - 1; i <= cx + 1; ++i) {
            if (!mask.inside(i, j) || turns.at(i, j) * sign <= 0) continue;
            turns.at(i, j) = 0;
            cells.emplace_back(i, j);
          }
      }
      if (cells.size() < 3 || out.size() == kMost) continue;
      const int count = static_cast<int>(cells.size());
      const int middle_x = std::min(sum_x / count, mask.width - 1);
      const int middle_y = std::min(sum_y / count, mask.height - 1);
      constexpr int kCell = kFieldStep * kSubPixel;
      SingularPoint point;
      point.kind = sign > 0 ? SingularPoint::Kind::core : SingularPoint::Kind::delta;
      point.x = static_cast<std::int16_t>(
          std::min(sum_x * kCell / count + kCell / 2, width * kSubPixel - 1));
      point.y = static_cast<std::int16_t>(
          std::min(sum_y * kCell / count + kCell / 2, height * kSubPixel - 1));
      if (turns_around(directions, mask, middle_x, middle_y) != 0)
        point.angle = direction_of(directions, middle_x, middle_y, sign > 0);
      out.push_back(point);
    }
  return out;
}

}  // namespace urna::finger
