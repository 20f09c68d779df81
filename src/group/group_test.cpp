#include "base/encoding.hpp"
#include "group/concept.hpp"
#include "group/point.hpp"
#include "group/testing/toy_group.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace urna::group {
namespace {

Scalar random_scalar() {
  return SecretScalar::random().declassify();
}

Element random_element() {
  return base_mul(SecretScalar::random());
}

TEST(Point, AgreesWithLibsodiumOnRandomInput) {
  for (int i = 0; i < 300; ++i) {
    const Element a = random_element();
    const Element b = random_element();
    const Scalar s = random_scalar();
    const Point p = Point::from_element_var(a);
    const Point q = Point::from_element_var(b);
    EXPECT_EQ(p.encode_var(), a);
    EXPECT_EQ(add_var(p, q).encode_var(), a + b);
    EXPECT_EQ(sub_var(p, q).encode_var(), a - b);
    EXPECT_EQ(mul_var(s, p).encode_var(), mul(s, a));
  }
}

TEST(Scalar, AgreesWithLibsodium) {
  for (int i = 0; i < 2000; ++i) {
    const SecretScalar a = SecretScalar::random();
    const SecretScalar b = SecretScalar::random();
    const Scalar x = a.declassify();
    const Scalar y = b.declassify();
    EXPECT_EQ(x + y, (a + b).declassify());
    EXPECT_EQ(x - y, (a - b).declassify());
    EXPECT_EQ(x * y, (a * b).declassify());
    EXPECT_EQ(x * x.invert_var().value(), Scalar::from_u64(1));
  }
}

TEST(Msm, AgreesWithLibsodiumAroundTheSwitch) {
  for (const std::size_t n : {0UL, 1UL, 2UL, 17UL, 189UL, 190UL, 191UL, 600UL}) {
    std::vector<Scalar> scalars;
    std::vector<Point> points;
    Element expected;
    for (std::size_t i = 0; i < n; ++i) {
      const Element e = random_element();
      scalars.push_back(random_scalar());
      points.push_back(Point::from_element_var(e));
      expected += mul(scalars.back(), e);
    }
    EXPECT_EQ(msm_var(scalars, points).encode_var(), expected) << n;
  }
}

}  // namespace
}  // namespace urna::group
