#include "finger/match/prepared.hpp"

#include "finger/extract/trig.hpp"
#include "finger/match/cylinder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace urna::finger {
namespace {

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
  describe_neighbourhoods(p);
  lay_out_words(p);
  return p;
}

}  // namespace urna::finger
