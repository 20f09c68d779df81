// An honest record passes, on both paths, in shards and at once.
#include "record/verify.hpp"

#include "record/testing/world.hpp"

#include <gtest/gtest.h>

namespace urna::record {
namespace {

testing::World& town() {
  static testing::World world(
      {.files = testing::example_files(URNA_SOURCE_DIR "/examples/town")});
  return world;
}

TEST(Verify, PassesAnHonestRecord) {
  base::testing::ScriptedFiles files;
  ASSERT_TRUE(testing::write_record(files, "r", town().documents()));
  VerifyOptions options;
  options.trust.election = town().key().election_hash();
  options.trust.log_key = testing::log_signer().verifier();
  const auto report = verify(files, "r", options);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_FALSE(report->failed()) << report->text();
  for (const Check check : {Check::seats, Check::totals, Check::sheet_totals}) {
    EXPECT_GT(report->count(check).passed, 0U) << report->text();
  }
}

}  // namespace
}  // namespace urna::record
