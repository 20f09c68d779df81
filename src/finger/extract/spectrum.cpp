#include "finger/extract/spectrum.hpp"

#include "finger/extract/trig.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace urna::finger {
namespace {

constexpr int kWindow = 32;
constexpr int kHalf = kWindow / 2;
constexpr int kBins = 9;              // 0..8 cycles a window along x
constexpr int kRows = 2 * kBins - 1;  // -8..8 along y
constexpr int kPlane = kBins * kRows;

// Sample j of a half window lies at j + 1/2 from the centre.
struct Tables {
  std::array<std::array<float, kHalf>, kBins> cos{};
  std::array<std::array<float, kHalf>, kBins> sin{};
  std::array<float, kPlane> weight{};  // radial band pass
  std::array<float, kPlane> cos2{};    // ridge orientation: perpendicular to the wave
  std::array<float, kPlane> sin2{};
  std::array<float, kPlane> radius{};

  Tables() {
    for (int j = 0; j < kHalf; ++j) {
      const double at = j + 0.5;
      const double window = 0.5 + 0.5 * det_cos(kPi * at / kHalf);
      for (int k = 0; k < kBins; ++k) {
        const auto kk = static_cast<std::size_t>(k);
        const auto jj = static_cast<std::size_t>(j);
        const double phase = 2 * kPi * k * at / kWindow;
        cos[kk][jj] = static_cast<float>(window * det_cos(phase));
        sin[kk][jj] = static_cast<float>(window * det_sin(phase));
      }
    }
    for (int v = -kBins + 1; v < kBins; ++v)
      for (int u = 0; u < kBins; ++u) {
        const auto at = static_cast<std::size_t>((v + kBins - 1) * kBins + u);
        const double r2 = u * u + v * v;
        const double r = std::sqrt(r2);
        radius[at] = static_cast<float>(r);
        if (r2 == 0 || (u == 0 && v < 0)) continue;  // the other half is the mirror
        cos2[at] = static_cast<float>(-(u * u - v * v) / r2);
        sin2[at] = static_cast<float>(-2.0 * u * v / r2);
        const double low = r <= 1.2 ? 0 : r < 2.4 ? (r - 1.2) / 1.2 : 1;
        const double high = r >= 8.2 ? 0 : r > 6.2 ? (8.2 - r) / 2.0 : 1;
        weight[at] = static_cast<float>(low * high * (u == 0 ? 1.0 : 1.0));
      }
  }
};

const Tables& tables() {
  static const Tables made;
  return made;
}

// Power in the half plane of frequencies, band-passed.
using Power = std::array<float, kPlane>;

// Half-window sums (even) and differences (odd) of 32 values `stride` apart.
struct RowWave {
  std::array<float, kBins> re{};
  std::array<float, kBins> im{};
};

RowWave row_wave(const std::int16_t* pixels, const Tables& t) {
  std::array<float, kHalf> even;
  std::array<float, kHalf> odd;
  for (int j = 0; j < kHalf; ++j) {
    const auto right = static_cast<float>(pixels[kHalf + j]);
    const auto left = static_cast<float>(pixels[kHalf - 1 - j]);
    even[static_cast<std::size_t>(j)] = right + left;
    odd[static_cast<std::size_t>(j)] = right - left;
  }
  RowWave out;
  for (std::size_t k = 0; k < kBins; ++k) {
    float re[4] = {0, 0, 0, 0};
    float im[4] = {0, 0, 0, 0};
    for (std::size_t j = 0; j < kHalf; j += 4)
      for (std::size_t l = 0; l < 4; ++l) {
        re[l] += even[j + l] * t.cos[k][j + l];
        im[l] += odd[j + l] * t.sin[k][j + l];
      }
    out.re[k] = (re[0] + re[1]) + (re[2] + re[3]);
    out.im[k] = -((im[0] + im[1]) + (im[2] + im[3]));
  }
  return out;
}

// rows: the 32 row waves of a window.
void window_power(const RowWave* rows, const Tables& t, Power& power) {
  struct Lane {
    float v[2 * kBins];
  };
  std::array<Lane, kHalf> even;
  std::array<Lane, kHalf> odd;
  for (int j = 0; j < kHalf; ++j) {
    const RowWave& below = rows[kHalf + j];
    const RowWave& above = rows[kHalf - 1 - j];
    Lane& e = even[static_cast<std::size_t>(j)];
    Lane& o = odd[static_cast<std::size_t>(j)];
    for (std::size_t k = 0; k < kBins; ++k) {
      e.v[k] = below.re[k] + above.re[k];
      e.v[kBins + k] = below.im[k] + above.im[k];
      o.v[k] = below.re[k] - above.re[k];
      o.v[kBins + k] = below.im[k] - above.im[k];
    }
  }
  for (std::size_t v = 0; v < kBins; ++v) {
    Lane c{};
    Lane s{};
    for (std::size_t j = 0; j < kHalf; ++j)
      for (std::size_t k = 0; k < 2 * kBins; ++k) {
        c.v[k] += even[j].v[k] * t.cos[v][j];
        s.v[k] += odd[j].v[k] * t.sin[v][j];
      }
    for (std::size_t u = 0; u < kBins; ++u) {
      const float a = c.v[u];
      const float b = s.v[u];
      const float cc = c.v[kBins + u];
      const float d = s.v[kBins + u];
      const std::size_t plus = (kBins - 1 + v) * kBins + u;
      const std::size_t minus = (kBins - 1 - v) * kBins + u;
      power[plus] = ((a + d) * (a + d) + (cc - b) * (cc - b)) * t.weight[plus];
      power[minus] = ((a - d) * (a - d) + (cc + b) * (cc + b)) * t.weight[minus];
    }
  }
}

// The best wave of a window given an orientation that the surroundings suggest
// (prior_cos2, prior_sin2), |prior| in 0..1 saying how sure they are.
RidgeCell settle(const Power& power, const Tables& t, float prior_cos2,
                 float prior_sin2) {
  float total = 0;
  float x = 0;
  float y = 0;
  float weight_sum = 0;
  float radius_sum = 0;
  for (std::size_t at = 0; at < kPlane; ++at) {
    const float p = power[at];
    const float agree =
        std::max(0.0F, 1.0F + prior_cos2 * t.cos2[at] + prior_sin2 * t.sin2[at]);
    const float w = p * p * agree * agree * agree;
    total += p;
    x += w * t.cos2[at];
    y += w * t.sin2[at];
    weight_sum += w;
    radius_sum += w * t.radius[at];
  }
  RidgeCell cell;
  cell.energy = total;
  if (weight_sum <= 0 || total <= 0) return cell;
  const float length = std::sqrt(x * x + y * y);
  if (length <= 0) return cell;
  cell.cos2 = x / length;
  cell.sin2 = y / length;
  cell.period = static_cast<float>(kWindow) * weight_sum / radius_sum;
  // The share of the energy within about 22 degrees and 2 bins of this wave.
  const float radius = static_cast<float>(kWindow) / cell.period;
  float along = 0;
  for (std::size_t at = 0; at < kPlane; ++at) {
    const float c = cell.cos2 * t.cos2[at] + cell.sin2 * t.sin2[at];
    const float off = std::fabs(t.radius[at] - radius);
    if (c > 0.7F && off < 2.0F) along += power[at];
  }
  cell.coherence = along / total;
  return cell;
}

}  // namespace

RidgeField analyse(const Levelled& image) {
  const Tables& t = tables();
  const int columns = (image.width + kFieldStep - 1) / kFieldStep;
  const int rows = (image.height + kFieldStep - 1) / kFieldStep;

  Plane<Power> powers(columns, rows);
  std::vector<RowWave> waves(static_cast<std::size_t>(image.pixels.height));
  constexpr float kScale = 1.0F / (kLevelUnit * kLevelUnit * 96.0F * 96.0F);
  for (int i = 0; i < columns; ++i) {
    const int left = i * kFieldStep + kFieldStep / 2 - kHalf + kPad;
    for (int y = 0; y < image.pixels.height; ++y)
      waves[static_cast<std::size_t>(y)] = row_wave(
          image.pixels.row(y) + std::min(left, image.pixels.width - kWindow), t);
    for (int j = 0; j < rows; ++j) {
      const int top = std::min(j * kFieldStep + kFieldStep / 2 - kHalf + kPad,
                               image.pixels.height - kWindow);
      Power& power = powers.at(i, j);
      window_power(waves.data() + top, t, power);
      for (float& p : power) p *= kScale;
    }
  }

  RidgeField field(columns, rows);
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) field.at(i, j) = settle(powers.at(i, j), t, 0, 0);

  for (int round = 0; round < 3; ++round) {
    const RidgeField before = field;
    const int reach = round == 0 ? 3 : 2;
    for (int j = 0; j < rows; ++j)
      for (int i = 0; i < columns; ++i) {
        float x = 0;
        float y = 0;
        float sum = 0;
        for (int dj = -reach; dj <= reach; ++dj)
          for (int di = -reach; di <= reach; ++di) {
            if (!before.inside(i + di, j + dj)) continue;
            const RidgeCell& cell = before.at(i + di, j + dj);
            const float w = cell.coherence * cell.coherence *
                            std::min(cell.energy, 1.0F) /
                            static_cast<float>(2 + di * di + dj * dj);
            x += w * cell.cos2;
            y += w * cell.sin2;
            sum += w;
          }
        if (sum <= 0) continue;
        field.at(i, j) = settle(powers.at(i, j), t, x / sum, y / sum);
      }
  }
  return field;
}

}  // namespace urna::finger
