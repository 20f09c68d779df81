#include "group/point.hpp"

#include "group/cpu_path.hpp"
#include "group/errors.hpp"
#include "group/ifma.hpp"
#include "group/sodium_element.hpp"

#include <algorithm>
#include <cassert>

namespace urna::group {
namespace {

// RFC 9496 section 4.3.1 in the two halves around its square root, so that the roots of
// two encodings are taken side by side.
struct HalfDecoded {
  bool canonical;  // a non-negative s below p
  Fe s, u1, u2, v;
  Fe radicand;  // v * u2^2
};

HalfDecoded begin_decoding(const ByteArray<32>& bytes) {
  HalfDecoded half;
  half.s = from_bytes(bytes);
  half.canonical = (bytes[0] & 1) == 0 && to_bytes(half.s) == bytes;
  const Fe ss = sq(half.s);
  half.u1 = sub(kFeOne, ss);
  half.u2 = add(kFeOne, ss);
  const Fe u2_sq = sq(half.u2);
  half.v = carry(sub(neg(mul(kFeD, sq(half.u1))), u2_sq));
  half.radicand = mul(half.v, u2_sq);
  return half;
}

// False when the encoding is refused.
bool finish_decoding(const HalfDecoded& half, const InvSqrt& root, Extended& out) {
  const Fe den_x = mul(root.root, half.u2);
  const Fe den_y = mul(root.root, mul(den_x, half.v));
  out.x = mul(add(half.s, half.s), den_x);
  if (is_negative_var(out.x)) out.x = neg(out.x);
  out.y = mul(half.u1, den_y);
  out.z = kFeOne;
  out.t = mul(out.x, out.y);
  return half.canonical && root.was_square && !is_negative_var(out.t) &&
         !is_zero_var(out.y);
}

bool decode_portable(const ByteArray<32>& bytes, Extended& out) {
  const HalfDecoded half = begin_decoding(bytes);
  return half.canonical && finish_decoding(half, inv_sqrt_var(half.radicand), out);
}

bool decode_batch_portable(std::span<const ByteArray<32>> encodings,
                           std::span<Point> points, std::span<std::uint8_t> valid) {
  bool all = true;
  const auto keep = [&](std::size_t i, bool ok, const Extended& out) {
    points[i] = ok ? Point(out) : Point();
    valid[i] = ok ? 1 : 0;
    all = all && ok;
  };
  std::size_t i = 0;
  for (; i + 1 < encodings.size(); i += 2) {
    const HalfDecoded a = begin_decoding(encodings[i]);
    const HalfDecoded b = begin_decoding(encodings[i + 1]);
    const auto roots = inv_sqrt_pair_var(a.radicand, b.radicand);
    Extended out;
    const bool a_ok = finish_decoding(a, roots[0], out);
    keep(i, a_ok, out);
    const bool b_ok = finish_decoding(b, roots[1], out);
    keep(i + 1, b_ok, out);
  }
  if (i < encodings.size()) {
    Extended out;
    const bool ok = decode_portable(encodings[i], out);
    keep(i, ok, out);
  }
  return all;
}

#ifndef URNA_PORTABLE_ONLY
bool decode_batch_ifma(std::span<const ByteArray<32>> encodings,
                       std::span<Point> points, std::span<std::uint8_t> valid) {
  constexpr std::size_t kChunk = 256;
  Extended decoded[kChunk];
  bool all = true;
  for (std::size_t start = 0; start < encodings.size(); start += kChunk) {
    const std::size_t count = std::min(kChunk, encodings.size() - start);
    ifma::decode(&encodings[start], count, decoded, &valid[start]);
    for (std::size_t i = 0; i < count; ++i) {
      points[start + i] = Point(decoded[i]);
      all = all && valid[start + i] == 1;
    }
  }
  return all;
}
#endif

}  // namespace

Point Point::generator() {
  static const Point g = from_element_var(Element::generator());
  return g;
}

Result<Point> Point::decode_var(ByteView bytes) {
  if (bytes.size() == Element::size) {
    ByteArray<32> fixed;
    std::ranges::copy(bytes, fixed.begin());
    Extended out;
    if (decode_portable(fixed, out)) return Point(out);
  }
  return fail(errors::bad_element,
              "a group element must be 32 bytes that RFC 9496 accepts",
              "reject the message that contains it");
}

Point Point::from_element_var(const Element& e) {
  Extended out;
  const bool valid = decode_portable(e.bytes(), out);
  assert(valid);
  (void)valid;
  return Point(out);
}

// RFC 9496 section 4.3.2.
Element Point::encode_var() const {
  const auto& [x0, y0, z0, t0] = coordinates_;
  const Fe u1 = mul(add(z0, y0), sub(z0, y0));
  const Fe u2 = mul(x0, y0);
  const Fe root = inv_sqrt_var(mul(u1, sq(u2))).root;
  const Fe den1 = mul(root, u1);
  const Fe den2 = mul(root, u2);
  const Fe z_inv = mul(mul(den1, den2), t0);
  const bool rotate = is_negative_var(mul(t0, z_inv));
  const Fe x = rotate ? mul(y0, kFeSqrtM1) : x0;
  Fe y = rotate ? mul(x0, kFeSqrtM1) : y0;
  const Fe den_inv = rotate ? mul(den1, kFeInvSqrtAMinusD) : den2;
  if (is_negative_var(mul(x, z_inv))) y = neg(y);
  Fe s = mul(den_inv, sub(z0, y));
  if (is_negative_var(s)) s = neg(s);
  return SodiumElement::wrap(to_bytes(s));
}

// The identity's coset has x = 0 or y = 0.
bool Point::is_identity_var() const {
  return is_zero_var(coordinates_.x) || is_zero_var(coordinates_.y);
}

Point add_var(const Point& a, const Point& b) {
  return Point(add(a.coordinates(), to_cached(b.coordinates())));
}

Point sub_var(const Point& a, const Point& b) {
  return Point(sub(a.coordinates(), to_cached(b.coordinates())));
}

Point neg_var(const Point& a) {
  return Point(negate(a.coordinates()));
}

Point mul_var(const Scalar& factor, const Point& p) {
  return msm_var({&factor, 1}, {&p, 1});
}

// RFC 9496 section 4.3.3.
bool equal_var(const Point& a, const Point& b) {
  const Extended& p = a.coordinates();
  const Extended& q = b.coordinates();
  return equal_var(mul(p.x, q.y), mul(p.y, q.x)) ||
         equal_var(mul(p.y, q.y), mul(p.x, q.x));
}

bool decode_batch_var(std::span<const ByteArray<32>> encodings, std::span<Point> points,
                      std::span<std::uint8_t> valid) {
  assert(encodings.size() == points.size() && encodings.size() == valid.size());
#ifndef URNA_PORTABLE_ONLY
  if (cpu_path() == CpuPath::avx512_ifma)
    return decode_batch_ifma(encodings, points, valid);
#endif
  return decode_batch_portable(encodings, points, valid);
}

}  // namespace urna::group
