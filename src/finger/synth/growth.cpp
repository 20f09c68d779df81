#include "finger/synth/growth.hpp"

#include <algorithm>
#include <map>

namespace urna::finger::synth {
namespace {

constexpr int kDirections = 96;  // over half a turn
constexpr int kPeriods = 24;     // from kLeastPeriod in steps of kPeriodStep
constexpr float kLeastPeriod = 6.0F;
constexpr float kPeriodStep = 0.3F;
constexpr int kRounds = 16;
constexpr int kMargin = 14;  // the longest reach of a filter; the rim stays empty

constexpr std::size_t kCells = std::size_t{kPlaneWidth} * kPlaneHeight;

// A one-dimensional filter laid over the plane in some direction: neighbours, as
// offsets into the row-major plane, and their weights.
struct Stroke {
  std::vector<std::int32_t> offsets;
  std::vector<float> weights;

  [[nodiscard]] float apply(const float* centre) const {
    float sum = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      sum += weights[i] * centre[offsets[i]];
    }
    return sum;
  }
};

// Samples weight(s) at s = -reach..reach along (dx, dy), bilinear on the pixel grid.
template <class Weight>
Stroke make_stroke(double dx, double dy, int reach, const Weight& weight) {
  std::map<std::int32_t, double> taps;
  for (int s = -reach; s <= reach; ++s) {
    const double x = s * dx;
    const double y = s * dy;
    const double fx = std::floor(x);
    const double fy = std::floor(y);
    const double px = x - fx;
    const double py = y - fy;
    const auto base =
        static_cast<std::int32_t>(fy) * kPlaneWidth + static_cast<std::int32_t>(fx);
    const double w = weight(s);
    taps[base] += w * (1 - px) * (1 - py);
    taps[base + 1] += w * px * (1 - py);
    taps[base + kPlaneWidth] += w * (1 - px) * py;
    taps[base + kPlaneWidth + 1] += w * px * py;
  }
  Stroke out;
  for (const auto& [at, w] : taps) {
    if (std::abs(w) < 1e-4) continue;
    out.offsets.push_back(at);
    out.weights.push_back(static_cast<float>(w));
  }
  return out;
}

double gauss(double x, double sigma) {
  return exponential(-x * x / (2 * sigma * sigma));
}

// All strokes the growth needs: along the ridge for each direction, across it for each
// direction and period, even (cosine) and odd (sine).
class Brush {
 public:
  Brush() {
    along_.resize(kDirections);
    even_.resize(kDirections * kPeriods);
    odd_.resize(kDirections * kPeriods);
    for (int d = 0; d < kDirections; ++d) {
      const double angle = kPi * d / kDirections;
      const double tx = cosine(angle);
      const double ty = -sine(angle);  // rows run downwards
      double sum = 0;
      for (int s = -9; s <= 9; ++s) sum += gauss(s, 4.2);
      along_[static_cast<std::size_t>(d)] =
          make_stroke(tx, ty, 9, [sum](int s) { return gauss(s, 4.2) / sum; });
      for (int p = 0; p < kPeriods; ++p) make_across(d, p, ty, -tx);
    }
  }

  [[nodiscard]] const Stroke& along(std::size_t d) const { return along_[d]; }
  [[nodiscard]] const Stroke& even(std::size_t d, std::size_t p) const {
    return even_[d * kPeriods + p];
  }
  [[nodiscard]] const Stroke& odd(std::size_t d, std::size_t p) const {
    return odd_[d * kPeriods + p];
  }

 private:
  // (nx, ny) is the normal: the tangent turned a quarter clockwise as seen.
  void make_across(int d, int p, double nx, double ny) {
    const double period = double{kLeastPeriod} + p * double{kPeriodStep};
    const double sigma = 0.42 * period;
    const int reach = std::min(kMargin - 2, static_cast<int>(1.15 * period));
    double even_sum = 0;
    double window_sum = 0;
    double energy = 0;
    for (int s = -reach; s <= reach; ++s) {
      const double c = cosine(2 * kPi * s / period);
      even_sum += gauss(s, sigma) * c;
      window_sum += gauss(s, sigma);
      energy += gauss(s, sigma) * c * c;
    }
    const double mean = even_sum / window_sum;  // no answer to a constant
    const std::size_t at =
        static_cast<std::size_t>(d) * kPeriods + static_cast<std::size_t>(p);
    even_[at] = make_stroke(nx, ny, reach, [&](int s) {
      return gauss(s, sigma) * (cosine(2 * kPi * s / period) - mean) / energy;
    });
    odd_[at] = make_stroke(nx, ny, reach, [&](int s) {
      return gauss(s, sigma) * sine(2 * kPi * s / period) / energy;
    });
  }

  std::vector<Stroke> along_;
  std::vector<Stroke> even_;
  std::vector<Stroke> odd_;
};

const Brush& brush() {
  static const Brush one;
  return one;
}

// Which strokes each pixel uses; pixels outside the finger's outline use none.
struct Steering {
  std::vector<std::uint8_t> direction;
  std::vector<std::uint8_t> period;
  std::vector<std::uint32_t> cells;
};

Steering steer(const Flow& flow) {
  Steering out;
  out.direction.resize(kCells);
  out.period.resize(kCells);
  constexpr double kHalfWidth = kPlaneWidth / 2.0;
  constexpr double kHalfHeight = kPlaneHeight / 2.0;
  for (int y = kMargin; y < kPlaneHeight - kMargin; ++y) {
    for (int x = kMargin; x < kPlaneWidth - kMargin; ++x) {
      const double u = (x - kHalfWidth) / kHalfWidth;
      const double v = (y - kHalfHeight) / kHalfHeight;
      // A rounded box: round above, straighter below.
      const double shape = v < 0 ? u * u + v * v : u * u + v * v * v * v;
      if (shape > 1) continue;
      const std::size_t at =
          static_cast<std::size_t>(y) * kPlaneWidth + static_cast<std::size_t>(x);
      const int d =
          static_cast<int>(double{flow.direction[at]} / kPi * kDirections + 0.5);
      const float p = (flow.period[at] - kLeastPeriod) / kPeriodStep + 0.5F;
      out.direction[at] = static_cast<std::uint8_t>(d % kDirections);
      out.period[at] = static_cast<std::uint8_t>(
          std::clamp(p, 0.0F, static_cast<float>(kPeriods - 1)));
      out.cells.push_back(static_cast<std::uint32_t>(at));
    }
  }
  return out;
}

void smooth_along(const Steering& steering, const std::vector<float>& in,
                  std::vector<float>& out) {
  for (const std::uint32_t at : steering.cells) {
    out[at] = brush().along(steering.direction[at]).apply(in.data() + at);
  }
}

struct Quadrature {
  std::vector<float> even;
  std::vector<float> odd;
};

Quadrature analyse(const std::vector<float>& ridge, const Steering& steering) {
  std::vector<float> smooth(kCells, 0);
  smooth_along(steering, ridge, smooth);
  Quadrature out{std::vector<float>(kCells, 0), std::vector<float>(kCells, 0)};
  for (const std::uint32_t at : steering.cells) {
    const std::size_t d = steering.direction[at];
    const std::size_t p = steering.period[at];
    out.even[at] = brush().even(d, p).apply(smooth.data() + at);
    out.odd[at] = brush().odd(d, p).apply(smooth.data() + at);
  }
  return out;
}

// The value of the pattern by bilinear interpolation.
float sample(const std::vector<float>& values, double x, double y) {
  const double fx = std::floor(x);
  const double fy = std::floor(y);
  const int ix = std::clamp(static_cast<int>(fx), 0, kPlaneWidth - 2);
  const int iy = std::clamp(static_cast<int>(fy), 0, kPlaneHeight - 2);
  const auto px = static_cast<float>(x - fx);
  const auto py = static_cast<float>(y - fy);
  const float* p = values.data() + iy * kPlaneWidth + ix;
  return (p[0] * (1 - px) + p[1] * px) * (1 - py) +
         (p[kPlaneWidth] * (1 - px) + p[kPlaneWidth + 1] * px) * py;
}

double wrapped(double angle) {
  return angle - 2 * kPi * std::floor(angle / (2 * kPi) + 0.5);
}

class MinutiaFinder {
 public:
  MinutiaFinder(const std::vector<float>& ridge, const Flow& flow)
      : ridge_(ridge),
        flow_(flow),
        steering_(steer(flow)),
        wave_(analyse(ridge, steering_)) {
    inside_.resize(kCells, 0);
    for (const std::uint32_t at : steering_.cells) inside_[at] = 1;
  }

  std::vector<TrueMinutia> find() const {
    std::vector<TrueMinutia> out;
    for (const std::uint32_t at : steering_.cells) {
      const int turn = winding(at);
      if (turn != 0) out.push_back(describe(at, turn));
    }
    return out;
  }

 private:
  // The four corners of the cell to the lower right of `at`, counter-clockwise as
  // seen with y up: left bottom, right bottom, right top, left top.
  static std::array<std::size_t, 4> corners(std::size_t at) {
    return {at + kPlaneWidth, at + kPlaneWidth + 1, at + 1, at};
  }

  // How often the phase turns around the cell. The normal's sign is arbitrary, so the
  // odd parts are brought to the direction of the first corner.
  [[nodiscard]] int winding(std::size_t at) const {
    std::array<double, 4> phase{};
    const auto corner = corners(at);
    for (std::size_t i = 0; i < 4; ++i) {
      if (inside_[corner[i]] == 0) return 0;
      const auto [even, odd] = aligned(corner[i], corner[0]);
      phase[i] = arc_tangent(odd, even);
    }
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) sum += wrapped(phase[(i + 1) % 4] - phase[i]);
    return sum > kPi ? 1 : sum < -kPi ? -1 : 0;
  }

  [[nodiscard]] std::pair<double, double> aligned(std::size_t at,
                                                  std::size_t to) const {
    // The strokes' own directions: near 180 degrees they are rounded to 0.
    const int turn = std::abs(steering_.direction[at] - steering_.direction[to]);
    const double sign = turn > kDirections / 2 ? -1 : 1;
    return {wave_.even[at], sign * double{wave_.odd[at]}};
  }

  [[nodiscard]] TrueMinutia describe(std::size_t at, int turn) const {
    TrueMinutia out;
    const auto [px, py] = zero_in(at);
    const double x = static_cast<double>(at % kPlaneWidth) + px;
    const double y = static_cast<double>(at / kPlaneWidth) + py;
    out.x = static_cast<float>(x);
    out.y = static_cast<float>(y);
    // Phase grows along the normal (the tangent turned clockwise). A positive winding
    // then has its additional line on the side the tangent points away from.
    const std::size_t reference = corners(at)[0];
    double angle = kPi * steering_.direction[reference] / kDirections;
    if (turn > 0) angle += kPi;
    const double step = 0.8 * double{flow_.period[reference]};
    const float ahead =
        sample(ridge_, x + step * cosine(angle), y - step * sine(angle));
    out.type = ahead > 0 ? MinutiaType::ending : MinutiaType::bifurcation;
    out.angle = static_cast<float>(angle - 2 * kPi * std::floor(angle / (2 * kPi)));
    return out;
  }

  // Where even and odd part vanish together inside the cell: Newton's method on their
  // bilinear interpolation.
  [[nodiscard]] std::pair<double, double> zero_in(std::size_t at) const {
    const std::size_t reference = corners(at)[0];
    std::array<std::pair<double, double>, 4>
        v;  // left top, right top, left/right bottom
    const std::array<std::size_t, 4> cell{at, at + 1, at + kPlaneWidth,
                                          at + kPlaneWidth + 1};
    for (std::size_t i = 0; i < 4; ++i) v[i] = aligned(cell[i], reference);
    double x = 0.5;
    double y = 0.5;
    for (int round = 0; round < 5; ++round) {
      const auto value = [&](auto part) {
        const double a = part(v[0]) * (1 - x) + part(v[1]) * x;
        const double b = part(v[2]) * (1 - x) + part(v[3]) * x;
        const double dx =
            (part(v[1]) - part(v[0])) * (1 - y) + (part(v[3]) - part(v[2])) * y;
        return std::array{a * (1 - y) + b * y, dx, b - a};
      };
      const auto e = value([](const auto& p) { return p.first; });
      const auto o = value([](const auto& p) { return p.second; });
      const double determinant = e[1] * o[2] - e[2] * o[1];
      if (std::abs(determinant) < 1e-12) break;
      x = std::clamp(x - (e[0] * o[2] - e[2] * o[0]) / determinant, 0.0, 1.0);
      y = std::clamp(y - (e[1] * o[0] - e[0] * o[1]) / determinant, 0.0, 1.0);
    }
    return {x, y};
  }

  const std::vector<float>& ridge_;
  const Flow& flow_;
  Steering steering_;
  Quadrature wave_;
  std::vector<std::uint8_t> inside_;
};

double distance(double x, double y, const Point& p) {
  return std::sqrt((x - double{p.x}) * (x - double{p.x}) +
                   (y - double{p.y}) * (y - double{p.y}));
}

}  // namespace

std::vector<float> grow_ridges(const Flow& flow, Random& random) {
  const Steering steering = steer(flow);
  std::vector<float> ridge(kCells, 0);
  std::vector<float> smooth(kCells, 0);
  for (const std::uint32_t at : steering.cells) {
    ridge[at] = static_cast<float>(random.unit() * 2 - 1);
  }
  for (int round = 0; round < kRounds; ++round) {
    smooth_along(steering, ridge, smooth);
    for (const std::uint32_t at : steering.cells) {
      const float answer = brush()
                               .even(steering.direction[at], steering.period[at])
                               .apply(smooth.data() + at);
      const float pushed = answer * (round == 0 ? 12.0F : 2.2F);
      ridge[at] = pushed / std::sqrt(1 + pushed * pushed);
    }
  }
  return ridge;
}

std::vector<TrueMinutia> find_minutiae(const std::vector<float>& ridge,
                                       const Flow& flow, const SingularPoints& points) {
  std::vector<TrueMinutia> all = MinutiaFinder(ridge, flow).find();
  // At a singular point the flow itself has no direction, and a pair of opposite
  // minutiae closer than a ridge is wide is a dent in a ridge.
  std::vector<TrueMinutia> out;
  for (const TrueMinutia& m : all) {
    const auto near = [&](const Point& p) {
      return distance(double{m.x}, double{m.y}, p) < 4;
    };
    const bool twin = std::ranges::any_of(all, [&](const TrueMinutia& other) {
      return &other != &m &&
             distance(double{m.x}, double{m.y}, {other.x, other.y}) < 5 &&
             std::abs(wrapped(double{m.angle} - double{other.angle})) > kPi / 2;
    });
    if (!twin && std::ranges::none_of(points.cores, near) &&
        std::ranges::none_of(points.deltas, near)) {
      out.push_back(m);
    }
  }
  return out;
}

}  // namespace urna::finger::synth
