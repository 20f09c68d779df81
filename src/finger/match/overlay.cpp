#include "finger/match/overlay.hpp"

#include "finger/extract/clones.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace urna::finger {
namespace {

constexpr int kTried = 8;  // most voted pairs that may give a motion

// Agreeing pairs of a ballot, as in stage 1.
constexpr int kMostTurn = 14;           // 256 a turn
constexpr float kSlack = 8;             // pixels,
constexpr float kSlackGrowth = 0.125F;  // and of the distance

// Of a motion: a rough count picks the best, a strict one judges it.
constexpr int kRoughReach = 15 * OverlayPoints::kUnit;
constexpr int kRoughTurn = 21 * 256;
constexpr int kStrictReach = 12 * OverlayPoints::kUnit;
constexpr int kStrictTurn = 16 * 256;

// Where the private format keeps its parts (codec.cpp).
constexpr std::size_t kCountAt = 13;
constexpr std::size_t kHeaderBytes = 18;
constexpr std::size_t kMinutiaBytes = 6;

std::int8_t turn_between(int a, int b) {
  return static_cast<std::int8_t>(static_cast<std::uint8_t>(a - b));
}

// Which pairs agree with pair s: as in vote(), for all of them at once.
URNA_CLONES_SHORT void agreeing(const Ballot& b, const CandidatePlaces& places,
                                std::size_t s, float c, float k, std::uint8_t* out) {
  for (std::size_t t = 0; t < kVoters; ++t) {
    const auto ax = static_cast<float>(b.ax[t] - b.ax[s]);
    const auto ay = static_cast<float>(b.ay[t] - b.ay[s]);
    const auto bx = static_cast<float>(places.x[t] - places.x[s]);
    const auto by = static_cast<float>(places.y[t] - places.y[s]);
    const int off = ((b.turn[t] - b.turn[s] + 128) & 255) - 128;
    const float slack = kSlack + kSlackGrowth * (std::fabs(ax) + std::fabs(ay));
    const bool near =
        std::fabs(c * ax + k * ay - bx) + std::fabs(c * ay - k * ax - by) <= slack;
    out[t] = static_cast<std::uint8_t>(near & (off <= kMostTurn) & (off >= -kMostTurn) &
                                       (b.partner[t] != b.partner[s]));
  }
}

// The motion of pair s, refined by the pairs that agree with it.
Motion refine(const Ballot& b, const CandidatePlaces& places, std::size_t n,
              std::size_t s) {
  std::array<std::uint8_t, kVoters> agrees;
  agreeing(b, places, s, cosine256(b.turn[s]), sine256(b.turn[s]), agrees.data());
  agrees[s] = 1;
  int turn = 0;
  int count = 0;
  int ax = 0;
  int ay = 0;
  int bx = 0;
  int by = 0;
  for (std::size_t t = 0; t < n; ++t) {
    if (agrees[t] == 0) continue;
    ++count;
    turn += turn_between(b.turn[t], b.turn[s]);
    ax += b.ax[t];
    ay += b.ay[t];
    bx += places.x[t];
    by += places.y[t];
  }
  Motion m;
  m.votes = b.votes[s];
  // Rounded away from zero on ties; integer, so the same everywhere.
  m.turn = static_cast<std::uint8_t>(
      b.turn[s] + (2 * turn + (turn >= 0 ? count : -count)) / (2 * count));
  const float c = cosine256(m.turn);
  const float k = sine256(m.turn);
  const float share = 1.0F / static_cast<float>(count);
  const float x = static_cast<float>(ax) * share;
  const float y = static_cast<float>(ay) * share;
  m.x = static_cast<float>(bx) * share - (c * x + k * y);
  m.y = static_cast<float>(by) * share - (c * y - k * x);
  return m;
}

bool alike(const Motion& a, const Motion& b) {
  return std::abs(static_cast<int>(turn_between(a.turn, b.turn))) < 10 &&
         std::fabs(a.x - b.x) + std::fabs(a.y - b.y) < 40;
}

}  // namespace

Motions best_motions(const Ballot& ballot, const CandidatePlaces& candidate, int size) {
  const auto n = static_cast<std::size_t>(size);
  Votes left = ballot.votes;
  Motions out{};
  std::size_t found = 0;
  for (int tried = 0; tried < kTried && found < out.size(); ++tried) {
    auto* const best = std::max_element(left.begin(), left.end());
    if (*best <= 0) break;
    *best = 0;
    const auto s = static_cast<std::size_t>(best - left.begin());
    const Motion m = refine(ballot, candidate, n, s);
    const bool known =
        std::any_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(found),
                    [&](const Motion& other) { return alike(m, other); });
    if (!known) out[found++] = m;
  }
  return out;
}

namespace {

constexpr std::size_t kLanes = 32;  // minutiae looked at together
static_assert(OverlayPoints::kMost % kLanes == 0);

void put_point(OverlayPoints& out, std::size_t at, int x, int y, int angle) {
  constexpr int kCoarser = kSubPixel / OverlayPoints::kUnit;
  out.x[at] = static_cast<std::int16_t>(x / kCoarser);
  out.y[at] = static_cast<std::int16_t>(y / kCoarser);
  out.angle[at] = static_cast<std::int16_t>(angle);
}

// Fills the last vector up.
void pad(OverlayPoints& out) {
  const auto size = static_cast<std::size_t>(out.size);
  for (std::size_t k = size; k < (size + kLanes - 1) / kLanes * kLanes; ++k)
    out.x[k] = out.y[k] = INT16_MAX;
}

void read_points(const std::uint8_t* bytes, OverlayPoints& out) {
  out.size = std::min<int>(OverlayPoints::kMost, bytes[kCountAt]);
  const std::uint8_t* m = bytes + kHeaderBytes;
  for (std::size_t k = 0; k < static_cast<std::size_t>(out.size);
       ++k, m += kMinutiaBytes) {
    std::uint64_t packed = 0;
    for (std::size_t byte = 0; byte < kMinutiaBytes; ++byte)
      packed |= std::uint64_t{m[byte]} << (8 * byte);
    put_point(out, k, static_cast<int>(packed & 0x3fffU),
              static_cast<int>(packed >> 14 & 0x3fffU),
              static_cast<int>(packed >> 30 & 0x7ffU) << 5);
  }
  pad(out);
}

// Cells outside the print first, then those inside, whose codes stand packed in twelve
// bits each: the direction in the low six, the period above.
void read_cells(const std::uint8_t* mask, std::size_t count, OverlayPrint& out) {
  std::fill_n(out.cell.begin(), count, OverlayPrint::kOutside);
  const std::uint8_t* packed = mask + (count + 7) / 8;
  bool odd = false;
  for (std::size_t base = 0; base < count; base += 8) {
    unsigned bits = mask[base / 8];
    for (; bits != 0; bits &= bits - 1) {
      const unsigned code = odd ? packed[1] >> 4 | unsigned{packed[2]} << 4
                                : packed[0] | (packed[1] & 15U) << 8;
      packed += odd ? 3 : 0;
      odd = !odd;
      out.cell[base + static_cast<std::size_t>(std::countr_zero(bits))] =
          static_cast<std::uint16_t>((code & 63U) | (code >> 6) << 8);
    }
  }
}

}  // namespace

void overlay_print(const std::uint8_t* bytes, OverlayPrint& out) {
  read_points(bytes, out.points);
  out.step = bytes[kCountAt + 1];
  out.columns = bytes[kCountAt + 2];
  out.rows = bytes[kCountAt + 3];
  const std::size_t points = std::size_t{bytes[kCountAt]} + bytes[kCountAt + 4];
  read_cells(bytes + kHeaderBytes + kMinutiaBytes * points,
             static_cast<std::size_t>(out.columns * out.rows), out);
  out.cell.back() = OverlayPrint::kOutside;
}

namespace {

void set_print(const Template& from, OverlayPrint& out) {
  OverlayPoints& points = out.points;
  points.size = std::min(OverlayPoints::kMost, static_cast<int>(from.minutiae.size()));
  for (std::size_t k = 0; k < static_cast<std::size_t>(points.size); ++k) {
    const Minutia& m = from.minutiae[k];
    put_point(points, k, m.x, m.y, m.angle);
  }
  pad(points);
  out.cell.back() = OverlayPrint::kOutside;
  if (from.map.cells.size() > OverlayPrint::kMostCells) return;
  out.step = from.map.step;
  out.columns = from.map.columns;
  out.rows = from.map.rows;
  std::transform(from.map.cells.begin(), from.map.cells.end(), out.cell.begin(),
                 [](const MapCell& cell) {
                   const int direction = (cell.orientation + 2) >> 2 & 63;
                   return static_cast<std::uint16_t>(
                       cell.period == 0 ? OverlayPrint::kOutside
                                        : direction | cell.period / 2 << 8);
                 });
}

}  // namespace

OverlayProbe overlay_probe(const Template& from) {
  OverlayProbe out;
  set_print(from, out.print);
  const OverlayPrint& print = out.print;
  const auto inside = static_cast<int>(
      std::count_if(print.cell.begin(), print.cell.begin() + print.columns * print.rows,
                    [](std::uint16_t cell) { return cell != OverlayPrint::kOutside; }));
  // Every second cell as on a chess board, or every k-th of a large print.
  const int stride =
      std::max(2, (inside + OverlayProbe::kMostCells - 1) / OverlayProbe::kMostCells);
  for (int j = 0; j < print.rows; ++j)
    for (int i = j % stride; i < print.columns; i += stride) {
      const std::uint16_t cell =
          print.cell[static_cast<std::size_t>(j * print.columns + i)];
      if (cell == OverlayPrint::kOutside || out.cells == OverlayProbe::kMostCells)
        continue;
      const auto at = static_cast<std::size_t>(out.cells++);
      out.cell_x[at] = (static_cast<float>(i) + 0.5F) * static_cast<float>(print.step);
      out.cell_y[at] = (static_cast<float>(j) + 0.5F) * static_cast<float>(print.step);
      out.cell[at] = cell;
    }
  return out;
}

namespace {

// Where the probe's minutiae fall. Sixteen bits suffice: places below 2048 pixels,
// rotated, stay below 2900, and a motion brings a point of the one print onto the
// other.
URNA_CLONES_WIDE void land(const OverlayPoints& from, const Motion& motion,
                           OverlayPoints& out) {
  const float c = cosine256(motion.turn);
  const float k = sine256(motion.turn);
  const float tx = motion.x * OverlayPoints::kUnit + 0.5F;
  const float ty = motion.y * OverlayPoints::kUnit + 0.5F;
  const auto turn = static_cast<std::uint16_t>(motion.turn << 8);
  for (std::size_t at = 0; at < OverlayPoints::kMost; ++at) {
    const auto x = static_cast<float>(from.x[at]);
    const auto y = static_cast<float>(from.y[at]);
    out.x[at] =
        static_cast<std::int16_t>(static_cast<std::int32_t>(c * x + k * y + tx));
    out.y[at] =
        static_cast<std::int16_t>(static_cast<std::int32_t>(c * y - k * x + ty));
    out.angle[at] = static_cast<std::int16_t>(
        static_cast<std::uint16_t>(static_cast<std::uint16_t>(from.angle[at]) + turn));
  }
  out.size = from.size;
}

// Sums over the pairs of a landed minutia of the probe and one of the candidate near
// it, kept apart by the candidate's minutiae: their number, and candidate less probe.
struct Sums {
  alignas(64) std::int16_t count[kLanes];
  alignas(64) std::int16_t x[kLanes];
  alignas(64) std::int16_t y[kLanes];
  alignas(64) std::int16_t turn[kLanes];  // 256 a turn
};

inline std::int16_t less(std::int16_t a, std::int16_t b) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(a) -
                                   static_cast<std::uint16_t>(b));
}
inline std::int16_t size_of(std::int16_t a) {
  return a < 0 ? less(0, a) : a;
}

// Near: the longer of both distances and half the shorter below `reach`, which is
// within a tenth of the distance; and directions that differ by at most `turn`.
inline std::int16_t near_mask(std::int16_t dx, std::int16_t dy, std::int16_t da,
                              std::int16_t reach, std::int16_t turn) {
  const std::int16_t ax = size_of(dx);
  const std::int16_t ay = size_of(dy);
  const std::int16_t longer = ax > ay ? ax : ay;
  const std::int16_t shorter = ax > ay ? ay : ax;
  const std::int16_t off = size_of(da);
  const auto far = static_cast<std::int16_t>(longer + (shorter >> 1));
  return static_cast<std::int16_t>(
      -static_cast<std::int16_t>((longer <= reach) & (far <= reach) & (off <= turn)));
}

// How many of the candidate's minutiae have one of the probe's near.
URNA_CLONES_SHORT int count_pairs(const OverlayPoints& probe,
                                  const OverlayPoints& candidate, std::int16_t reach,
                                  std::int16_t turn) {
  int all = 0;
  for (std::size_t at = 0; at < static_cast<std::size_t>(candidate.size);
       at += kLanes) {
    std::int16_t count[kLanes] = {};
    for (std::size_t i = 0; i < static_cast<std::size_t>(probe.size); ++i)
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        count[lane] = less(
            count[lane],
            near_mask(less(candidate.x[at + lane], probe.x[i]),
                      less(candidate.y[at + lane], probe.y[i]),
                      less(candidate.angle[at + lane], probe.angle[i]), reach, turn));
    for (const std::int16_t c : count) all += c != 0 ? 1 : 0;
  }
  return all;
}

URNA_CLONES_SHORT void sum_pairs(const OverlayPoints& probe,
                                 const OverlayPoints& candidate, std::size_t at,
                                 std::int16_t reach, std::int16_t turn, Sums& out) {
  Sums sums = {};
  for (std::size_t i = 0; i < static_cast<std::size_t>(probe.size); ++i)
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::int16_t dx = less(candidate.x[at + lane], probe.x[i]);
      const std::int16_t dy = less(candidate.y[at + lane], probe.y[i]);
      const std::int16_t da = less(candidate.angle[at + lane], probe.angle[i]);
      const std::int16_t near = near_mask(dx, dy, da, reach, turn);
      sums.count[lane] = less(sums.count[lane], near);
      sums.x[lane] = static_cast<std::int16_t>(sums.x[lane] + (dx & near));
      sums.y[lane] = static_cast<std::int16_t>(sums.y[lane] + (dy & near));
      sums.turn[lane] = static_cast<std::int16_t>(sums.turn[lane] + ((da >> 8) & near));
    }
  out = sums;
}

// Turned and shifted by the mean of the pairs it makes, about their middle.
Motion pulled(const Motion& motion, const OverlayPoints& landed,
              const OverlayPoints& candidate) {
  int count = 0;
  int dx = 0;
  int dy = 0;
  int turn = 0;
  int x = 0;
  int y = 0;
  for (std::size_t at = 0; at < static_cast<std::size_t>(candidate.size);
       at += kLanes) {
    Sums sums;
    sum_pairs(landed, candidate, at, kRoughReach, kRoughTurn, sums);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      count += sums.count[lane];
      dx += sums.x[lane];
      dy += sums.y[lane];
      turn += sums.turn[lane];
      x += sums.count[lane] * candidate.x[at + lane];
      y += sums.count[lane] * candidate.y[at + lane];
    }
  }
  if (count < 2) return motion;
  Motion out = motion;
  const int off = (2 * turn + (turn >= 0 ? count : -count)) / (2 * count);
  out.turn = static_cast<std::uint8_t>(motion.turn + off);
  // The middle of the pairs in the candidate, and in the probe as it lies now.
  const float share = 1.0F / static_cast<float>(count * OverlayPoints::kUnit);
  const float bx = static_cast<float>(x) * share;
  const float by = static_cast<float>(y) * share;
  const float ax = static_cast<float>(x - dx) * share - motion.x;
  const float ay = static_cast<float>(y - dy) * share - motion.y;
  const float c = cosine256(off);
  const float k = sine256(off);
  out.x = bx - (c * ax + k * ay);
  out.y = by - (c * ay - k * ax);
  return out;
}

// The cells of `print` under points (x, y) in pixels, moved; beyond its map the last.
URNA_CLONES_WIDE void locate(const OverlayPrint& print, const float* x, const float* y,
                             std::size_t count, float c, float k, float tx, float ty,
                             std::int32_t* out) {
  const float scale = 1.0F / static_cast<float>(print.step);
  const auto columns = static_cast<float>(print.columns);
  const auto rows = static_cast<float>(print.rows);
  for (std::size_t at = 0; at < count; ++at) {
    const float u = (c * x[at] + k * y[at] + tx) * scale;
    const float v = (c * y[at] - k * x[at] + ty) * scale;
    const bool on = (u >= 0) & (v >= 0) & (u < columns) & (v < rows);
    const auto i = static_cast<std::int32_t>(on ? u : 0.0F);
    const auto j = static_cast<std::int32_t>(on ? v : 0.0F);
    out[at] = on ? j * print.columns + i
                 : static_cast<std::int32_t>(OverlayPrint::kMostCells);
  }
}

// How many of the points lie in the print once moved; all where it has no map.
int count_inside(const OverlayPrint& print, const OverlayPoints& points, float c,
                 float k, float tx, float ty) {
  if (print.step == 0) return points.size;
  std::array<float, OverlayPoints::kMost> x;
  std::array<float, OverlayPoints::kMost> y;
  std::array<std::int32_t, OverlayPoints::kMost> where;
  const auto size = static_cast<std::size_t>(points.size);
  constexpr float kPixels = 1.0F / OverlayPoints::kUnit;
  for (std::size_t at = 0; at < size; ++at) {
    x[at] = static_cast<float>(points.x[at]) * kPixels;
    y[at] = static_cast<float>(points.y[at]) * kPixels;
  }
  locate(print, x.data(), y.data(), size, c, k, tx, ty, where.data());
  int inside = 0;
  for (std::size_t at = 0; at < size; ++at)
    inside += print.cell[static_cast<std::size_t>(where[at])] != OverlayPrint::kOutside
                  ? 1
                  : 0;
  return inside;
}

// What a difference of directions is worth: 16 none, -16 perpendicular; and in the high
// half that there was one. Differences with bit 6 set are with kOutside.
const std::array<std::int32_t, 128>& worth() {
  static const auto made = [] {
    std::array<std::int32_t, 128> out{};
    for (int off = 0; off < 64; ++off)
      out[static_cast<std::size_t>(off)] = 65536 + 16 - std::min(off, 64 - off);
    return out;
  }();
  return made;
}

}  // namespace

MapAgreement map_agreement(const OverlayProbe& probe, const OverlayPrint& candidate,
                           const Motion& motion) {
  constexpr int kFewestCells = 12;
  if (probe.cells == 0 || candidate.step == 0) return {};
  std::array<std::int32_t, OverlayProbe::kMostCells> where;
  const auto count = static_cast<std::size_t>(probe.cells);
  locate(candidate, probe.cell_x.data(), probe.cell_y.data(), count,
         cosine256(motion.turn), sine256(motion.turn), motion.x, motion.y,
         where.data());
  const auto& table = worth();
  const int turn = motion.turn / 2;
  std::int32_t all = 0;
  std::int32_t period = 0;
  for (std::size_t at = 0; at < count; ++at) {
    const int other = candidate.cell[static_cast<std::size_t>(where[at])];
    const int mine = probe.cell[at];
    const int off = ((other - mine - turn) & 63) | (other & OverlayPrint::kOutside);
    all += table[static_cast<std::size_t>(off)];
    const int apart = std::abs((other >> 8) - (mine >> 8));
    period += other == OverlayPrint::kOutside ? 0 : apart;
  }
  const int cells = (all + 32768) >> 16;
  if (cells < kFewestCells) return {};
  const int sum = all - cells * 65536;
  return {cells, sum * 100 / (16 * cells), period * 25 / cells};
}

// The weights come from a logistic regression on mates and strangers of real and
// synthetic prints, rounded; sets judged by the weights of the others lose no more.
int overlay(const OverlayProbe& probe, const OverlayPrint& candidate,
            const Motions& motions) {
  constexpr int kRoughPair = 15;
  constexpr int kRoughMap = 8;
  OverlayPoints landed;
  int most = 0;
  const Motion* best = nullptr;
  for (const Motion& m : motions) {
    if (m.votes <= 0) break;
    land(probe.print.points, m, landed);
    const int value =
        m.votes +
        kRoughPair * count_pairs(landed, candidate.points, kRoughReach, kRoughTurn) +
        kRoughMap * map_agreement(probe, candidate, m).agree;
    if (best != nullptr && value <= most) continue;
    most = value;
    best = &m;
  }
  if (best == nullptr) return INT16_MIN;
  land(probe.print.points, *best, landed);
  const Motion m = pulled(*best, landed, candidate.points);
  land(probe.print.points, m, landed);
  const int pairs = count_pairs(landed, candidate.points, kStrictReach, kStrictTurn);
  const float c = cosine256(m.turn);
  const float k = sine256(m.turn);
  const int visible =
      std::min(count_inside(candidate, probe.print.points, c, k, m.x, m.y),
               count_inside(probe.print, candidate.points, c, -k, -(c * m.x - k * m.y),
                            -(k * m.x + c * m.y)));
  const MapAgreement map = map_agreement(probe, candidate, m);
  return 1450 * pairs / (visible + 2) + 12 * map.agree + 3 * m.votes / 2 -
         3 * map.period;
}

}  // namespace urna::finger
