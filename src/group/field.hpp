// The field of integers modulo p = 2^255 - 19, portable: five 51-bit limbs and
// 128-bit products.
//
// Used inside src/group only. Variable time is allowed: public data only. Thread
// rule: plain values. Bounds, which every function states and callers keep:
//   tight: every limb below 2^52   (what mul, sq, neg_tight and from_bytes return)
//   loose: every limb below 2^54   (what mul and sq accept)
//   a + b of tight values, and a - b of values below 2^53 - 76, are loose.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace urna::group {

struct Fe {
  std::array<std::uint64_t, 5> v{};
};

inline constexpr std::uint64_t kMask51 = (std::uint64_t{1} << 51) - 1;

inline constexpr Fe kFeZero{{0, 0, 0, 0, 0}};
inline constexpr Fe kFeOne{{1, 0, 0, 0, 0}};
// RFC 9496 section 4.1: d, 2d, sqrt(-1), 1/sqrt(-1-d).
inline constexpr Fe kFeD{{929955233495203, 466365720129213, 1662059464998953,
                          2033849074728123, 1442794654840575}};
inline constexpr Fe kFe2D{{1859910466990425, 932731440258426, 1072319116312658,
                           1815898335770999, 633789495995903}};
inline constexpr Fe kFeSqrtM1{{1718705420411056, 234908883556509, 2233514472574048,
                               2117202627021982, 765476049583133}};
inline constexpr Fe kFeInvSqrtAMinusD{{278908739862762, 821645201101625, 8113234426968,
                                       1777959178193151, 2118520810568447}};

// a + b: limbs are the sums of the limbs.
[[nodiscard]] inline Fe add(const Fe& a, const Fe& b) {
  Fe out;
  for (std::size_t i = 0; i < 5; ++i) out.v[i] = a.v[i] + b.v[i];
  return out;
}

// a - b for limbs of b below 2^53 - 76: limbs grow by 2^53 at most.
[[nodiscard]] inline Fe sub(const Fe& a, const Fe& b) {
  constexpr std::uint64_t k4p0 = (std::uint64_t{1} << 53) - 76;
  constexpr std::uint64_t k4p = (std::uint64_t{1} << 53) - 4;
  return {{a.v[0] + k4p0 - b.v[0], a.v[1] + k4p - b.v[1], a.v[2] + k4p - b.v[2],
           a.v[3] + k4p - b.v[3], a.v[4] + k4p - b.v[4]}};
}

// Any limbs below 2^63 to tight limbs, the same value modulo p.
[[nodiscard]] inline Fe carry(const Fe& a) {
  Fe out = a;
  for (std::size_t i = 0; i < 4; ++i) {
    out.v[i + 1] += out.v[i] >> 51;
    out.v[i] &= kMask51;
  }
  out.v[0] += 19 * (out.v[4] >> 51);
  out.v[4] &= kMask51;
  return out;
}

[[nodiscard]] inline Fe neg(const Fe& a) {
  return carry(sub(kFeZero, a));
}

namespace detail {

__extension__ using u128 = unsigned __int128;

// Column sums below 2^115, the last below 2^110.5, to tight limbs (limb 1 below
// 2^51 + 2^13). The last column has no factor 19, so its carry times 19 fits a word.
[[nodiscard]] inline Fe reduce_columns(std::array<u128, 5> r) {
  Fe out;
  for (std::size_t i = 0; i < 4; ++i) {
    out.v[i] = static_cast<std::uint64_t>(r[i]) & kMask51;
    r[i + 1] += static_cast<std::uint64_t>(r[i] >> 51);
  }
  out.v[4] = static_cast<std::uint64_t>(r[4]) & kMask51;
  const std::uint64_t low = 19 * static_cast<std::uint64_t>(r[4] >> 51) + out.v[0];
  out.v[0] = low & kMask51;
  out.v[1] += low >> 51;
  return out;
}

}  // namespace detail

// a * b of loose values, tight.
[[nodiscard]] inline Fe mul(const Fe& x, const Fe& y) {
  using detail::u128;
  const auto& a = x.v;
  const auto& b = y.v;
  const std::uint64_t b1 = 19 * b[1], b2 = 19 * b[2], b3 = 19 * b[3], b4 = 19 * b[4];
  return detail::reduce_columns(
      {u128{a[0]} * b[0] + u128{a[1]} * b4 + u128{a[2]} * b3 + u128{a[3]} * b2 +
           u128{a[4]} * b1,
       u128{a[0]} * b[1] + u128{a[1]} * b[0] + u128{a[2]} * b4 + u128{a[3]} * b3 +
           u128{a[4]} * b2,
       u128{a[0]} * b[2] + u128{a[1]} * b[1] + u128{a[2]} * b[0] + u128{a[3]} * b4 +
           u128{a[4]} * b3,
       u128{a[0]} * b[3] + u128{a[1]} * b[2] + u128{a[2]} * b[1] + u128{a[3]} * b[0] +
           u128{a[4]} * b4,
       u128{a[0]} * b[4] + u128{a[1]} * b[3] + u128{a[2]} * b[2] + u128{a[3]} * b[1] +
           u128{a[4]} * b[0]});
}

// a^2 of a loose value, tight.
[[nodiscard]] inline Fe sq(const Fe& x) {
  using detail::u128;
  const auto& a = x.v;
  const std::uint64_t d0 = 2 * a[0], d1 = 2 * a[1], d2 = 2 * a[2];
  const std::uint64_t a3 = 19 * a[3], a4 = 19 * a[4];
  return detail::reduce_columns(
      {u128{a[0]} * a[0] + u128{d1} * a4 + u128{d2} * a3,
       u128{d0} * a[1] + u128{d2} * a4 + u128{a[3]} * a3,
       u128{d0} * a[2] + u128{a[1]} * a[1] + u128{2 * a[3]} * a4,
       u128{d0} * a[3] + u128{d1} * a[2] + u128{a[4]} * a4,
       u128{d0} * a[4] + u128{d1} * a[3] + u128{a[2]} * a[2]});
}

// 1/a; zero gives zero.
[[nodiscard]] Fe invert(const Fe& a);

// The 255 low bits of 32 little-endian bytes; not reduced, tight.
[[nodiscard]] Fe from_bytes(const ByteArray<32>& bytes);
// The one encoding below p of a value with limbs below 2^63.
[[nodiscard]] ByteArray<32> to_bytes(const Fe& a);

[[nodiscard]] bool is_zero_var(const Fe& a);
// RFC 9496 section 4.1: the least significant bit of the encoding.
[[nodiscard]] bool is_negative_var(const Fe& a);
[[nodiscard]] bool equal_var(const Fe& a, const Fe& b);

// RFC 9496 section 4.2, SQRT_RATIO_M1(1, v) for tight v: true and the non-negative
// 1/sqrt(v) when v is a non-zero square; false and 1/sqrt(i*v) when it is not, or
// false and 0 when v is zero.
struct InvSqrt {
  bool was_square;
  Fe root;
};
[[nodiscard]] InvSqrt inv_sqrt_var(const Fe& v);
// Both at once, in much less than twice the time.
[[nodiscard]] std::array<InvSqrt, 2> inv_sqrt_pair_var(const Fe& v, const Fe& w);

}  // namespace urna::group
