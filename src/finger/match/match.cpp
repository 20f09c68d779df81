#include "finger/match/match.hpp"

#include "finger/extract/clones.hpp"
#include "finger/extract/trig.hpp"
#include "finger/match/likeness.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <tuple>

namespace urna::finger {
namespace {

constexpr int kMostLinks = 40;
constexpr int kRounds = 4;
constexpr float kSameWay = 0.866F;  // cosine of 30 degrees

struct Place {
  float x;
  float y;
  float dx;
  float dy;
};

int turn_between(std::uint16_t a, std::uint16_t b) {
  return std::abs(
      static_cast<int>(static_cast<std::int16_t>(static_cast<std::uint16_t>(a - b))));
}
constexpr int degrees(float d) {
  return static_cast<int>(d * 65536.0F / 360.0F);
}

// Which minutiae of b lie within `reach` (squared) of a point and look in its
// direction: flags, and their squared distances.
URNA_CLONES void find_near(const Prepared& b, const Place& at, float reach2,
                           float* distance2, std::uint8_t* flag) {
  const std::size_t n = b.x.size();
  const float* bx = b.x.data();
  const float* by = b.y.data();
  const float* bdx = b.dx.data();
  const float* bdy = b.dy.data();
  for (std::size_t j = 0; j < n; ++j) {
    const float d2 = (bx[j] - at.x) * (bx[j] - at.x) + (by[j] - at.y) * (by[j] - at.y);
    const float dot = at.dx * bdx[j] + at.dy * bdy[j];
    distance2[j] = d2;
    flag[j] = static_cast<std::uint8_t>((d2 <= reach2) & (dot >= kSameWay));
  }
}

// The points of a as the alignment lays them on b.
URNA_CLONES void lay(const Prepared& a, const Alignment& t, Landing& out) {
  const std::size_t n = a.x.size();
  out.x.resize(n);
  out.y.resize(n);
  const float* ax = a.x.data();
  const float* ay = a.y.data();
  float* x = out.x.data();
  float* y = out.y.data();
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = t.cos * ax[i] - t.sin * ay[i] + t.tx;
    y[i] = t.sin * ax[i] + t.cos * ay[i] + t.ty;
  }
}
// What one pair says about how far points really land from there: a mean over the
// pairs, the nearer the heavier, that pulls towards nothing where they are far. A
// point does not judge itself.
URNA_CLONES void add_anchor(Landing& landing, int own, float weight, float ex,
                            float ey) {
  const std::size_t n = landing.x.size();
  const float px = landing.x[static_cast<std::size_t>(own)];
  const float py = landing.y[static_cast<std::size_t>(own)];
  const float* x = landing.x.data();
  const float* y = landing.y.data();
  float* mx = landing.mx.data();
  float* my = landing.my.data();
  float* sum = landing.sum.data();
  for (std::size_t i = 0; i < n; ++i) {
    const float ddx = px - x[i];
    const float ddy = py - y[i];
    const float near = weight / (2500.0F + (ddx * ddx + ddy * ddy) * 1.5F);
    const float w = static_cast<int>(i) == own ? 0.0F : near;
    mx[i] += w * ex;
    my[i] += w * ey;
    sum[i] += w;
  }
}

// out += row * by, one sum a lane: every sum adds up in the order of the calls.
URNA_CLONES void add_scaled(const float* row, float by, std::size_t n, float* out) {
  for (std::size_t k = 0; k < n; ++k) out[k] += row[k] * by;
}

float ramp(float value, float full, float none) {
  if (value <= full) return 1;
  if (value >= none) return 0;
  return (none - value) / (none - full);
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

void Matcher::link(const Prepared& a, const Prepared& b) {
  links_.clear();
  const int na = a.size();
  const int nb = b.size();
  similarity_.assign(static_cast<std::size_t>(na * nb), 0);
  for (int i = 0; i < na; ++i)
    likeness(a.descriptor[static_cast<std::size_t>(i)], b,
             similarity_.data() + static_cast<std::ptrdiff_t>(i) * nb);
  // The two best partners of every minutia on either side, then the best overall.
  std::vector<std::uint8_t> taken(similarity_.size(), 0);
  const auto take = [&](int i, int j) {
    const auto at = static_cast<std::size_t>(i * nb + j);
    if (taken[at] != 0 || similarity_[at] <= 0.25F) return;
    taken[at] = 1;
    links_.push_back(
        {i, j, similarity_[at], similarity_[at],
         static_cast<std::uint16_t>(b.angle[static_cast<std::size_t>(j)] -
                                    a.angle[static_cast<std::size_t>(i)])});
  };
  const auto best_two = [&](int n, const auto& value, const auto& visit) {
    int first = -1;
    int second = -1;
    for (int k = 0; k < n; ++k) {
      if (first < 0 || value(k) > value(first)) {
        second = first;
        first = k;
      } else if (second < 0 || value(k) > value(second)) {
        second = k;
      }
    }
    if (first >= 0) visit(first);
    if (second >= 0) visit(second);
  };
  for (int i = 0; i < na; ++i)
    best_two(
        nb, [&](int j) { return similarity_[static_cast<std::size_t>(i * nb + j)]; },
        [&](int j) { take(i, j); });
  for (int j = 0; j < nb; ++j)
    best_two(
        na, [&](int i) { return similarity_[static_cast<std::size_t>(i * nb + j)]; },
        [&](int i) { take(i, j); });
  std::sort(links_.begin(), links_.end(), [](const Link& s, const Link& t) {
    return std::tuple(t.similarity, s.a, s.b) < std::tuple(s.similarity, t.a, t.b);
  });
  if (links_.size() > kMostLinks) links_.resize(kMostLinks);
}

float Matcher::agree(const Prepared& a, const Prepared& b, const Link& s,
                     const Link& t) const {
  if (s.a == t.a || s.b == t.b) return 0;
  const int turn = turn_between(s.turn, t.turn);
  if (turn >= degrees(32)) return 0;
  const auto sa = static_cast<std::size_t>(s.a);
  const auto sb = static_cast<std::size_t>(s.b);
  const auto ta = static_cast<std::size_t>(t.a);
  const auto tb = static_cast<std::size_t>(t.b);
  const float ax = a.x[ta] - a.x[sa];
  const float ay = a.y[ta] - a.y[sa];
  const float bx = b.x[tb] - b.x[sb];
  const float by = b.y[tb] - b.y[sb];
  const float la = std::sqrt(ax * ax + ay * ay);
  const float lb = std::sqrt(bx * bx + by * by);
  const float longer = std::max(la, lb);
  const float stretch = std::fabs(la - lb) / (5.0F + 0.06F * longer);
  if (stretch >= 2) return 0;
  // Both vectors seen from the direction of s's minutiae.
  const float ua = a.dx[sa] * ax + a.dy[sa] * ay;
  const float va = a.dx[sa] * ay - a.dy[sa] * ax;
  const float ub = b.dx[sb] * bx + b.dy[sb] * by;
  const float vb = b.dx[sb] * by - b.dy[sb] * bx;
  const float dot = ua * ub + va * vb;
  if (dot <= 0) return 0;
  const float off = std::fabs(ua * vb - va * ub) / (la * lb + 1.0F);
  const float around = off / (0.14F + 4.0F / (longer + 1.0F));
  return ramp(stretch, 0.5F, 2.0F) * ramp(around, 0.5F, 2.0F) *
         ramp(static_cast<float>(turn), static_cast<float>(degrees(8)),
              static_cast<float>(degrees(32)));
}

// Seen from both ends, so that the order of the links cannot matter.
float Matcher::agree_both(const Prepared& a, const Prepared& b, const Link& s,
                          const Link& t) const {
  const float one = agree(a, b, s, t);
  return one <= 0 ? 0 : std::min(one, agree(a, b, t, s));
}

void Matcher::relax(const Prepared& a, const Prepared& b) {
  const std::size_t n = links_.size();
  std::vector<float> compat(n * n, 0);
  for (std::size_t s = 0; s < n; ++s)
    for (std::size_t t = s + 1; t < n; ++t) {
      const float c = agree_both(a, b, links_[s], links_[t]);
      compat[s * n + t] = compat[t * n + s] = c;
    }
  next_.resize(n);
  for (int round = 0; round < kRounds; ++round) {
    std::fill(next_.begin(), next_.end(), 0.0F);
    for (std::size_t t = 0; t < n; ++t)
      add_scaled(compat.data() + t * n, links_[t].support, n, next_.data());
    for (std::size_t s = 0; s < n; ++s)
      next_[s] = 0.4F * links_[s].support + 0.6F * std::min(next_[s] / 6.0F, 1.0F);
    for (std::size_t s = 0; s < n; ++s) links_[s].support = next_[s];
  }
}

bool Matcher::align(const Prepared& a, const Prepared& b, std::size_t seed) {
  now_.pairs.clear();
  now_.pairs.push_back({links_[seed].a, links_[seed].b, links_[seed].support});
  for (std::size_t t = 0; t < links_.size(); ++t) {
    if (t == seed) continue;
    const float c = agree_both(a, b, links_[seed], links_[t]);
    if (c > 0.2F)
      now_.pairs.push_back({links_[t].a, links_[t].b, c * links_[t].support});
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

void Matcher::pair_up(const Prepared& a, const Prepared& b, int round) {
  struct Offer {
    float cost;
    int a;
    int b;
  };
  const float reach = round == 0 ? 18.0F : round == 1 ? 15.0F : 12.0F;
  lay(a, now_, landing_);
  const std::size_t na = a.x.size();
  landing_.mx.assign(na, 0);
  landing_.my.assign(na, 0);
  landing_.sum.assign(na, 1.0F);
  if (round > 0)
    for (const MinutiaPair& p : now_.pairs) {
      const auto i = static_cast<std::size_t>(p.a);
      const auto j = static_cast<std::size_t>(p.b);
      add_anchor(landing_, p.a, p.weight * 2500.0F, b.x[j] - landing_.x[i],
                 b.y[j] - landing_.y[i]);
    }
  std::vector<Offer> offers;
  const std::size_t nb = b.x.size();
  distance_.resize(nb);
  near_.assign((nb + 7) / 8 * 8, 0);
  for (std::size_t i = 0; i < na; ++i) {
    const Place at{landing_.x[i] + landing_.mx[i] / landing_.sum[i],
                   landing_.y[i] + landing_.my[i] / landing_.sum[i],
                   now_.cos * a.dx[i] - now_.sin * a.dy[i],
                   now_.sin * a.dx[i] + now_.cos * a.dy[i]};
    find_near(b, at, reach * reach, distance_.data(), near_.data());
    for (std::size_t j8 = 0; j8 < near_.size(); j8 += 8) {
      std::uint64_t any = 0;
      std::memcpy(&any, near_.data() + j8, sizeof any);
      if (any == 0) continue;
      for (std::size_t j = j8; j < j8 + 8; ++j) {
        if (near_[j] == 0) continue;
        const float off = 1 - (at.dx * b.dx[j] + at.dy * b.dy[j]);  // half its square
        const float s = similarity_[i * nb + j];
        offers.push_back({distance_[j] / (reach * reach) + off / 0.134F - 1.0F * s,
                          static_cast<int>(i), static_cast<int>(j)});
      }
    }
  }
  std::sort(offers.begin(), offers.end(), [](const Offer& p, const Offer& q) {
    return std::tie(p.cost, p.a, p.b) < std::tie(q.cost, q.a, q.b);
  });
  std::uint64_t used_a[2] = {0, 0};
  std::uint64_t used_b[2] = {0, 0};
  now_.pairs.clear();
  for (const Offer& o : offers) {
    std::uint64_t& wa = used_a[o.a >> 6];
    std::uint64_t& wb = used_b[o.b >> 6];
    const std::uint64_t ba = std::uint64_t{1} << (o.a & 63);
    const std::uint64_t bb = std::uint64_t{1} << (o.b & 63);
    if ((wa & ba) != 0 || (wb & bb) != 0) continue;
    wa |= ba;
    wb |= bb;
    now_.pairs.push_back(
        {o.a, o.b, std::clamp(1.2F - 0.5F * (o.cost + 1.0F), 0.1F, 1.0F)});
  }
}

Evidence Matcher::weigh(const Prepared& a, const Prepared& b) const {
  Evidence e;
  const int nb = b.size();
  float matched = 0;
  float similar = 0;
  float close = 0;
  float typed = 0;
  float d_sum = 0;
  for (const MinutiaPair& p : now_.pairs) {
    const auto i = static_cast<std::size_t>(p.a);
    const auto j = static_cast<std::size_t>(p.b);
    const float q = std::sqrt(a.quality[i] * b.quality[j]);
    const float x = now_.cos * a.x[i] - now_.sin * a.y[i] + now_.tx - b.x[j];
    const float y = now_.sin * a.x[i] + now_.cos * a.y[i] + now_.ty - b.y[j];
    const float d = std::sqrt(x * x + y * y);
    const float s = similarity_[static_cast<std::size_t>(p.a * nb + p.b)];
    matched += q;
    similar += std::max(0.0F, s - 0.3F) * q;
    close += p.weight * q;
    d_sum += d;
    if (a.type[i] == b.type[j]) typed += q;
  }
  // Unpaired minutiae where both prints are visible.
  std::vector<std::uint8_t> paired_a(a.x.size(), 0);
  std::vector<std::uint8_t> paired_b(b.x.size(), 0);
  for (const MinutiaPair& p : now_.pairs) {
    paired_a[static_cast<std::size_t>(p.a)] = 1;
    paired_b[static_cast<std::size_t>(p.b)] = 1;
  }
  float missed_a = 0;
  float missed_b = 0;
  for (std::size_t i = 0; i < a.x.size(); ++i) {
    if (paired_a[i] != 0) continue;
    const float x = now_.cos * a.x[i] - now_.sin * a.y[i] + now_.tx;
    const float y = now_.sin * a.x[i] + now_.cos * a.y[i] + now_.ty;
    if (b.coverage.at(x, y)) missed_a += a.quality[i];
  }
  for (std::size_t j = 0; j < b.x.size(); ++j) {
    if (paired_b[j] != 0) continue;
    const float ox = b.x[j] - now_.tx;
    const float oy = b.y[j] - now_.ty;
    const float x = now_.cos * ox + now_.sin * oy;
    const float y = -now_.sin * ox + now_.cos * oy;
    if (a.coverage.at(x, y)) missed_b += b.quality[j];
  }
  float support = 0;
  std::vector<float> top;
  for (const Link& l : links_) top.push_back(l.support);
  std::sort(top.rbegin(), top.rend());
  for (std::size_t k = 0; k < std::min<std::size_t>(8, top.size()); ++k)
    support += top[k];

  const auto n = static_cast<float>(now_.pairs.size());
  e.value = {n,      matched,  similar,  close,
             typed,  missed_a, missed_b, n > 0 ? d_sum / n : 0,
             support};
  return e;
}

Evidence Matcher::compare(const Prepared& a, const Prepared& b) {
  best_ = {};
  Evidence best;
  if (a.size() < 3 || b.size() < 3) return best;
  link(a, b);
  if (links_.empty()) return best;
  relax(a, b);
  std::vector<std::size_t> order(links_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t s, std::size_t t) {
    return std::tuple(links_[t].support, s) < std::tuple(links_[s].support, t);
  });
  float best_value = -1;
  for (std::size_t k = 0; k < std::min<std::size_t>(3, order.size()); ++k) {
    // A seed that the best alignment already pairs would only find it again.
    const Link& seed = links_[order[k]];
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
      best_ = now_;
    }
  }
  if (best_.pairs.empty()) return best;
  const MapAgreement maps = compare_maps(a.map, b.map, best_);
  best.value[9] = maps.cells;
  best.value[10] = maps.agree;
  best.value[11] = maps.period;
  return best;
}

}  // namespace urna::finger
