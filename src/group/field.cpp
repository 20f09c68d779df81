#include "group/field.hpp"

#include <cstring>

namespace urna::group {
namespace {

std::uint64_t load64(const std::uint8_t* p) {
  std::uint64_t out;
  std::memcpy(&out, p, sizeof out);
  return out;
}

// Two field elements on which the same operations are done. One chain of squarings is
// bound by latency: every product waits for the carries of the one before. A processor
// that works out of order computes two such chains in little more time than one.
struct FePair {
  Fe a, b;
};

[[gnu::always_inline]] inline FePair mul(const FePair& x, const FePair& y) {
  return {group::mul(x.a, y.a), group::mul(x.b, y.b)};
}

[[gnu::always_inline]] inline FePair sq(const FePair& x) {
  return {group::sq(x.a), group::sq(x.b)};
}

// a^(2^n).
template <class F>
F sq_times(F a, int n) {
  for (int i = 0; i < n; ++i) a = sq(a);
  return a;
}

// a^(2^250 - 1), the common part of the two exponentiations, and a^11.
template <class F>
struct Chain {
  F pow_250;
  F pow_11;
};

template <class F>
Chain<F> power_chain(const F& a) {
  const F a2 = sq(a);
  const F a9 = mul(a, sq_times(a2, 2));
  const F a11 = mul(a2, a9);
  const F e5 = mul(a9, sq(a11));           // 2^5 - 1
  const F e10 = mul(sq_times(e5, 5), e5);  // 2^10 - 1
  const F e20 = mul(sq_times(e10, 10), e10);
  const F e40 = mul(sq_times(e20, 20), e20);
  const F e50 = mul(sq_times(e40, 10), e10);
  const F e100 = mul(sq_times(e50, 50), e50);
  const F e200 = mul(sq_times(e100, 100), e100);
  return {mul(sq_times(e200, 50), e50), a11};
}

// v^3 * (v^7)^((p-5)/8), (p-5)/8 = (2^250 - 1) * 4 + 1.
template <class F>
F root_candidate(const F& v) {
  const F v3 = mul(sq(v), v);
  const F v7 = mul(sq(v3), v);
  return mul(v3, mul(sq_times(power_chain(v7).pow_250, 2), v7));
}

// Times v, the candidate's square is one of the four fourth roots of unity, or zero;
// that decides the case.
InvSqrt choose_root_var(const Fe& v, Fe root) {
  static const ByteArray<32> one = to_bytes(kFeOne);
  static const ByteArray<32> minus_one = to_bytes(neg(kFeOne));
  static const ByteArray<32> minus_i = to_bytes(neg(kFeSqrtM1));
  const ByteArray<32> check = to_bytes(mul(v, sq(root)));
  const bool flipped = check == minus_one;
  if (flipped || check == minus_i) root = mul(root, kFeSqrtM1);
  if (is_negative_var(root)) root = neg(root);
  return {check == one || flipped, root};
}

}  // namespace

// a^(p - 2), p - 2 = (2^250 - 1) * 2^5 + 11.
Fe invert(const Fe& a) {
  const Chain<Fe> chain = power_chain(a);
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

InvSqrt inv_sqrt_var(const Fe& v) {
  return choose_root_var(v, root_candidate(v));
}

std::array<InvSqrt, 2> inv_sqrt_pair_var(const Fe& v, const Fe& w) {
  const FePair candidates = root_candidate(FePair{v, w});
  return {choose_root_var(v, candidates.a), choose_root_var(w, candidates.b)};
}

}  // namespace urna::group
