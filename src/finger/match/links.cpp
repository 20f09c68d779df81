#include "finger/match/links.hpp"

#include "finger/extract/clones.hpp"
#include "finger/match/likeness.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>

namespace urna::finger {
namespace {

constexpr int kRounds = 4;
constexpr float kLeastSimilarity = 0.25F;
constexpr std::size_t kLanes = 8;

constexpr float degrees(float d) {
  return static_cast<float>(static_cast<int>(d * 65536.0F / 360.0F));
}
constexpr float kSameTurn = degrees(8);
constexpr float kOtherTurn = degrees(32);

// A key orders partners: the more alike first, of equal ones the one with the lower
// number. Similarities are not negative, so their bits order like themselves.
constexpr int kNumberBits = 7;
constexpr std::int64_t kNumbers = (1 << kNumberBits) - 1;
static_assert(kMatchMinutiae <= kNumbers);

int number_of(std::int64_t key) {
  return static_cast<int>(kNumbers - (key & kNumbers));
}
float similarity_of(std::int64_t key) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(key >> 32));
}

// Enters minutia i of a, with its similarities to all of b, into the two best of every
// minutia of b; and finds its own two best, a lane for every eighth minutia of b.
URNA_CLONES_WIDE void enter_row(const float* row, std::size_t stride, int i,
                                std::int64_t* first_b, std::int64_t* second_b,
                                std::int64_t* first_a, std::int64_t* second_a) {
  std::int64_t first[kLanes] = {};
  std::int64_t second[kLanes] = {};
  for (std::size_t at = 0; at < stride; at += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t j = at + lane;
      const std::int64_t alike = std::int64_t{std::bit_cast<std::int32_t>(row[j])}
                                 << 32;
      const std::int64_t by_a = alike | (kNumbers - i);
      const std::int64_t low_b = std::min(first_b[j], by_a);
      first_b[j] = std::max(first_b[j], by_a);
      second_b[j] = std::max(second_b[j], low_b);
      const std::int64_t by_b = alike | (kNumbers - static_cast<std::int64_t>(j));
      const std::int64_t low_a = std::min(first[lane], by_b);
      first[lane] = std::max(first[lane], by_b);
      second[lane] = std::max(second[lane], low_a);
    }
  std::int64_t best = 0;
  std::int64_t next = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    next = std::max({next, std::min(best, first[lane]), second[lane]});
    best = std::max(best, first[lane]);
  }
  *first_a = best;
  *second_a = next;
}

// Links as a structure of arrays: where their minutiae lie, where these look, and by
// how much the directions differ (65536 a turn).
struct LinkPlaces {
  alignas(64) std::array<float, kMostLinks> ax{};
  alignas(64) std::array<float, kMostLinks> ay{};
  alignas(64) std::array<float, kMostLinks> bx{};
  alignas(64) std::array<float, kMostLinks> by{};
  alignas(64) std::array<float, kMostLinks> adx{};
  alignas(64) std::array<float, kMostLinks> ady{};
  alignas(64) std::array<float, kMostLinks> bdx{};
  alignas(64) std::array<float, kMostLinks> bdy{};
  alignas(64) std::array<std::int32_t, kMostLinks> turn{};
};

inline float ramp(float value, float full, float none) {
  const float slope = (none - value) / (none - full);
  return value <= full ? 1.0F : value >= none ? 0.0F : slope;
}

// The angle between two vectors, as its sine, over what is allowed at that distance;
// both seen from the directions (adx, ady) and (bdx, bdy). 2 or more: they disagree.
inline float off_course(float ax, float ay, float bx, float by, float adx, float ady,
                        float bdx, float bdy, float lengths, float allowed) {
  const float ua = adx * ax + ady * ay;
  const float va = adx * ay - ady * ax;
  const float ub = bdx * bx + bdy * by;
  const float vb = bdx * by - bdy * bx;
  const float off = std::fabs(ua * vb - va * ub) / (lengths + 1.0F);
  return ua * ub + va * vb > 0 ? off / allowed : 2.0F;
}

// How well link s and every other one fit into one motion. No branches, so that many
// are looked at at once. A link and itself are no distance apart and get 0.
URNA_CLONES void compatibilities(const LinkPlaces& p, std::size_t s, float* out) {
  for (std::size_t t = 0; t < kMostLinks; ++t) {
    const float ax = p.ax[t] - p.ax[s];
    const float ay = p.ay[t] - p.ay[s];
    const float bx = p.bx[t] - p.bx[s];
    const float by = p.by[t] - p.by[s];
    const float la = __builtin_sqrtf(ax * ax + ay * ay);
    const float lb = __builtin_sqrtf(bx * bx + by * by);
    const float longer = la > lb ? la : lb;
    const float stretch = std::fabs(la - lb) / (5.0F + 0.06F * longer);
    const float lengths = la * lb;
    const float allowed = 0.14F + 4.0F / (longer + 1.0F);
    const float from_s = off_course(ax, ay, bx, by, p.adx[s], p.ady[s], p.bdx[s],
                                    p.bdy[s], lengths, allowed);
    const float from_t = off_course(ax, ay, bx, by, p.adx[t], p.ady[t], p.bdx[t],
                                    p.bdy[t], lengths, allowed);
    const float worse = from_s > from_t ? from_s : from_t;
    const std::int32_t turned =
        static_cast<std::int32_t>(static_cast<std::uint32_t>(p.turn[t] - p.turn[s])
                                  << 16) >>
        16;
    const auto turn = static_cast<float>(turned < 0 ? -turned : turned);
    out[t] = ramp(stretch, 0.5F, 2.0F) * ramp(worse, 0.5F, 2.0F) *
             ramp(turn, kSameTurn, kOtherTurn);
  }
}

// One round of relaxation; every sum adds up in the order of the links.
URNA_CLONES void support_each_other(const float* compatibility, std::size_t n,
                                    float* support) {
  alignas(64) float sum[kMostLinks] = {};
  for (std::size_t t = 0; t < n; ++t) {
    const float by = support[t];
    const float* row = compatibility + t * kMostLinks;
    for (std::size_t s = 0; s < kMostLinks; ++s) sum[s] += row[s] * by;
  }
  for (std::size_t s = 0; s < n; ++s) {
    const float part = sum[s] / 6.0F;
    support[s] = 0.4F * support[s] + 0.6F * (part < 1.0F ? part : 1.0F);
  }
}

}  // namespace

void Links::find(const Prepared& a, const Prepared& b) {
  compare_all(a, b);
  choose(a, b);
  relax(a, b);
}

void Links::compare_all(const Prepared& a, const Prepared& b) {
  const auto na = static_cast<std::size_t>(a.size());
  stride_ = b.stride;
  similarity_.resize(na * stride_);
  best_of_a_.resize(2 * na);
  best_of_b_.assign(2 * stride_, 0);
  for (std::size_t i = 0; i < na; ++i) {
    float* row = similarity_.data() + i * stride_;
    likeness(a.descriptor[i], b, row);
    enter_row(row, stride_, static_cast<int>(i), best_of_b_.data(),
              best_of_b_.data() + stride_, best_of_a_.data() + i,
              best_of_a_.data() + na + i);
  }
}

// The two best partners of every minutia on either side, and of these the best.
void Links::choose(const Prepared& a, const Prepared& b) {
  const auto na = static_cast<std::size_t>(a.size());
  const auto nb = static_cast<std::size_t>(b.size());
  // Least of equal ones first: the most alike, then the lowest numbers.
  const auto offer = [&](std::int64_t key, int i, int j) {
    offers_.push_back((~static_cast<std::uint64_t>(key) >> 32 << 32) |
                      static_cast<std::uint64_t>(i << kNumberBits | j));
  };
  offers_.clear();
  for (std::size_t k = 0; k < 2 * na; ++k) {
    const std::int64_t key = best_of_a_[k];
    if (similarity_of(key) <= kLeastSimilarity) continue;
    offer(key, static_cast<int>(k < na ? k : k - na), number_of(key));
  }
  for (std::size_t k = 0; k < 2 * stride_; ++k) {
    const std::int64_t key = best_of_b_[k];
    const std::size_t j = k < stride_ ? k : k - stride_;
    if (j >= nb || similarity_of(key) <= kLeastSimilarity) continue;
    const auto i = static_cast<std::size_t>(number_of(key));
    const bool known = number_of(best_of_a_[i]) == static_cast<int>(j) ||
                       number_of(best_of_a_[na + i]) == static_cast<int>(j);
    if (!known) offer(key, static_cast<int>(i), static_cast<int>(j));
  }
  size_ = std::min(kMostLinks, offers_.size());
  const auto end = offers_.begin() + static_cast<std::ptrdiff_t>(size_);
  if (size_ < offers_.size()) std::nth_element(offers_.begin(), end, offers_.end());
  std::sort(offers_.begin(), end);
  support_.fill(0);
  for (std::size_t k = 0; k < size_; ++k) {
    const auto pair = static_cast<int>(offers_[k] & 0xffffffffU);
    link_[k] = {pair >> kNumberBits, pair & static_cast<int>(kNumbers)};
    support_[k] = similarity(static_cast<std::size_t>(link_[k].a),
                             static_cast<std::size_t>(link_[k].b));
  }
}

void Links::relax(const Prepared& a, const Prepared& b) {
  LinkPlaces p;
  for (std::size_t k = 0; k < size_; ++k) {
    const auto i = static_cast<std::size_t>(link_[k].a);
    const auto j = static_cast<std::size_t>(link_[k].b);
    p.ax[k] = a.x[i];
    p.ay[k] = a.y[i];
    p.adx[k] = a.dx[i];
    p.ady[k] = a.dy[i];
    p.bx[k] = b.x[j];
    p.by[k] = b.y[j];
    p.bdx[k] = b.dx[j];
    p.bdy[k] = b.dy[j];
    p.turn[k] = b.angle[j] - a.angle[i];
  }
  for (std::size_t s = 0; s < size_; ++s)
    compatibilities(p, s, compatibility_.data() + s * kMostLinks);
  for (int round = 0; round < kRounds; ++round)
    support_each_other(compatibility_.data(), size_, support_.data());
}

}  // namespace urna::finger
