// The field of integers modulo p = 2^255 - 19, eight values at once: limb i of all
// eight stands in one AVX-512 register, radix 2^51, products by VPMADD52.
//
// Included only by the ifma_*.cpp files, which are compiled for AVX-512 IFMA and are
// called only where the CPU has it. Public data only. Bounds:
//   tight: every limb below 2^51 + 2^15  (what mul, sq and carry return; the
//          multiplier reads 52 bits, so factors must be tight)
//   loose: every limb below 2^62         (what carry accepts)
#pragma once

#include "group/field.hpp"

#include <array>
#include <cstdint>

#include <immintrin.h>

namespace urna::group::ifma {

struct Fe8 {
  __m512i v[5];
};

[[nodiscard]] inline __m512i splat(std::uint64_t value) {
  return _mm512_set1_epi64(static_cast<long long>(value));
}

[[nodiscard]] inline Fe8 splat(const Fe& a) {
  return {{splat(a.v[0]), splat(a.v[1]), splat(a.v[2]), splat(a.v[3]), splat(a.v[4])}};
}

// One round of carries, all limbs at once. Loose to tight.
[[nodiscard]] inline Fe8 carry(const Fe8& a) {
  const __m512i mask = splat(kMask51);
  __m512i c[5];
  for (int i = 0; i < 5; ++i) c[i] = _mm512_srli_epi64(a.v[i], 51);
  Fe8 out;
  out.v[0] = _mm512_madd52lo_epu64(_mm512_and_si512(a.v[0], mask), c[4],
                                   splat(std::uint64_t{19}));
  for (int i = 1; i < 5; ++i) {
    out.v[i] = _mm512_add_epi64(_mm512_and_si512(a.v[i], mask), c[i - 1]);
  }
  return out;
}

// Loose sums and differences of tight values; a difference adds 4p first.
[[nodiscard]] inline Fe8 add(const Fe8& a, const Fe8& b) {
  Fe8 out;
  for (int i = 0; i < 5; ++i) out.v[i] = _mm512_add_epi64(a.v[i], b.v[i]);
  return out;
}

[[nodiscard]] inline Fe8 sub(const Fe8& a, const Fe8& b) {
  const __m512i first = splat((std::uint64_t{1} << 53) - 76);
  const __m512i other = splat((std::uint64_t{1} << 53) - 4);
  Fe8 out;
  for (int i = 0; i < 5; ++i) {
    out.v[i] =
        _mm512_sub_epi64(_mm512_add_epi64(a.v[i], i == 0 ? first : other), b.v[i]);
  }
  return out;
}

namespace detail {

[[nodiscard]] inline __m512i lo(__m512i sum, __m512i a, __m512i b) {
  return _mm512_madd52lo_epu64(sum, a, b);
}
[[nodiscard]] inline __m512i hi(__m512i sum, __m512i a, __m512i b) {
  return _mm512_madd52hi_epu64(sum, a, b);
}

// Ten columns of weight 2^(51 k), each below 2^56, to a tight value: 2^255 = 19.
[[nodiscard]] inline Fe8 fold(const __m512i (&z)[10]) {
  const __m512i nineteen = splat(std::uint64_t{19});
  Fe8 out;
  for (int k = 0; k < 5; ++k) {
    out.v[k] = _mm512_add_epi64(z[k], _mm512_mullo_epi64(z[k + 5], nineteen));
  }
  return carry(out);
}

}  // namespace detail

// a * b. The high halves of the 104-bit products weigh 2^52 = 2 * 2^51: doubled.
[[nodiscard]] inline Fe8 mul(const Fe8& a, const Fe8& b) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i low[9] = {zero, zero, zero, zero, zero, zero, zero, zero, zero};
  __m512i high[9] = {zero, zero, zero, zero, zero, zero, zero, zero, zero};
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < 5; ++j) {
      low[i + j] = detail::lo(low[i + j], a.v[i], b.v[j]);
      high[i + j] = detail::hi(high[i + j], a.v[i], b.v[j]);
    }
  }
  __m512i z[10];
  z[0] = low[0];
  for (int k = 1; k < 9; ++k) {
    z[k] = _mm512_add_epi64(low[k], _mm512_add_epi64(high[k - 1], high[k - 1]));
  }
  z[9] = _mm512_add_epi64(high[8], high[8]);
  return detail::fold(z);
}

// a^2: products of different limbs once, then doubled.
[[nodiscard]] inline Fe8 sq(const Fe8& a) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i low[9] = {zero, zero, zero, zero, zero, zero, zero, zero, zero};
  __m512i high[9] = {zero, zero, zero, zero, zero, zero, zero, zero, zero};
  for (int i = 0; i < 5; ++i) {
    for (int j = i + 1; j < 5; ++j) {
      low[i + j] = detail::lo(low[i + j], a.v[i], a.v[j]);
      high[i + j] = detail::hi(high[i + j], a.v[i], a.v[j]);
    }
  }
  for (int k = 1; k < 8; ++k) {
    low[k] = _mm512_add_epi64(low[k], low[k]);
    high[k] = _mm512_add_epi64(high[k], high[k]);
  }
  for (int i = 0; i < 5; ++i) {
    low[2 * i] = detail::lo(low[2 * i], a.v[i], a.v[i]);
    high[2 * i] = detail::hi(high[2 * i], a.v[i], a.v[i]);
  }
  __m512i z[10];
  z[0] = low[0];
  for (int k = 1; k < 9; ++k) {
    z[k] = _mm512_add_epi64(low[k], _mm512_add_epi64(high[k - 1], high[k - 1]));
  }
  z[9] = _mm512_add_epi64(high[8], high[8]);
  return detail::fold(z);
}

// The one representative below p, limbs below 2^51.
[[nodiscard]] inline Fe8 canonical(const Fe8& a) {
  const __m512i mask = splat(kMask51);
  const __m512i nineteen = splat(std::uint64_t{19});
  const auto chain = [&](Fe8 t) {
    for (int i = 0; i < 4; ++i) {
      t.v[i + 1] = _mm512_add_epi64(t.v[i + 1], _mm512_srli_epi64(t.v[i], 51));
      t.v[i] = _mm512_and_si512(t.v[i], mask);
    }
    const __m512i top = _mm512_srli_epi64(t.v[4], 51);
    t.v[4] = _mm512_and_si512(t.v[4], mask);
    t.v[0] = _mm512_madd52lo_epu64(t.v[0], top, nineteen);
    return t;
  };
  Fe8 t = chain(chain(a));
  // t is below 2p: it is at least p exactly when t + 19 reaches bit 255.
  __m512i q = _mm512_srli_epi64(_mm512_add_epi64(t.v[0], nineteen), 51);
  for (int i = 1; i < 5; ++i) {
    q = _mm512_srli_epi64(_mm512_add_epi64(t.v[i], q), 51);
  }
  t.v[0] = _mm512_madd52lo_epu64(t.v[0], q, nineteen);
  for (int i = 0; i < 4; ++i) {
    t.v[i + 1] = _mm512_add_epi64(t.v[i + 1], _mm512_srli_epi64(t.v[i], 51));
    t.v[i] = _mm512_and_si512(t.v[i], mask);
  }
  t.v[4] = _mm512_and_si512(t.v[4], mask);
  return t;
}

// Bit i of a result: whether lane i holds. For canonical values.
[[nodiscard]] inline __mmask8 lanes_equal(const Fe8& a, const Fe8& b) {
  __mmask8 out = 0xFF;
  for (int i = 0; i < 5; ++i) {
    out = static_cast<__mmask8>(out & _mm512_cmpeq_epi64_mask(a.v[i], b.v[i]));
  }
  return out;
}
[[nodiscard]] inline __mmask8 lanes_odd(const Fe8& a) {
  return _mm512_test_epi64_mask(a.v[0], splat(std::uint64_t{1}));
}

// b in the lanes of the mask, a in the others.
[[nodiscard]] inline Fe8 blend(__mmask8 mask, const Fe8& a, const Fe8& b) {
  Fe8 out;
  for (int i = 0; i < 5; ++i) {
    out.v[i] = _mm512_mask_blend_epi64(mask, a.v[i], b.v[i]);
  }
  return out;
}

// Rows of eight words to columns: out[k] holds word k of all eight rows.
inline void transpose(__m512i (&r)[8]) {
  __m512i t[8];
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm512_unpacklo_epi64(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi64(r[i], r[i + 1]);
  }
  __m512i u[8];
  for (int i = 0; i < 2; ++i) {
    u[i] = _mm512_shuffle_i64x2(t[i], t[i + 2], 0x88);
    u[i + 2] = _mm512_shuffle_i64x2(t[i], t[i + 2], 0xDD);
    u[i + 4] = _mm512_shuffle_i64x2(t[i + 4], t[i + 6], 0x88);
    u[i + 6] = _mm512_shuffle_i64x2(t[i + 4], t[i + 6], 0xDD);
  }
  for (int i = 0; i < 4; ++i) {
    r[i] = _mm512_shuffle_i64x2(u[i], u[i + 4], 0x88);
    r[i + 4] = _mm512_shuffle_i64x2(u[i], u[i + 4], 0xDD);
  }
}

}  // namespace urna::group::ifma
