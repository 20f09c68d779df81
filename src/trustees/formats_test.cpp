// The worked examples of docs/formats/{ceremony,decryption}.md.
#include "crypto/testing/page_check.hpp"
#include "trustees/testing/station.hpp"

#include <gtest/gtest.h>

namespace urna::trustees {
namespace {

void expect_shown(const char* page, ByteView bytes) {
  const std::string path = std::string(URNA_SOURCE_DIR "/docs/formats/") + page;
  EXPECT_TRUE(crypto::testing::page_shows(path, bytes))
      << page << " " << base::to_hex(bytes);
}

TEST(Formats, CeremonyPageShowsTermsAndACommit) {
  testing::Ceremony ceremony(2, 2);
  expect_shown("ceremony.md", ceremony.terms().encode());
  expect_shown("ceremony.md", ceremony.step(1, Step::commit).value().encode());
}

TEST(Formats, DecryptionPageShowsADecisionAndAPartial) {
  ByteArray<32> seed{0x37};
  expect_shown("decryption.md",
               Decision::sign(Hash32{1}, "0101", Hash32{2}, {Hash32{3}}, "why",
                              crypto::SigningKey::from_seed(seed))
                   .encode());

  testing::Ceremony ceremony(2, 2);
  const ElectionKey key = ceremony.key();
  StationSums sums{"0101", {0}, Hash32{2}, {}, {}};
  sums.contests.push_back(
      {0, 1, {{R::base_mul(Scalar::from_u64(3)), R::base_mul(Scalar::from_u64(5))}}});
  base::testing::ScriptedRandom random(1);
  expect_shown("decryption.md",
               make_partial(random, sums, ceremony.share(1), key.public_share(1),
                            testing::keys_from_seed(101).signing)
                   .value()
                   .encode());
}

TEST(Formats, DecryptionPageShowsALedgerEntry) {
  base::testing::ScriptedFiles files;
  StationSums sums{"0101", {0}, Hash32{2}, {}, {}};
  ASSERT_TRUE(Ledger(files, "ledger").record(Hash32{1}, sums).has_value());
  const auto names = files.list("ledger").value();
  ASSERT_EQ(names.size(), 1u);
  expect_shown("decryption.md", base::read_file(files, "ledger/" + names[0]).value());
}

}  // namespace
}  // namespace urna::trustees
