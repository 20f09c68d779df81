// Signed sheets as documents of the count.
#include "count/sheets.hpp"

#include "count/count.hpp"
#include "count/errors.hpp"
#include "count/testing/nation.hpp"
#include "sheet/testing/samples.hpp"

#include <gtest/gtest.h>

namespace urna::count {
namespace {

Hash32 authority() {
  return sheet::testing::authority_key().public_key().bytes();
}

election::Definition definition() {
  static const auto made = testing::nation(testing::synthetic_nation(87, 3).stations,
                                           {.device_authorities = {authority()}});
  return made;
}

Count count_of(std::vector<sheet::SignedSheet> sheets, SheetPolicy policy = {}) {
  SheetSources sources;
  for (std::size_t i = 0; i < sheets.size(); ++i)
    sources.sheets.push_back({"sheet" + std::to_string(i), std::move(sheets[i])});
  Documents documents;
  base::Report report;
  add_sheets(definition(), std::move(sources), policy, documents, report);
  EXPECT_TRUE(report.ok()) << report.text();
  auto count = tabulate(definition(), std::move(documents));
  if (!count) throw std::runtime_error(count.error().text());
  return std::move(*count);
}

sheet::SheetFields fields(election::StationIndex station, std::uint32_t seed = 5) {
  return testing::sheet_fields(definition(), station, seed);
}

TEST(SignedSheets, AreCountedAndReconcile) {
  const Count count = count_of({testing::sign(fields(0)), testing::sign(fields(1))});
  EXPECT_EQ(count.in_state(StationState::counted), 2U);
  EXPECT_TRUE(count.notices.empty()) << count.notices.front().message.english;
  EXPECT_TRUE(count.documents.all()[0].signature_checked);
  EXPECT_EQ(count.stations[0].ballots, *fields(0).cast);
}

TEST(SignedSheets, TheSameSheetTwiceCountsOnce) {
  const Count count = count_of({testing::sign(fields(0)), testing::sign(fields(0))});
  EXPECT_EQ(count.in_state(StationState::counted), 1U);
  EXPECT_TRUE(count.conflicts.empty());
}

TEST(SignedSheets, TwoDifferentOnesOfAStationCountZeroTimes) {
  const Count count =
      count_of({testing::sign(fields(0, 5)), testing::sign(fields(0, 6))});
  ASSERT_EQ(count.conflicts.size(), 1U);
  EXPECT_EQ(count.conflicts[0].kind, errors::two_documents);
}

TEST(SignedSheets, AChangedNumberBreaksTheSignatureAndCountsZeroTimes) {
  sheet::SignedSheet forged = testing::sign(fields(0));
  sheet::SheetFields changed = fields(0);
  changed.contests[0].options[0].votes -= 1;
  changed.contests[0].options[1].votes += 1;
  forged.sheet = *sheet::Sheet::make(changed);
  const Count count = count_of({forged});
  ASSERT_EQ(count.conflicts.size(), 1U);
  EXPECT_EQ(count.conflicts[0].kind, errors::not_signed);
  EXPECT_EQ(count.in_state(StationState::counted), 0U);
  const Count rehearsal = count_of({forged}, {.require_signatures = false});
  EXPECT_EQ(rehearsal.in_state(StationState::counted), 1U);
  EXPECT_EQ(rehearsal.notices.size(), 1U);  // and it is said
}

TEST(SignedSheets, OneWithoutASignatureCountsZeroTimes) {
  sheet::SignedSheet bare = testing::sign(fields(0));
  bare.signature.reset();
  EXPECT_EQ(count_of({bare}).conflicts.at(0).kind, errors::not_signed);
}

TEST(SignedSheets, CallingItAnImportIsNoWayAroundTheSignature) {
  sheet::SheetFields typed = fields(0);
  typed.origin = sheet::Origin::imported;
  sheet::SignedSheet bare = testing::sign(typed);
  bare.signature.reset();
  bare.certificate.reset();
  EXPECT_EQ(count_of({bare}).conflicts.at(0).kind, errors::not_signed);
}

TEST(SignedSheets, OneOfAnotherElectionCountsZeroTimes) {
  sheet::SheetFields other = fields(0);
  other.election[0] ^= 1U;
  const Count count = count_of({testing::sign(other)});
  EXPECT_EQ(count.conflicts.at(0).kind, errors::wrong_election);
  EXPECT_EQ(count.in_state(StationState::missing), count.stations.size());
}

TEST(SignedSheets, OneOfAnUnknownStationCountsZeroTimes) {
  sheet::SheetFields other = fields(0);
  other.station = "NOWHERE";
  EXPECT_EQ(count_of({testing::sign(other)}).conflicts.at(0).kind,
            errors::unknown_station);
}

TEST(SignedSheets, OneWithAnotherBallotCountsZeroTimes) {
  sheet::SheetFields other = fields(0);
  other.contests[0].options[0].code = "ELSE";
  EXPECT_EQ(count_of({testing::sign(other)}).conflicts.at(0).kind,
            errors::wrong_contests);
}

TEST(SignedSheets, OneOfAMachineThatCouldNotCountIsNoResultOfZero) {
  sheet::SheetFields lost = fields(0);
  lost.origin = sheet::Origin::uncounted;
  lost.contests.clear();
  const Count count = count_of({testing::sign(lost)});
  EXPECT_EQ(count.conflicts.at(0).kind, errors::not_counted);
  EXPECT_EQ(count.in_state(StationState::counted), 0U);
  EXPECT_NE(count.conflicts[0].message.spanish.find("custodios"), std::string::npos);
  sheet::SignedSheet bare = testing::sign(lost);
  bare.signature.reset();
  EXPECT_EQ(count_of({bare}).conflicts.at(0).kind, errors::not_counted);
}

TEST(SignedSheets, NumbersThatShouldAgreeAreCountedAndSaid) {
  sheet::SheetFields odd = fields(0);
  odd.check_in.tokens_issued = *odd.check_in.tokens_issued + 2;
  const Count count = count_of({testing::sign(odd)});
  EXPECT_EQ(count.in_state(StationState::counted), 1U);
  ASSERT_FALSE(count.notices.empty());
  EXPECT_EQ(count.notices[0].kind, errors::not_reconciled);
  EXPECT_FALSE(count.notices[0].message.spanish.empty());
}

TEST(SignedSheets, WhatCannotBeReadIsListedNotDropped) {
  SheetSources sources;
  sources.sheets.push_back(
      {"blurred.jpg", fail(errors::unreadable, "no code of a tally sheet")});
  Documents documents;
  base::Report report;
  add_sheets(definition(), std::move(sources), {}, documents, report);
  const auto count = tabulate(definition(), std::move(documents));
  ASSERT_TRUE(count.has_value());
  ASSERT_EQ(count->conflicts.size(), 1U);
  EXPECT_NE(count->conflicts[0].message.english.find("blurred.jpg"), std::string::npos);
}

}  // namespace
}  // namespace urna::count
