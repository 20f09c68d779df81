#include "group/ifma.hpp"
#include "group/ifma_field.hpp"

namespace urna::group::ifma {
namespace {

// Two registers' worth side by side: the chain of 250 squarings waits for itself, so a
// second independent chain costs almost nothing.
constexpr int kGroups = 2;
constexpr std::size_t kLanes = 8 * kGroups;

struct Wide {
  Fe8 g[kGroups];
};

template <class F>
[[nodiscard]] inline Wide each(F f) {
  Wide out;
  for (int i = 0; i < kGroups; ++i) out.g[i] = f(i);
  return out;
}
[[nodiscard]] inline Wide mul(const Wide& a, const Wide& b) {
  return each([&](int i) { return mul(a.g[i], b.g[i]); });
}
[[nodiscard]] inline Wide sq(const Wide& a) {
  return each([&](int i) { return sq(a.g[i]); });
}
[[nodiscard]] inline Wide sq_times(Wide a, int n) {
  for (int i = 0; i < n; ++i) a = sq(a);
  return a;
}

// a^((p - 5) / 8) = a^(2^252 - 3).
Wide power_252_3(const Wide& a) {
  const Wide a2 = sq(a);
  const Wide a9 = mul(a, sq_times(a2, 2));
  const Wide a11 = mul(a2, a9);
  const Wide e5 = mul(a9, sq(a11));  // 2^5 - 1
  const Wide e10 = mul(sq_times(e5, 5), e5);
  const Wide e20 = mul(sq_times(e10, 10), e10);
  const Wide e40 = mul(sq_times(e20, 20), e20);
  const Wide e50 = mul(sq_times(e40, 10), e10);
  const Wide e100 = mul(sq_times(e50, 50), e50);
  const Wide e200 = mul(sq_times(e100, 100), e100);
  return mul(sq_times(mul(sq_times(e200, 50), e50), 2), a);
}

// Below p and even: what RFC 9496 section 4.3.1 asks of the bytes themselves.
bool canonical_even(const ByteArray<32>& bytes) {
  if ((bytes[0] & 1) != 0 || bytes[31] > 0x7F) return false;
  bool near_p = bytes[31] == 0x7F;
  for (std::size_t i = 1; i < 31; ++i) near_p = near_p && bytes[i] == 0xFF;
  return !near_p || bytes[0] < 0xED;
}

struct Lanes {
  alignas(64) std::uint64_t limb[5][8];
};

Fe8 load(const Lanes& lanes) {
  Fe8 out;
  for (int i = 0; i < 5; ++i) out.v[i] = _mm512_load_si512(lanes.limb[i]);
  return out;
}

void store(const Fe8& a, Lanes& lanes) {
  for (int i = 0; i < 5; ++i) _mm512_store_si512(lanes.limb[i], a.v[i]);
}

Fe lane(const Lanes& lanes, std::size_t i) {
  return {{lanes.limb[0][i], lanes.limb[1][i], lanes.limb[2][i], lanes.limb[3][i],
           lanes.limb[4][i]}};
}

[[nodiscard]] inline Fe8 negate(const Fe8& a) {
  return carry(sub(splat(kFeZero), a));
}

// |a|: the one of a and -a whose canonical form is even.
[[nodiscard]] inline Fe8 absolute(const Fe8& a) {
  return blend(lanes_odd(canonical(a)), a, negate(a));
}

struct Roots {
  Fe8 root;
  __mmask8 was_square;
};

// The second half of SQRT_RATIO_M1(1, w), RFC 9496 section 4.2.
Roots finish_root(const Fe8& w, const Fe8& candidate) {
  const Fe8 check = canonical(mul(w, sq(candidate)));
  const Fe8 minus_one = canonical(negate(splat(kFeOne)));
  const Fe8 minus_i = canonical(negate(splat(kFeSqrtM1)));
  const __mmask8 correct = lanes_equal(check, splat(kFeOne));
  const __mmask8 flipped = lanes_equal(check, minus_one);
  const __mmask8 flipped_i = lanes_equal(check, minus_i);
  const Fe8 turned = mul(candidate, splat(kFeSqrtM1));
  const Fe8 root = blend(static_cast<__mmask8>(flipped | flipped_i), candidate, turned);
  return {absolute(root), static_cast<__mmask8>(correct | flipped)};
}

// RFC 9496 section 4.3.1 for kLanes encodings that passed canonical_even().
void decode_lanes(const Lanes (&s_in)[kGroups], Extended* points, std::uint8_t* valid) {
  const Fe8 one = splat(kFeOne);
  Wide s, u1, u2, v, w;
  for (int i = 0; i < kGroups; ++i) {
    s.g[i] = load(s_in[i]);
    const Fe8 ss = sq(s.g[i]);
    u1.g[i] = carry(sub(one, ss));
    u2.g[i] = carry(add(one, ss));
    const Fe8 u2_sq = sq(u2.g[i]);
    const Fe8 d_u1 = mul(splat(kFeD), sq(u1.g[i]));
    v.g[i] = carry(sub(carry(sub(splat(kFeZero), d_u1)), u2_sq));
    w.g[i] = mul(v.g[i], u2_sq);
  }
  const Wide w3 = mul(sq(w), w);
  const Wide w7 = mul(sq(w3), w);
  const Wide candidate = mul(w3, power_252_3(w7));
  for (int i = 0; i < kGroups; ++i) {
    const Roots roots = finish_root(w.g[i], candidate.g[i]);
    const Fe8 den_x = mul(roots.root, u2.g[i]);
    const Fe8 den_y = mul(mul(roots.root, den_x), v.g[i]);
    const Fe8 x = absolute(mul(carry(add(s.g[i], s.g[i])), den_x));
    const Fe8 y = mul(u1.g[i], den_y);
    const Fe8 t = mul(x, y);
    const __mmask8 bad = static_cast<__mmask8>(
        static_cast<__mmask8>(~roots.was_square) | lanes_odd(canonical(t)) |
        lanes_equal(canonical(y), splat(kFeZero)));
    Lanes xs, ys, ts;
    store(x, xs);
    store(y, ys);
    store(t, ts);
    for (std::size_t k = 0; k < 8; ++k) {
      const std::size_t at = static_cast<std::size_t>(i) * 8 + k;
      points[at] = {lane(xs, k), lane(ys, k), kFeOne, lane(ts, k)};
      valid[at] = static_cast<std::uint8_t>(1 ^ (bad >> k & 1));
    }
  }
}

}  // namespace

void decode(const ByteArray<32>* encodings, std::size_t size, Extended* points,
            std::uint8_t* valid) {
  static constexpr ByteArray<32> kIdentity{};
  for (std::size_t start = 0; start < size; start += kLanes) {
    const std::size_t count = size - start < kLanes ? size - start : kLanes;
    Lanes s[kGroups];
    bool byte_valid[kLanes];
    for (std::size_t k = 0; k < kLanes; ++k) {
      const ByteArray<32>& bytes = k < count ? encodings[start + k] : kIdentity;
      byte_valid[k] = canonical_even(bytes);
      const Fe limbs = from_bytes(bytes);
      for (std::size_t i = 0; i < 5; ++i) s[k / 8].limb[i][k % 8] = limbs.v[i];
    }
    Extended decoded[kLanes];
    std::uint8_t decoded_valid[kLanes];
    decode_lanes(s, decoded, decoded_valid);
    for (std::size_t k = 0; k < count; ++k) {
      const bool ok = byte_valid[k] && decoded_valid[k] == 1;
      points[start + k] = ok ? decoded[k] : Extended{};
      valid[start + k] = ok ? 1 : 0;
    }
  }
}

}  // namespace urna::group::ifma
