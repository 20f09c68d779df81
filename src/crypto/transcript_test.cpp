#include "crypto/transcript.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

namespace urna::crypto {
namespace {

// The definition, spelled out with the plain byte writer and libsodium.
Hash64 by_definition(std::string_view tag, const std::vector<Bytes>& parts) {
  base::Writer writer;
  writer.text("urna/1");
  writer.text(tag);
  for (const Bytes& part : parts) writer.var_bytes(part);
  Hash64 hash;
  crypto_hash_sha512(hash.data(), writer.view().data(), writer.view().size());
  return hash;
}

RC_GTEST_PROP(Transcript, IsSha512OverFramedParts,
              (const std::string& tag, const std::vector<Bytes>& parts)) {
  Transcript transcript(tag);
  SecretTranscript secret(tag);
  for (const Bytes& part : parts) {
    transcript.bytes(part);
    secret.bytes(part);
  }
  const Hash64 want = by_definition(tag, parts);
  RC_ASSERT(transcript.wide() == want);
  Hash64 from_secret;
  secret.wide(from_secret);
  RC_ASSERT(from_secret == want);
}

TEST(Transcript, CrossesItsBufferAtEveryLength) {
  for (const std::size_t size : {0u, 1u, 900u, 990u, 1000u, 1001u, 1002u, 1003u, 1004u,
                                 1005u, 1024u, 1025u, 5000u}) {
    const Bytes big(size, 0x5a);
    const Bytes small = {1, 2, 3};
    Transcript transcript("t");
    transcript.bytes(small).bytes(big).bytes(small);
    const Transcript copy = transcript;
    transcript.bytes(big).bytes(big);
    EXPECT_EQ(copy.wide(), by_definition("t", {small, big, small})) << size;
    EXPECT_EQ(transcript.wide(), by_definition("t", {small, big, small, big, big}))
        << size;
  }
}

TEST(Transcript, TakesALongPartInPieces) {
  const Bytes whole(3000, 7);
  Transcript transcript("t");
  transcript.begin_part(3000);
  for (int i = 0; i < 3; ++i) transcript.piece(ByteView(whole).subspan(0, 1000));
  EXPECT_EQ(transcript.u32(9).wide(), by_definition("t", {whole, {9, 0, 0, 0}}));
}

TEST(Transcript, MayBeContinuedAfterAChallenge) {
  Transcript transcript("t");
  transcript.u32(0x01020304);
  EXPECT_EQ(transcript.wide(), by_definition("t", {{4, 3, 2, 1}}));
  transcript.text("x");
  EXPECT_EQ(transcript.wide(), by_definition("t", {{4, 3, 2, 1}, {'x'}}));
  const Hash64 wide = transcript.wide();
  EXPECT_TRUE(equal(transcript.hash32(), ByteView(wide).first(32)));
}

// The classic mistakes of concatenating hashes: each pair would collide without frames.
TEST(Transcript, DistinguishesHowPartsAreDivided) {
  const auto h = [](std::string_view tag, std::vector<std::string_view> parts) {
    Transcript transcript(tag);
    for (const auto part : parts) transcript.text(part);
    return transcript.hash32();
  };
  EXPECT_NE(h("t", {"ab", "c"}), h("t", {"a", "bc"}));
  EXPECT_NE(h("t", {"ab"}), h("t", {"ab", ""}));
  EXPECT_NE(h("t", {"", "ab"}), h("t", {"ab", ""}));
  EXPECT_NE(h("ta", {"b"}), h("t", {"ab"}));
}

}  // namespace
}  // namespace urna::crypto
