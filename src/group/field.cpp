#include "group/field.hpp"

#include <cstring>

namespace urna::group {
namespace {

std::uint64_t load64(const std::uint8_t* p) {
  std::uint64_t out;
  std::memcpy(&out, p, sizeof out);
  return out;
}

// a^(2^250 - 1), the common part of the two exponentiations, and a^11.
struct Chain {
  Fe pow_250;
  Fe pow_11;
};

Chain power_chain(const Fe& a) {
  const Fe a2 = sq(a);
  const Fe a9 = mul(a, sq_times(a2, 2));
  const Fe a11 = mul(a2, a9);
  const Fe e5 = mul(a9, sq(a11));           // 2^5 - 1
  const Fe e10 = mul(sq_times(e5, 5), e5);  // 2^10 - 1
  const Fe e20 = mul(sq_times(e10, 10), e10);
  const Fe e40 = mul(sq_times(e20, 20), e20);
  const Fe e50 = mul(sq_times(e40, 10), e10);
  const Fe e100 = mul(sq_times(e50, 50), e50);
  const Fe e200 = mul(sq_times(e100, 100), e100);
  return {mul(sq_times(e200, 50), e50), a11};
}

}  // namespace

Fe sq_times(Fe a, int n) {
  for (int i = 0; i < n; ++i) a = sq(a);
  return a;
}

// a^(p - 2), p - 2 = (2^250 - 1) * 2^5 + 11.
Fe invert(const Fe& a) {
  const Chain chain = power_chain(a);
  return mul(sq_times(chain.pow_250, 5), chain.pow_11);
}

Fe from_bytes(const ByteArray<32>& bytes) {
  const std::uint64_t w0 = load64(&bytes[0]), w1 = load64(&bytes[8]),
                      w2 = load64(&bytes[16]), w3 = load64(&bytes[24]);
  return {{w0 & kMask51, (w0 >> 51 | w1 << 13) & kMask51,
           (w1 >> 38 | w2 << 26) & kMask51, (w2 >> 25 | w3 << 39) & kMask51,
           (w3 >> 12) & kMask51}};
}

ByteArray<32> to_bytes(const Fe& a) {
  Fe t = carry(carry(a));
  // t is below 2p: it is at least p exactly when t + 19 reaches bit 255.
  std::uint64_t q = (t.v[0] + 19) >> 51;
  for (std::size_t i = 1; i < 5; ++i) q = (t.v[i] + q) >> 51;
  t.v[0] += 19 * q;
  for (std::size_t i = 0; i < 4; ++i) {
    t.v[i + 1] += t.v[i] >> 51;
    t.v[i] &= kMask51;
  }
  t.v[4] &= kMask51;
  const std::uint64_t words[4] = {t.v[0] | t.v[1] << 51, t.v[1] >> 13 | t.v[2] << 38,
                                  t.v[2] >> 26 | t.v[3] << 25,
                                  t.v[3] >> 39 | t.v[4] << 12};
  ByteArray<32> out;
  std::memcpy(out.data(), words, out.size());
  return out;
}

bool is_zero_var(const Fe& a) {
  return to_bytes(a) == ByteArray<32>{};
}

bool is_negative_var(const Fe& a) {
  return (to_bytes(a)[0] & 1) != 0;
}

bool equal_var(const Fe& a, const Fe& b) {
  return to_bytes(a) == to_bytes(b);
}

// The candidate is v^3 * (v^7)^((p-5)/8), (p-5)/8 = (2^250 - 1) * 4 + 1; times v its
// square is one of the four fourth roots of unity, which decides the case.
InvSqrt inv_sqrt_var(const Fe& v) {
  const Fe v3 = mul(sq(v), v);
  const Fe v7 = mul(sq(v3), v);
  Fe root = mul(v3, mul(sq_times(power_chain(v7).pow_250, 2), v7));
  const Fe check = mul(v, sq(root));
  const bool correct = equal_var(check, kFeOne);
  const bool flipped = equal_var(check, neg(kFeOne));
  const bool flipped_i = equal_var(check, neg(kFeSqrtM1));
  if (flipped || flipped_i) root = mul(root, kFeSqrtM1);
  if (is_negative_var(root)) root = neg(root);
  return {correct || flipped, root};
}

}  // namespace urna::group
