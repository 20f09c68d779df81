#include "crypto/sha256.hpp"

#include "base/encoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

namespace urna::crypto {
namespace {

// FIPS 180-4 example messages (NIST "Examples with Intermediate Values").
TEST(Sha2, GivesThePublishedDigests) {
  EXPECT_EQ(base::to_hex(sha256(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(base::to_hex(sha256(
                as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(base::to_hex(sha512(as_bytes("abc"))),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  EXPECT_EQ(base::to_hex(sha256(ByteView{})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

RC_GTEST_PROP(Sha2, AgreesWithLibsodiumHoweverTheBytesAreCut, (const Bytes& whole)) {
  Hash32 want32;
  Hash64 want64;
  crypto_hash_sha256(want32.data(), whole.data(), whole.size());
  crypto_hash_sha512(want64.data(), whole.data(), whole.size());
  const auto cut = *rc::gen::inRange<std::size_t>(0, whole.size() + 1);
  const ByteView head(whole.data(), cut);
  const ByteView tail(whole.data() + cut, whole.size() - cut);
  RC_ASSERT(sha256(whole) == want32);
  RC_ASSERT(sha256({head, tail}) == want32);
  RC_ASSERT(sha512(whole) == want64);
  RC_ASSERT(sha512({head, tail}) == want64);
  Sha256 incremental;
  Sha512 incremental512;
  for (int round = 0; round < 2; ++round) {  // finish() starts anew
    incremental.update(head);
    incremental.update(tail);
    RC_ASSERT(incremental.finish() == want32);
    incremental512.update(head);
    incremental512.update(tail);
    RC_ASSERT(incremental512.finish() == want64);
  }
}

}  // namespace
}  // namespace urna::crypto
