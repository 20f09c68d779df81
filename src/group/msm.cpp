// Multi-scalar multiplication: Straus for few points, Pippenger for many. The scalars
// become signed digits; for many points the digits of one window are summed by bucket,
// portable or eight buckets at a time.
#include "group/cpu_path.hpp"
#include "group/ifma.hpp"
#include "group/point.hpp"
#include "group/recode.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

namespace urna::group {
namespace {

// The digits of all scalars, one window after another: digits[d * n + i].
struct Digits {
  std::size_t n;
  int window;
  int count;
  std::vector<std::int16_t> values;

  [[nodiscard]] std::span<const std::int16_t> of_window(int d) const {
    return std::span(values).subspan(static_cast<std::size_t>(d) * n, n);
  }
};

template <class GetLimbs>
Digits recode_all(std::size_t n, int bits, int window, GetLimbs limbs) {
  Digits out{n, window, digit_count(bits, window), {}};
  const auto count = static_cast<std::size_t>(out.count);
  out.values.resize(n * count);
  std::vector<std::int32_t> row(count);
  for (std::size_t i = 0; i < n; ++i) {
    const auto value = limbs(i);
    recode_signed(value, window, row);
    for (std::size_t d = 0; d < count; ++d) {
      out.values[d * n + i] = static_cast<std::int16_t>(row[d]);
    }
  }
  return out;
}

bool is_affine(const Extended& p) {
  return p.z.v == kFeOne.v;
}

// Points ready for mixed addition. Decoded points have Z = 1 already; for the others
// one inversion serves all (Montgomery's trick).
std::vector<AffineCached> to_affine(std::span<const Point> points) {
  std::vector<std::size_t> projective;
  std::vector<Fe> products;
  Fe product = kFeOne;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (is_affine(points[i].coordinates())) continue;
    projective.push_back(i);
    products.push_back(product);
    product = mul(product, points[i].coordinates().z);
  }
  std::vector<Fe> inverses(projective.size());
  Fe inverse = projective.empty() ? kFeOne : invert(product);
  for (std::size_t k = projective.size(); k-- > 0;) {
    inverses[k] = mul(inverse, products[k]);
    inverse = mul(inverse, points[projective[k]].coordinates().z);
  }
  std::vector<AffineCached> out(points.size());
  std::size_t k = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Extended& p = points[i].coordinates();
    Fe x = p.x;
    Fe y = p.y;
    if (k < projective.size() && projective[k] == i) {
      x = mul(p.x, inverses[k]);
      y = mul(p.y, inverses[k]);
      ++k;
    }
    // The vector path needs limbs below 2^51 + 2^15, which two carries give.
    out[i] = {carry(carry(add(y, x))), carry(carry(sub(y, x))),
              carry(mul(mul(x, y), kFe2D))};
  }
  return out;
}

// Straus: a small table of multiples of each point, shared doublings.
Extended straus(const Digits& digits, std::span<const Point> points) {
  const std::size_t table_size = std::size_t{1} << (digits.window - 1);
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
  for (int d = digits.count; d-- > 0;) {
    if (d + 1 < digits.count) sum = twice_times(sum, digits.window);
    const auto row = digits.of_window(d);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Cached* multiples = &table[i * table_size];
      if (row[i] > 0) sum = add(sum, multiples[row[i] - 1]);
      if (row[i] < 0) sum = sub(sum, multiples[-row[i] - 1]);
    }
  }
  return sum;
}

// sum of (b + 1) * bucket b for one window.
Extended window_sum_portable(std::span<const AffineCached> points,
                             std::span<const std::int16_t> digits,
                             std::size_t bucket_count) {
  std::vector<Extended> buckets(bucket_count);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const int digit = digits[i];
    if (digit > 0) {
      Extended& bucket = buckets[static_cast<std::size_t>(digit - 1)];
      bucket = add(bucket, points[i]);
    } else if (digit < 0) {
      Extended& bucket = buckets[static_cast<std::size_t>(-digit - 1)];
      bucket = sub(bucket, points[i]);
    }
  }
  Extended running;
  Extended total;
  for (std::size_t b = bucket_count; b-- > 0;) {
    running = add(running, to_cached(buckets[b]));
    total = add(total, to_cached(running));
  }
  return total;
}

// Adds up the windows, most significant first.
template <class WindowSum>
Extended add_windows(const Digits& digits, WindowSum window_sum) {
  Extended sum;
  for (int d = digits.count; d-- > 0;) {
    if (d + 1 < digits.count) sum = twice_times(sum, digits.window);
    sum = add(sum, to_cached(window_sum(digits.of_window(d))));
  }
  return sum;
}

Extended pippenger(const Digits& digits, std::span<const Point> points) {
  const std::size_t bucket_count = std::size_t{1} << (digits.window - 1);
  const std::vector<AffineCached> affine = to_affine(points);
  if (cpu_path() == CpuPath::portable) {
    return add_windows(digits, [&](std::span<const std::int16_t> row) {
      return window_sum_portable(affine, row, bucket_count);
    });
  }
#ifndef URNA_PORTABLE_ONLY
  std::vector<ifma::PackedPoint> packed(points.size() + 1);
  for (std::size_t i = 0; i < affine.size(); ++i) packed[i] = ifma::pack(affine[i]);
  packed.back() = ifma::pack(AffineCached{});
  return add_windows(digits, [&](std::span<const std::int16_t> row) {
    return ifma::window_sum(packed, row, bucket_count);
  });
#else
  return {};
#endif
}

// From here Pippenger is faster than Straus (measured on both paths).
constexpr std::size_t kPippengerFrom = 190;

// The window that costs least: every point costs one addition a window, every bucket
// two, which the vector path makes relatively dearer.
int pippenger_window(std::size_t n, int bits) {
  const double bucket_cost = cpu_path() == CpuPath::portable ? 2.4 : 1.8;
  int best = 4;
  double best_cost = 1e300;
  for (int window = 4; window <= 14; ++window) {
    const double buckets = static_cast<double>(1 << (window - 1));
    const double cost =
        digit_count(bits, window) * (static_cast<double>(n) + bucket_cost * buckets);
    if (cost < best_cost) {
      best = window;
      best_cost = cost;
    }
  }
  return best;
}

template <class GetLimbs>
Point msm(std::size_t n, int bits, GetLimbs limbs, std::span<const Point> points) {
  assert(n == points.size());
  if (n == 0) return Point();
  if (n < kPippengerFrom) {
    return Point(straus(recode_all(n, bits, 5, limbs), points));
  }
  const Digits digits = recode_all(n, bits, pippenger_window(n, bits), limbs);
  return Point(pippenger(digits, points));
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
