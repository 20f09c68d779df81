#include "finger/synth/flow.hpp"

#include <algorithm>

namespace urna::finger::synth {
namespace {

constexpr std::size_t kKnots = 8;

// The influence of one singular point: its angle, bent by a periodic piecewise-linear
// correction (Vizcaya and Gerhardt).
class Influence {
 public:
  Influence(Point at, double strength, Random& random) : at_(at) {
    for (double& knot : bend_) knot = random.normal(0, strength);
  }

  [[nodiscard]] double angle(double x, double y) const {
    const double alpha = arc_tangent(double{at_.y} - y, x - double{at_.x});
    const double place = (alpha + kPi) / (2 * kPi) * kKnots;
    const auto whole = static_cast<std::size_t>(place);
    const double part = place - static_cast<double>(whole);
    const double from = bend_[whole % kKnots];
    const double to = bend_[(whole + 1) % kKnots];
    return alpha + from + (to - from) * part;
  }

 private:
  Point at_;
  std::array<double, kKnots> bend_{};
};

// Smooth step from 0 at `low` to 1 at `high`.
double ramp(double value, double low, double high) {
  const double t = std::clamp((value - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

// Braced at the call, so that its parts are drawn from the random stream in order:
// the arguments of a function are not, and compilers differ.
struct Offset {
  double dx;
  double dy;
};

Point offset(Point from, Offset by) {
  return {static_cast<float>(from.x + by.dx), static_cast<float>(from.y + by.dy)};
}

// How far the ridges hang down at the sides of the tip, on top of what the singular
// points do. Arches have nothing else.
double side_slope(PatternClass pattern, Random& random) {
  switch (pattern) {
    case PatternClass::arch:
      return random.range(0.75, 1.15);
    case PatternClass::tented_arch:
      return random.range(0.35, 0.6);
    case PatternClass::whorl:
      return random.range(0.1, 0.35);
    default:
      return random.range(0.25, 0.5);
  }
}

}  // namespace

SingularPoints place_singular_points(PatternClass pattern, Random& random) {
  SingularPoints out;
  out.centre = {static_cast<float>(kPlaneWidth / 2.0 + random.normal(0, 8)),
                static_cast<float>(kPlaneHeight * 0.44 + random.normal(0, 12))};
  switch (pattern) {
    case PatternClass::arch:
      break;
    case PatternClass::tented_arch:
      out.cores = {offset(out.centre, {random.normal(0, 6), random.normal(0, 8)})};
      out.deltas = {offset(out.cores[0], {random.normal(0, 7), random.range(60, 110)})};
      break;
    case PatternClass::left_loop:
    case PatternClass::right_loop: {
      const double side = pattern == PatternClass::left_loop ? 1 : -1;
      out.cores = {offset(out.centre, {random.normal(0, 10), random.normal(0, 10)})};
      out.deltas = {offset(out.cores[0], {side * std::abs(random.normal(105, 22)),
                                          std::abs(random.normal(125, 22))})};
      break;
    }
    case PatternClass::whorl: {
      const double half = random.range(6, 34);
      const double lean = random.normal(0, 7);
      out.cores = {offset(out.centre, {lean, -half}),
                   offset(out.centre, {-lean, half})};
      out.deltas = {offset(out.centre, {-std::abs(random.normal(115, 20)),
                                        std::abs(random.normal(125, 22))}),
                    offset(out.centre, {std::abs(random.normal(115, 20)),
                                        std::abs(random.normal(125, 22))})};
      break;
    }
  }
  return out;
}

Flow make_flow(PatternClass pattern, const SingularPoints& points, Random& random) {
  std::vector<Influence> cores;
  std::vector<Influence> deltas;
  for (const Point& p : points.cores) cores.emplace_back(p, 0.13, random);
  for (const Point& p : points.deltas) deltas.emplace_back(p, 0.10, random);
  const double slope = side_slope(pattern, random);
  const double mean_period = std::clamp(random.normal(9.0, 0.75), 7.2, 11.5);
  const SmoothNoise period_noise(random, kPlaneWidth, kPlaneHeight, 85);
  const SmoothNoise bend_noise(random, kPlaneWidth, kPlaneHeight, 110);

  Flow flow;
  constexpr std::size_t kCells = std::size_t{kPlaneWidth} * kPlaneHeight;
  flow.direction.resize(kCells);
  flow.period.resize(kCells);
  for (int y = 0; y < kPlaneHeight; ++y) {
    for (int x = 0; x < kPlaneWidth; ++x) {
      double twice = 0;
      for (const Influence& core : cores) twice += core.angle(x, y);
      for (const Influence& delta : deltas) twice -= delta.angle(x, y);
      const double dx = x - double{points.centre.x};
      const double dy = y - double{points.centre.y};
      // Flat at the joint crease below, hanging at the sides above.
      const double hang = slope * (1 - ramp(dy, -40, 210));
      const double side =
          arc_tangent(hang * sine(std::clamp(dx / 210, -1.0, 1.0) * kPi / 2), 1);
      double angle = twice / 2 - side +
                     0.05 * bend_noise.at(static_cast<float>(x), static_cast<float>(y));
      angle -= kPi * std::floor(angle / kPi);
      const std::size_t at =
          static_cast<std::size_t>(y) * kPlaneWidth + static_cast<std::size_t>(x);
      flow.direction[at] = static_cast<float>(angle);
      // Ridges are broader below the delta and finer near the tip.
      const double place = 1 + 0.08 * ramp(dy, 60, 220) - 0.04 * ramp(-dy, 40, 200);
      flow.period[at] = static_cast<float>(
          mean_period * place *
          (1 + 0.045 * period_noise.at(static_cast<float>(x), static_cast<float>(y))));
    }
  }
  return flow;
}

}  // namespace urna::finger::synth
