// The public event log: a closed list of events, one spelling.
#include "sheet/event_log.hpp"

#include "base/file.hpp"
#include "sheet/errors.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace urna::sheet {
namespace {

constexpr std::string_view kDay =
    "20261206T060312-0400 OPENED\n"
    "20261206T091500-0400 PAPER-LOADED\n"
    "20261206T180211-0400 CLOSED\n"
    "20261206T180300-0400 SHEET-PRINTED 1\n";

TEST(EventLog, ReadsBackWhatItWrites) {
  const auto events = parse_event_log(kDay);
  ASSERT_TRUE(events) << events.error().text();
  ASSERT_EQ(events->size(), 4U);
  EXPECT_EQ(events->back().label, "1");
  EXPECT_EQ(to_text(*events), kDay);
  EXPECT_TRUE(parse_event_log("")->empty());
}

TEST(EventLog, RefusesWhatCouldSpeakOfAVoter) {
  for (const std::string_view text : {
           "20261206T060312-0400 VOTE\n",
           "20261206T060312-0400 CHALLENGED\n",
           "20261206T060312-0400 ACTIVATED\n",
           "20261206T060312-0400 opened\n",
           "20261206T060312-0400 OPENED\n20261206T060311-0400 CLOSED\n",
           "20261206T060312-0400 OPENED MLYP-FVYR-BGRW-YJEI-3WIW-VE24-RUNR-O2EX\n",
           "20261206T060312-0400 OPENED A B\n",
           "20261206T060312-0400 OPENED \n",
           "20261206T060312-0400  OPENED\n",
           "20261206T060312-0400\n",
           "OPENED\n",
           "20261206T060312-0400 OPENED",
           "\n",
       }) {
    const auto events = parse_event_log(text);
    ASSERT_FALSE(events) << text;
    EXPECT_EQ(events.error().kind, errors::bad_event_log);
  }
}

TEST(EventLog, ComparesMomentsAndNotDigits) {
  EXPECT_TRUE(
      parse_event_log("20261206T060312-0400 OPENED\n"
                      "20261206T053312-0500 PAUSED\n"));
  EXPECT_TRUE(
      parse_event_log("20261206T060312-0400 OPENED\n"
                      "20261206T050312-0400 CLOCK-CHANGED\n"));
  EXPECT_TRUE(std::ranges::is_sorted(event_names()));
}

TEST(EventLog, KnowsTheEventsOfThePage) {
  base::RealFiles files;
  const std::string page =
      base::read_text(files, URNA_SOURCE_DIR "/docs/formats/station-package.md")
          .value();
  for (const std::string_view name : event_names()) {
    EXPECT_NE(page.find("`" + std::string(name) + "`"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace urna::sheet
