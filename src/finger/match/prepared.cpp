#include "finger/match/prepared.hpp"

#include "finger/extract/trig.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <tuple>

namespace urna::finger {
namespace {

constexpr float kCylinderRadius = 72;
constexpr int kGrid = 8;
constexpr float kCell = 2 * kCylinderRadius / kGrid;
constexpr float kReach = 23;       // pixels: how far a neighbour sets cells
constexpr int kLayerReach = 8800;  // 65536 a turn: how far it sets layers

struct Circle {
  std::array<float, 1024> cos{};
  std::array<float, 1024> sin{};
  Circle() {
    for (std::size_t i = 0; i < 1024; ++i) {
      cos[i] = static_cast<float>(det_cos(2 * kPi * static_cast<double>(i) / 1024));
      sin[i] = static_cast<float>(det_sin(2 * kPi * static_cast<double>(i) / 1024));
    }
  }
};
const Circle& circle() {
  static const Circle made;
  return made;
}

struct Point {
  float x;
  float y;
};

float cross(Point o, Point a, Point b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

std::vector<Point> convex_hull(std::vector<Point> points) {
  std::sort(points.begin(), points.end(),
            [](Point a, Point b) { return std::tie(a.x, a.y) < std::tie(b.x, b.y); });
  std::vector<Point> hull;
  for (int pass = 0; pass < 2; ++pass) {
    const std::size_t start = hull.size();
    for (const Point p : points) {
      while (hull.size() >= start + 2 &&
             cross(hull[hull.size() - 2], hull.back(), p) <= 0)
        hull.pop_back();
      hull.push_back(p);
    }
    if (!hull.empty()) hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  return hull;
}

// Without a map the print is taken to be the convex hull of the minutiae and a rim.
void cover_from_minutiae(Prepared& p) {
  constexpr float kRim = 18;
  std::vector<Point> points;
  for (std::size_t i = 0; i < p.x.size(); ++i)
    for (int k = 0; k < 8; ++k) {
      const auto at = static_cast<std::size_t>(k * 128);
      points.push_back(
          {p.x[i] + kRim * circle().cos[at], p.y[i] + kRim * circle().sin[at]});
    }
  const std::vector<Point> hull = convex_hull(std::move(points));
  if (hull.size() < 3) return;
  for (int j = 0; j < Coverage::kSide; ++j)
    for (int i = 0; i < Coverage::kSide; ++i) {
      const Point c{(static_cast<float>(i) + 0.5F) * Coverage::kStep,
                    (static_cast<float>(j) + 0.5F) * Coverage::kStep};
      bool inside = true;
      for (std::size_t k = 0; inside && k < hull.size(); ++k)
        inside = cross(hull[k], hull[(k + 1) % hull.size()], c) >= 0;
      if (inside) p.coverage.rows[static_cast<std::size_t>(j)] |= std::uint64_t{1} << i;
    }
}

void cover_from_map(Prepared& p) {
  // The map's column under each column of the coverage; beyond the map: none.
  std::array<int, Coverage::kSide> column{};
  int columns = 0;
  for (int i = 0; i < Coverage::kSide; ++i) {
    const int at = (i * Coverage::kStep + Coverage::kStep / 2) / p.map.step;
    if (at >= p.map.columns) break;
    column[static_cast<std::size_t>(columns++)] = at;
  }
  for (int j = 0; j < Coverage::kSide; ++j) {
    const int y = (j * Coverage::kStep + Coverage::kStep / 2) / p.map.step;
    if (y >= p.map.rows) break;
    const MapCell* row = p.map.cells.data() + std::ptrdiff_t{y} * p.map.columns;
    std::uint64_t bits = 0;
    for (int i = 0; i < columns; ++i) {
      const bool inside = row[column[static_cast<std::size_t>(i)]].period != 0;
      bits |= std::uint64_t{inside ? 1U : 0U} << i;
    }
    p.coverage.rows[static_cast<std::size_t>(j)] = bits;
  }
}

// The cells of a descriptor that lie within its circle.
struct GridCell {
  float u;
  float v;
  std::uint64_t bit;
};
const std::vector<GridCell>& grid() {
  static const auto made = [] {
    std::vector<GridCell> out;
    for (int j = 0; j < kGrid; ++j)
      for (int i = 0; i < kGrid; ++i) {
        const float u = (static_cast<float>(i) - 3.5F) * kCell;
        const float v = (static_cast<float>(j) - 3.5F) * kCell;
        if (u * u + v * v <= kCylinderRadius * kCylinderRadius)
          out.push_back({u, v, std::uint64_t{1} << (j * kGrid + i)});
      }
    return out;
  }();
  return made;
}

// The cells within kReach of (u, v). The loops run over a fixed 4 x 4 window without
// branches, because nobody can predict them.
std::uint64_t cells_near(float u, float v) {
  const int i0 = static_cast<int>(std::floor(u / kCell + 3.5F)) - 1;
  const int j0 = static_cast<int>(std::floor(v / kCell + 3.5F)) - 1;
  std::array<float, 4> du2;
  std::uint64_t cells = 0;
  for (int i = 0; i < 4; ++i) {
    const float du = (static_cast<float>(i0 + i) - 3.5F) * kCell - u;
    du2[static_cast<std::size_t>(i)] = du * du;
  }
  for (int j = 0; j < 4; ++j) {
    const float dv = (static_cast<float>(j0 + j) - 3.5F) * kCell - v;
    const float dv2 = dv * dv;
    std::uint64_t row = 0;
    for (int i = 0; i < 4; ++i)
      row |=
          std::uint64_t{du2[static_cast<std::size_t>(i)] + dv2 <= kReach * kReach ? 1U
                                                                                  : 0U}
          << i;
    // Columns left of the grid fall off below, those right of it above.
    row = i0 >= 0 ? row << i0 : row >> -i0;
    row &= (1U << kGrid) - 1;
    if (j0 + j >= 0 && j0 + j < kGrid) cells |= row << ((j0 + j) * kGrid);
  }
  return cells;
}

void describe(Prepared& p, std::size_t index) {
  Descriptor& d = p.descriptor[index];
  const float cx = p.x[index];
  const float cy = p.y[index];
  const float c = p.dx[index];
  const float s = p.dy[index];
  for (const GridCell& cell : grid()) {
    const bool in =
        p.coverage.at(cx + c * cell.u - s * cell.v, cy + s * cell.u + c * cell.v);
    d.valid |= in ? cell.bit : 0;
  }
  for (std::size_t k = 0; k < p.x.size(); ++k) {
    if (k == index) continue;
    const float ox = p.x[k] - cx;
    const float oy = p.y[k] - cy;
    if (ox * ox + oy * oy > (kCylinderRadius + kReach) * (kCylinderRadius + kReach))
      continue;
    const std::uint64_t cells = cells_near(c * ox + s * oy, -s * ox + c * oy);
    const auto turn = static_cast<std::uint16_t>(p.angle[k] - p.angle[index]);
    for (int layer = 0; layer < Descriptor::kLayers; ++layer) {
      const auto off = static_cast<std::int16_t>(
          static_cast<std::uint16_t>(turn - layer * (65536 / Descriptor::kLayers)));
      const bool near = std::abs(static_cast<int>(off)) <= kLayerReach;
      d.layer[static_cast<std::size_t>(layer)] |= near ? cells : 0;
    }
  }
  for (std::uint64_t& layer : d.layer) {
    layer &= d.valid;
    d.count += static_cast<std::uint64_t>(std::popcount(layer));
  }
}

void lay_out_words(Prepared& p) {
  p.stride = (p.descriptor.size() + 7) / 8 * 8;
  p.words.assign((Descriptor::kLayers + 1) * p.stride, 0);
  for (std::size_t k = 0; k < p.descriptor.size(); ++k) {
    for (std::size_t l = 0; l < Descriptor::kLayers; ++l)
      p.words[l * p.stride + k] = p.descriptor[k].layer[l];
    p.words[Descriptor::kLayers * p.stride + k] = p.descriptor[k].valid;
  }
}

}  // namespace

Prepared prepare(const Template& print) {
  std::vector<const Minutia*> chosen;
  for (const Minutia& m : print.minutiae) chosen.push_back(&m);
  std::sort(chosen.begin(), chosen.end(), [](const Minutia* a, const Minutia* b) {
    return std::tuple(b->quality, a->y, a->x, a->angle) <
           std::tuple(a->quality, b->y, b->x, b->angle);
  });
  if (chosen.size() > kMatchMinutiae) chosen.resize(kMatchMinutiae);

  Prepared p;
  p.image_quality = print.quality;
  p.x.reserve(chosen.size());
  p.y.reserve(chosen.size());
  p.angle.reserve(chosen.size());
  p.dx.reserve(chosen.size());
  p.dy.reserve(chosen.size());
  p.quality.reserve(chosen.size());
  p.type.reserve(chosen.size());
  for (const Minutia* m : chosen) {
    p.x.push_back((static_cast<float>(m->x) + 0.5F * kSubPixel) / kSubPixel);
    p.y.push_back((static_cast<float>(m->y) + 0.5F * kSubPixel) / kSubPixel);
    const auto angle = static_cast<std::uint16_t>(-m->angle);
    p.angle.push_back(angle);
    const std::size_t at = static_cast<std::size_t>((angle + 32) >> 6) & 1023U;
    p.dx.push_back(circle().cos[at]);
    p.dy.push_back(circle().sin[at]);
    p.quality.push_back(m->quality == 0 ? 0.6F
                                        : static_cast<float>(m->quality) / 100.0F);
    p.type.push_back(m->type);
    p.whereabouts.add(p.x.size() - 1, p.x.back(), p.y.back());
  }
  p.map = print.map;
  if (p.map.empty())
    cover_from_minutiae(p);
  else
    cover_from_map(p);
  p.descriptor.resize(p.x.size());
  for (std::size_t i = 0; i < p.x.size(); ++i) describe(p, i);
  lay_out_words(p);
  return p;
}

}  // namespace urna::finger
