#include "group/point.hpp"
#include "group/recode.hpp"

#include <cassert>
#include <vector>

namespace urna::group {
namespace {

// Straus: a small table of multiples of each point, shared doublings.
Extended straus(std::span<const std::int32_t> digits, int count, int window,
                std::span<const Point> points) {
  const std::size_t table_size = std::size_t{1} << (window - 1);
  std::vector<Cached> table(points.size() * table_size);
  for (std::size_t i = 0; i < points.size(); ++i) {
    Extended multiple = points[i].coordinates();
    const Cached one = to_cached(multiple);
    table[i * table_size] = one;
    for (std::size_t j = 1; j < table_size; ++j) {
      multiple = add(multiple, one);
      table[i * table_size + j] = to_cached(multiple);
    }
  }
  Extended sum;
  for (int d = count; d-- > 0;) {
    if (d + 1 < count) sum = twice_times(sum, window);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::int32_t digit =
          digits[i * static_cast<std::size_t>(count) + static_cast<std::size_t>(d)];
      const Cached* row = &table[i * table_size];
      if (digit > 0) sum = add(sum, row[digit - 1]);
      if (digit < 0) sum = sub(sum, row[-digit - 1]);
    }
  }
  return sum;
}

// Pippenger: one bucket per digit value, one pass over the points per window.
Extended pippenger(std::span<const std::int32_t> digits, int count, int window,
                   std::span<const Point> points) {
  const std::size_t bucket_count = std::size_t{1} << (window - 1);
  std::vector<Cached> cached(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    cached[i] = to_cached(points[i].coordinates());
  }
  Extended sum;
  std::vector<Extended> buckets;
  for (int d = count; d-- > 0;) {
    buckets.assign(bucket_count, Extended{});
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::int32_t digit =
          digits[i * static_cast<std::size_t>(count) + static_cast<std::size_t>(d)];
      if (digit > 0) {
        Extended& bucket = buckets[static_cast<std::size_t>(digit - 1)];
        bucket = add(bucket, cached[i]);
      } else if (digit < 0) {
        Extended& bucket = buckets[static_cast<std::size_t>(-digit - 1)];
        bucket = sub(bucket, cached[i]);
      }
    }
    Extended running, total;
    for (std::size_t b = bucket_count; b-- > 0;) {
      running = add(running, to_cached(buckets[b]));
      total = add(total, to_cached(running));
    }
    if (d + 1 < count) sum = twice_times(sum, window);
    sum = add(sum, to_cached(total));
  }
  return sum;
}

// From here Pippenger is faster than Straus.
constexpr std::size_t kPippengerFrom = 190;

int pippenger_window(std::size_t n) {
  if (n < 500) return 7;
  if (n < 2000) return 9;
  return 11;
}

template <class GetLimbs>
Point msm(std::size_t n, int bits, GetLimbs limbs, std::span<const Point> points) {
  assert(n == points.size());
  if (n == 0) return Point();
  const bool small = n < kPippengerFrom;
  const int window = small ? 5 : pippenger_window(n);
  const int count = digit_count(bits, window);
  std::vector<std::int32_t> digits(n * static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < n; ++i) {
    const auto value = limbs(i);
    recode_signed(value, window,
                  std::span(digits).subspan(i * static_cast<std::size_t>(count),
                                            static_cast<std::size_t>(count)));
  }
  return Point(small ? straus(digits, count, window, points)
                     : pippenger(digits, count, window, points));
}

}  // namespace

Point msm_var(std::span<const Scalar> scalars, std::span<const Point> points) {
  return msm(
      scalars.size(), 253, [&](std::size_t i) { return scalars[i].limbs(); }, points);
}

Point msm128_var(std::span<const Scalar128> scalars, std::span<const Point> points) {
  return msm(
      scalars.size(), 128,
      [&](std::size_t i) { return Scalar::from_128(scalars[i]).limbs(); }, points);
}

}  // namespace urna::group
