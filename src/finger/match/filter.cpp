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
constexpr int kVoters = 12;      // best pairs that vote

// Where the private format keeps its minutiae (codec.cpp).
constexpr std::size_t kCountAt = 13;
constexpr std::size_t kHeaderBytes = 18;
constexpr std::size_t kMinutiaBytes = 6;

constexpr std::uint8_t kOutside = 255;

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

namespace {

struct Voter {
  int value;
  int a;
  int b;
};

// The best kVoters pairs, best first; at least three even when none is good.
int choose_voters(const FilterPrint& probe, const BestPartners& partners,
                  std::array<Voter, kVoters>& best) {
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
  return n;
}

// The hypothesis that voter s starts and the others that agree with it refine.
Hypothesis gather(const FilterPrint& probe, const Place* candidate,
                  const std::array<Voter, kVoters>& voters, int n, int s) {
  const Voter& v = voters[static_cast<std::size_t>(s)];
  const Place& pa = probe.place[static_cast<std::size_t>(v.a)];
  const Place& pb = candidate[v.b];
  const int turn = pb.angle - pa.angle;
  const float c = cosine(turn);
  const float k = sine(turn);
  int votes = std::max(0, v.value);
  int turns = 0;
  int count = 1;
  float ax_sum = 0;
  float ay_sum = 0;
  float bx_sum = 0;
  float by_sum = 0;
  for (int t = 0; t < n; ++t) {
    if (t == s) continue;
    const Voter& w = voters[static_cast<std::size_t>(t)];
    const Place& qa = probe.place[static_cast<std::size_t>(w.a)];
    const Place& qb = candidate[w.b];
    const auto off =
        static_cast<std::int8_t>(static_cast<std::uint8_t>(qb.angle - qa.angle - turn));
    if (std::abs(static_cast<int>(off)) > 24 || w.b == v.b) continue;
    const auto ax = static_cast<float>(qa.x - pa.x);
    const auto ay = static_cast<float>(qa.y - pa.y);
    const auto bx = static_cast<float>(qb.x - pb.x);
    const auto by = static_cast<float>(qb.y - pb.y);
    const float slack = 10.0F + 0.2F * (std::fabs(ax) + std::fabs(ay));
    if (std::fabs(c * ax + k * ay - bx) + std::fabs(c * ay - k * ax - by) > slack)
      continue;
    votes += 12 + std::max(0, w.value);
    turns += off;
    ++count;
    ax_sum += ax;
    ay_sum += ay;
    bx_sum += bx;
    by_sum += by;
  }
  Hypothesis h;
  h.votes = votes;
  // Rounded away from zero on ties; integer, so the same everywhere.
  h.turn = static_cast<std::uint8_t>(
      turn + (2 * turns + (turns >= 0 ? count : -count)) / (2 * count));
  const float hc = cosine(h.turn);
  const float hk = sine(h.turn);
  const float ax = static_cast<float>(pa.x) + ax_sum / static_cast<float>(count);
  const float ay = static_cast<float>(pa.y) + ay_sum / static_cast<float>(count);
  h.x = static_cast<float>(pb.x) + bx_sum / static_cast<float>(count) -
        (hc * ax + hk * ay);
  h.y = static_cast<float>(pb.y) + by_sum / static_cast<float>(count) -
        (hc * ay - hk * ax);
  return h;
}

bool alike(const Hypothesis& a, const Hypothesis& b) {
  const auto turn =
      static_cast<std::int8_t>(static_cast<std::uint8_t>(a.turn - b.turn));
  return std::abs(static_cast<int>(turn)) < 10 &&
         std::fabs(a.x - b.x) + std::fabs(a.y - b.y) < 60;
}

}  // namespace

Hypotheses vote(const FilterPrint& probe, const BestPartners& partners,
                const Place* candidate) {
  std::array<Voter, kVoters> voters{};
  const int n = choose_voters(probe, partners, voters);
  Hypotheses out{};
  for (int s = 0; s < n; ++s) {
    const Hypothesis h = gather(probe, candidate, voters, n, s);
    std::size_t at = 0;
    while (at < kHypotheses && out[at].votes > 0 && !alike(h, out[at])) ++at;
    if (at == kHypotheses) --at;  // all taken by others: the last may have to go
    if (h.votes > out[at].votes) out[at] = h;
    for (; at > 0 && out[at].votes > out[at - 1].votes; --at)
      std::swap(out[at], out[at - 1]);
  }
  return out;
}

CountPrint count_print(const Template& print) {
  CountPrint out;
  out.size = std::min(CountPrint::kMost, static_cast<int>(print.minutiae.size()));
  for (int k = 0; k < out.size; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const Minutia& m = print.minutiae[at];
    out.x[at] = static_cast<float>(m.x) / kSubPixel;
    out.y[at] = static_cast<float>(m.y) / kSubPixel;
    out.dx[at] = cosine(m.angle >> 8);
    out.dy[at] = sine(m.angle >> 8);
  }
  return out;
}

void count_print(const std::uint8_t* bytes, CountPrint& out) {
  const int count = bytes[kCountAt];
  out.size = std::min(CountPrint::kMost, count);
  for (int k = 0; k < out.size; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const std::uint8_t* m = bytes + kHeaderBytes + kMinutiaBytes * at;
    std::uint64_t packed = 0;
    for (std::size_t byte = 0; byte < kMinutiaBytes; ++byte)
      packed |= std::uint64_t{m[byte]} << (8 * byte);
    out.x[at] = static_cast<float>(packed & 0x3fffU) / kSubPixel;
    out.y[at] = static_cast<float>(packed >> 14 & 0x3fffU) / kSubPixel;
    const auto angle = static_cast<int>(packed >> 33 & 0xffU);
    out.dx[at] = cosine(angle);
    out.dy[at] = sine(angle);
  }
}

URNA_CLONES int count_pairs(const CountPrint& probe, const CountPrint& candidate,
                            const Hypothesis& hypothesis) {
  constexpr float kNear = 15.0F * 15.0F;
  constexpr float kAlike = 0.866F;
  const float c = cosine(hypothesis.turn);
  const float k = sine(hypothesis.turn);
  int count = 0;
  for (int i = 0; i < probe.size; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const float x = c * probe.x[at] + k * probe.y[at] + hypothesis.x;
    const float y = c * probe.y[at] - k * probe.x[at] + hypothesis.y;
    const float dx = c * probe.dx[at] - k * probe.dy[at];
    const float dy = c * probe.dy[at] + k * probe.dx[at];
    int hit = 0;
    for (std::size_t j = 0; j < static_cast<std::size_t>(candidate.size); ++j) {
      const float ox = candidate.x[j] - x;
      const float oy = candidate.y[j] - y;
      const float dot = candidate.dx[j] * dx + candidate.dy[j] * dy;
      hit |=
          static_cast<int>(ox * ox + oy * oy < kNear) & static_cast<int>(dot > kAlike);
    }
    count += hit;
  }
  return count;
}

CountMap count_map(const Template& print) {
  CountMap out;
  out.step = print.map.step;
  out.columns = print.map.columns;
  out.rows = print.map.rows;
  for (const MapCell& cell : print.map.cells)
    out.orientation.push_back(
        cell.period == 0
            ? kOutside
            : static_cast<std::uint8_t>(((cell.orientation + 2) >> 2) & 63));
  return out;
}

void count_map(const std::uint8_t* bytes, CountMap& out) {
  out.step = bytes[kCountAt + 1];
  out.columns = bytes[kCountAt + 2];
  out.rows = bytes[kCountAt + 3];
  const std::size_t singular = bytes[kCountAt + 4];
  const std::uint8_t* mask =
      bytes + kHeaderBytes + kMinutiaBytes * (bytes[kCountAt] + singular);
  const auto cells = static_cast<std::size_t>(out.columns * out.rows);
  const std::uint8_t* packed = mask + (cells + 7) / 8;
  out.orientation.resize(cells);
  std::size_t bit = 0;
  for (std::size_t k = 0; k < cells; ++k) {
    if ((mask[k / 8] >> (k % 8) & 1U) == 0) {
      out.orientation[k] = kOutside;
      continue;
    }
    // Twelve bits a cell, the orientation in the low six.
    const std::size_t at = bit / 8;
    out.orientation[k] = static_cast<std::uint8_t>(
        bit % 8 == 0 ? packed[at] & 63U
                     : (packed[at] >> 4 | unsigned{packed[at + 1]} << 4) & 63U);
    bit += 12;
  }
}

int map_agreement(const CountMap& probe, const CountMap& candidate,
                  const Hypothesis& hypothesis) {
  constexpr int kFewestCells = 24;
  if (probe.step == 0 || candidate.step == 0) return 0;
  const float c = cosine(hypothesis.turn);
  const float k = sine(hypothesis.turn);
  const int turn = hypothesis.turn / 2;
  const float scale = 1.0F / static_cast<float>(candidate.step);
  int cells = 0;
  int sum = 0;
  for (int j = 0; j < probe.rows; ++j)
    for (int i = 0; i < probe.columns; ++i) {
      const int mine =
          probe.orientation[static_cast<std::size_t>(j * probe.columns + i)];
      if (mine == kOutside) continue;
      const float x = (static_cast<float>(i) + 0.5F) * static_cast<float>(probe.step);
      const float y = (static_cast<float>(j) + 0.5F) * static_cast<float>(probe.step);
      const float u = (c * x + k * y + hypothesis.x) * scale;
      const float v = (c * y - k * x + hypothesis.y) * scale;
      if (u < 0 || v < 0) continue;
      const int iu = static_cast<int>(u);
      const int iv = static_cast<int>(v);
      if (iu >= candidate.columns || iv >= candidate.rows) continue;
      const int other =
          candidate.orientation[static_cast<std::size_t>(iv * candidate.columns + iu)];
      if (other == kOutside) continue;
      const int off = (other - mine - turn) & 63;
      ++cells;
      sum += 16 - std::min(off, 64 - off);
    }
  return cells < kFewestCells ? 0 : sum * 100 / (16 * cells);
}

FilterProbe filter_probe(const Template& print) {
  return {describe_short(print), count_print(print), count_map(print)};
}

namespace {

int best_sum(const FilterProbe& probe, const Hypotheses& hypotheses,
             const FilterScratch& candidate) {
  int most = 0;
  for (const Hypothesis& h : hypotheses) {
    if (h.votes < kLeastVote) continue;
    most = std::max(
        most, h.votes + kPairVotes * count_pairs(probe.count, candidate.count, h) +
                  kMapVotes * map_agreement(probe.map, candidate.map, h));
  }
  return most;
}

}  // namespace

bool worth_matching(const FilterProbe& probe, const Hypotheses& hypotheses,
                    const FilterScratch& candidate) {
  const bool maps = probe.map.step != 0 && candidate.map.step != 0;
  return best_sum(probe, hypotheses, candidate) >= (maps ? kLeastSum : kLeastBareSum);
}

int filter_vote(const Template& print, const Template& candidate) {
  const FilterProbe probe = filter_probe(print);
  const FilterProbe other = filter_probe(candidate);
  BestPartners partners{};
  best_partners(probe.filter, other.filter.bits.data(), partners);
  return best_sum(probe, vote(probe.filter, partners, other.filter.place.data()),
                  {other.count, other.map});
}

}  // namespace urna::finger
