#include "finger/synth/finger.hpp"

#include "finger/synth/growth.hpp"

#include <algorithm>

namespace urna::finger::synth {
namespace {

enum Purpose : std::uint64_t { kClass, kPoints, kFlow, kGrowth, kPores, kScars };

constexpr std::size_t kCells = std::size_t{kPlaneWidth} * kPlaneHeight;

PatternClass natural_class(std::uint64_t seed) {
  const double u = Random(mix(seed, kClass)).unit();
  if (u < 0.05) return PatternClass::arch;
  if (u < 0.09) return PatternClass::tented_arch;
  if (u < 0.40) return PatternClass::left_loop;
  if (u < 0.71) return PatternClass::right_loop;
  return PatternClass::whorl;
}

// Lays a soft dot on a plane, keeping the larger value.
void dot(std::vector<float>& plane, double x, double y, double radius,
         double strength) {
  const int reach = static_cast<int>(radius * 2) + 1;
  for (int v = static_cast<int>(y) - reach; v <= static_cast<int>(y) + reach + 1; ++v) {
    for (int u = static_cast<int>(x) - reach; u <= static_cast<int>(x) + reach + 1;
         ++u) {
      if (u < 0 || v < 0 || u >= kPlaneWidth || v >= kPlaneHeight) continue;
      const double d = ((u - x) * (u - x) + (v - y) * (v - y)) / (radius * radius);
      float& value = plane[static_cast<std::size_t>(v) * kPlaneWidth +
                           static_cast<std::size_t>(u)];
      value = std::max(value, static_cast<float>(strength / (1 + d * d)));
    }
  }
}

// Sweat pores sit on the ridges, about a ridge period apart.
std::vector<float> make_pores(const std::vector<float>& ridge, Random& random) {
  std::vector<float> out(kCells, 0);
  for (int i = 0; i < 6000; ++i) {
    const double x = random.range(16, kPlaneWidth - 16);
    const double y = random.range(16, kPlaneHeight - 16);
    const double radius = random.range(0.6, 1.3);
    const std::size_t at =
        static_cast<std::size_t>(y) * kPlaneWidth + static_cast<std::size_t>(x);
    if (ridge[at] > 0.75F) dot(out, x, y, radius, random.range(0.3, 1));
  }
  return out;
}

// One line with some bend, fading at its ends.
void draw_scar(std::vector<float>& plane, const Point& centre, Random& random) {
  const bool crease = random.chance(0.7);  // thin, near horizontal
  double x = centre.x + random.normal(0, 70);
  double y = centre.y + random.normal(50, 90);
  double direction = crease ? random.normal(0, 0.35) : random.range(0, kPi);
  const double length = crease ? random.range(30, 130) : random.range(25, 90);
  const double width = crease ? random.range(0.8, 1.7) : random.range(1.2, 2.8);
  const double strength = random.range(0.5, 1.0);
  const double bend = random.normal(0, 0.003);
  x -= length / 2 * cosine(direction);
  y += length / 2 * sine(direction);
  for (double s = 0; s < length; s += 0.7) {
    const double fade = std::min({1.0, s / 12, (length - s) / 12});
    dot(plane, x, y, width, strength * fade);
    x += 0.7 * cosine(direction);
    y -= 0.7 * sine(direction);
    direction += 0.7 * bend;
  }
}

std::vector<float> make_scars(const Point& centre, Random& random) {
  std::vector<float> out(kCells, 0);
  const int count = random.chance(0.4) ? 0 : 1 + random.below(5);
  for (int i = 0; i < count; ++i) draw_scar(out, centre, random);
  return out;
}

}  // namespace

Finger finger(std::uint64_t seed) {
  return finger(seed, natural_class(seed));
}

Finger finger(std::uint64_t seed, PatternClass pattern) {
  Finger out;
  out.seed = seed;
  out.pattern = pattern;
  Random points_random(mix(seed, kPoints));
  const SingularPoints points = place_singular_points(pattern, points_random);
  Random flow_random(mix(seed, kFlow));
  const Flow flow = make_flow(pattern, points, flow_random);
  Random growth_random(mix(seed, kGrowth));
  out.ridge = grow_ridges(flow, growth_random);
  out.minutiae = find_minutiae(out.ridge, flow, points);
  out.cores = points.cores;
  out.deltas = points.deltas;
  out.centre = points.centre;
  Random pore_random(mix(seed, kPores));
  out.pores = make_pores(out.ridge, pore_random);
  Random scar_random(mix(seed, kScars));
  out.scars = make_scars(points.centre, scar_random);
  return out;
}

}  // namespace urna::finger::synth
