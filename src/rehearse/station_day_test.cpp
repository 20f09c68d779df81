#include "rehearse/station_day.hpp"

#include "rehearse/errors.hpp"

#include <gtest/gtest.h>

namespace urna::rehearse {
namespace {

TEST(StationDay, NeedsTwoOfficialsAndATokenForEveryVoter) {
  base::RealFiles files;
  Plan plan;
  plan.machine = "http://127.0.0.1:1";
  plan.officials = {{"PRESIDENT", "12345678"}};
  plan.tokens = {"AAAA-AAAA-AAAA-AAAA"};
  plan.voters = 1;
  EXPECT_EQ(play(plan, files).error().kind, errors::bad_plan);
  plan.officials.push_back({"SECRETARY", "12345678"});
  plan.voters = 2;
  EXPECT_EQ(play(plan, files).error().kind, errors::bad_plan);
}

TEST(StationDay, NamesEveryNumberThatTheSheetSaysOtherwise) {
  sheet::SheetFields fields;
  fields.cast = 2;
  fields.challenged = 0;
  sheet::ContestResult mayor;
  mayor.code = "MAYOR";
  mayor.options = {{"A", 1}, {"B", 1}};
  mayor.blank = 0;
  fields.contests = {mayor};
  Memory memory;
  memory.cast = 2;
  memory.contests = {{"MAYOR", {1, 1}, 0}};
  EXPECT_EQ(differences(memory, fields),
            "voided: the voters remember 0, the sheet says nothing\n");
  fields.voided = 0;
  EXPECT_EQ(differences(memory, fields), "");
  fields.contests[0].options[0].votes = 2;
  fields.contests[0].options[1].votes = 0;
  EXPECT_EQ(differences(memory, fields),
            "MAYOR, A: the voters remember 1, the sheet says 2\n"
            "MAYOR, B: the voters remember 1, the sheet says 0\n");
  // A guest may have voted for anything, but no more than once.
  memory.cast = 1;
  memory.guests.cast = 1;
  memory.contests[0].votes = {1, 0};
  EXPECT_EQ(differences(memory, fields), "");
  memory.contests[0].votes = {0, 0};
  EXPECT_EQ(differences(memory, fields),
            "MAYOR, A: the voters remember 0, the sheet says 2\n");
  memory.checked_in = 3;
  fields.check_in.total = 2;
  EXPECT_NE(differences(memory, fields).find("checked in: "), std::string::npos);
  memory.contests.push_back({"COUNCIL", {0}, 2});
  EXPECT_NE(differences(memory, fields).find("COUNCIL: the sheet has no such contest"),
            std::string::npos);
}

}  // namespace
}  // namespace urna::rehearse
