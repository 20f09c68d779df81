#include "group/point.hpp"
#include "group/testing/both_paths.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace urna::group {
namespace {

class Msm : public testing::BothPaths {};
INSTANTIATE_TEST_SUITE_P(Path, Msm,
                         ::testing::Values(CpuPath::portable, CpuPath::avx512_ifma),
                         testing::path_name);

// Points with known logarithms, so that the expected sum costs one product: point i is
// logs[i] * G.
struct Inputs {
  std::vector<Scalar> logs;
  std::vector<Point> points;
};

Scalar random_scalar() {
  ByteArray<64> wide;
  randombytes_buf(wide.data(), wide.size());
  return Scalar::reduce_wide(wide);
}

Scalar128 random_128() {
  Scalar128 out;
  randombytes_buf(out.data(), out.size());
  return out;
}

Inputs random_inputs(std::size_t n) {
  Inputs out;
  for (std::size_t i = 0; i < n; ++i) {
    out.logs.push_back(random_scalar());
    out.points.push_back(Point::from_element_var(base_mul(out.logs.back())));
  }
  return out;
}

Inputs first(const Inputs& all, std::size_t n) {
  const auto count = static_cast<std::ptrdiff_t>(n);
  return {{all.logs.begin(), all.logs.begin() + count},
          {all.points.begin(), all.points.begin() + count}};
}

void expect_sum(const Inputs& in, const std::vector<Scalar>& scalars) {
  EXPECT_EQ(msm_var(scalars, in.points).encode_var(),
            base_mul(inner_product_var(scalars, in.logs)))
      << scalars.size() << " points";
}

void expect_sum_128(const Inputs& in, const std::vector<Scalar128>& scalars) {
  std::vector<Scalar> wide;
  for (const Scalar128& s : scalars) wide.push_back(Scalar::from_128(s));
  EXPECT_EQ(msm128_var(scalars, in.points).encode_var(),
            base_mul(inner_product_var(wide, in.logs)))
      << scalars.size() << " points";
}

TEST_P(Msm, EveryLengthAroundTheSwitches) {
  const Inputs all = random_inputs(4100);
  std::vector<std::size_t> lengths = {188, 189, 190,  191,  192,  255,  256, 257,
                                      499, 500, 1023, 1024, 1999, 2000, 4099};
  for (std::size_t n = 0; n < 70; ++n) lengths.push_back(n);
  for (const std::size_t n : lengths) {
    std::vector<Scalar> scalars;
    std::vector<Scalar128> scalars128;
    for (std::size_t i = 0; i < n; ++i) {
      scalars.push_back(random_scalar());
      scalars128.push_back(random_128());
    }
    expect_sum(first(all, n), scalars);
    expect_sum_128(first(all, n), scalars128);
  }
}

// Scalars that make every digit equal, zero or extreme; one bucket takes everything.
std::vector<Scalar> edge_scalars() {
  std::vector<Scalar> out = {Scalar{}, Scalar::from_u64(1), -Scalar::from_u64(1),
                             -Scalar::from_u64(2), Scalar::from_u64(UINT64_MAX)};
  for (int window = 2; window <= 16; ++window) {
    for (const std::uint64_t digit :
         {std::uint64_t{1}, (std::uint64_t{1} << (window - 1)),
          (std::uint64_t{1} << (window - 1)) - 1, (std::uint64_t{1} << window) - 1}) {
      Scalar sum;
      const Scalar shift = Scalar::from_u64(std::uint64_t{1} << window);
      for (int i = 0; i < 252 / window; ++i)
        sum = sum * shift + Scalar::from_u64(digit);
      out.push_back(sum);
    }
  }
  return out;
}

TEST_P(Msm, EdgeScalarsOnEqualOppositeAndIdentityPoints) {
  for (const std::size_t n : {1UL, 2UL, 5UL, 17UL, 200UL, 600UL, 2100UL}) {
    Inputs in = random_inputs(3);
    Inputs repeated;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t kind = i % 5;
      if (kind == 4) {
        repeated.logs.push_back(Scalar{});
        repeated.points.push_back(Point{});
      } else if (kind == 3) {
        repeated.logs.push_back(-in.logs[0]);
        repeated.points.push_back(neg_var(in.points[0]));
      } else {
        repeated.logs.push_back(in.logs[kind == 2 ? 1 : 0]);
        repeated.points.push_back(in.points[kind == 2 ? 1 : 0]);
      }
    }
    for (const Scalar& edge : edge_scalars()) {
      expect_sum(repeated, std::vector<Scalar>(n, edge));
      Scalar128 low;
      std::copy_n(edge.bytes().begin(), 16, low.begin());
      expect_sum_128(repeated, std::vector<Scalar128>(n, low));
    }
  }
}

// Points whose Z is not 1: results of additions, not of decoding.
TEST_P(Msm, AcceptsPointsInAnyCoordinates) {
  for (const std::size_t n : {1UL, 3UL, 40UL, 300UL, 2500UL}) {
    Inputs in = random_inputs(2);
    Inputs sums;
    Scalar log = in.logs[0];
    Point point = in.points[0];
    std::vector<Scalar> scalars;
    for (std::size_t i = 0; i < n; ++i) {
      log += in.logs[1];
      point = add_var(point, in.points[1]);
      sums.logs.push_back(log);
      sums.points.push_back(point);
      scalars.push_back(random_scalar());
    }
    expect_sum(sums, scalars);
  }
}

// 100,000 points one by one with libsodium, against one multi-scalar product.
TEST_P(Msm, AgreesWithLibsodiumOn100000Points) {
  constexpr std::size_t kBatch = 20'000;
  const Inputs in = random_inputs(256);
  for (std::size_t round = 0; round < 5; ++round) {
    Inputs many;
    std::vector<Scalar> scalars;
    std::vector<Scalar128> scalars128;
    for (std::size_t i = 0; i < kBatch; ++i) {
      many.logs.push_back(in.logs[i % in.logs.size()]);
      many.points.push_back(in.points[i % in.points.size()]);
      scalars.push_back(random_scalar());
      scalars128.push_back(random_128());
    }
    expect_sum(many, scalars);
    expect_sum_128(many, scalars128);
  }
}

}  // namespace
}  // namespace urna::group
