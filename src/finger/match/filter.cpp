#include "finger/match/filter.hpp"

#include "finger/extract/clones.hpp"
#include "finger/extract/trig.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace urna::finger {
namespace {

constexpr int kGrid = 5;
constexpr float kRadius = 76;
constexpr float kCell = 2 * kRadius / kGrid;
constexpr float kReach = 24;  // pixels: how far a neighbour sets cells
constexpr int kLayers = 6;
constexpr int kLayerReach = 34;  // 256 a turn
constexpr int kVoters = 8;       // best pairs that vote

bool wants_vector = true;

const std::array<float, 256>& cosines() {
  static const auto made = [] {
    std::array<float, 256> out{};
    for (std::size_t k = 0; k < 256; ++k)
      out[k] = static_cast<float>(det_cos(2 * kPi * static_cast<double>(k) / 256));
    return out;
  }();
  return made;
}
float cosine(int angle) {
  return cosines()[static_cast<std::size_t>(angle & 255)];
}
float sine(int angle) {
  return cosines()[static_cast<std::size_t>((angle - 64) & 255)];
}

// Cell number 0..20 of the 5x5 grid without its corners, or -1.
int cell_number(int i, int j) {
  const bool corner = (i == 0 || i == kGrid - 1) && (j == 0 || j == kGrid - 1);
  if (corner) return -1;
  const int plain = j * kGrid + i;
  return plain < kGrid                 ? plain - 1
         : plain < kGrid * (kGrid - 1) ? plain - 2
                                       : plain - 3;
}

void set_bit(ShortDescriptor& bits, int at) {
  bits[static_cast<std::size_t>(at / 64)] |= std::uint64_t{1} << (at % 64);
}

ShortDescriptor describe_one(const Template& print, std::size_t index) {
  ShortDescriptor bits{};
  const Minutia& m = print.minutiae[index];
  const float c = cosine(m.angle >> 8);
  const float s = sine(m.angle >> 8);
  for (std::size_t k = 0; k < print.minutiae.size(); ++k) {
    if (k == index) continue;
    const Minutia& o = print.minutiae[k];
    const float ox = static_cast<float>(o.x - m.x) / kSubPixel;
    const float oy = static_cast<float>(o.y - m.y) / kSubPixel;
    if (ox * ox + oy * oy > (kRadius + kReach) * (kRadius + kReach)) continue;
    const float u = c * ox - s * oy;  // along the direction; y is down, angles ccw
    const float v = s * ox + c * oy;
    const auto turn = static_cast<std::uint8_t>((o.angle - m.angle) >> 8);
    for (int j = 0; j < kGrid; ++j)
      for (int i = 0; i < kGrid; ++i) {
        const float du = (static_cast<float>(i) - 2.0F) * kCell - u;
        const float dv = (static_cast<float>(j) - 2.0F) * kCell - v;
        const int cell = cell_number(i, j);
        if (cell < 0 || du * du + dv * dv > kReach * kReach) continue;
        for (int layer = 0; layer < kLayers; ++layer) {
          const auto off = static_cast<std::int8_t>(
              static_cast<std::uint8_t>(turn - layer * 256 / kLayers));
          if (std::abs(static_cast<int>(off)) <= kLayerReach)
            set_bit(bits, layer * 21 + cell);
        }
      }
  }
  return bits;
}

}  // namespace

FilterPrint describe_short(const Template& print) {
  FilterPrint out;
  out.size = std::min(kFilterMinutiae, static_cast<int>(print.minutiae.size()));
  for (int k = 0; k < out.size; ++k) {
    const auto at = static_cast<std::size_t>(k);
    out.bits[at] = describe_one(print, at);
    out.count[at] = std::popcount(out.bits[at][0]) + std::popcount(out.bits[at][1]);
    const Minutia& m = print.minutiae[at];
    out.place[at] = {static_cast<std::int16_t>(m.x / kSubPixel),
                     static_cast<std::int16_t>(m.y / kSubPixel),
                     static_cast<std::uint8_t>(m.angle >> 8)};
  }
  return out;
}

URNA_POPCNT void best_partners_portable(const FilterPrint& probe,
                                        const ShortDescriptor* candidate,
                                        BestPartners& out) {
  std::array<int, kFilterMinutiae> count{};
  for (int j = 0; j < kFilterMinutiae; ++j)
    count[static_cast<std::size_t>(j)] =
        __builtin_popcountll(candidate[j][0]) + __builtin_popcountll(candidate[j][1]);
  for (int i = 0; i < probe.size; ++i) {
    const auto ii = static_cast<std::size_t>(i);
    std::int64_t best = INT64_MIN;
    for (int j = 0; j < kFilterMinutiae; ++j) {
      const int common = __builtin_popcountll(probe.bits[ii][0] & candidate[j][0]) +
                         __builtin_popcountll(probe.bits[ii][1] & candidate[j][1]);
      const std::int64_t value =
          4 * common - probe.count[ii] - count[static_cast<std::size_t>(j)];
      best = std::max(best, value * 256 + j);
    }
    out[ii] = {static_cast<int>(best >> 8), static_cast<int>(best & 255)};
  }
}

#if defined(__x86_64__)

namespace {

// Four descriptors in a register; both halves of each hold its sum after the swap.
__attribute__((target("avx512f,avx512vpopcntdq"))) void best_partners_vector(
    const FilterPrint& probe, const ShortDescriptor* candidate, BestPartners& out) {
  constexpr int kVectors = kFilterMinutiae / 4;
  __m512i bits[kVectors];
  __m512i base[kVectors];  // -bits of the candidate * 256 + its index
  for (int v = 0; v < kVectors; ++v) {
    bits[v] = _mm512_loadu_si512(candidate + 4 * v);
    const __m512i half = _mm512_popcnt_epi64(bits[v]);
    const __m512i sum = _mm512_add_epi64(half, _mm512_permutex_epi64(half, 0xb1));
    const __m512i index = _mm512_add_epi64(_mm512_set_epi64(3, 3, 2, 2, 1, 1, 0, 0),
                                           _mm512_set1_epi64(4 * v));
    base[v] = _mm512_sub_epi64(index, _mm512_slli_epi64(sum, 8));
  }
  for (int i = 0; i < probe.size; ++i) {
    const auto ii = static_cast<std::size_t>(i);
    const auto low = static_cast<long long>(probe.bits[ii][0]);
    const auto high = static_cast<long long>(probe.bits[ii][1]);
    const __m512i mine = _mm512_set_epi64(high, low, high, low, high, low, high, low);
    __m512i best = _mm512_set1_epi64(INT64_MIN);
    for (int v = 0; v < kVectors; ++v) {
      const __m512i half = _mm512_popcnt_epi64(_mm512_and_si512(mine, bits[v]));
      const __m512i sum = _mm512_add_epi64(half, _mm512_permutex_epi64(half, 0xb1));
      best =
          _mm512_max_epi64(best, _mm512_add_epi64(_mm512_slli_epi64(sum, 10), base[v]));
    }
    const std::int64_t top =
        _mm512_reduce_max_epi64(best) - std::int64_t{probe.count[ii]} * 256;
    out[ii] = {static_cast<int>(top >> 8), static_cast<int>(top & 255)};
  }
}

bool has_vector() {
  static const bool found = __builtin_cpu_supports("avx512f") != 0 &&
                            __builtin_cpu_supports("avx512vpopcntdq") != 0;
  return found;
}

}  // namespace

void best_partners(const FilterPrint& probe, const ShortDescriptor* candidate,
                   BestPartners& out) {
  if (wants_vector && has_vector())
    best_partners_vector(probe, candidate, out);
  else
    best_partners_portable(probe, candidate, out);
}

bool Gallery::vector_popcount() {
  return wants_vector && has_vector();
}

#else

void best_partners(const FilterPrint& probe, const ShortDescriptor* candidate,
                   BestPartners& out) {
  best_partners_portable(probe, candidate, out);
}

bool Gallery::vector_popcount() {
  return false;
}

#endif

void Gallery::set_vector_popcount(bool wanted) {
  wants_vector = wanted;
}

int vote(const FilterPrint& probe, const BestPartners& partners,
         const Place* candidate) {
  struct Voter {
    int value;
    int a;
    int b;
  };
  std::array<Voter, kVoters> best{};
  int n = 0;
  for (int i = 0; i < probe.size; ++i) {
    const BestPartner& p = partners[static_cast<std::size_t>(i)];
    if (p.value <= 0 && n >= 3) continue;
    int at = n < kVoters ? n++ : kVoters;
    if (at == kVoters) {
      if (p.value <= best[kVoters - 1].value) continue;
      at = kVoters - 1;
    }
    while (at > 0 && best[static_cast<std::size_t>(at - 1)].value < p.value) {
      best[static_cast<std::size_t>(at)] = best[static_cast<std::size_t>(at - 1)];
      --at;
    }
    best[static_cast<std::size_t>(at)] = {p.value, i, p.index};
  }
  int most = 0;
  for (int s = 0; s < n; ++s) {
    const Voter& v = best[static_cast<std::size_t>(s)];
    const Place& pa = probe.place[static_cast<std::size_t>(v.a)];
    const Place& pb = candidate[v.b];
    const int turn = pb.angle - pa.angle;
    const float c = cosine(turn);
    const float k = sine(turn);
    int sum = std::max(0, v.value);
    for (int t = 0; t < n; ++t) {
      if (t == s) continue;
      const Voter& w = best[static_cast<std::size_t>(t)];
      const Place& qa = probe.place[static_cast<std::size_t>(w.a)];
      const Place& qb = candidate[w.b];
      const auto off = static_cast<std::int8_t>(
          static_cast<std::uint8_t>(qb.angle - qa.angle - turn));
      if (std::abs(static_cast<int>(off)) > 24 || w.b == v.b) continue;
      const auto ax = static_cast<float>(qa.x - pa.x);
      const auto ay = static_cast<float>(qa.y - pa.y);
      const float ex = c * ax + k * ay - static_cast<float>(qb.x - pb.x);
      const float ey = c * ay - k * ax - static_cast<float>(qb.y - pb.y);
      const float slack = 10.0F + 0.2F * (std::fabs(ax) + std::fabs(ay));
      if (std::fabs(ex) + std::fabs(ey) <= slack) sum += 12 + std::max(0, w.value);
    }
    most = std::max(most, sum);
  }
  return most;
}

int filter_vote(const Template& probe, const Template& candidate) {
  const FilterPrint a = describe_short(probe);
  const FilterPrint b = describe_short(candidate);
  BestPartners partners{};
  best_partners(a, b.bits.data(), partners);
  return vote(a, partners, b.place.data());
}

}  // namespace urna::finger
