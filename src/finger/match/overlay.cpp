#include "finger/match/overlay.hpp"

#include "finger/extract/clones.hpp"

#include <algorithm>
#include <cmath>

namespace urna::finger {
namespace {

constexpr int kPairVotes = 15;
constexpr int kMapVotes = 8;
constexpr int kTried = 8;  // most voted pairs that may give a motion

// Where the private format keeps its parts (codec.cpp).
constexpr std::size_t kCountAt = 13;
constexpr std::size_t kHeaderBytes = 18;
constexpr std::size_t kMinutiaBytes = 6;

std::int8_t turn_between(int a, int b) {
  return static_cast<std::int8_t>(static_cast<std::uint8_t>(a - b));
}

// The motion of pair s, refined by the pairs that agree with it.
Motion refine(const Ballot& b, const CandidatePlaces& places, std::size_t n,
              std::size_t s) {
  const float c = cosine256(b.turn[s]);
  const float k = sine256(b.turn[s]);
  int turns = 0;
  int count = 1;
  int ax_sum = 0;
  int ay_sum = 0;
  int bx_sum = 0;
  int by_sum = 0;
  for (std::size_t t = 0; t < n; ++t) {
    if (b.partner[t] == b.partner[s]) continue;
    const int off = turn_between(b.turn[t], b.turn[s]);
    if (std::abs(off) > 24) continue;
    const int ax = b.ax[t] - b.ax[s];
    const int ay = b.ay[t] - b.ay[s];
    const int bx = places.x[t] - places.x[s];
    const int by = places.y[t] - places.y[s];
    const auto fx = static_cast<float>(ax);
    const auto fy = static_cast<float>(ay);
    const float slack = 10.0F + 0.2F * (std::fabs(fx) + std::fabs(fy));
    if (std::fabs(c * fx + k * fy - static_cast<float>(bx)) +
            std::fabs(c * fy - k * fx - static_cast<float>(by)) >
        slack)
      continue;
    turns += off;
    ++count;
    ax_sum += ax;
    ay_sum += ay;
    bx_sum += bx;
    by_sum += by;
  }
  Motion m;
  m.votes = b.votes[s];
  // Rounded away from zero on ties; integer, so the same everywhere.
  m.turn = static_cast<std::uint8_t>(
      b.turn[s] + (2 * turns + (turns >= 0 ? count : -count)) / (2 * count));
  const float mc = cosine256(m.turn);
  const float mk = sine256(m.turn);
  const float share = 1.0F / static_cast<float>(count);
  const float ax = static_cast<float>(b.ax[s]) + static_cast<float>(ax_sum) * share;
  const float ay = static_cast<float>(b.ay[s]) + static_cast<float>(ay_sum) * share;
  m.x = static_cast<float>(places.x[s]) + static_cast<float>(bx_sum) * share -
        (mc * ax + mk * ay);
  m.y = static_cast<float>(places.y[s]) + static_cast<float>(by_sum) * share -
        (mc * ay - mk * ax);
  return m;
}

bool alike(const Motion& a, const Motion& b) {
  return std::abs(static_cast<int>(turn_between(a.turn, b.turn))) < 10 &&
         std::fabs(a.x - b.x) + std::fabs(a.y - b.y) < 40;
}

void put_minutia(OverlayPrint& out, std::size_t at, int x, int y, int angle) {
  out.x[at] = static_cast<float>(x) / kSubPixel;
  out.y[at] = static_cast<float>(y) / kSubPixel;
  out.dx[at] = cosine256(angle);
  out.dy[at] = sine256(angle);
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

void overlay_print(const Template& print, OverlayPrint& out) {
  out.size = std::min(OverlayPrint::kMost, static_cast<int>(print.minutiae.size()));
  for (int k = 0; k < out.size; ++k) {
    const Minutia& m = print.minutiae[static_cast<std::size_t>(k)];
    put_minutia(out, static_cast<std::size_t>(k), m.x, m.y, m.angle >> 8);
  }
  out.step = print.map.step;
  out.orientation.fill(OverlayPrint::kOutside);
  for (int j = 0; j < std::min(print.map.rows, OverlayPrint::kSide); ++j)
    for (int i = 0; i < std::min(print.map.columns, OverlayPrint::kSide); ++i) {
      const MapCell& cell =
          print.map.cells[static_cast<std::size_t>(j * print.map.columns + i)];
      if (cell.period != 0)
        out.orientation[static_cast<std::size_t>(j * OverlayPrint::kSide + i)] =
            static_cast<std::uint8_t>(((cell.orientation + 2) >> 2) & 63);
    }
}

void overlay_print(const std::uint8_t* bytes, OverlayPrint& out) {
  const int count = bytes[kCountAt];
  out.size = std::min(OverlayPrint::kMost, count);
  for (int k = 0; k < out.size; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const std::uint8_t* m = bytes + kHeaderBytes + kMinutiaBytes * at;
    std::uint64_t packed = 0;
    for (std::size_t byte = 0; byte < kMinutiaBytes; ++byte)
      packed |= std::uint64_t{m[byte]} << (8 * byte);
    put_minutia(out, at, static_cast<int>(packed & 0x3fffU),
                static_cast<int>(packed >> 14 & 0x3fffU),
                static_cast<int>(packed >> 33 & 0xffU));
  }
  out.step = bytes[kCountAt + 1];
  const std::size_t columns = bytes[kCountAt + 2];
  const std::size_t rows = bytes[kCountAt + 3];
  const std::size_t singular = bytes[kCountAt + 4];
  const std::uint8_t* mask =
      bytes + kHeaderBytes +
      kMinutiaBytes * (static_cast<std::size_t>(count) + singular);
  const std::uint8_t* packed = mask + (columns * rows + 7) / 8;
  out.orientation.fill(OverlayPrint::kOutside);
  bool odd = false;
  std::size_t k = 0;
  for (std::size_t j = 0; j < rows; ++j)
    for (std::size_t i = 0; i < columns; ++i, ++k) {
      if ((mask[k / 8] >> (k % 8) & 1U) == 0) continue;
      // Twelve bits a cell, the orientation in the low six.
      const unsigned code = odd ? packed[1] >> 4 | unsigned{packed[2]} << 4 : packed[0];
      packed += odd ? 3 : 0;
      odd = !odd;
      if (i < OverlayPrint::kSide && j < OverlayPrint::kSide)
        out.orientation[j * OverlayPrint::kSide + i] =
            static_cast<std::uint8_t>(code & 63U);
    }
}

OverlayProbe overlay_probe(const Template& print) {
  OverlayProbe out;
  overlay_print(print, out.print);
  // Every second cell as on a chess board, or every k-th of a large print.
  int inside = 0;
  for (const std::uint8_t cell : out.print.orientation)
    inside += cell != OverlayPrint::kOutside ? 1 : 0;
  const int stride =
      std::max(2, (inside + OverlayProbe::kMostCells - 1) / OverlayProbe::kMostCells);
  for (int j = 0; j < OverlayPrint::kSide; ++j)
    for (int i = j % stride; i < OverlayPrint::kSide; i += stride) {
      const auto from = static_cast<std::size_t>(j * OverlayPrint::kSide + i);
      if (out.print.orientation[from] == OverlayPrint::kOutside ||
          out.cells == OverlayProbe::kMostCells)
        continue;
      const auto at = static_cast<std::size_t>(out.cells++);
      const auto step = static_cast<float>(print.map.step);
      out.cell_x[at] = (static_cast<float>(i) + 0.5F) * step;
      out.cell_y[at] = (static_cast<float>(j) + 0.5F) * step;
      out.cell[at] = out.print.orientation[from];
    }
  return out;
}

URNA_CLONES_WIDE int count_pairs(const OverlayPrint& probe,
                                 const OverlayPrint& candidate, const Motion& motion) {
  constexpr float kNear = 15.0F * 15.0F;
  constexpr float kAlike = 0.866F;
  const float c = cosine256(motion.turn);
  const float k = sine256(motion.turn);
  int count = 0;
  for (int i = 0; i < probe.size; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const float x = c * probe.x[at] + k * probe.y[at] + motion.x;
    const float y = c * probe.y[at] - k * probe.x[at] + motion.y;
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

namespace {

// Where the probe's cells fall on the candidate's grid; those beyond it on its last
// cell, which is kept outside the print.
URNA_CLONES_WIDE void locate(const OverlayProbe& probe, const Motion& motion,
                             float scale, std::int32_t* out) {
  constexpr std::int32_t kSide = OverlayPrint::kSide;
  const float c = cosine256(motion.turn) * scale;
  const float k = sine256(motion.turn) * scale;
  const float tx = motion.x * scale;
  const float ty = motion.y * scale;
  for (std::size_t at = 0; at < OverlayProbe::kMostCells; ++at) {
    const float u = c * probe.cell_x[at] + k * probe.cell_y[at] + tx;
    const float v = c * probe.cell_y[at] - k * probe.cell_x[at] + ty;
    const bool on = (u >= 0) & (v >= 0) & (u < static_cast<float>(kSide)) &
                    (v < static_cast<float>(kSide));
    const float su = on ? u : static_cast<float>(kSide - 1);
    const float sv = on ? v : static_cast<float>(kSide - 1);
    out[at] = static_cast<std::int32_t>(sv) * kSide + static_cast<std::int32_t>(su);
  }
}

// What a difference of orientations is worth: 16 none, -16 perpendicular; and in the
// high half that there was one. Differences with bit 6 set are with kOutside.
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

int map_agreement(const OverlayProbe& probe, const OverlayPrint& candidate,
                  const Motion& motion) {
  constexpr int kFewestCells = 12;
  if (probe.cells == 0 || candidate.step == 0) return 0;
  std::array<std::int32_t, OverlayProbe::kMostCells> where;
  locate(probe, motion, 1.0F / static_cast<float>(candidate.step), where.data());
  const auto& table = worth();
  const int turn = motion.turn / 2;
  std::int32_t all = 0;
  for (std::size_t at = 0; at < static_cast<std::size_t>(probe.cells); ++at) {
    const int other = candidate.orientation[static_cast<std::size_t>(where[at])];
    const int off = ((other - probe.cell[at] - turn) & 63) | (other & 64);
    all += table[static_cast<std::size_t>(off)];
  }
  const int cells = (all + 32768) >> 16;
  const int sum = all - cells * 65536;
  return cells < kFewestCells ? 0 : sum * 100 / (16 * cells);
}

int overlay(const OverlayProbe& probe, const OverlayPrint& candidate,
            const Motions& motions) {
  int most = 0;
  for (const Motion& m : motions) {
    if (m.votes <= 0) break;
    most =
        std::max(most, m.votes + kPairVotes * count_pairs(probe.print, candidate, m) +
                           kMapVotes * map_agreement(probe, candidate, m));
  }
  return most;
}

}  // namespace urna::finger
