// What surrounds the vector code of a Pippenger window and needs no vectors: sorting
// the points by bucket, and adding up the eight lanes at the end. Compiled for every
// CPU (see ifma.hpp).
#include "group/ifma.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace urna::group::ifma {
namespace {

struct Sorted {
  std::vector<std::uint32_t> begin;
  std::vector<std::uint32_t> entries;
  std::vector<std::uint32_t> order;
};

Sorted sort_by_bucket(std::span<const std::int16_t> digits, std::size_t bucket_count) {
  Sorted out;
  // Slot v + 1 counts the digits of absolute value v; zeros need no bucket.
  std::vector<std::uint32_t> begin(bucket_count + 2, 0);
  for (const int digit : digits) ++begin[static_cast<std::size_t>(std::abs(digit)) + 1];
  begin[1] = 0;
  for (std::size_t v = 2; v < begin.size(); ++v) begin[v] += begin[v - 1];
  out.begin.assign(begin.begin() + 1, begin.end());
  out.entries.resize(begin.back());
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[i];
    if (digit == 0) continue;
    const auto value = static_cast<std::size_t>(std::abs(digit));
    out.entries[begin[value]++] =
        static_cast<std::uint32_t>(i) | (digit < 0 ? kSignBit : 0);
  }
  out.order.resize(bucket_count);
  for (std::size_t b = 0; b < bucket_count; ++b) {
    out.order[b] = static_cast<std::uint32_t>(b);
  }
  const auto size = [&](std::uint32_t b) { return out.begin[b + 1] - out.begin[b]; };
  std::ranges::sort(out.order, [&](std::uint32_t a, std::uint32_t b) {
    return size(a) != size(b) ? size(a) > size(b) : a < b;
  });
  return out;
}

Extended to_extended(const Bucket& bucket) {
  Extended out;
  Fe* parts[4] = {&out.x, &out.y, &out.z, &out.t};
  for (std::size_t word = 0; word < 20; ++word) {
    parts[word / 5]->v[word % 5] = bucket.words[word];
  }
  return out;
}

}  // namespace

PackedPoint pack(const AffineCached& p) {
  PackedPoint out;
  const Fe* parts[3] = {&p.y_plus_x, &p.y_minus_x, &p.t2d};
  for (std::size_t word = 0; word < 15; ++word) {
    out.words[word] = parts[word / 5]->v[word % 5];
  }
  out.words[15] = 0;
  return out;
}

// Lane j's buckets weigh j * segment more than their position in the lane says.
Extended window_sum(std::span<const PackedPoint> points,
                    std::span<const std::int16_t> digits, std::size_t bucket_count) {
  const Sorted sorted = sort_by_bucket(digits, bucket_count);
  std::vector<Bucket> buckets(bucket_count);
  sum_buckets(points.data(),
              {sorted.begin.data(), sorted.entries.data(), sorted.order.data(),
               bucket_count, static_cast<std::uint32_t>(digits.size())},
              buckets.data());
  Bucket running[8];
  Bucket total[8];
  weigh(buckets.data(), bucket_count, running, total);
  Extended suffix;
  Extended sum;
  for (std::size_t j = 7; j > 0; --j) {
    suffix = add(suffix, to_cached(to_extended(running[j])));
    sum = add(sum, to_cached(suffix));
  }
  for (std::size_t m = bucket_count / 8; m > 1; m /= 2) sum = twice(sum);
  for (const Bucket& part : total) sum = add(sum, to_cached(to_extended(part)));
  return sum;
}

}  // namespace urna::group::ifma
