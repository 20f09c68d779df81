#include "finger/match/filter.hpp"

#include "finger/extract/clones.hpp"
#include "finger/extract/trig.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <tuple>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace urna::finger {
namespace {

constexpr int kGrid = 5;
constexpr float kRadius = 76;
constexpr float kCell = 2 * kRadius / kGrid;
constexpr float kReach = 22;  // pixels: how far a neighbour sets cells
constexpr int kLayers = 6;
constexpr int kLayerReach = 28;  // 256 a turn
constexpr int kCells = 21;
constexpr int kPairVotes = 12;          // of a pair that agrees, besides its likeness
constexpr std::int16_t kMostTurn = 14;  // 256 a turn: how far directions may differ
constexpr std::int16_t kSlack = 8;      // pixels that places may differ by,
constexpr std::int16_t kSlackGrowth = 4096;  // and an eighth of the distance (1/32768)
constexpr int kOtherVotes = 200;  // as if every ballot had these, which agree with none

bool wants_vectors = true;

const std::array<float, 256>& cosines() {
  static const auto made = [] {
    std::array<float, 256> out{};
    for (std::size_t k = 0; k < 256; ++k)
      out[k] = static_cast<float>(det_cos(2 * kPi * static_cast<double>(k) / 256));
    return out;
  }();
  return made;
}

// In 1/32768, for vote(); 1 is just missed.
const std::array<std::int16_t, 256>& whole_cosines() {
  static const auto made = [] {
    std::array<std::int16_t, 256> out{};
    for (std::size_t k = 0; k < 256; ++k)
      out[k] = static_cast<std::int16_t>(std::floor(cosines()[k] * 32767.0F + 0.5F));
    return out;
  }();
  return made;
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

struct Bits {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

Bits describe(const Template& print, std::size_t index) {
  Bits bits;
  const Minutia& m = print.minutiae[index];
  const float c = cosine256(m.angle >> 8);
  const float s = sine256(m.angle >> 8);
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
          if (std::abs(static_cast<int>(off)) > kLayerReach) continue;
          const int at = layer * kCells + cell;
          (at < 64 ? bits.low : bits.high) |= std::uint64_t{1} << (at % 64);
        }
      }
  }
  return bits;
}

// How many cells of the neighbourhood lie in the print; all where there is no map.
int cells_inside(const Template& print, const Minutia& m) {
  if (print.map.empty()) return kCells;
  const float c = cosine256(m.angle >> 8);
  const float s = sine256(m.angle >> 8);
  const auto step = static_cast<float>(print.map.step);
  int inside = 0;
  for (int j = 0; j < kGrid; ++j)
    for (int i = 0; i < kGrid; ++i) {
      if (cell_number(i, j) < 0) continue;
      const float u = (static_cast<float>(i) - 2.0F) * kCell;
      const float v = (static_cast<float>(j) - 2.0F) * kCell;
      const float x = static_cast<float>(m.x) / kSubPixel + c * u + s * v;
      const float y = static_cast<float>(m.y) / kSubPixel - s * u + c * v;
      if (x < 0 || y < 0) continue;
      const int column = static_cast<int>(x / step);
      const int row = static_cast<int>(y / step);
      if (column >= print.map.columns || row >= print.map.rows) continue;
      const auto at = static_cast<std::size_t>(row * print.map.columns + column);
      inside += print.map.cells[at].period != 0 ? 1 : 0;
    }
  return inside;
}

}  // namespace

float cosine256(int angle) {
  return cosines()[static_cast<std::size_t>(angle & 255)];
}

Template by_use(Template print) {
  struct Ranked {
    int use;
    Minutia minutia;
  };
  std::vector<Ranked> ranked;
  for (const Minutia& m : print.minutiae) {
    const int quality = m.quality == 0 ? 60 : m.quality;
    ranked.push_back({quality * cells_inside(print, m), m});
  }
  std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
    return std::tuple(b.use, b.minutia.quality, a.minutia.y, a.minutia.x,
                      a.minutia.angle, a.minutia.type) <
           std::tuple(a.use, a.minutia.quality, b.minutia.y, b.minutia.x,
                      b.minutia.angle, b.minutia.type);
  });
  for (std::size_t k = 0; k < ranked.size(); ++k) print.minutiae[k] = ranked[k].minutia;
  return print;
}

FilterBits filter_bits(const Template& print) {
  FilterBits out;
  const auto size = std::min<std::size_t>(kFilterMinutiae, print.minutiae.size());
  for (std::size_t k = 0; k < size; ++k) {
    const Bits bits = describe(print, k);
    out.low[k] = bits.low;
    out.high[k] = bits.high;
  }
  return out;
}

FilterProbe filter_probe(const Template& print) {
  FilterProbe out;
  const auto size = std::min<std::size_t>(kProbeMinutiae, print.minutiae.size());
  out.size = static_cast<int>(size);
  for (std::size_t k = 0; k < size; ++k) {
    const Bits bits = describe(print, k);
    out.low[k] = bits.low;
    out.high[k] = bits.high;
    out.count[k] = std::popcount(bits.low) + std::popcount(bits.high);
    const Minutia& m = print.minutiae[k];
    out.place.x[k] = static_cast<std::int16_t>(m.x / kSubPixel);
    out.place.y[k] = static_cast<std::int16_t>(m.y / kSubPixel);
    out.place.angle[k] = static_cast<std::int16_t>(m.angle >> 8);
  }
  return out;
}

URNA_POPCNT void best_partners_portable(const FilterProbe& probe,
                                        const FilterBits& candidate, Partners& out) {
  for (std::size_t j = 0; j < kFilterMinutiae; ++j) {
    const std::uint64_t low = candidate.low[j];
    const std::uint64_t high = candidate.high[j];
    std::int32_t best = INT32_MIN;
    for (int i = 0; i < probe.size; ++i) {
      const auto ii = static_cast<std::size_t>(i);
      const int common = __builtin_popcountll(probe.low[ii] & low) +
                         __builtin_popcountll(probe.high[ii] & high);
      best = std::max(best, (4 * common - probe.count[ii]) * 256 + i);
    }
    const int count = __builtin_popcountll(low) + __builtin_popcountll(high);
    out.value[j] = (best >> 8) - count;
    out.index[j] = best & 255;
  }
}

namespace {

// a * b / 32768, rounded as the processor's vectors do.
std::int32_t scaled(std::int32_t a, std::int32_t b) {
  return (a * b + 16384) >> 15;
}

// Everything of the ballot but the votes. Sixteen-bit numbers hold it all: places are
// below 2048, the votes at most 32 * 264.
void prepare_ballot(const FilterProbe& probe, const Partners& partners,
                    const CandidatePlaces& candidate, std::size_t n, Ballot& out) {
  for (std::size_t t = 0; t < n; ++t) {
    const auto i = static_cast<std::size_t>(partners.index[t]);
    out.ax[t] = probe.place.x[i];
    out.ay[t] = probe.place.y[i];
    out.turn[t] =
        static_cast<std::int16_t>((candidate.angle[t] - probe.place.angle[i]) & 255);
    out.weight[t] =
        static_cast<std::int16_t>(kPairVotes + std::max(0, partners.value[t]));
    out.partner[t] = static_cast<std::int16_t>(i);
  }
  for (std::size_t t = n; t < kVoters; ++t) {
    out.weight[t] = 0;
    out.votes[t] = 0;
  }
}

}  // namespace

URNA_CLONES void vote_portable(const FilterProbe& probe, const Partners& partners,
                               const CandidatePlaces& candidate, int size,
                               Ballot& out) {
  const auto n = static_cast<std::size_t>(size);
  prepare_ballot(probe, partners, candidate, n, out);
  for (std::size_t s = 0; s < n; ++s) {
    const auto turn = static_cast<std::size_t>(out.turn[s]);
    const std::int32_t c = whole_cosines()[turn];
    const std::int32_t k = whole_cosines()[(turn - 64) & 255];
    std::int32_t sum = 0;
    for (std::size_t t = 0; t < kVoters; ++t) {
      const std::int32_t ax = out.ax[t] - out.ax[s];
      const std::int32_t ay = out.ay[t] - out.ay[s];
      const std::int32_t bx = candidate.x[t] - candidate.x[s];
      const std::int32_t by = candidate.y[t] - candidate.y[s];
      const std::int32_t off =
          std::abs(((out.turn[t] - out.turn[s] + 128) & 255) - 128);
      const std::int32_t error = std::abs(scaled(c, ax) + scaled(k, ay) - bx) +
                                 std::abs(scaled(c, ay) - scaled(k, ax) - by);
      const std::int32_t slack =
          kSlack + scaled(kSlackGrowth, std::abs(ax) + std::abs(ay));
      const bool agrees =
          (off <= kMostTurn) & (error <= slack) & (out.partner[t] != out.partner[s]);
      sum += agrees ? out.weight[t] : 0;
    }
    out.votes[s] = static_cast<std::int16_t>(sum + std::max(0, partners.value[s]));
  }
}

#if defined(__x86_64__)

namespace {

// Eight minutiae of the candidate in a register. The best partner is a plain maximum
// down the probe's minutiae: no lane ever looks at another.
__attribute__((target("avx512f,avx512vl,avx512vpopcntdq"))) void best_partners_vector(
    const FilterProbe& probe, const FilterBits& candidate, Partners& out) {
  constexpr int kVectors = kVoters / 8;
  constexpr unsigned kUsed = (std::uint64_t{1} << kFilterMinutiae) - 1;
  __m512i low[kVectors];
  __m512i high[kVectors];
  __m512i best[kVectors];
  for (int v = 0; v < kVectors; ++v) {
    const auto used = static_cast<__mmask8>(kUsed >> (8 * v) & 0xffU);
    low[v] = _mm512_maskz_loadu_epi64(used, candidate.low.data() + 8 * v);
    high[v] = _mm512_maskz_loadu_epi64(used, candidate.high.data() + 8 * v);
    best[v] = _mm512_set1_epi64(INT32_MIN);
  }
  for (int i = 0; i < probe.size; ++i) {
    const auto ii = static_cast<std::size_t>(i);
    const __m512i my_low = _mm512_set1_epi64(static_cast<long long>(probe.low[ii]));
    const __m512i my_high = _mm512_set1_epi64(static_cast<long long>(probe.high[ii]));
    const __m512i base = _mm512_set1_epi64(i - 256 * std::int64_t{probe.count[ii]});
    for (int v = 0; v < kVectors; ++v) {
      const __m512i common =
          _mm512_add_epi64(_mm512_popcnt_epi64(_mm512_and_si512(low[v], my_low)),
                           _mm512_popcnt_epi64(_mm512_and_si512(high[v], my_high)));
      best[v] = _mm512_max_epi64(best[v],
                                 _mm512_add_epi64(_mm512_slli_epi64(common, 10), base));
    }
  }
  for (int v = 0; v < kVectors; ++v) {
    const __m512i count =
        _mm512_add_epi64(_mm512_popcnt_epi64(low[v]), _mm512_popcnt_epi64(high[v]));
    const __m512i value = _mm512_sub_epi64(_mm512_srai_epi64(best[v], 8), count);
    const __m512i index = _mm512_and_si512(best[v], _mm512_set1_epi64(255));
    const auto used = static_cast<__mmask8>(kUsed >> (8 * v) & 0xffU);
    _mm512_mask_cvtepi64_storeu_epi32(out.value.data() + 8 * v, used, value);
    _mm512_mask_cvtepi64_storeu_epi32(out.index.data() + 8 * v, used, index);
  }
}

// All 32 pairs in a register.
__attribute__((target("avx512f,avx512vl,avx512bw"))) void vote_vector(
    const FilterProbe& probe, const Partners& partners,
    const CandidatePlaces& candidate, int size, Ballot& out) {
  const auto n = static_cast<std::size_t>(size);
  prepare_ballot(probe, partners, candidate, n, out);
  const __m512i all_ax = _mm512_load_si512(out.ax.data());
  const __m512i all_ay = _mm512_load_si512(out.ay.data());
  const __m512i all_bx = _mm512_loadu_si512(candidate.x.data());
  const __m512i all_by = _mm512_loadu_si512(candidate.y.data());
  const __m512i all_turn = _mm512_load_si512(out.turn.data());
  const __m512i all_partner = _mm512_load_si512(out.partner.data());
  const __m512i weight = _mm512_load_si512(out.weight.data());
  const __m512i growth = _mm512_set1_epi16(kSlackGrowth);
  const __m512i half = _mm512_set1_epi16(128);
  for (std::size_t s = 0; s < n; ++s) {
    const auto turn = static_cast<std::size_t>(out.turn[s]);
    const __m512i c = _mm512_set1_epi16(whole_cosines()[turn]);
    const __m512i k = _mm512_set1_epi16(whole_cosines()[(turn - 64) & 255]);
    const __m512i ax = _mm512_sub_epi16(all_ax, _mm512_set1_epi16(out.ax[s]));
    const __m512i ay = _mm512_sub_epi16(all_ay, _mm512_set1_epi16(out.ay[s]));
    const __m512i bx = _mm512_sub_epi16(all_bx, _mm512_set1_epi16(candidate.x[s]));
    const __m512i by = _mm512_sub_epi16(all_by, _mm512_set1_epi16(candidate.y[s]));
    const __m512i diff = _mm512_sub_epi16(all_turn, _mm512_set1_epi16(out.turn[s]));
    const __m512i off = _mm512_abs_epi16(_mm512_sub_epi16(
        _mm512_and_si512(_mm512_add_epi16(diff, half), _mm512_set1_epi16(255)), half));
    const __m512i u = _mm512_abs_epi16(_mm512_sub_epi16(
        _mm512_add_epi16(_mm512_mulhrs_epi16(c, ax), _mm512_mulhrs_epi16(k, ay)), bx));
    const __m512i v = _mm512_abs_epi16(_mm512_sub_epi16(
        _mm512_sub_epi16(_mm512_mulhrs_epi16(c, ay), _mm512_mulhrs_epi16(k, ax)), by));
    const __m512i slack = _mm512_add_epi16(
        _mm512_set1_epi16(kSlack),
        _mm512_mulhrs_epi16(
            growth, _mm512_add_epi16(_mm512_abs_epi16(ax), _mm512_abs_epi16(ay))));
    const __mmask32 agrees =
        _mm512_cmple_epi16_mask(off, _mm512_set1_epi16(kMostTurn)) &
        _mm512_cmple_epi16_mask(_mm512_add_epi16(u, v), slack) &
        _mm512_cmpneq_epi16_mask(all_partner, _mm512_set1_epi16(out.partner[s]));
    const __m512i sum =
        _mm512_madd_epi16(_mm512_maskz_mov_epi16(agrees, weight), _mm512_set1_epi16(1));
    out.votes[s] = static_cast<std::int16_t>(_mm512_reduce_add_epi32(sum) +
                                             std::max(0, partners.value[s]));
  }
}

// URNA_FORCE_PORTABLE in the environment: as if the processor had none.
bool has_vectors() {
  static const bool found = __builtin_cpu_supports("avx512f") != 0 &&
                            __builtin_cpu_supports("avx512vl") != 0 &&
                            __builtin_cpu_supports("avx512bw") != 0 &&
                            __builtin_cpu_supports("avx512dq") != 0 &&
                            __builtin_cpu_supports("avx512vpopcntdq") != 0 &&
                            std::getenv("URNA_FORCE_PORTABLE") == nullptr;
  return found;
}

}  // namespace

#else

namespace {

void best_partners_vector(const FilterProbe& probe, const FilterBits& candidate,
                          Partners& out) {
  best_partners_portable(probe, candidate, out);
}
void vote_vector(const FilterProbe& probe, const Partners& partners,
                 const CandidatePlaces& candidate, int size, Ballot& out) {
  vote_portable(probe, partners, candidate, size, out);
}
// URNA_FORCE_PORTABLE in the environment: as if the processor had none.
bool has_vectors() {
  return false;
}

}  // namespace

#endif

void best_partners(const FilterProbe& probe, const FilterBits& candidate,
                   Partners& out) {
  if (filter_uses_vectors())
    best_partners_vector(probe, candidate, out);
  else
    best_partners_portable(probe, candidate, out);
}

void vote(const FilterProbe& probe, const Partners& partners,
          const CandidatePlaces& candidate, int size, Ballot& out) {
  if (filter_uses_vectors())
    vote_vector(probe, partners, candidate, size, out);
  else
    vote_portable(probe, partners, candidate, size, out);
}

int agreement(const Ballot& ballot) {
  int weights = 0;
  for (const std::int16_t weight : ballot.weight) weights += weight;
  int first = 0;
  int second = 0;
  int third = 0;
  for (const std::int16_t vote : ballot.votes) {
    const int below = std::min<int>(first, vote);
    first = std::max<int>(first, vote);
    const int last = std::min(second, below);
    second = std::max(second, below);
    third = std::max(third, last);
  }
  return 1024 * (first + second + third) / (weights + kOtherVotes);
}

bool filter_uses_vectors() {
  return wants_vectors && has_vectors();
}
void allow_filter_vectors(bool wanted) {
  wants_vectors = wanted;
}

}  // namespace urna::finger
