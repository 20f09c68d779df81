// Point arithmetic on -x^2 + y^2 = 1 + d x^2 y^2 over the field of group/field.hpp:
// the extended coordinates of Hisil, Wong, Carter and Dawson, "Twisted Edwards Curves
// Revisited" (2008), section 3.1, with cached second operands.
//
// Used inside src/group only, on public data. The formulas are complete: any two
// points, equal, opposite or the identity, add correctly. Thread rule: plain values.
// Every coordinate that a function returns is tight (group/field.hpp).
#pragma once

#include "group/field.hpp"

namespace urna::group {

// x = X/Z, y = Y/Z, xy = T/Z.
struct Extended {
  Fe x = kFeZero, y = kFeOne, z = kFeOne, t = kFeZero;
};

// A point ready to be added: Y + X, Y - X, Z, 2dT.
struct Cached {
  Fe y_plus_x = kFeOne, y_minus_x = kFeOne, z = kFeOne, t2d = kFeZero;
};

// The same for Z = 1.
struct AffineCached {
  Fe y_plus_x = kFeOne, y_minus_x = kFeOne, t2d = kFeZero;
};

[[nodiscard]] inline Cached to_cached(const Extended& p) {
  return {carry(add(p.y, p.x)), carry(sub(p.y, p.x)), p.z, mul(p.t, kFe2D)};
}

[[nodiscard]] inline Cached negate(const Cached& p) {
  return {p.y_minus_x, p.y_plus_x, p.z, neg(p.t2d)};
}

[[nodiscard]] inline AffineCached negate(const AffineCached& p) {
  return {p.y_minus_x, p.y_plus_x, neg(p.t2d)};
}

[[nodiscard]] inline Extended negate(const Extended& p) {
  return {neg(p.x), p.y, p.z, neg(p.t)};
}

namespace detail {

// The second half of every formula: E, F, G, H to X, Y, Z, T.
[[nodiscard]] inline Extended finish(const Fe& e, const Fe& f, const Fe& g,
                                     const Fe& h) {
  return {mul(e, f), mul(g, h), mul(f, g), mul(e, h)};
}

}  // namespace detail

// p + q: 8 products.
[[nodiscard]] inline Extended add(const Extended& p, const Cached& q) {
  const Fe a = mul(sub(p.y, p.x), q.y_minus_x);
  const Fe b = mul(add(p.y, p.x), q.y_plus_x);
  const Fe c = mul(p.t, q.t2d);
  const Fe zz = mul(p.z, q.z);
  const Fe d = add(zz, zz);
  return detail::finish(sub(b, a), sub(d, c), add(d, c), add(b, a));
}

// p - q, without building -q.
[[nodiscard]] inline Extended sub(const Extended& p, const Cached& q) {
  const Fe a = mul(sub(p.y, p.x), q.y_plus_x);
  const Fe b = mul(add(p.y, p.x), q.y_minus_x);
  const Fe c = mul(p.t, q.t2d);
  const Fe zz = mul(p.z, q.z);
  const Fe d = add(zz, zz);
  return detail::finish(sub(b, a), add(d, c), sub(d, c), add(b, a));
}

// p + q for q with Z = 1: 7 products.
[[nodiscard]] inline Extended add(const Extended& p, const AffineCached& q) {
  const Fe a = mul(sub(p.y, p.x), q.y_minus_x);
  const Fe b = mul(add(p.y, p.x), q.y_plus_x);
  const Fe c = mul(p.t, q.t2d);
  const Fe d = add(p.z, p.z);
  return detail::finish(sub(b, a), sub(d, c), add(d, c), add(b, a));
}

[[nodiscard]] inline Extended sub(const Extended& p, const AffineCached& q) {
  const Fe a = mul(sub(p.y, p.x), q.y_plus_x);
  const Fe b = mul(add(p.y, p.x), q.y_minus_x);
  const Fe c = mul(p.t, q.t2d);
  const Fe d = add(p.z, p.z);
  return detail::finish(sub(b, a), add(d, c), sub(d, c), add(b, a));
}

// 2p: 4 squarings and 4 products (dbl-2008-hwcd with a = -1).
[[nodiscard]] inline Extended twice(const Extended& p) {
  const Fe a = sq(p.x);
  const Fe b = sq(p.y);
  const Fe zz = sq(p.z);
  const Fe s = sq(add(p.x, p.y));
  const Fe h = carry(add(a, b));
  const Fe e = sub(h, s);
  const Fe g = carry(sub(a, b));
  const Fe f = carry(add(add(zz, zz), g));
  return detail::finish(e, f, g, h);
}

[[nodiscard]] inline Extended twice_times(Extended p, int n) {
  for (int i = 0; i < n; ++i) p = twice(p);
  return p;
}

}  // namespace urna::group
