#include "finger/match/cylinder.hpp"

#include "finger/match/filter.hpp"

#include <cmath>
#include <cstdlib>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace urna::finger {
namespace {

constexpr float kCylinderRadius = 72;
constexpr int kGrid = 8;
constexpr float kCell = 2 * kCylinderRadius / kGrid;
constexpr float kReach = 23;       // pixels: how far a neighbour sets cells
constexpr int kLayerReach = 8800;  // 65536 a turn: how far it sets layers
constexpr int kLayerTurn = 65536 / Descriptor::kLayers;

// The cells of a descriptor that lie within its circle.
struct GridCell {
  float u;
  float v;
  std::uint64_t bit;
};
const std::vector<GridCell>& grid() {
  static const auto made = [] {
    std::vector<GridCell> out;
    for (int j = 0; j < kGrid; ++j)
      for (int i = 0; i < kGrid; ++i) {
        const float u = (static_cast<float>(i) - 3.5F) * kCell;
        const float v = (static_cast<float>(j) - 3.5F) * kCell;
        if (u * u + v * v <= kCylinderRadius * kCylinderRadius)
          out.push_back({u, v, std::uint64_t{1} << (j * kGrid + i)});
      }
    return out;
  }();
  return made;
}

// The cells within kReach of (u, v). The loops run over a fixed 4 x 4 window without
// branches, because nobody can predict them.
std::uint64_t cells_near(float u, float v) {
  const int i0 = static_cast<int>(std::floor(u / kCell + 3.5F)) - 1;
  const int j0 = static_cast<int>(std::floor(v / kCell + 3.5F)) - 1;
  std::array<float, 4> du2;
  std::uint64_t cells = 0;
  for (int i = 0; i < 4; ++i) {
    const float du = (static_cast<float>(i0 + i) - 3.5F) * kCell - u;
    du2[static_cast<std::size_t>(i)] = du * du;
  }
  for (int j = 0; j < 4; ++j) {
    const float dv = (static_cast<float>(j0 + j) - 3.5F) * kCell - v;
    const float dv2 = dv * dv;
    std::uint64_t row = 0;
    for (int i = 0; i < 4; ++i)
      row |=
          std::uint64_t{du2[static_cast<std::size_t>(i)] + dv2 <= kReach * kReach ? 1U
                                                                                  : 0U}
          << i;
    // Columns left of the grid fall off below, those right of it above.
    row = i0 >= 0 ? row << i0 : row >> -i0;
    row &= (1U << kGrid) - 1;
    if (j0 + j >= 0 && j0 + j < kGrid) cells |= row << ((j0 + j) * kGrid);
  }
  return cells;
}

void describe(const Prepared& p, std::size_t index, Descriptor& d) {
  const float cx = p.x[index];
  const float cy = p.y[index];
  const float c = p.dx[index];
  const float s = p.dy[index];
  for (const GridCell& cell : grid()) {
    const bool in =
        p.coverage.at(cx + c * cell.u - s * cell.v, cy + s * cell.u + c * cell.v);
    d.valid |= in ? cell.bit : 0;
  }
  for (std::size_t k = 0; k < p.x.size(); ++k) {
    if (k == index) continue;
    const float ox = p.x[k] - cx;
    const float oy = p.y[k] - cy;
    if (ox * ox + oy * oy > (kCylinderRadius + kReach) * (kCylinderRadius + kReach))
      continue;
    const std::uint64_t cells = cells_near(c * ox + s * oy, -s * ox + c * oy);
    const auto turn = static_cast<std::uint16_t>(p.angle[k] - p.angle[index]);
    for (int layer = 0; layer < Descriptor::kLayers; ++layer) {
      const auto off = static_cast<std::int16_t>(
          static_cast<std::uint16_t>(turn - layer * (65536 / Descriptor::kLayers)));
      const bool near = std::abs(static_cast<int>(off)) <= kLayerReach;
      d.layer[static_cast<std::size_t>(layer)] |= near ? cells : 0;
    }
  }
}

// Only what lies in the print counts.
void finish(Descriptor& d) {
  for (std::uint64_t& layer : d.layer) layer &= d.valid;
}

}  // namespace

void describe_neighbourhoods_portable(Prepared& p) {
  p.descriptor.assign(p.x.size(), {});
  for (std::size_t i = 0; i < p.x.size(); ++i) {
    describe(p, i, p.descriptor[i]);
    finish(p.descriptor[i]);
  }
}

#if defined(__x86_64__)

namespace {

#define URNA_VECTORS __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq")))

// Where the cells lie, two rows of the grid in a vector; and which are in the circle.
struct Cells {
  alignas(64) std::array<float, 16> along{};  // i, twice
  alignas(64) std::array<std::array<float, 16>, 4> across{};
  std::uint64_t circle = 0;
};
constexpr Cells kCells = [] {
  Cells out;
  for (std::size_t k = 0; k < 64; ++k) {
    const float u = (static_cast<float>(k % kGrid) - 3.5F) * kCell;
    const float v = (static_cast<float>(k / kGrid) - 3.5F) * kCell;
    out.along[k % 16] = u;
    out.across[k / 16][k % 16] = v;
    const bool in = u * u + v * v <= kCylinderRadius * kCylinderRadius;
    out.circle |= std::uint64_t{in ? 1U : 0U} << k;
  }
  return out;
}();

// Coverage::at() for sixteen points.
URNA_VECTORS __mmask16 covered(const Coverage& coverage, __m512 x, __m512 y) {
  const __m512 zero = _mm512_setzero_ps();
  const __mmask16 positive =
      _mm512_cmp_ps_mask(x, zero, _CMP_GE_OQ) & _mm512_cmp_ps_mask(y, zero, _CMP_GE_OQ);
  static_assert(Coverage::kStep == 16);
  const __m512i i = _mm512_srli_epi32(_mm512_maskz_cvttps_epi32(positive, x), 4);
  const __m512i j = _mm512_srli_epi32(_mm512_maskz_cvttps_epi32(positive, y), 4);
  const __m512i side = _mm512_set1_epi32(Coverage::kSide);
  const __mmask16 on =
      positive & _mm512_cmplt_epu32_mask(i, side) & _mm512_cmplt_epu32_mask(j, side);
  // The half of row j that holds column i.
  const __m512i half =
      _mm512_add_epi32(_mm512_slli_epi32(j, 1), _mm512_srli_epi32(i, 5));
  const __m512i word = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), on, half,
                                                   coverage.rows.data(), 4);
  const __m512i bit =
      _mm512_srlv_epi32(word, _mm512_and_si512(i, _mm512_set1_epi32(31)));
  return _mm512_mask_test_epi32_mask(on, bit, _mm512_set1_epi32(1));
}

URNA_VECTORS std::uint64_t valid_cells(const Coverage& coverage, float cx, float cy,
                                       float c, float s) {
  const __m512 vc = _mm512_set1_ps(c);
  const __m512 vs = _mm512_set1_ps(s);
  const __m512 u = _mm512_load_ps(kCells.along.data());
  std::uint64_t valid = 0;
  for (std::size_t rows = 0; rows < 4; ++rows) {
    const __m512 v = _mm512_load_ps(kCells.across[rows].data());
    const __m512 x = _mm512_sub_ps(
        _mm512_add_ps(_mm512_set1_ps(cx), _mm512_mul_ps(vc, u)), _mm512_mul_ps(vs, v));
    const __m512 y = _mm512_add_ps(
        _mm512_add_ps(_mm512_set1_ps(cy), _mm512_mul_ps(vs, u)), _mm512_mul_ps(vc, v));
    valid |= std::uint64_t{covered(coverage, x, y)} << (16 * rows);
  }
  return valid & kCells.circle;
}

// All 64 cells at once.
URNA_VECTORS std::uint64_t cells_near_vector(float u, float v) {
  const __m512 du =
      _mm512_sub_ps(_mm512_load_ps(kCells.along.data()), _mm512_set1_ps(u));
  const __m512 du2 = _mm512_mul_ps(du, du);
  const __m512 reach = _mm512_set1_ps(kReach * kReach);
  std::uint64_t near = 0;
  for (std::size_t rows = 0; rows < 4; ++rows) {
    const __m512 dv =
        _mm512_sub_ps(_mm512_load_ps(kCells.across[rows].data()), _mm512_set1_ps(v));
    const __m512 d2 = _mm512_add_ps(du2, _mm512_mul_ps(dv, dv));
    near |= std::uint64_t{_mm512_cmp_ps_mask(d2, reach, _CMP_LE_OQ)} << (16 * rows);
  }
  return near;
}

URNA_VECTORS void describe_vector(const Prepared& p, std::size_t index, Descriptor& d) {
  const float cx = p.x[index];
  const float cy = p.y[index];
  const float c = p.dx[index];
  const float s = p.dy[index];
  d.valid = valid_cells(p.coverage, cx, cy, c, s);
  // The layers in the lanes of one vector, and the turn that each is about.
  const __m512i about = _mm512_setr_epi64(0, kLayerTurn, 2 * kLayerTurn, 3 * kLayerTurn,
                                          4 * kLayerTurn, 5 * kLayerTurn, 0, 0);
  const __m512i reach = _mm512_set1_epi64(kLayerReach);
  __m512i layers = _mm512_setzero_si512();
  for (std::size_t k = 0; k < p.x.size(); ++k) {
    const float ox = p.x[k] - cx;
    const float oy = p.y[k] - cy;
    // No branch for those too far away, which set no cell: nobody could predict it.
    const std::uint64_t others = k == index ? 0 : ~std::uint64_t{0};
    const std::uint64_t near =
        others & cells_near_vector(c * ox + s * oy, -s * ox + c * oy);
    const __m512i turn = _mm512_set1_epi64(p.angle[k] - p.angle[index]);
    const __m512i off = _mm512_abs_epi64(
        _mm512_srai_epi64(_mm512_slli_epi64(_mm512_sub_epi64(turn, about), 48), 48));
    const __mmask8 set = _mm512_cmple_epi64_mask(off, reach);
    layers = _mm512_mask_or_epi64(layers, set, layers,
                                  _mm512_set1_epi64(static_cast<long long>(near)));
  }
  constexpr __mmask8 kUsed = (1U << Descriptor::kLayers) - 1;
  _mm512_mask_storeu_epi64(d.layer.data(), kUsed, layers);
}

#undef URNA_VECTORS

}  // namespace

void describe_neighbourhoods(Prepared& p) {
  if (!filter_uses_vectors()) {
    describe_neighbourhoods_portable(p);
    return;
  }
  p.descriptor.assign(p.x.size(), {});
  for (std::size_t i = 0; i < p.x.size(); ++i) {
    describe_vector(p, i, p.descriptor[i]);
    finish(p.descriptor[i]);
  }
}

#else

void describe_neighbourhoods(Prepared& p) {
  describe_neighbourhoods_portable(p);
}

#endif

}  // namespace urna::finger
