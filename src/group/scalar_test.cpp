#include "group/scalar.hpp"

#include "base/encoding.hpp"
#include "group/errors.hpp"

#include <bit>
#include <random>

#include <gtest/gtest.h>
#include <sodium.h>

namespace urna::group {
namespace {

constexpr std::string_view kOrderHex =
    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

ByteArray<32> order_bytes() {
  return base::array_from_hex<32>(kOrderHex).value();
}

// From a fixed seed, so that a failure repeats. Runs of equal bits are where carries go
// wrong: some words are all 0 or all 1.
ByteArray<64> random_wide() {
  static std::mt19937_64 source(20261124);
  std::array<std::uint64_t, 8> words;
  for (std::uint64_t& word : words) {
    word = source();
    const std::uint64_t kind = source() % 6;
    if (kind < 2) word = kind == 0 ? 0 : UINT64_MAX;
  }
  return std::bit_cast<ByteArray<64>>(words);
}

std::vector<Scalar> edge_scalars() {
  const Scalar one = Scalar::from_u64(1);
  Scalar128 ones;
  ones.fill(255);
  std::vector<Scalar> out = {Scalar{},
                             one,
                             -one,
                             one + one,
                             -(one + one),
                             Scalar::from_u64(UINT64_MAX),
                             Scalar::from_128(ones)};
  Scalar power = one;
  for (int i = 0; i < 252; ++i, power += power) {
    if (i % 51 == 0 || i % 64 == 0 || i == 251) {
      out.push_back(power);
      out.push_back(power - one);
    }
  }
  return out;
}

TEST(Scalar, RefusesTheOrderAndAnythingAbove) {
  ByteArray<32> bytes = order_bytes();
  EXPECT_EQ(Scalar::decode(bytes).error().kind, errors::bad_scalar);
  bytes[0] -= 1;
  EXPECT_EQ(Scalar::decode(bytes).value(), -Scalar::from_u64(1));
  bytes.fill(255);
  EXPECT_FALSE(Scalar::decode(bytes).has_value());
  for (const std::size_t length : {0UL, 31UL, 33UL}) {
    EXPECT_FALSE(Scalar::decode(Bytes(length, 0)).has_value()) << length;
  }
}

TEST(Scalar, EncodesWhatItDecodes) {
  for (int i = 0; i < 1000; ++i) {
    const ByteArray<32> bytes = Scalar::reduce_wide(random_wide()).bytes();
    EXPECT_EQ(Scalar::decode(bytes).value().bytes(), bytes);
  }
}

TEST(Scalar, ReducesHashesLikeLibsodium) {
  for (int i = 0; i < 100'000; ++i) {
    const ByteArray<64> wide = random_wide();
    ByteArray<32> expected;
    crypto_core_ristretto255_scalar_reduce(expected.data(), wide.data());
    ASSERT_EQ(Scalar::reduce_wide(wide).bytes(), expected);
  }
  ByteArray<64> top;
  top.fill(255);
  ByteArray<32> expected;
  crypto_core_ristretto255_scalar_reduce(expected.data(), top.data());
  EXPECT_EQ(Scalar::reduce_wide(top).bytes(), expected);
}

void expect_like_libsodium(const Scalar& a, const Scalar& b) {
  const ByteArray<32> x = a.bytes(), y = b.bytes();
  ByteArray<32> z;
  crypto_core_ristretto255_scalar_add(z.data(), x.data(), y.data());
  ASSERT_EQ((a + b).bytes(), z);
  crypto_core_ristretto255_scalar_sub(z.data(), x.data(), y.data());
  ASSERT_EQ((a - b).bytes(), z);
  crypto_core_ristretto255_scalar_mul(z.data(), x.data(), y.data());
  ASSERT_EQ((a * b).bytes(), z);
  crypto_core_ristretto255_scalar_negate(z.data(), x.data());
  ASSERT_EQ((-a).bytes(), z);
}

TEST(Scalar, ComputesLikeLibsodium) {
  for (const Scalar& a : edge_scalars()) {
    for (const Scalar& b : edge_scalars()) expect_like_libsodium(a, b);
  }
  for (int i = 0; i < 100'000; ++i) {
    expect_like_libsodium(Scalar::reduce_wide(random_wide()),
                          Scalar::reduce_wide(random_wide()));
  }
}

TEST(Scalar, WeightTimesScalarIsTheFullProduct) {
  Scalar128 edge{};
  for (const std::uint8_t fill : ByteArray<4>{0x00, 0x01, 0x80, 0xFF}) {
    for (const Scalar& b : edge_scalars()) {
      edge.fill(fill);
      EXPECT_EQ(mul128_var(edge, b), Scalar::from_128(edge) * b);
      edge.fill(0);
      edge[15] = fill;
      EXPECT_EQ(mul128_var(edge, b), Scalar::from_128(edge) * b);
    }
  }
  for (int i = 0; i < 100'000; ++i) {
    const ByteArray<64> wide = random_wide();
    Scalar128 weight;
    std::copy_n(wide.begin(), 16, weight.begin());
    const Scalar b = Scalar::reduce_wide(random_wide());
    ASSERT_EQ(mul128_var(weight, b), Scalar::from_128(weight) * b);
  }
}

TEST(Scalar, InvertsOneByOneAndTogether) {
  std::vector<Scalar> values;
  for (const Scalar& a : edge_scalars()) {
    if (!a.is_zero()) values.push_back(a);
  }
  std::vector<Scalar> inverses = values;
  ASSERT_TRUE(invert_batch_var(inverses).has_value());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(values[i] * inverses[i], Scalar::from_u64(1));
    EXPECT_EQ(values[i].invert_var().value(), inverses[i]);
  }
  EXPECT_EQ(Scalar{}.invert_var().error().kind, errors::no_inverse);
  std::vector<Scalar> with_zero = {Scalar::from_u64(3), Scalar{}, Scalar::from_u64(5)};
  const std::vector<Scalar> before = with_zero;
  EXPECT_FALSE(invert_batch_var(with_zero).has_value());
  EXPECT_EQ(with_zero, before);
  EXPECT_TRUE(invert_batch_var({}).has_value());
}

TEST(Scalar, InnerProductIsTheSumOfProducts) {
  for (const std::size_t n : {0UL, 1UL, 2UL, 7UL, 8UL, 9UL, 100UL, 1000UL}) {
    std::vector<Scalar> a, b;
    Scalar expected;
    for (std::size_t i = 0; i < n; ++i) {
      a.push_back(i % 3 == 0 ? -Scalar::from_u64(1)
                             : Scalar::reduce_wide(random_wide()));
      b.push_back(i % 3 == 0 ? -Scalar::from_u64(1)
                             : Scalar::reduce_wide(random_wide()));
      expected += a[i] * b[i];
    }
    EXPECT_EQ(inner_product_var(a, b), expected);
  }
}

}  // namespace
}  // namespace urna::group
