#include "finger/extract/spectrum.hpp"

#include "finger/extract/clones.hpp"
#include "finger/extract/trig.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace urna::finger {
namespace {

constexpr int kWindow = 32;
constexpr std::size_t kHalf = kWindow / 2;
constexpr std::size_t kBins = 8;              // 0..7 cycles a window along x
constexpr std::size_t kRows = 2 * kBins - 1;  // -7..7 along y
constexpr float kFaint = 0.5F;                // energy below which there is no ridge

// Eight floats that move together. Sums over them run lane by lane in a fixed order,
// so the result is the same however wide the machine's registers are.
using Lanes = float __attribute__((vector_size(32)));

float sum(const Lanes& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

// gcc 12 aligns such a type to 16 bytes where AVX is off and expects 32 in the clone
// for AVX2, so everything that holds Lanes in memory says 32 itself. A row of the half
// plane of frequencies is one Lanes: u = 0..7.
struct alignas(32) Power : std::array<Lanes, kRows> {};

// Sample j of a half window lies at j + 1/2 from the centre.
struct alignas(32) Tables {
  std::array<Lanes, kHalf> cos{};  // lane k: k cycles a window
  std::array<Lanes, kHalf> sin{};
  Power weight{};  // radial band pass
  Power cos2{};    // ridge orientation: perpendicular to the wave
  Power sin2{};
  Power radius{};

  Tables() {
    for (std::size_t j = 0; j < kHalf; ++j) {
      const double at = static_cast<double>(j) + 0.5;
      const double window = 0.5 + 0.5 * det_cos(kPi * at / static_cast<double>(kHalf));
      for (std::size_t k = 0; k < kBins; ++k) {
        const double phase = 2 * kPi * static_cast<double>(k) * at / kWindow;
        cos[j][k] = static_cast<float>(window * det_cos(phase));
        sin[j][k] = static_cast<float>(window * det_sin(phase));
      }
    }
    for (int v = 1 - static_cast<int>(kBins); v < static_cast<int>(kBins); ++v)
      for (int u = 0; u < static_cast<int>(kBins); ++u) {
        const auto row = static_cast<std::size_t>(v + static_cast<int>(kBins) - 1);
        const auto lane = static_cast<std::size_t>(u);
        const double r2 = u * u + v * v;
        const double r = std::sqrt(r2);
        radius[row][lane] = static_cast<float>(r);
        if (r2 == 0 || (u == 0 && v < 0)) continue;  // the other half is the mirror
        cos2[row][lane] = static_cast<float>(-(u * u - v * v) / r2);
        sin2[row][lane] = static_cast<float>(-2.0 * u * v / r2);
        const double low = r <= 1.2 ? 0 : r < 2.4 ? (r - 1.2) / 1.2 : 1;
        const double high = r >= 7.6 ? 0 : r > 6.0 ? (7.6 - r) / 1.6 : 1;
        weight[row][lane] = static_cast<float>(low * high);
      }
  }
};

const Tables& tables() {
  static const Tables made;
  return made;
}

// The row of a window in frequency, seen from its centre.
struct alignas(32) RowWave {
  Lanes re;
  Lanes im;
};

URNA_CLONES void row_waves(const Plane<std::int16_t>& pixels, int left, const Tables& t,
                           RowWave* out) {
  for (int y = 0; y < pixels.height; ++y) {
    const std::int16_t* centre = pixels.row(y) + left + static_cast<int>(kHalf);
    Lanes re = {};
    Lanes im = {};
    for (std::size_t j = 0; j < kHalf; ++j) {
      const int right = centre[j];
      const int mirror = centre[-1 - static_cast<std::ptrdiff_t>(j)];
      re += t.cos[j] * static_cast<float>(right + mirror);
      im -= t.sin[j] * static_cast<float>(right - mirror);
    }
    out[y] = {re, im};
  }
}

// Power of the window whose 32 row waves start at `rows`, band-passed and scaled.
URNA_CLONES void window_power(const RowWave* rows, const Tables& t, float scale,
                              Power& power) {
  std::array<RowWave, kHalf> even;
  std::array<RowWave, kHalf> odd;
  for (std::size_t j = 0; j < kHalf; ++j) {
    const RowWave& below = rows[kHalf + j];
    const RowWave& above = rows[kHalf - 1 - j];
    even[j] = {below.re + above.re, below.im + above.im};
    odd[j] = {below.re - above.re, below.im - above.im};
  }
  for (std::size_t v = 0; v < kBins; ++v) {
    Lanes a = {};
    Lanes b = {};
    Lanes c = {};
    Lanes d = {};
    for (std::size_t j = 0; j < kHalf; ++j) {
      a += even[j].re * t.cos[j][v];
      c += even[j].im * t.cos[j][v];
      b += odd[j].re * t.sin[j][v];
      d += odd[j].im * t.sin[j][v];
    }
    const std::size_t plus = kBins - 1 + v;
    const std::size_t minus = kBins - 1 - v;
    power[plus] = ((a + d) * (a + d) + (c - b) * (c - b)) * t.weight[plus] * scale;
    power[minus] = ((a - d) * (a - d) + (c + b) * (c + b)) * t.weight[minus] * scale;
  }
}

// The best wave of a window given an orientation that the surroundings suggest
// (prior_cos2, prior_sin2), whose length in 0..1 says how sure they are.
URNA_CLONES void settle(const Power& power, const Tables& t, float prior_cos2,
                        float prior_sin2, RidgeCell& cell) {
  Lanes total = {};
  Lanes x = {};
  Lanes y = {};
  Lanes weights = {};
  Lanes radii = {};
  for (std::size_t row = 0; row < kRows; ++row) {
    const Lanes p = power[row];
    // Never negative: the prior is no longer than 1.
    const Lanes agree = 1.0F + t.cos2[row] * prior_cos2 + t.sin2[row] * prior_sin2;
    const Lanes w = p * p * agree * agree * agree;
    total += p;
    x += w * t.cos2[row];
    y += w * t.sin2[row];
    weights += w;
    radii += w * t.radius[row];
  }
  cell.energy = sum(total);
  const float weight = sum(weights);
  const float cx = sum(x);
  const float cy = sum(y);
  const float length = std::sqrt(cx * cx + cy * cy);
  if (weight <= 0 || cell.energy <= 0 || length <= 0) return;
  cell.cos2 = cx / length;
  cell.sin2 = cy / length;
  const float radius = sum(radii) / weight;
  cell.period = static_cast<float>(kWindow) / radius;
  // The share of the energy within about 22 degrees and 2 bins of this wave.
  Lanes along = {};
  for (std::size_t row = 0; row < kRows; ++row) {
    const Lanes turn = t.cos2[row] * cell.cos2 + t.sin2[row] * cell.sin2;
    const Lanes off = t.radius[row] - radius;
    const auto near = (turn > 0.7F) & (off < 2.0F) & (off > -2.0F);
    along += near ? power[row] : Lanes{};
  }
  cell.coherence = sum(along) / cell.energy;
}

// The mean doubled orientation of the cells around, weighted by how clear they are;
// its length says how much they agree.
struct Vote {
  float cos2 = 0;
  float sin2 = 0;
};
Vote neighbours(const RidgeField& field, int i, int j, int reach) {
  float x = 0;
  float y = 0;
  float weights = 0;
  for (int v = std::max(0, j - reach); v <= std::min(field.height - 1, j + reach); ++v)
    for (int u = std::max(0, i - reach); u <= std::min(field.width - 1, i + reach);
         ++u) {
      const RidgeCell& cell = field.at(u, v);
      const int d2 = (u - i) * (u - i) + (v - j) * (v - j);
      const float w = cell.coherence * cell.coherence * std::min(cell.energy, 1.0F) /
                      static_cast<float>(2 + d2);
      x += w * cell.cos2;
      y += w * cell.sin2;
      weights += w;
    }
  if (weights <= 0) return {};
  return {x / weights, y / weights};
}

// Lets every cell choose again among its waves, leaning towards its neighbours. A
// faint cell has none to choose from and takes the neighbours' direction.
void relax(RidgeField& field, const Plane<Power>& powers, const Tables& t, int reach) {
  const RidgeField before = field;
  for (int j = 0; j < field.height; ++j)
    for (int i = 0; i < field.width; ++i) {
      RidgeCell& cell = field.at(i, j);
      const Vote vote = neighbours(before, i, j, reach);
      if (cell.energy >= kFaint) {
        settle(powers.at(i, j), t, vote.cos2, vote.sin2, cell);
        continue;
      }
      const float length = std::sqrt(vote.cos2 * vote.cos2 + vote.sin2 * vote.sin2);
      if (length <= 0) continue;
      cell.cos2 = vote.cos2 / length;
      cell.sin2 = vote.sin2 / length;
    }
}

}  // namespace

RidgeField analyse(const Levelled& image) {
  const Tables& t = tables();
  const int columns = (image.width + kFieldStep - 1) / kFieldStep;
  const int rows = (image.height + kFieldStep - 1) / kFieldStep;
  constexpr int kLead = kFieldStep / 2 - static_cast<int>(kHalf) + kPad;
  constexpr float kScale = 1.0F / (kLevelUnit * kLevelUnit * 96.0F * 96.0F);

  Plane<Power> powers(columns, rows);
  std::vector<RowWave> waves(static_cast<std::size_t>(image.pixels.height));
  RidgeField field(columns, rows);
  for (int i = 0; i < columns; ++i) {
    const int left = std::min(i * kFieldStep + kLead, image.pixels.width - kWindow);
    row_waves(image.pixels, left, t, waves.data());
    for (int j = 0; j < rows; ++j) {
      const int top = std::min(j * kFieldStep + kLead, image.pixels.height - kWindow);
      window_power(waves.data() + top, t, kScale, powers.at(i, j));
      settle(powers.at(i, j), t, 0, 0, field.at(i, j));
    }
  }
  relax(field, powers, t, 3);
  relax(field, powers, t, 2);
  relax(field, powers, t, 2);
  return field;
}

}  // namespace urna::finger
