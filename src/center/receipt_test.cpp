#include "center/receipt.hpp"

#include "center/errors.hpp"

#include <gtest/gtest.h>

namespace urna::center {
namespace {

crypto::SigningKey key() {
  ByteArray<32> seed{};
  seed[0] = 1;
  return crypto::SigningKey::from_seed(seed);
}

Receipt sample() {
  Receipt out;
  out.definition[0] = 2;
  out.kind = "package";
  out.name = "N01";
  out.hash[0] = 3;
  out.bytes = 10'400'000;
  out.time = 1'796'594'400;
  return out;
}

TEST(CentreReceipt, IsTheOneOfTheFormatsPage) {
  EXPECT_EQ(sign_receipt(sample(), key()),
            R"(urna-centre-receipt-1
received
definition 0200000000000000000000000000000000000000000000000000000000000000
document package N01
hash 0300000000000000000000000000000000000000000000000000000000000000
bytes 10400000
time 2026-12-06T22:00:00Z
key cecc1507dc1ddd7295951c290888f095adb9044d1b73d696e6df065d683bd4fc
sign c020f9d54fde1fd758fdcdeeda5ebd3c3ab73e195048f220369c92b7e382dfede39d014729f8622b1fa6853e5837ec6971dff45e51e5985fcbaae280f4e49106
)");
}

TEST(CentreReceipt, ReadsBackWhatItSigned) {
  for (const Said said :
       {Said::received, Said::verified, Said::conflict, Said::refused}) {
    Receipt receipt = sample();
    receipt.said = said;
    if (said == Said::conflict || said == Said::refused) {
      receipt.reason = "proofs: cast ballot 3 (Ñ)";
    }
    const auto read = read_receipt(sign_receipt(receipt, key()), key().public_key());
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, receipt);
  }
}

TEST(CentreReceipt, RefusesEveryChangedByteAndEveryCut) {
  Receipt receipt = sample();
  receipt.said = Said::refused;
  receipt.reason = "order";
  const std::string good = sign_receipt(receipt, key());
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    const auto read = read_receipt(bad, key().public_key());
    EXPECT_FALSE(read) << i;
    EXPECT_FALSE(read_receipt(good.substr(0, i), key().public_key())) << i;
  }
  EXPECT_FALSE(read_receipt(good + "\n", key().public_key()));
  ByteArray<32> seed{};
  seed[0] = 9;
  const auto other = crypto::SigningKey::from_seed(seed).public_key();
  const auto read = read_receipt(good, other);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, errors::bad_receipt);
}

TEST(CentreReceipt, AReasonStaysOneLineOfBoundedLength) {
  EXPECT_EQ(one_line("a\nb\tc"), "a b c");
  std::string umlauts;
  for (int i = 0; i < 300; ++i) umlauts += "ü";
  const std::string cut = one_line("x" + umlauts);
  EXPECT_LE(cut.size(), 400U);
  EXPECT_EQ(cut.size() % 2, 1U);  // no half character
}

}  // namespace
}  // namespace urna::center
