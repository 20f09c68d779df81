#include "crypto/box.hpp"

#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "base/testing/scripted.hpp"
#include "crypto/errors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace urna::crypto {
namespace {

struct Pair {
  base::testing::ScriptedRandom random{7};
  BoxSecretKey receiver = BoxSecretKey::generate(random).value();
  BoxSecretKey ephemeral = BoxSecretKey::generate(random).value();
  Bytes box =
      seal_box(receiver.public_key(), ephemeral, "share 1 to 2", as_bytes("hello"));
};

TEST(Box, OpensForReceiverAndForSenderAlike) {
  Pair p;
  const auto by_receiver = open_box(p.receiver, "share 1 to 2", p.box);
  ASSERT_TRUE(by_receiver.has_value());
  EXPECT_EQ(as_text(by_receiver->expose()), "hello");
  const auto by_sender = open_as_sender(p.receiver.public_key(), p.ephemeral.expose(),
                                        "share 1 to 2", p.box);
  ASSERT_TRUE(by_sender.has_value());
  EXPECT_EQ(as_text(by_sender->expose()), "hello");
  EXPECT_EQ(p.box.size(), 5 + kBoxOverhead);
}

TEST(Box, StaysShutForEverybodyAndEverythingElse) {
  Pair p;
  const auto shut = [](const Result<SecretBytes>& opened) {
    return !opened.has_value() && opened.error().kind == errors::box_not_opened;
  };
  EXPECT_TRUE(shut(open_box(p.ephemeral, "share 1 to 2", p.box)));
  EXPECT_TRUE(shut(open_box(p.receiver, "share 1 to 3", p.box)));
  for (std::size_t i = 0; i < p.box.size(); ++i) {
    Bytes changed = p.box;
    changed[i] ^= 1;
    EXPECT_TRUE(shut(open_box(p.receiver, "share 1 to 2", changed))) << i;
    EXPECT_TRUE(shut(open_box(p.receiver, "share 1 to 2", ByteView(p.box).first(i))))
        << i;
  }
  const BoxSecretKey other = BoxSecretKey::generate(p.random).value();
  EXPECT_TRUE(shut(
      open_as_sender(p.receiver.public_key(), other.expose(), "share 1 to 2", p.box)));
}

TEST(Box, SealedBoxesDifferEveryTime) {
  Pair p;
  const auto first = seal_box(p.random, p.receiver.public_key(), "c", as_bytes("m"));
  const auto second = seal_box(p.random, p.receiver.public_key(), "c", as_bytes("m"));
  EXPECT_NE(first.value(), second.value());
  EXPECT_EQ(as_text(open_box(p.receiver, "c", *second)->expose()), "m");
  p.random.break_down();
  const auto broken = seal_box(p.random, p.receiver.public_key(), "c", as_bytes("m"));
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().kind, base::errors::no_random);
}

// X25519 points of small order (RFC 7748 section 6.1 warns of the zero result) and
// encodings at or above the prime.
TEST(BoxPublicKey, RefusesSmallOrderAndNonCanonicalKeys) {
  for (const char* text : {
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0100000000000000000000000000000000000000000000000000000000000000",
           "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
           "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "0900000000000000000000000000000000000000000000000000000000000080",
       }) {
    const auto key = BoxPublicKey::decode(base::from_hex(text).value());
    ASSERT_FALSE(key.has_value()) << text;
    EXPECT_EQ(key.error().kind, errors::bad_box_key);
  }
  Pair p;
  EXPECT_TRUE(BoxPublicKey::decode(p.receiver.public_key().bytes()).has_value());
  EXPECT_FALSE(BoxPublicKey::decode(ByteView(p.receiver.public_key().bytes()).first(31))
                   .has_value());
}

RC_GTEST_PROP(Box, CarriesEveryMessage,
              (const Bytes& message, const std::string& context)) {
  Pair p;
  const Bytes box = seal_box(p.receiver.public_key(), p.ephemeral, context, message);
  RC_ASSERT(equal(open_box(p.receiver, context, box)->expose(), message));
}

}  // namespace
}  // namespace urna::crypto
