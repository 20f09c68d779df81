// The worked examples of docs/formats/{transcript,signature,key-file}.md.
#include "base/testing/scripted.hpp"
#include "crypto/box.hpp"
#include "crypto/key_file.hpp"
#include "crypto/sign.hpp"
#include "crypto/testing/cheap_key_files.hpp"
#include "crypto/testing/page_check.hpp"
#include "crypto/transcript.hpp"

#include <gtest/gtest.h>

namespace urna::crypto {
namespace {

// The page must show these bytes; the message gives them for writing the page.
void expect_shown(const char* page, ByteView bytes) {
  const std::string path = std::string(URNA_SOURCE_DIR "/docs/formats/") + page;
  EXPECT_TRUE(testing::page_shows(path, bytes)) << page << " " << base::to_hex(bytes);
}

ByteArray<32> repeated(std::uint8_t byte) {
  ByteArray<32> bytes;
  bytes.fill(byte);
  return bytes;
}

// 00, 01, 02, ...
class CountingRandom final : public base::Random {
 public:
  Result<void> fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = next_++;
    return {};
  }

 private:
  std::uint8_t next_ = 0;
};

TEST(Formats, TranscriptPageShowsTheHash) {
  expect_shown("transcript.md", Transcript("example").text("abc").u32(7).hash32());
  expect_shown("transcript.md", base::from_hex("06000000"
                                               "75726e612f31"
                                               "07000000"
                                               "6578616d706c65"
                                               "03000000"
                                               "616263"
                                               "04000000"
                                               "07000000")
                                    .value());
}

TEST(Formats, SignaturePageShowsASignatureAndABox) {
  const SigningKey key = SigningKey::from_seed(repeated(1));
  expect_shown("signature.md", key.public_key().bytes());
  expect_shown("signature.md", key.sign("example", as_bytes("abc")));
  expect_shown(
      "signature.md",
      seal_box(BoxSecretKey::from_bytes(repeated(3)).public_key(),
               BoxSecretKey::from_bytes(repeated(2)), "example", as_bytes("abc")));
}

TEST(Formats, KeyFilePageShowsAFile) {
  CountingRandom random;
  expect_shown("key-file.md",
               seal_key_file(random, "example", as_bytes("abc"), as_bytes("secret"),
                             as_bytes("correct horse battery"), CheapKeyFiles::cost())
                   .value());
}

}  // namespace
}  // namespace urna::crypto
