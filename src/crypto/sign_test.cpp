#include "crypto/sign.hpp"

#include "base/encoding.hpp"
#include "crypto/errors.hpp"
#include "crypto/transcript.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

namespace urna::crypto {
namespace {

Bytes hex(const std::string& text) {
  return text == "-" ? Bytes{} : base::from_hex(text).value();
}

SigningKey key_number(std::uint8_t number) {
  ByteArray<32> seed{};
  seed[0] = number;
  return SigningKey::from_seed(seed);
}

TEST(Sign, GivesTheSignaturesOfRfc8032) {
  std::ifstream file(URNA_SOURCE_DIR "/src/crypto/testdata/ed25519_rfc8032.txt");
  int vectors = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string seed, public_key, message, signature;
    words >> seed >> public_key >> message >> signature;
    const auto key = SigningKey::from_seed(base::array_from_hex<32>(seed).value());
    EXPECT_EQ(base::to_hex(key.public_key().bytes()), public_key);
    const Signature made = key.sign_raw(hex(message));
    EXPECT_EQ(base::to_hex(made), signature);
    const auto decoded = PublicKey::decode(hex(public_key));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_TRUE(verifies_raw(*decoded, hex(message), made));
    ++vectors;
  }
  EXPECT_EQ(vectors, 4);
}

TEST(Sign, IsForOneUseOnly) {
  const SigningKey key = key_number(1);
  const Signature signature = key.sign("tally-sheet", as_bytes("7 votes"));
  EXPECT_TRUE(
      verifies(key.public_key(), "tally-sheet", as_bytes("7 votes"), signature));
  EXPECT_FALSE(verifies(key.public_key(), "cast", as_bytes("7 votes"), signature));
  EXPECT_FALSE(
      verifies(key.public_key(), "tally-sheet", as_bytes("8 votes"), signature));
  EXPECT_FALSE(verifies_raw(key.public_key(), as_bytes("7 votes"), signature));
  EXPECT_FALSE(verifies(key_number(2).public_key(), "tally-sheet", as_bytes("7 votes"),
                        signature));
  const auto error = check_signature(key.public_key(), "cast", as_bytes("7 votes"),
                                     signature, "the tally sheet of table 7");
  ASSERT_FALSE(error.has_value());
  EXPECT_EQ(error.error().kind, errors::bad_signature);
}

TEST(Sign, FailsWhenAnyBitOfTheSignatureIsFlipped) {
  const SigningKey key = key_number(1);
  const Signature signature = key.sign("t", as_bytes("m"));
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Signature changed = signature;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1u << (bit % 8)));
    EXPECT_FALSE(verifies(key.public_key(), "t", as_bytes("m"), changed)) << bit;
  }
}

// S and S + L are the same number modulo the group order: only one of them is legal.
TEST(Sign, RefusesASecondEncodingOfTheSameSignature) {
  const SigningKey key = key_number(3);
  Signature signature = key.sign("t", as_bytes("m"));
  const Bytes order =
      hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(signature[32 + i]) + order[i];
    signature[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  EXPECT_EQ(carry, 0u);
  EXPECT_FALSE(verifies(key.public_key(), "t", as_bytes("m"), signature));
}

// The eight points of small order, their non-canonical encodings, keys that are not on
// the curve, of the wrong length, and a good key plus a point of order 2: under each of
// them some signature would fit more than one message or one library only.
TEST(PublicKey, RefusesEveryKeyThatIsNotACanonicalPointOfFullOrder) {
  for (const char* text : {
           "0100000000000000000000000000000000000000000000000000000000000000",
           "0100000000000000000000000000000000000000000000000000000000000080",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0000000000000000000000000000000000000000000000000000000000000080",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
           "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
           "0200000000000000000000000000000000000000000000000000000000000000",
       }) {
    const auto key = PublicKey::decode(hex(text));
    ASSERT_FALSE(key.has_value()) << text;
    EXPECT_EQ(key.error().kind, errors::bad_public_key);
  }
  const Bytes good = to_bytes(key_number(1).public_key().bytes());
  EXPECT_FALSE(PublicKey::decode(ByteView(good).first(31)).has_value());
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_FALSE(PublicKey::decode(longer).has_value());

  const Bytes order_two =
      hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
  Bytes mixed(32);
  ASSERT_EQ(crypto_core_ed25519_add(mixed.data(), good.data(), order_two.data()), 0);
  EXPECT_FALSE(PublicKey::decode(mixed).has_value());
  EXPECT_TRUE(PublicKey::decode(good).has_value());
}

// OpenSSL verifies what libsodium signs, for messages of every length.
RC_GTEST_PROP(Sign, VerifiesWhatWasSigned, (const Bytes& message)) {
  const SigningKey key = key_number(9);
  RC_ASSERT(verifies(key.public_key(), "t", message, key.sign("t", message)));
  RC_ASSERT(verifies_raw(key.public_key(), message, key.sign_raw(message)));
}

TEST(Sign, NamesEveryBadSignatureAmongMany) {
  const SigningKey key = key_number(1);
  std::vector<Bytes> texts;
  for (std::uint8_t i = 0; i < 200; ++i) texts.push_back({i});
  std::vector<SignedMessage> messages;
  for (const Bytes& text : texts) {
    messages.push_back({key.public_key(), "t", text, key.sign("t", text)});
  }
  EXPECT_TRUE(find_bad_signatures(messages).empty());
  for (const std::size_t i : {0u, 63u, 64u, 150u, 199u}) messages[i].signature[3] ^= 1;
  const std::vector<std::size_t> want = {0, 63, 64, 150, 199};
  EXPECT_EQ(find_bad_signatures(messages), want);
  EXPECT_EQ(find_bad_signatures(messages, 1), want);
  EXPECT_EQ(find_bad_signatures(messages, 7), want);
  EXPECT_TRUE(find_bad_signatures({}).empty());
}

}  // namespace
}  // namespace urna::crypto
