#include "base/clock.hpp"
#include "base/errors.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"
#include "base/testing/scripted.hpp"

#include <set>
#include <type_traits>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::base {
namespace {

using testing::ScriptedClock;
using testing::ScriptedRandom;

TEST(Clock, WritesAndReadsUtc) {
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(1607279400), "2020-12-06T18:30:00Z");
  EXPECT_EQ(parse_utc("2020-12-06T18:30:00Z").value(), 1607279400);
  EXPECT_EQ(parse_utc("2024-02-29T00:00:00Z").value(), 1709164800);
  for (const char* bad : {"2023-02-29T00:00:00Z", "2020-12-06T24:00:00Z", "2020-12-06",
                          "2020-12-06T18:30:00", "2020-12-06T18:30:60Z",
                          "2020-12-06 18:30:00Z", "+020-12-06T18:30:00Z"}) {
    EXPECT_EQ(parse_utc(bad).error().kind, errors::bad_number) << bad;
  }
  EXPECT_TRUE(rc::check([] {
    const auto time = *rc::gen::inRange<std::int64_t>(-62135596800, 253402300799);
    RC_ASSERT(parse_utc(utc_text(time)).value() == time);
  }));
}

TEST(Random, BelowIsUniformAndStaysBelow) {
  ScriptedRandom random(1);
  std::array<int, 6> seen{};
  for (int i = 0; i < 60000; ++i) ++seen[random.below(6).value()];
  for (const int count : seen) EXPECT_NEAR(count, 10000, 400);
}

TEST(Random, SystemBytesDiffer) {
  SystemRandom random;
  std::set<ByteArray<16>> seen;
  for (int i = 0; i < 1000; ++i) {
    ByteArray<16> bytes{};
    ASSERT_TRUE(random.fill(bytes).has_value());
    seen.insert(bytes);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(Random, FailureReachesTheCaller) {
  ScriptedRandom random(1);
  random.break_down();
  EXPECT_EQ(random.below(10).error().kind, errors::no_random);
}

TEST(Log, OneLinePerEventWhateverTheText) {
  ScriptedClock clock(0);
  std::string out;
  Logger log(clock, [&](std::string_view line) { out += line; });
  log.info("opened", {{"station", PublicText{"A\"\n{\"level\":\"forged\"}"}},
                      {"ballots", 12},
                      {"mode", "test"}});
  log.debug("hidden");
  EXPECT_EQ(std::ranges::count(out, '\n'), 1);
  const Json line = parse_json(out).value();
  EXPECT_EQ(*line.find("time")->if_string(), "1970-01-01T00:00:00Z");
  EXPECT_EQ(*line.find("ballots")->if_int(), 12);
  EXPECT_EQ(*line.find("mode")->if_string(), "test");
  EXPECT_EQ(line.members().size(), 6U);
}

struct Choice {
  int option;
};
static_assert(!std::is_convertible_v<Choice, LogValue>);
static_assert(!std::is_convertible_v<std::string, LogValue>);
static_assert(!std::is_convertible_v<const char*, LogValue>);

TEST(Progress, SaysRateAndTimeLeft) {
  ScriptedClock clock(0);
  std::FILE* out = std::tmpfile();
  {
    Progress progress(clock, "Verifying", "ballots", 1200, out);
    clock.advance(std::chrono::seconds(2));
    progress.add(300);
    EXPECT_EQ(progress.text(), "Verifying  300/1200 ballots (25 %)  150/s  6 s left");
  }
  EXPECT_GT(std::ftell(out), 0);
  std::fclose(out);
}

TEST(Progress, KeepsQuietWhenTheJobIsShort) {
  ScriptedClock clock(0);
  std::FILE* out = std::tmpfile();
  {
    Progress(clock, "Reading", "rows", 10, out).add(10);
  }
  EXPECT_EQ(std::ftell(out), 0);
  std::fclose(out);
}

}  // namespace
}  // namespace urna::base
