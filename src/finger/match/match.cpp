#include "finger/match/match.hpp"

#include "finger/extract/clones.hpp"
#include "finger/extract/trig.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace urna::finger {
namespace {

constexpr int kMostLinks = 40;
constexpr int kRounds = 4;

int turn_between(std::uint16_t a, std::uint16_t b) {
  return std::abs(
      static_cast<int>(static_cast<std::int16_t>(static_cast<std::uint16_t>(a - b))));
}
constexpr int degrees(float d) {
  return static_cast<int>(d * 65536.0F / 360.0F);
}

// Similarity of one descriptor to `count` others: 0..1, 0 when the common part is too
// small to say anything.
URNA_POPCNT void likeness(const Descriptor& a, const Descriptor* others, int count,
                          float* out) {
  for (int k = 0; k < count; ++k) {
    const Descriptor& b = others[k];
    const std::uint64_t common = a.valid & b.valid;
    int differ = 0;
    int set = 0;
    for (std::size_t l = 0; l < Descriptor::kLayers; ++l) {
      const std::uint64_t p = a.layer[l] & common;
      const std::uint64_t q = b.layer[l] & common;
      differ += __builtin_popcountll(p ^ q);
      set += __builtin_popcountll(p) + __builtin_popcountll(q);
    }
    const bool enough = __builtin_popcountll(common) >= 20 && set >= 24;
    out[k] =
        enough ? 1.0F - static_cast<float>(differ) / static_cast<float>(set) : 0.0F;
  }
}

// Squared distances of all minutiae of b from a point.
URNA_CLONES void squares(const Prepared& b, float x, float y, float* out) {
  const std::size_t n = b.x.size();
  const float* bx = b.x.data();
  const float* by = b.y.data();
  for (std::size_t j = 0; j < n; ++j)
    out[j] = (bx[j] - x) * (bx[j] - x) + (by[j] - y) * (by[j] - y);
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
    likeness(a.descriptor[static_cast<std::size_t>(i)], b.descriptor.data(), nb,
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

void Matcher::relax(const Prepared& a, const Prepared& b) {
  const std::size_t n = links_.size();
  std::vector<float> compat(n * n, 0);
  for (std::size_t s = 0; s < n; ++s)
    for (std::size_t t = s + 1; t < n; ++t) {
      // Seen from both ends, so that the order of the links cannot matter.
      const float c = std::min(agree(a, b, links_[s], links_[t]),
                               agree(a, b, links_[t], links_[s]));
      compat[s * n + t] = compat[t * n + s] = c;
    }
  next_.resize(n);
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t s = 0; s < n; ++s) {
      float sum = 0;
      for (std::size_t t = 0; t < n; ++t) sum += compat[s * n + t] * links_[t].support;
      next_[s] = 0.4F * links_[s].support + 0.6F * std::min(sum / 6.0F, 1.0F);
    }
    for (std::size_t s = 0; s < n; ++s) links_[s].support = next_[s];
  }
}

bool Matcher::align(const Prepared& a, const Prepared& b, std::size_t seed) {
  now_.pairs.clear();
  now_.pairs.push_back({links_[seed].a, links_[seed].b, links_[seed].support});
  for (std::size_t t = 0; t < links_.size(); ++t) {
    if (t == seed) continue;
    const float c = std::min(agree(a, b, links_[seed], links_[t]),
                             agree(a, b, links_[t], links_[seed]));
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
  // Where the pairs found so far say that a point of a really lands.
  const std::vector<MinutiaPair> anchors =
      round == 0 ? std::vector<MinutiaPair>{} : now_.pairs;
  std::vector<float> ex(anchors.size());
  std::vector<float> ey(anchors.size());
  std::vector<float> px(anchors.size());
  std::vector<float> py(anchors.size());
  for (std::size_t k = 0; k < anchors.size(); ++k) {
    const auto i = static_cast<std::size_t>(anchors[k].a);
    const auto j = static_cast<std::size_t>(anchors[k].b);
    px[k] = now_.cos * a.x[i] - now_.sin * a.y[i] + now_.tx;
    py[k] = now_.sin * a.x[i] + now_.cos * a.y[i] + now_.ty;
    ex[k] = b.x[j] - px[k];
    ey[k] = b.y[j] - py[k];
  }
  std::vector<Offer> offers;
  const int nb = b.size();
  distance_.resize(b.x.size());
  for (int i = 0; i < a.size(); ++i) {
    const auto ii = static_cast<std::size_t>(i);
    const float x = now_.cos * a.x[ii] - now_.sin * a.y[ii] + now_.tx;
    const float y = now_.sin * a.x[ii] + now_.cos * a.y[ii] + now_.ty;
    float mx = 0;
    float my = 0;
    float sum = 1.0F;  // pulls towards no displacement where anchors are far
    for (std::size_t k = 0; k < anchors.size(); ++k) {
      if (anchors[k].a == i) continue;
      const float ddx = px[k] - x;
      const float ddy = py[k] - y;
      const float w =
          anchors[k].weight * 2500.0F / (2500.0F + (ddx * ddx + ddy * ddy) * 1.5F);
      mx += w * ex[k];
      my += w * ey[k];
      sum += w;
    }
    mx /= sum;
    my /= sum;
    const float dx = now_.cos * a.dx[ii] - now_.sin * a.dy[ii];
    const float dy = now_.sin * a.dx[ii] + now_.cos * a.dy[ii];
    squares(b, x + mx, y + my, distance_.data());
    for (int j = 0; j < nb; ++j) {
      const auto jj = static_cast<std::size_t>(j);
      const float d2 = distance_[jj];
      if (d2 > reach * reach) continue;
      const float dot = dx * b.dx[jj] + dy * b.dy[jj];
      if (dot < 0.866F) continue;
      const float off = 1 - dot;  // about half the squared angle
      const float s = similarity_[static_cast<std::size_t>(i * nb + j)];
      offers.push_back({d2 / (reach * reach) + off / 0.134F - 1.0F * s, i, j});
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
  const MapAgreement maps = compare_maps(a.map, b.map, now_);
  e.value = {n,       matched,    similar,    close,
             typed,   missed_a,   missed_b,   n > 0 ? d_sum / n : 0,
             support, maps.cells, maps.agree, maps.period};
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
  return best;
}

}  // namespace urna::finger
