#include "crypto/secret.hpp"

#include <type_traits>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace urna::crypto {
namespace {

// What the type system must refuse; a line that starts to compile fails here.
static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(!std::is_copy_constructible_v<SecretArray<32>>);
static_assert(!std::is_copy_assignable_v<SecretArray<32>>);
static_assert(!fmt::is_formattable<SecretBytes>::value);
static_assert(!fmt::is_formattable<SecretArray<32>>::value);
template <class T>
concept Comparable = requires(const T& a, const T& b) { a == b; };
static_assert(!Comparable<SecretBytes>);
static_assert(!Comparable<SecretArray<32>>);

TEST(Secret, IsWipedWhenItGoesAway) {
  alignas(SecretArray<32>) std::array<std::uint8_t, sizeof(SecretArray<32>)> place;
  auto* secret = new (place.data()) SecretArray<32>();
  std::ranges::fill(secret->writable(), 0xaa);
  EXPECT_EQ(place[7], 0xaa);
  secret->~SecretArray<32>();
  EXPECT_TRUE(std::ranges::all_of(place, [](auto byte) { return byte == 0; }));
}

TEST(Secret, LeavesNothingBehindWhenMoved) {
  SecretArray<4> first;
  std::ranges::fill(first.writable(), 0xaa);
  const SecretArray<4> second = std::move(first);
  EXPECT_EQ(first.expose()[0], 0);  // NOLINT: the moved-from state is the point
  EXPECT_EQ(second.expose()[3], 0xaa);

  SecretBytes long_first = SecretBytes::copy_of(second.expose());
  const SecretBytes long_second = std::move(long_first);
  EXPECT_EQ(long_first.size(), 0u);  // NOLINT
  EXPECT_EQ(long_second.expose()[3], 0xaa);
}

TEST(Secret, ComparesWholeValues) {
  EXPECT_TRUE(equal_secret(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(equal_secret(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(equal_secret(as_bytes("abc"), as_bytes("ab")));
}

// Guard pages: reading past the end of a secret stops the program.
TEST(SecretDeathTest, CannotBeOverread) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        const SecretBytes secret(32);
        volatile std::uint8_t beyond = secret.expose().data()[32];
        (void)beyond;
      },
      "");
}

}  // namespace
}  // namespace urna::crypto
