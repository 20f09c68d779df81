#include "base/encoding.hpp"

#include "base/errors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::base {
namespace {

// RFC 4648 section 10.
TEST(Encoding, Rfc4648Vectors) {
  const std::pair<std::string_view, std::string_view> base64[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : base64) {
    EXPECT_EQ(to_base64(as_bytes(plain)), text);
    EXPECT_EQ(from_base64(text).value(), to_bytes(as_bytes(plain)));
  }
  const std::pair<std::string_view, std::string_view> base32[] = {
      {"", ""},
      {"f", "MY"},
      {"fo", "MZXQ"},
      {"foo", "MZXW6"},
      {"foob", "MZXW6YQ"},
      {"fooba", "MZXW6YTB"},
      {"foobar", "MZXW6YTBOI"}};
  for (const auto& [plain, text] : base32) {
    EXPECT_EQ(to_base32(as_bytes(plain)), text);
    EXPECT_EQ(from_base32(text).value(), to_bytes(as_bytes(plain)));
  }
  EXPECT_EQ(to_hex(as_bytes("foobar")), "666f6f626172");
}

TEST(Encoding, EveryTextHasOneSpelling) {
  for (const std::string_view bad : {"A", "0", "0G", "AB", "0a ", "0\n"}) {
    EXPECT_FALSE(from_hex(bad).has_value()) << bad;
  }
  for (const std::string_view bad :
       {"M", "MZ", "MY======", "my", "MZX", "M1", "MZXW6Y"}) {
    EXPECT_FALSE(from_base32(bad).has_value()) << bad;
  }
  for (const std::string_view bad :
       {"Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", "Z===", "====", "Zg==Zg==", "Zm-v"}) {
    EXPECT_FALSE(from_base64(bad).has_value()) << bad;
  }
}

TEST(Encoding, RoundTrips) {
  EXPECT_TRUE(rc::check("decode(encode(x)) = x", [](const Bytes& bytes) {
    RC_ASSERT(from_hex(to_hex(bytes)).value() == bytes);
    RC_ASSERT(from_base32(to_base32(bytes)).value() == bytes);
    RC_ASSERT(from_base64(to_base64(bytes)).value() == bytes);
  }));
  EXPECT_TRUE(rc::check("encode(decode(t)) = t for every accepted t", [] {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::elementOf(std::string("ABab019+/=Z2")));
    if (const auto b = from_hex(text)) RC_ASSERT(to_hex(*b) == text);
    if (const auto b = from_base32(text)) RC_ASSERT(to_base32(*b) == text);
    if (const auto b = from_base64(text)) RC_ASSERT(to_base64(*b) == text);
  }));
}

TEST(Encoding, ArraysNameBothLengths) {
  const auto result = array_from_hex<4>("0102");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, errors::wrong_length);
  EXPECT_EQ(result.error().message, "wrong length: expected 4 bytes, found 2");
}

}  // namespace
}  // namespace urna::base
