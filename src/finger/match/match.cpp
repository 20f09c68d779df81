#include "finger/match/match.hpp"

#include "finger/extract/clones.hpp"
#include "finger/extract/trig.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace urna::finger {
namespace {

constexpr float kSameWay = 0.866F;  // cosine of 30 degrees

// Where the minutiae of a land, and from there how far the pairs pull them: each a mean
// over the pairs, the nearer the heavier, that pulls towards nothing where they are
// far. A point does not judge itself. Every sum adds up in the order of the pairs.
URNA_CLONES void pull(const Pulls& pulls, Landing& landing) {
  constexpr std::size_t kLanes = 8;
  for (std::size_t at = 0; at < landing.size; at += kLanes) {
    float mx[kLanes] = {};
    float my[kLanes] = {};
    float sum[kLanes];
    for (float& s : sum) s = 1.0F;
    for (std::size_t p = 0; p < pulls.size; ++p)
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const float ddx = pulls.x[p] - landing.x[at + lane];
        const float ddy = pulls.y[p] - landing.y[at + lane];
        const float near = pulls.weight[p] / (2500.0F + (ddx * ddx + ddy * ddy) * 1.5F);
        const float w =
            pulls.own[p] == static_cast<std::int32_t>(at + lane) ? 0.0F : near;
        mx[lane] += w * pulls.ex[p];
        my[lane] += w * pulls.ey[p];
        sum[lane] += w;
      }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      landing.pulled_x[at + lane] = landing.x[at + lane] + mx[lane] / sum[lane];
      landing.pulled_y[at + lane] = landing.y[at + lane] + my[lane] / sum[lane];
    }
  }
}

// Least cost first, of equal ones the lowest numbers.
std::uint64_t offer_key(float cost, std::size_t a, std::size_t b) {
  const auto bits = std::bit_cast<std::uint32_t>(cost);
  const std::uint32_t ordered = (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
  return std::uint64_t{ordered} << 32 | a << 8 | b;
}
float cost_of(std::uint64_t key) {
  const auto ordered = static_cast<std::uint32_t>(key >> 32);
  return std::bit_cast<float>((ordered & 0x80000000U) != 0 ? ordered & 0x7fffffffU
                                                           : ~ordered);
}

// How far the two orientation maps agree once aligned. Zero cells without maps.
struct MapAgreement {
  float cells = 0;   // common cells
  float agree = 0;   // mean cos of the doubled orientation difference
  float period = 0;  // mean |log2| like difference of the ridge periods
};

MapAgreement compare_maps(const RidgeMap& a, const RidgeMap& b, const Alignment& t) {
  MapAgreement out;
  if (a.empty() || b.empty()) return out;
  // Clockwise on screen is positive in the alignment, counter-clockwise in the maps.
  const int turn = static_cast<int>(std::floor(
      -det_atan2(t.sin, t.cos) * static_cast<float>(128.0 / kPi * 1.0) + 0.5F));
  const auto step_a = static_cast<float>(a.step);
  const auto step_b = static_cast<float>(b.step);
  int agree = 0;
  int cells = 0;
  int period = 0;
  for (int j = 0; j < a.rows; ++j)
    for (int i = 0; i < a.columns; ++i) {
      const MapCell& p = a.cells[static_cast<std::size_t>(j * a.columns + i)];
      if (p.period == 0) continue;
      const float x = (static_cast<float>(i) + 0.5F) * step_a;
      const float y = (static_cast<float>(j) + 0.5F) * step_a;
      const float bx = (t.cos * x - t.sin * y + t.tx) / step_b;
      const float by = (t.sin * x + t.cos * y + t.ty) / step_b;
      if (bx < 0 || by < 0) continue;
      const int u = static_cast<int>(bx);
      const int v = static_cast<int>(by);
      if (u >= b.columns || v >= b.rows) continue;
      const MapCell& q = b.cells[static_cast<std::size_t>(v * b.columns + u)];
      if (q.period == 0) continue;
      ++cells;
      const int off = std::abs(static_cast<int>(static_cast<std::int8_t>(
          static_cast<std::uint8_t>(q.orientation - p.orientation - turn))));
      agree += 64 - off;  // 64 for equal, -64 for perpendicular
      period += std::abs(q.period - p.period);
    }
  out.cells = static_cast<float>(cells);
  if (cells > 0) {
    out.agree = static_cast<float>(agree) / (64.0F * static_cast<float>(cells));
    out.period = static_cast<float>(period) / (8.0F * static_cast<float>(cells));
  }
  return out;
}

}  // namespace

bool Matcher::align(const Prepared& a, const Prepared& b, std::size_t seed) {
  now_.pairs.clear();
  const auto add = [&](std::size_t k, float weight) {
    now_.pairs.push_back({links_.at(k).a, links_.at(k).b, weight});
  };
  add(seed, links_.support(seed));
  for (std::size_t t = 0; t < links_.size(); ++t) {
    const float c = links_.compatibility(seed, t);
    if (c > 0.2F) add(t, c * links_.support(t));
  }
  return refit(a, b);
}

// The rigid motion that best maps the pairs of now_ (weighted least squares over
// positions and directions).
bool Matcher::refit(const Prepared& a, const Prepared& b) {
  float w = 0;
  float ax = 0;
  float ay = 0;
  float bx = 0;
  float by = 0;
  for (const MinutiaPair& p : now_.pairs) {
    const auto i = static_cast<std::size_t>(p.a);
    const auto j = static_cast<std::size_t>(p.b);
    w += p.weight;
    ax += p.weight * a.x[i];
    ay += p.weight * a.y[i];
    bx += p.weight * b.x[j];
    by += p.weight * b.y[j];
  }
  if (w <= 0) return false;
  ax /= w;
  ay /= w;
  bx /= w;
  by /= w;
  float c = 0;
  float s = 0;
  constexpr float kArm = 400;  // a direction counts like a point sqrt(400) px away
  for (const MinutiaPair& p : now_.pairs) {
    const auto i = static_cast<std::size_t>(p.a);
    const auto j = static_cast<std::size_t>(p.b);
    const float ux = a.x[i] - ax;
    const float uy = a.y[i] - ay;
    const float vx = b.x[j] - bx;
    const float vy = b.y[j] - by;
    c +=
        p.weight * (ux * vx + uy * vy + kArm * (a.dx[i] * b.dx[j] + a.dy[i] * b.dy[j]));
    s +=
        p.weight * (ux * vy - uy * vx + kArm * (a.dx[i] * b.dy[j] - a.dy[i] * b.dx[j]));
  }
  const float length = std::sqrt(c * c + s * s);
  if (length <= 0) return false;
  now_.cos = c / length;
  now_.sin = s / length;
  now_.tx = bx - (now_.cos * ax - now_.sin * ay);
  now_.ty = by - (now_.sin * ax + now_.cos * ay);
  return true;
}

// Lays the minutiae of a on b, pulled by the pairs found before if there are any.
void Matcher::land(const Prepared& a, const Prepared& b, bool pulled) {
  landing_.size = a.x.size();
  for (std::size_t i = 0; i < landing_.size; ++i) {
    landing_.x[i] = now_.cos * a.x[i] - now_.sin * a.y[i] + now_.tx;
    landing_.y[i] = now_.sin * a.x[i] + now_.cos * a.y[i] + now_.ty;
  }
  if (!pulled) {
    landing_.pulled_x = landing_.x;
    landing_.pulled_y = landing_.y;
    return;
  }
  pulls_.size = now_.pairs.size();
  for (std::size_t k = 0; k < pulls_.size; ++k) {
    const MinutiaPair& p = now_.pairs[k];
    const auto i = static_cast<std::size_t>(p.a);
    const auto j = static_cast<std::size_t>(p.b);
    pulls_.own[k] = p.a;
    pulls_.x[k] = landing_.x[i];
    pulls_.y[k] = landing_.y[i];
    pulls_.ex[k] = b.x[j] - landing_.x[i];
    pulls_.ey[k] = b.y[j] - landing_.y[i];
    pulls_.weight[k] = p.weight * 2500.0F;
  }
  pull(pulls_, landing_);
}

void Matcher::pair_up(const Prepared& a, const Prepared& b, int round) {
  const float reach = round == 0 ? 18.0F : round == 1 ? 15.0F : 12.0F;
  const float reach2 = reach * reach;
  static_assert(Whereabouts::kReach >= 18);
  land(a, b, round > 0);
  offers_.clear();
  for (std::size_t i = 0; i < a.x.size(); ++i) {
    const float x = landing_.pulled_x[i];
    const float y = landing_.pulled_y[i];
    MinutiaSet near = b.whereabouts.near(x, y);
    if (near.empty()) continue;
    const float dx = now_.cos * a.dx[i] - now_.sin * a.dy[i];
    const float dy = now_.sin * a.dx[i] + now_.cos * a.dy[i];
    while (!near.empty()) {
      const std::size_t j = near.take();
      const float d2 = (b.x[j] - x) * (b.x[j] - x) + (b.y[j] - y) * (b.y[j] - y);
      const float dot = dx * b.dx[j] + dy * b.dy[j];
      if (d2 > reach2 || dot < kSameWay) continue;
      const float off = 1 - dot;  // half the square of the difference
      offers_.push_back(
          offer_key(d2 / reach2 + off / 0.134F - links_.similarity(i, j), i, j));
    }
  }
  std::sort(offers_.begin(), offers_.end());
  MinutiaSet used_a;
  MinutiaSet used_b;
  now_.pairs.clear();
  for (const std::uint64_t offer : offers_) {
    const auto i = static_cast<std::size_t>(offer >> 8 & 0xffU);
    const auto j = static_cast<std::size_t>(offer & 0xffU);
    if (used_a.has(i) || used_b.has(j)) continue;
    used_a.add(i);
    used_b.add(j);
    now_.pairs.push_back(
        {static_cast<int>(i), static_cast<int>(j),
         std::clamp(1.2F - 0.5F * (cost_of(offer) + 1.0F), 0.1F, 1.0F)});
  }
}

Evidence Matcher::weigh(const Prepared& a, const Prepared& b) const {
  float matched = 0;
  float similar = 0;
  float close = 0;
  float typed = 0;
  float d_sum = 0;
  MinutiaSet paired_a;
  MinutiaSet paired_b;
  for (const MinutiaPair& p : now_.pairs) {
    const auto i = static_cast<std::size_t>(p.a);
    const auto j = static_cast<std::size_t>(p.b);
    const float q = std::sqrt(a.quality[i] * b.quality[j]);
    const float x = now_.cos * a.x[i] - now_.sin * a.y[i] + now_.tx - b.x[j];
    const float y = now_.sin * a.x[i] + now_.cos * a.y[i] + now_.ty - b.y[j];
    const float d = std::sqrt(x * x + y * y);
    matched += q;
    similar += std::max(0.0F, links_.similarity(i, j) - 0.3F) * q;
    close += p.weight * q;
    d_sum += d;
    if (a.type[i] == b.type[j]) typed += q;
    paired_a.add(i);
    paired_b.add(j);
  }
  // Unpaired minutiae where both prints are visible.
  float missed_a = 0;
  float missed_b = 0;
  for (std::size_t i = 0; i < a.x.size(); ++i) {
    if (paired_a.has(i)) continue;
    const float x = now_.cos * a.x[i] - now_.sin * a.y[i] + now_.tx;
    const float y = now_.sin * a.x[i] + now_.cos * a.y[i] + now_.ty;
    if (b.coverage.at(x, y)) missed_a += a.quality[i];
  }
  for (std::size_t j = 0; j < b.x.size(); ++j) {
    if (paired_b.has(j)) continue;
    const float ox = b.x[j] - now_.tx;
    const float oy = b.y[j] - now_.ty;
    const float x = now_.cos * ox + now_.sin * oy;
    const float y = -now_.sin * ox + now_.cos * oy;
    if (a.coverage.at(x, y)) missed_b += b.quality[j];
  }
  const auto n = static_cast<float>(now_.pairs.size());
  Evidence e;
  e.value = {n,     matched,  similar,  close,
             typed, missed_a, missed_b, n > 0 ? d_sum / n : 0};
  return e;
}

// The links with the most support, the most first; of equal ones the lowest number.
std::size_t Matcher::best_links(std::array<std::size_t, kBestLinks>& out) const {
  std::array<std::uint64_t, kMostLinks> keys;  // supports are positive
  const std::size_t n = links_.size();
  for (std::size_t k = 0; k < n; ++k)
    keys[k] = std::uint64_t{~std::bit_cast<std::uint32_t>(links_.support(k))} << 32 | k;
  const std::size_t kept = std::min(kBestLinks, n);
  std::partial_sort(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(kept),
                    keys.begin() + static_cast<std::ptrdiff_t>(n));
  for (std::size_t k = 0; k < kept; ++k) out[k] = keys[k] & 0xffffffffU;
  return kept;
}

Evidence Matcher::compare(const Prepared& a, const Prepared& b) {
  best_.pairs.clear();
  Evidence best;
  if (a.size() < 3 || b.size() < 3) return best;
  links_.find(a, b);
  if (links_.size() == 0) return best;
  std::array<std::size_t, kBestLinks> order{};
  const std::size_t ordered = best_links(order);
  float support = 0;
  for (std::size_t k = 0; k < ordered; ++k) support += links_.support(order[k]);
  float best_value = -1;
  for (std::size_t k = 0; k < std::min<std::size_t>(3, ordered); ++k) {
    // A seed that the best alignment already pairs would only find it again.
    const Link seed = links_.at(order[k]);
    const bool known = std::any_of(
        best_.pairs.begin(), best_.pairs.end(),
        [&](const MinutiaPair& p) { return p.a == seed.a && p.b == seed.b; });
    if (known || !align(a, b, order[k])) continue;
    for (int round = 0; round < 3; ++round) {
      pair_up(a, b, round);
      if (now_.pairs.size() < 3 || !refit(a, b)) break;
    }
    const Evidence e = weigh(a, b);
    const float value = e.value[3] + e.value[2] - 0.2F * (e.value[5] + e.value[6]);
    if (value > best_value) {
      best_value = value;
      best = e;
      std::swap(best_, now_);
    }
  }
  if (best_.pairs.empty()) return best;
  best.value[8] = support;
  const MapAgreement maps = compare_maps(a.map, b.map, best_);
  best.value[9] = maps.cells;
  best.value[10] = maps.agree;
  best.value[11] = maps.period;
  return best;
}

}  // namespace urna::finger
