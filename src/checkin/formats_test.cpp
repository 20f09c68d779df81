// The worked examples of docs/formats.
#include "base/testing/scripted.hpp"
#include "base/testing/scripted_files.hpp"
#include "checkin/event_log.hpp"
#include "checkin/roll.hpp"
#include "checkin/tokens.hpp"
#include "crypto/testing/page_check.hpp"

#include <gtest/gtest.h>

namespace urna::checkin {
namespace {

void page_has(const std::string& page, ByteView bytes) {
  EXPECT_TRUE(
      crypto::testing::page_shows(URNA_SOURCE_DIR "/docs/formats/" + page, bytes))
      << page << " does not show " << base::to_hex(bytes);
}

TEST(Formats, RollFile) {
  const Roll roll{Hash32{1}, "N01", {{"V5", "Sol", "Ana", {}}}};
  page_has("roll-import.md", encode_roll(roll));
}

TEST(Formats, TokenPool) {
  const Token token{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0};
  EXPECT_EQ(token_text(token.bytes), "AEBA-GBAF-AYDQ-QCIK");
  page_has("token.md", token_pool_file(Hash32{1}, "N01", {token}));
}

TEST(Formats, LogOfOneAdmission) {
  base::testing::ScriptedFiles files;
  base::testing::ScriptedRandom random(1);
  ASSERT_TRUE(EventLog::create(files, "events", Hash32{1}, 1));
  auto log =
      EventLog::open(files, random, "events", Hash32{1}, ByteArray<32>{2}).value();
  Event event;
  event.time = std::uint64_t{1'778'400'000} << 20;
  event.outcome = Outcome::matched;
  event.voter = "V5";
  ASSERT_TRUE(log.append(event));
  page_has("check-in-log.md", log.bytes().value());
}

TEST(Log, ATornLastEntryIsLeftOutAndDamageIsNot) {
  base::testing::ScriptedFiles files;
  base::testing::ScriptedRandom random(1);
  ASSERT_TRUE(EventLog::create(files, "events", Hash32{1}, 1));
  auto log =
      EventLog::open(files, random, "events", Hash32{1}, ByteArray<32>{2}).value();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(log.append({}));
  Bytes bytes = log.bytes().value();
  const auto count = [](ByteView some) {
    const auto read = read_log(some, Hash32{1}, ByteArray<32>{2});
    return read ? static_cast<int>(read->events.size()) : -1;
  };
  EXPECT_EQ(count(bytes), 3);
  EXPECT_EQ(count(ByteView(bytes).first(bytes.size() - 1)), 2);
  bytes.back() ^= 1;
  EXPECT_EQ(count(bytes), 2);
  bytes[kLogHeader + kLogEntry] ^= 1;
  EXPECT_EQ(count(bytes), -1);
}

}  // namespace
}  // namespace urna::checkin
