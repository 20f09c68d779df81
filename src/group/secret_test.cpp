#include "group/secret.hpp"

#include "group/errors.hpp"

#include <cstring>
#include <sstream>
#include <type_traits>

#include <gtest/gtest.h>
#include <sodium.h>

namespace urna::group {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!std::is_copy_constructible_v<SecretScalar>);
static_assert(!std::is_copy_assignable_v<SecretScalar>);
static_assert(!Printable<SecretScalar>);

TEST(SecretScalar, ComputesLikePublicScalars) {
  for (int i = 0; i < 200; ++i) {
    const SecretScalar a = SecretScalar::random();
    const SecretScalar b = i == 0 ? SecretScalar::from_u64(0) : SecretScalar::random();
    const Scalar x = a.declassify(), y = b.declassify();
    EXPECT_EQ((a + b).declassify(), x + y);
    EXPECT_EQ((a - b).declassify(), x - y);
    EXPECT_EQ((a * b).declassify(), x * y);
    EXPECT_EQ((x * b).declassify(), x * y);
    EXPECT_EQ((-b).declassify(), -y);
    EXPECT_EQ(base_mul(b), base_mul(y));
    const Element e = base_mul(a);
    EXPECT_EQ(mul(b, e), base_mul(x * y));
  }
}

TEST(SecretScalar, DecodesOnlyCanonicalBytes) {
  const SecretScalar a = SecretScalar::random();
  EXPECT_EQ(SecretScalar::decode(a.secret_bytes()).value().declassify(),
            a.declassify());
  ByteArray<32> big;
  big.fill(255);
  EXPECT_EQ(SecretScalar::decode(big).error().kind, errors::bad_scalar);
  ByteArray<32> order = (-Scalar::from_u64(1)).bytes();
  order[0] += 1;
  EXPECT_FALSE(SecretScalar::decode(order).has_value());
  EXPECT_FALSE(SecretScalar::decode(Bytes(31, 0)).has_value());
}

TEST(SecretScalar, ReducesWideBytesLikeScalar) {
  ByteArray<64> wide;
  wide.fill(255);
  EXPECT_EQ(SecretScalar::from_wide(wide).declassify(), Scalar::reduce_wide(wide));
}

TEST(SecretScalar, SelectTakesTheOneAskedFor) {
  const SecretScalar a = SecretScalar::random(), b = SecretScalar::random();
  EXPECT_EQ(SecretScalar::select(0, a, b).declassify(), a.declassify());
  EXPECT_EQ(SecretScalar::select(1, a, b).declassify(), b.declassify());
  const Element e = base_mul(a), f = base_mul(b);
  EXPECT_EQ(select(0, e, f), e);
  EXPECT_EQ(select(1, e, f), f);
}

TEST(SecretScalar, MovingLeavesNothingBehind) {
  SecretScalar a = SecretScalar::random();
  const Scalar value = a.declassify();
  SecretScalar b = std::move(a);
  EXPECT_TRUE(a.declassify().is_zero());
  EXPECT_EQ(b.declassify(), value);
  SecretScalar c = SecretScalar::random();
  c = std::move(b);
  EXPECT_TRUE(b.declassify().is_zero());
  EXPECT_EQ(c.declassify(), value);
}

TEST(SecretScalar, DyingWipesTheBytes) {
  alignas(SecretScalar) ByteArray<sizeof(SecretScalar)> storage;
  auto* secret = new (storage.data()) SecretScalar(SecretScalar::random());
  secret->~SecretScalar();
  EXPECT_TRUE(sodium_is_zero(storage.data(), storage.size()));
}

TEST(SecretScalar, NoTwoDrawsAreEqual) {
  EXPECT_NE(SecretScalar::random().declassify(), SecretScalar::random().declassify());
}

}  // namespace
}  // namespace urna::group
