#include "sheet/sheet.hpp"

#include "crypto/sha256.hpp"
#include "sheet/errors.hpp"
#include "sheet/testing/samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace urna::sheet {
namespace {

using testing::small_sheet;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string small_text() {
  return Sheet::make(small_sheet())->text();
}

ErrorKind refused(std::string_view text) {
  const auto parsed = Sheet::parse(text);
  EXPECT_FALSE(parsed.has_value()) << text;
  return parsed ? ErrorKind{0, ""} : parsed.error().kind;
}

ErrorKind refused(SheetFields fields) {
  const auto made = Sheet::make(std::move(fields));
  EXPECT_FALSE(made.has_value());
  return made ? ErrorKind{0, ""} : made.error().kind;
}

TEST(Sheet, TextComesBackAsTheSameFieldsAndTheSameBytes) {
  const auto made = Sheet::make(small_sheet());
  ASSERT_TRUE(made) << made.error().text();
  const auto parsed = Sheet::parse(made->text());
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->fields(), small_sheet());
  EXPECT_EQ(parsed->text(), made->text());
  EXPECT_EQ(parsed->digest(), made->digest());
  EXPECT_EQ(made->digest(), crypto::sha256(as_bytes(made->text())));
}

TEST(Sheet, AnImportedSheetMayLeaveEveryFieldOpen) {
  SheetFields f;
  f.origin = Origin::imported;
  f.station = "22010300701";
  f.contests.resize(1);
  f.contests[0].code = "PRES";
  f.contests[0].options = {{"A", 3}, {"B", 0}};
  const auto made = Sheet::make(f);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_NE(made->text().find("REGISTERED:- "), std::string::npos);
  const auto parsed = Sheet::parse(made->text());
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->fields(), f);
}

TEST(Sheet, AMachineThatCouldNotCountStatesEverythingButVotes) {
  SheetFields f = small_sheet();
  f.origin = Origin::uncounted;
  EXPECT_EQ(refused(f), errors::machine_rule) << "it states votes";
  f.contests.clear();
  const auto made = Sheet::make(f);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_NE(made->text().find(" ORIGIN:UNCOUNTED "), std::string::npos);
  EXPECT_TRUE(made->text().ends_with(" CONTESTS:0 END:SHEET"));
  const auto parsed = Sheet::parse(made->text());
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->fields(), f);
  EXPECT_FALSE(parsed->fields().counted());
  // No other sheet is without contests, and this one is a machine's in all else.
  EXPECT_EQ(refused(replaced(made->text(), "UNCOUNTED", "MACHINE")), errors::bad_value);
  EXPECT_EQ(refused(replaced(made->text(), "UNCOUNTED", "IMPORTED")),
            errors::bad_value);
  EXPECT_EQ(refused(replaced(made->text(), "CONTESTS:0", "CONTESTS:1")),
            errors::bad_value);
  f.sealed.reset();
  EXPECT_EQ(refused(f), errors::machine_rule);
}

TEST(Sheet, LowerCaseLettersHaveTheirOwnRefusal) {
  EXPECT_EQ(refused(replaced(small_text(), "URNA", "urna")), errors::lower_case);
  EXPECT_EQ(refused(replaced(small_text(), "OAK:77", "oak:77")), errors::lower_case);
}

TEST(Sheet, ForeignCharactersAreNamedWithTheirPlace) {
  EXPECT_EQ(refused(small_text() + "\r\n"), errors::bad_character);
  EXPECT_EQ(refused(replaced(small_text(), "OAK", "O\xC3\x81K")),
            errors::bad_character);
  EXPECT_EQ(refused(std::string("\0", 1) + small_text()), errors::bad_character);
}

TEST(Sheet, EveryPrefixIsRefused) {
  const std::string text = small_text();
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(Sheet::parse(text.substr(0, size)).has_value()) << size;
  }
}

TEST(Sheet, SecondSpellingsOfOneValueAreRefused) {
  EXPECT_EQ(refused(replaced(small_text(), "CAST:535", "CAST:0535")),
            errors::bad_value);
  EXPECT_EQ(refused(replaced(small_text(), "CAST:535", "CAST:+535")),
            errors::bad_value);
  EXPECT_EQ(refused(replaced(small_text(), " CAST:535", "  CAST:535")),
            errors::bad_spacing);
  EXPECT_EQ(refused(replaced(small_text(), "-0400", "-400 ")), errors::bad_value);
  EXPECT_EQ(refused(small_text() + " "), errors::bad_spacing);
  EXPECT_EQ(refused(small_text() + " MORE:1"), errors::trailing_text);
}

TEST(Sheet, FieldsOutOfOrderMissingOrOfAnotherVersionAreRefused) {
  EXPECT_EQ(refused(replaced(small_text(), " CAST:535", "")), errors::wrong_key);
  EXPECT_EQ(refused(replaced(small_text(), "CAST:535 NOVOTE:3", "NOVOTE:3 CAST:535")),
            errors::wrong_key);
  EXPECT_EQ(refused(replaced(small_text(), "SHEET/1", "SHEET/2")),
            errors::unknown_version);
  EXPECT_EQ(refused(replaced(small_text(), "MODE:OFFICIAL", "MODE:OFFICIALLY")),
            errors::bad_value);
  EXPECT_EQ(refused(replaced(small_text(), "CONTESTS:2", "CONTESTS:1")),
            errors::wrong_key);
  EXPECT_EQ(refused(replaced(small_text(), "OPTIONS:3", "OPTIONS:2")),
            errors::wrong_key);
}

TEST(Sheet, RepeatedCodesAreRefused) {
  EXPECT_EQ(refused(replaced(small_text(), "OAK:", "SUN:")), errors::duplicate_code);
  EXPECT_EQ(refused(replaced(small_text(), "CONTEST:MAYOR", "CONTEST:LIST")),
            errors::duplicate_code);
}

TEST(Sheet, MoreVotesThanBallotsAreRefusedWithTheSums) {
  SheetFields f = small_sheet();
  f.contests[0].options[0].votes += 1;
  const auto made = Sheet::make(f);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, errors::impossible_sum);
  EXPECT_NE(made.error().message.find("527"), std::string::npos) << made.error().text();
  EXPECT_NE(made.error().message.find("526"), std::string::npos) << made.error().text();
}

TEST(Sheet, WithTwoVotesTheSumMayLieAnywhereBetweenOnceAndTwice) {
  SheetFields f = small_sheet();
  ContestResult& contest = f.contests[1];  // 535 ballots, 14 blank: 521 to 1042
  const auto with = [&](std::uint32_t a, std::uint32_t b) {
    contest.options = {{"ANA", a}, {"BENITO", b}};
    return Sheet::make(f).has_value();
  };
  EXPECT_FALSE(with(520, 0));
  EXPECT_TRUE(with(521, 0));
  EXPECT_TRUE(with(521, 521));
  EXPECT_FALSE(with(521, 522));
}

TEST(Sheet, WithoutTheBlankVotesOnlyTheUpperBoundCanBeChecked) {
  SheetFields f = small_sheet();
  f.origin = Origin::imported;
  f.contests[0].blank = std::nullopt;
  f.contests[0].options = {{"SUN", 0}, {"RIVER", 535}};
  EXPECT_TRUE(Sheet::make(f));
  f.contests[0].options[0].votes = 1;
  EXPECT_EQ(refused(f), errors::impossible_sum);
}

TEST(Sheet, AContestOnMoreBallotsThanWereCastIsImpossible) {
  SheetFields f = small_sheet();
  f.contests[0].ballots = 536;
  f.contests[0].blank = 10;
  EXPECT_EQ(refused(f), errors::impossible_sum);
}

TEST(Sheet, BlankAndNullBeyondTheBallotsAreImpossible) {
  SheetFields f = small_sheet();
  f.contests[0].blank = 536;
  EXPECT_EQ(refused(f), errors::impossible_sum);
}

TEST(Sheet, AMachineHasNoNullVotesAndLeavesNothingOpen) {
  SheetFields f = small_sheet();
  f.contests[0].null_votes = 1;
  f.contests[0].blank = 8;
  EXPECT_EQ(refused(f), errors::machine_rule);
  f = small_sheet();
  f.registered = std::nullopt;
  EXPECT_EQ(refused(f), errors::machine_rule);
  f = small_sheet();
  f.closed = std::nullopt;
  EXPECT_EQ(refused(f), errors::machine_rule);
  f = small_sheet();
  f.device.clear();
  EXPECT_EQ(refused(f), errors::machine_rule);
}

TEST(Sheet, CheckInIsStatedWholeOrNotAtAll) {
  SheetFields f = small_sheet();
  f.check_in = {};
  EXPECT_TRUE(Sheet::make(f));
  f.check_in.total = 540;
  EXPECT_EQ(refused(f), errors::machine_rule);
}

TEST(Sheet, DifferencesThatPeopleMustExplainAreNotRefused) {
  SheetFields f = small_sheet();
  f.check_in.total = 100;
  f.activated = 7;
  f.sealed = 1;
  EXPECT_TRUE(Sheet::make(f));
}

TEST(Sheet, CodesOutsideTheAlphabetAreRefused) {
  SheetFields f = small_sheet();
  f.station = "220103007.01";
  EXPECT_EQ(refused(f), errors::bad_value);
  f = small_sheet();
  f.contests[0].options[0].code = "A B";
  EXPECT_EQ(refused(f), errors::bad_value);
  f = small_sheet();
  f.device = "-";
  EXPECT_EQ(refused(f), errors::bad_value);
}

TEST(LocalTime, OnlyRealMomentsInOneSpelling) {
  EXPECT_EQ(to_text(local_time(1796551392, -240)), "20261206T060312-0400");
  EXPECT_EQ(to_human(local_time(1796551392, -240)), "2026-12-06 06:03:12 (UTC-04:00)");
  for (const char* good : {"20240229T000000+0000", "20261206T235959+1400"}) {
    const auto time = parse_local_time(good);
    ASSERT_TRUE(time) << good;
    EXPECT_EQ(to_text(*time), good);
  }
  for (const char* bad :
       {"20230229T000000+0000", "20261206T240000+0000", "20261206T006000+0000",
        "20261206T000060+0000", "20261206T000000-0000", "20261206T000000+1401",
        "20261206 000000+0000", "20261206T000000Z", "", "2026120AT000000+0000"}) {
    EXPECT_FALSE(parse_local_time(bad)) << bad;
  }
}

RC_GTEST_PROP(SheetProperty, OneChangedCharacterNeverReadsAsTheSameSheet, ()) {
  static const Sheet original = *Sheet::make(small_sheet());
  std::string text = original.text();
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  const char to = *rc::gen::elementOf(
      std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abc\n"));
  RC_PRE(to != text[at]);
  text[at] = to;
  const auto parsed = Sheet::parse(text);
  if (parsed) {
    RC_ASSERT(parsed->text() == text);
    RC_ASSERT(!(parsed->fields() == original.fields()));
    RC_ASSERT(parsed->digest() != original.digest());
  }
}

RC_GTEST_PROP(SheetProperty, AssemblySheetsRoundTrip, (std::uint32_t seed)) {
  const SheetFields fields = testing::assembly_sheet(seed, 1 + seed % 4);
  const auto made = Sheet::make(fields);
  RC_ASSERT(made.has_value());
  const auto parsed = Sheet::parse(made->text());
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->fields() == fields);
}

}  // namespace
}  // namespace urna::sheet
