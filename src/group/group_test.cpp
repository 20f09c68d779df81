// Our arithmetic against libsodium's, on both CPU paths.
#include "base/encoding.hpp"
#include "group/concept.hpp"
#include "group/cpu_path.hpp"
#include "group/point.hpp"
#include "group/testing/both_paths.hpp"
#include "group/testing/toy_group.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace urna::group {
namespace {

using testing::BothPaths;
INSTANTIATE_TEST_SUITE_P(Path, BothPaths,
                         ::testing::Values(CpuPath::portable, CpuPath::avx512_ifma),
                         testing::path_name);

Scalar random_scalar() {
  return SecretScalar::random().declassify();
}

Element random_element() {
  return base_mul(SecretScalar::random());
}

// l - 1, as -1.
Scalar minus_one() {
  return Scalar() - Scalar::from_u64(1);
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

TEST(Point, EdgeCasesOfTheGroupLaw) {
  const Element a = random_element();
  const Point p = Point::from_element_var(a);
  const Point zero;
  EXPECT_TRUE(zero.is_identity_var());
  EXPECT_FALSE(p.is_identity_var());
  EXPECT_TRUE(sub_var(p, p).is_identity_var());
  EXPECT_TRUE(add_var(p, neg_var(p)).is_identity_var());
  EXPECT_EQ(add_var(p, p).encode_var(), a + a);
  EXPECT_EQ(add_var(p, zero).encode_var(), a);
  EXPECT_EQ(zero.encode_var(), Element());
  EXPECT_TRUE(equal_var(add_var(p, p), mul_var(Scalar::from_u64(2), p)));
  EXPECT_FALSE(equal_var(p, add_var(p, p)));
  EXPECT_EQ(mul_var(minus_one(), p).encode_var(), -a);
}

TEST(Scalar, AgreesWithLibsodium) {
  for (int i = 0; i < 20000; ++i) {
    const SecretScalar a = SecretScalar::random();
    const SecretScalar b = SecretScalar::random();
    const Scalar x = a.declassify();
    const Scalar y = b.declassify();
    ASSERT_EQ(x + y, (a + b).declassify());
    ASSERT_EQ(x - y, (a - b).declassify());
    ASSERT_EQ(x * y, (a * b).declassify());
    ByteArray<64> wide;
    randombytes_buf(wide.data(), wide.size());
    ASSERT_EQ(Scalar::reduce_wide(wide), SecretScalar::from_wide(wide).declassify());
  }
  EXPECT_EQ(random_scalar() * Scalar(), Scalar());
  const Scalar x = random_scalar();
  EXPECT_EQ(x * x.invert_var().value(), Scalar::from_u64(1));
  EXPECT_FALSE(Scalar().invert_var().has_value());
}

TEST(Scalar, DecodesCanonicalOnly) {
  ByteArray<32> l = minus_one().bytes();
  EXPECT_TRUE(Scalar::decode(l).has_value());
  l[0] = static_cast<std::uint8_t>(l[0] + 1);  // l itself; its lowest byte is 0xED
  EXPECT_FALSE(Scalar::decode(l).has_value());
  ByteArray<32> top{};
  top[31] = 0x80;
  EXPECT_FALSE(Scalar::decode(top).has_value());
  EXPECT_FALSE(Scalar::decode(ByteView(l).first(31)).has_value());
}

Element reference(const std::vector<Scalar>& scalars, const std::vector<Element>& es) {
  Element sum;
  for (std::size_t i = 0; i < es.size(); ++i) sum += mul(scalars[i], es[i]);
  return sum;
}

std::vector<Point> decode_all(const std::vector<Element>& elements) {
  std::vector<ByteArray<32>> bytes;
  for (const Element& e : elements) bytes.push_back(e.bytes());
  std::vector<Point> points(bytes.size());
  std::vector<std::uint8_t> valid(bytes.size());
  EXPECT_TRUE(decode_batch_var(bytes, points, valid));
  return points;
}

TEST_P(BothPaths, MsmAgreesAroundTheSwitch) {
  for (const std::size_t n :
       {0UL, 1UL, 2UL, 7UL, 8UL, 9UL, 189UL, 190UL, 191UL, 257UL, 1000UL}) {
    std::vector<Scalar> scalars;
    std::vector<Element> elements;
    for (std::size_t i = 0; i < n; ++i) {
      elements.push_back(random_element());
      scalars.push_back(random_scalar());
    }
    EXPECT_EQ(msm_var(scalars, decode_all(elements)).encode_var(),
              reference(scalars, elements))
        << n;
  }
}

TEST_P(BothPaths, MsmAgreesOnEdgeInput) {
  const Element a = random_element();
  const Scalar edges[] = {Scalar(), Scalar::from_u64(1), minus_one(),
                          minus_one() - Scalar::from_u64(1),
                          Scalar::from_u64(1ULL << 63)};
  for (const std::size_t n : {5UL, 190UL, 700UL}) {
    // All scalars equal (all digits fall into one bucket), and all points equal,
    // opposite, or the identity.
    for (const Scalar& edge : edges) {
      std::vector<Scalar> scalars(n, edge);
      std::vector<Element> elements;
      for (std::size_t i = 0; i < n; ++i) {
        elements.push_back(i % 4 == 0   ? a
                           : i % 4 == 1 ? -a
                           : i % 4 == 2 ? Element()
                                        : a);
      }
      EXPECT_EQ(msm_var(scalars, decode_all(elements)).encode_var(),
                reference(scalars, elements));
    }
  }
}

TEST_P(BothPaths, MsmTakesProjectivePoints) {
  std::vector<Scalar> scalars;
  std::vector<Element> elements;
  std::vector<Point> points;
  for (std::size_t i = 0; i < 300; ++i) {
    const Element e = random_element();
    const Element f = random_element();
    scalars.push_back(random_scalar());
    elements.push_back(i % 3 == 0 ? e : e + f);
    points.push_back(
        i % 3 == 0 ? Point::from_element_var(e)
                   : add_var(Point::from_element_var(e), Point::from_element_var(f)));
  }
  EXPECT_EQ(msm_var(scalars, points).encode_var(), reference(scalars, elements));
}

TEST_P(BothPaths, Msm128Agrees) {
  for (const std::size_t n : {3UL, 400UL}) {
    std::vector<Scalar128> weights(n);
    std::vector<Scalar> scalars;
    std::vector<Element> elements;
    for (std::size_t i = 0; i < n; ++i) {
      randombytes_buf(weights[i].data(), weights[i].size());
      if (i == 0) weights[i].fill(0xFF);
      scalars.push_back(Scalar::from_128(weights[i]));
      elements.push_back(random_element());
    }
    EXPECT_EQ(msm128_var(weights, decode_all(elements)).encode_var(),
              reference(scalars, elements));
  }
}

// Many random points against libsodium: their sum with scalars, in chunks.
TEST_P(BothPaths, LargeSumsAgree) {
  const std::size_t chunks = std::getenv("URNA_LONG") != nullptr ? 25 : 2;
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    std::vector<Scalar> scalars;
    std::vector<Element> elements;
    for (std::size_t i = 0; i < 4096; ++i) {
      elements.push_back(random_element());
      scalars.push_back(random_scalar());
    }
    ASSERT_EQ(msm_var(scalars, decode_all(elements)).encode_var(),
              reference(scalars, elements));
  }
}

// Valid, flipped and arbitrary encodings: the same verdict as libsodium on each, and
// the same bytes back.
TEST_P(BothPaths, DecodesExactlyWhatLibsodiumDecodes) {
  std::vector<ByteArray<32>> encodings;
  for (std::size_t i = 0; i < 50'000; ++i) {
    ByteArray<32> bytes;
    if (i % 2 == 0) {
      randombytes_buf(bytes.data(), bytes.size());
      bytes[31] &= 0x7F;
      bytes[0] &= i % 4 == 0 ? 0xFE : 0xFF;
    } else {
      if (i % 64 == 1)
        bytes = random_element().bytes();
      else
        bytes = encodings[i - 2 < encodings.size() && i > 2 ? i - 2 : 0];
      if (i % 64 > 32) bytes[i / 64 % 32] ^= static_cast<std::uint8_t>(1 << (i % 8));
    }
    encodings.push_back(bytes);
  }
  std::vector<Point> points(encodings.size());
  std::vector<std::uint8_t> valid(encodings.size());
  const bool all = decode_batch_var(encodings, points, valid);
  EXPECT_FALSE(all);
  std::size_t good = 0;
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    const bool expected = Element::decode(encodings[i]).has_value();
    ASSERT_EQ(valid[i] == 1, expected) << base::to_hex(encodings[i]);
    if (!expected) {
      EXPECT_TRUE(points[i].is_identity_var());
      continue;
    }
    ++good;
    ASSERT_EQ(points[i].encode_var().bytes(), encodings[i]);
  }
  EXPECT_GT(good, 5000U);
  EXPECT_LT(good, 45'000U);
}

// Encodings at and around p, and with the top bit set.
TEST_P(BothPaths, RefusesNonCanonicalBytes) {
  std::vector<ByteArray<32>> encodings;
  for (int low = 0; low < 256; ++low) {
    for (const std::uint8_t high : {std::uint8_t{0x7F}, std::uint8_t{0xFF}}) {
      ByteArray<32> bytes;
      bytes.fill(0xFF);
      bytes[0] = static_cast<std::uint8_t>(low);
      bytes[31] = high;
      encodings.push_back(bytes);
    }
  }
  std::vector<Point> points(encodings.size());
  std::vector<std::uint8_t> valid(encodings.size());
  (void)decode_batch_var(encodings, points, valid);
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    EXPECT_EQ(valid[i] == 1, Element::decode(encodings[i]).has_value());
    EXPECT_TRUE(valid[i] == 0 || encodings[i][31] == 0x7F);
  }
}

}  // namespace
}  // namespace urna::group
