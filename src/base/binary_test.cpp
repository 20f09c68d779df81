#include "base/binary.hpp"

#include "base/errors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::base {
namespace {

TEST(Binary, WritesLittleEndianAndBigEndian) {
  Writer w;
  w.u16(0x0102);
  w.u32_be(0x01020304);
  w.text("ab");
  const Bytes expected = {2, 1, 1, 2, 3, 4, 2, 0, 0, 0, 'a', 'b'};
  EXPECT_EQ(to_bytes(w.view()), expected);
}

TEST(Binary, ReadsBackWhatItWrote) {
  EXPECT_TRUE(rc::check([](std::uint8_t a, std::uint16_t b, std::uint32_t c,
                           std::uint64_t d, const Bytes& e) {
    Writer w;
    w.u8(a);
    w.u16(b);
    w.u32(c);
    w.u64(d);
    w.u16_be(b);
    w.u64_be(d);
    w.var_bytes(e);
    Reader r(w.view());
    RC_ASSERT(r.u8().value() == a);
    RC_ASSERT(r.u16().value() == b);
    RC_ASSERT(r.u32().value() == c);
    RC_ASSERT(r.u64().value() == d);
    RC_ASSERT(r.u16_be().value() == b);
    RC_ASSERT(r.u64_be().value() == d);
    RC_ASSERT(to_bytes(r.var_bytes(e.size()).value()) == e);
    RC_ASSERT(r.finish().has_value());
  }));
}

TEST(Binary, RefusesShortLongAndTrailing) {
  const Bytes three = {3, 0, 0};
  EXPECT_EQ(Reader(three).u32().error().kind, errors::short_input);
  const Bytes part = {5, 0, 0, 0, 1, 2};
  EXPECT_EQ(Reader(part).var_bytes(4).error().kind, errors::too_long);
  EXPECT_EQ(Reader(part).var_bytes(9).error().kind, errors::short_input);
  EXPECT_EQ(Reader(part).finish().error().kind, errors::trailing_bytes);
}

TEST(Binary, Utf8) {
  for (const char* good :
       {"", "abc", "ñ", "€", "\xF0\x9F\x97\xB3", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xE2\x82"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

}  // namespace
}  // namespace urna::base
