// Pippenger's buckets, eight at a time. The points of a window are sorted by bucket
// first; then each lane walks the list of its own bucket, so that no two lanes ever
// write to one place and the running sums stay in registers. Buckets of similar size
// walk together: lanes that are done add the identity.
#include "group/ifma.hpp"
#include "group/ifma_field.hpp"

namespace urna::group::ifma {
namespace {

struct Extended8 {
  Fe8 x, y, z, t;
};

struct Affine8 {
  Fe8 y_plus_x, y_minus_x, t2d;
};

[[nodiscard]] Extended8 identity8() {
  return {splat(kFeZero), splat(kFeOne), splat(kFeOne), splat(kFeZero)};
}

// Eight packed points, one a lane.
[[nodiscard]] inline Affine8 gather(const PackedPoint* points,
                                    const std::uint32_t (&index)[8]) {
  __m512i first[8];
  __m512i second[8];
  for (int k = 0; k < 8; ++k) {
    const PackedPoint& p = points[index[k] & ~kSignBit];
    first[k] = _mm512_load_si512(p.words);
    second[k] = _mm512_load_si512(p.words + 8);
  }
  transpose(first);
  transpose(second);
  return {{{first[0], first[1], first[2], first[3], first[4]}},
          {{first[5], first[6], first[7], second[0], second[1]}},
          {{second[2], second[3], second[4], second[5], second[6]}}};
}

// p + q, or p - q in the lanes of `minus`: subtracting swaps Y + X with Y - X and
// changes the sign of 2dT, which swaps F with G. 7 products.
[[nodiscard]] inline Extended8 add(const Extended8& p, const Affine8& q,
                                   __mmask8 minus) {
  const Fe8 a = mul(carry(sub(p.y, p.x)), blend(minus, q.y_minus_x, q.y_plus_x));
  const Fe8 b = mul(carry(add(p.y, p.x)), blend(minus, q.y_plus_x, q.y_minus_x));
  const Fe8 c = mul(p.t, q.t2d);
  const Fe8 d = add(p.z, p.z);
  const Fe8 e = carry(sub(b, a));
  const Fe8 h = carry(add(b, a));
  const Fe8 difference = carry(sub(d, c));
  const Fe8 sum = carry(add(d, c));
  const Fe8 f = blend(minus, difference, sum);
  const Fe8 g = blend(minus, sum, difference);
  return {mul(e, f), mul(g, h), mul(f, g), mul(e, h)};
}

// p + q for any two points: 9 products.
[[nodiscard]] inline Extended8 add(const Extended8& p, const Extended8& q) {
  const Fe8 a = mul(carry(sub(p.y, p.x)), carry(sub(q.y, q.x)));
  const Fe8 b = mul(carry(add(p.y, p.x)), carry(add(q.y, q.x)));
  const Fe8 c = mul(mul(p.t, splat(kFe2D)), q.t);
  const Fe8 zz = mul(p.z, q.z);
  const Fe8 d = add(zz, zz);
  const Fe8 e = carry(sub(b, a));
  const Fe8 f = carry(sub(d, c));
  const Fe8 g = carry(add(d, c));
  const Fe8 h = carry(add(b, a));
  return {mul(e, f), mul(g, h), mul(f, g), mul(e, h)};
}

using Rows = __m512i[3][8];

void to_rows(const Extended8& p, Rows& rows) {
  const Fe8* parts[4] = {&p.x, &p.y, &p.z, &p.t};
  for (int word = 0; word < 24; ++word) {
    rows[word / 8][word % 8] =
        word < 20 ? parts[word / 5]->v[word % 5] : _mm512_setzero_si512();
  }
  for (auto& part : rows) transpose(part);
}

[[nodiscard]] Extended8 from_rows(Rows& rows) {
  for (auto& part : rows) transpose(part);
  Extended8 out;
  Fe8* parts[4] = {&out.x, &out.y, &out.z, &out.t};
  for (int word = 0; word < 20; ++word) {
    parts[word / 5]->v[word % 5] = rows[word / 8][word % 8];
  }
  return out;
}

// Eight buckets side by side.
Extended8 sum_eight(const PackedPoint* points, const SortedDigits& sorted,
                    const std::uint32_t* buckets) {
  std::uint32_t at[8];
  std::uint32_t end[8];
  std::uint32_t longest = 0;
  for (int k = 0; k < 8; ++k) {
    at[k] = sorted.begin[buckets[k]];
    end[k] = sorted.begin[buckets[k] + 1];
    longest = end[k] - at[k] > longest ? end[k] - at[k] : longest;
  }
  constexpr std::uint32_t kAhead = 2;
  Extended8 sum = identity8();
  for (std::uint32_t step = 0; step < longest; ++step) {
    std::uint32_t index[8];
    unsigned minus = 0;
    for (int k = 0; k < 8; ++k) {
      const std::uint32_t next = at[k] + step;
      index[k] = next < end[k] ? sorted.entries[next] : sorted.identity;
      minus |= (index[k] >> 31) << k;
      if (next + kAhead < end[k]) {
        const auto* soon = &points[sorted.entries[next + kAhead] & ~kSignBit];
        _mm_prefetch(reinterpret_cast<const char*>(soon), _MM_HINT_T0);
        _mm_prefetch(reinterpret_cast<const char*>(soon) + 64, _MM_HINT_T0);
      }
    }
    sum = add(sum, gather(points, index), static_cast<__mmask8>(minus));
  }
  return sum;
}

void store(const Extended8& p, Bucket* const (&to)[8]) {
  Rows rows;
  to_rows(p, rows);
  for (int k = 0; k < 8; ++k) {
    for (int part = 0; part < 3; ++part) {
      _mm512_store_si512(to[k]->words + 8 * part, rows[part][k]);
    }
  }
}

}  // namespace

void sum_buckets(const PackedPoint* points, const SortedDigits& sorted,
                 Bucket* buckets) {
  for (std::size_t group = 0; group < sorted.bucket_count; group += 8) {
    const std::uint32_t* eight = sorted.order + group;
    Bucket* to[8];
    for (int k = 0; k < 8; ++k) to[k] = &buckets[eight[k]];
    store(sum_eight(points, sorted, eight), to);
  }
}

void weigh(const Bucket* buckets, std::size_t bucket_count, Bucket (&running_out)[8],
           Bucket (&total_out)[8]) {
  const std::size_t segment = bucket_count / 8;
  Extended8 running = identity8();
  Extended8 total = identity8();
  for (std::size_t i = segment; i-- > 0;) {
    Rows rows;
    for (std::size_t k = 0; k < 8; ++k) {
      for (int part = 0; part < 3; ++part) {
        rows[part][k] = _mm512_load_si512(buckets[k * segment + i].words + 8 * part);
      }
    }
    running = add(running, from_rows(rows));
    total = add(total, running);
  }
  Bucket* to[8];
  for (int k = 0; k < 8; ++k) to[k] = &running_out[k];
  store(running, to);
  for (int k = 0; k < 8; ++k) to[k] = &total_out[k];
  store(total, to);
}

}  // namespace urna::group::ifma
