// Officials' signatures, the box count, and the equalities between all of them.
#include "base/json.hpp"
#include "sheet/box_count.hpp"
#include "sheet/errors.hpp"
#include "sheet/officials.hpp"
#include "sheet/reconcile.hpp"
#include "sheet/sheet_json.hpp"
#include "sheet/testing/samples.hpp"

#include <gtest/gtest.h>

namespace urna::sheet {
namespace {

using testing::device_key;
using testing::small_sheet;

const Sheet& sheet() {
  static const Sheet made = *Sheet::make(small_sheet());
  return made;
}

crypto::SigningKey person(std::uint32_t number) {
  return device_key(1000 + number);
}

OfficialSignature signs(std::uint32_t number, std::string role, const Hash32& digest,
                        SignedDocument document = SignedDocument::sheet) {
  return *OfficialSignature::sign(document, digest, small_sheet().station,
                                  std::move(role), "V-" + std::to_string(number),
                                  person(number));
}

std::vector<TrustedOfficial> trusted() {
  return {{small_sheet().station, "PRESIDENT", person(1).public_key()},
          {small_sheet().station, "SECRETARY", person(2).public_key()},
          {"", "", person(3).public_key()},
          {"OTHER", "MEMBER", person(4).public_key()}};
}

OfficialsCheck check(const std::vector<OfficialSignature>& signatures) {
  static const std::vector<TrustedOfficial> people = trusted();
  return check_officials(signatures, SignedDocument::sheet, sheet().digest(),
                         small_sheet().station, people);
}

TEST(Officials, TheirSignaturesSurviveTheFileAndCount) {
  const std::vector all{signs(1, "PRESIDENT", sheet().digest()),
                        signs(2, "SECRETARY", sheet().digest()),
                        signs(3, "WITNESS", sheet().digest())};
  const auto read = parse_officials(to_file_text(all));
  ASSERT_TRUE(read) << read.error().text();
  const OfficialsCheck result = check(*read);
  EXPECT_EQ(result.good.size(), 3U);
  EXPECT_TRUE(result.errors.empty());
}

TEST(Officials, EachThatDoesNotCountSaysWhy) {
  Hash32 other = sheet().digest();
  other[0] ^= 1;
  const std::vector all{
      signs(1, "PRESIDENT", other),             // of another sheet
      signs(2, "PRESIDENT", sheet().digest()),  // in a role that is not theirs
      signs(4, "MEMBER", sheet().digest()),     // of another station
      signs(5, "PRESIDENT", sheet().digest()),  // unknown
      signs(3, "WITNESS", sheet().digest()),    // good
      signs(3, "OBSERVER", sheet().digest()),   // the same person again
      signs(1, "PRESIDENT", sheet().digest(), SignedDocument::box)};
  const OfficialsCheck result = check(all);
  ASSERT_EQ(result.good.size(), 1U);
  EXPECT_EQ(result.good[0]->role(), "WITNESS");
  ASSERT_EQ(result.errors.size(), 6U);
  EXPECT_EQ(result.errors[0].kind, errors::wrong_digest);
  EXPECT_EQ(result.errors[1].kind, errors::wrong_certificate);
  EXPECT_EQ(result.errors[2].kind, errors::wrong_certificate);
  EXPECT_EQ(result.errors[3].kind, errors::wrong_certificate);
  EXPECT_EQ(result.errors[4].kind, errors::same_signer);
  EXPECT_EQ(result.errors[5].kind, errors::wrong_digest);
}

TEST(Officials, EveryChangedCharacterIsRefused) {
  const OfficialSignature good = signs(1, "PRESIDENT", sheet().digest());
  for (std::size_t i = 0; i < good.text().size(); ++i) {
    std::string text = good.text();
    text[i] = text[i] == 'A' ? 'B' : 'A';
    const auto parsed = OfficialSignature::parse(text);
    EXPECT_FALSE(parsed && parsed->check()) << i;
  }
}

BoxCountFields box_fields() {
  BoxCountFields f;
  f.mode = small_sheet().mode;
  f.election = small_sheet().election;
  f.station = small_sheet().station;
  f.sheet = sheet().digest();
  f.papers = 534;
  f.contests = {small_sheet().contests[0]};
  f.contests[0].ballots = 534;
  f.contests[0].options[0].votes = 250;
  return f;
}

SignedBoxCount signed_box(BoxCountFields fields, std::uint32_t a = 1,
                          std::uint32_t b = 2) {
  BoxCount box = *BoxCount::make(std::move(fields));
  const Hash32 digest = box.digest();
  const auto role = [](std::uint32_t n) { return n == 1 ? "PRESIDENT" : "SECRETARY"; };
  return {std::move(box),
          {signs(a, role(a), digest, SignedDocument::box),
           signs(b, role(b), digest, SignedDocument::box)}};
}

TEST(BoxCount, StandsBesideItsSheetWithTwoSigners) {
  const SignedBoxCount box = signed_box(box_fields());
  const auto read = parse_box_count(to_file_text(box));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->box.fields(), box_fields());
  const auto checked = check_box_count(*read, sheet(), trusted());
  EXPECT_TRUE(checked) << checked.error().text();
}

TEST(BoxCount, AnImageOrNoneHasOneSpelling) {
  BoxCountFields f = box_fields();
  f.image = Hash32{1, 2, 3};
  const auto made = BoxCount::make(f);
  ASSERT_TRUE(made);
  const auto parsed = BoxCount::parse(made->text());
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->fields(), f);
}

TEST(BoxCount, IsRefusedBesideAnotherSheet) {
  SheetFields other = small_sheet();
  std::swap(other.contests[0].options[0].votes, other.contests[0].options[1].votes);
  const auto checked =
      check_box_count(signed_box(box_fields()), *Sheet::make(other), trusted());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, errors::bad_box_count);
}

TEST(BoxCount, NeedsTwoDifferentSigners) {
  const auto checked =
      check_box_count(signed_box(box_fields(), 1, 1), sheet(), trusted());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, errors::same_signer);
  SignedBoxCount one = signed_box(box_fields());
  one.signatures.pop_back();
  EXPECT_EQ(check_box_count(one, sheet(), trusted()).error().kind,
            errors::bad_box_count);
}

TEST(BoxCount, AHandCountThatCannotBeIsRefusedWithItsSums) {
  BoxCountFields f = box_fields();
  f.contests[0].options[0].votes += 1;
  const auto made = BoxCount::make(f);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, errors::impossible_sum);
}

TEST(BoxCount, OptionsOtherThanTheBallotsAreRefused) {
  BoxCountFields f = box_fields();
  std::swap(f.contests[0].options[0], f.contests[0].options[1]);
  const auto checked = check_box_count(signed_box(f), sheet(), trusted());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, errors::bad_box_count);
}

EqualityResult one(const std::vector<EqualityResult>& all, Equality which) {
  return all.at(static_cast<std::size_t>(which));
}

TEST(Reconcile, AllHoldOnAGoodSheetAndTheBoxWaits) {
  const auto all = reconcile(small_sheet());
  ASSERT_EQ(all.size(), kEqualities.size());
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    EXPECT_EQ(all[i].equality, kEqualities[i]);
    EXPECT_TRUE(all[i].holds()) << equality_name(all[i].equality);
  }
  EXPECT_FALSE(one(all, Equality::box).stated());
}

TEST(Reconcile, EachNumberOffByOneBreaksItsEqualities) {
  const auto broken = [](auto change) {
    SheetFields f = small_sheet();
    change(f);
    std::vector<std::string_view> names;
    for (const EqualityResult& e : reconcile(f)) {
      if (e.fails()) names.push_back(equality_name(e.equality));
    }
    return names;
  };
  using V = std::vector<std::string_view>;
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.check_in.matched; }), V{"outcomes"});
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.check_in.total; }),
            (V{"outcomes", "tokens"}));
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.check_in.tokens_issued; }),
            (V{"tokens", "activations"}));
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.activated_by_officials; }),
            V{"activations"});
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.tokens_unused; }), V{"activations"});
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.activated; }),
            (V{"activations", "sessions"}));
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.ended_without_vote; }), V{"sessions"});
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.cast; }), (V{"sessions", "sealed"}));
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.sealed; }), V{"sealed"});
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.challenged; }), V{"sealed"});
  EXPECT_EQ(broken([](SheetFields& f) { ++*f.voided; }), V{"sealed"});
}

TEST(Reconcile, AMissingSlipIsNotStatedAndNeverADifference) {
  SheetFields f = small_sheet();
  f.check_in = {};
  const auto all = reconcile(f);
  EXPECT_FALSE(one(all, Equality::tokens).stated());
  EXPECT_FALSE(one(all, Equality::activations).stated());
  EXPECT_TRUE(one(all, Equality::sessions).holds());
}

TEST(Reconcile, TheBoxIsComparedOnceCounted) {
  BoxCountFields box = box_fields();
  EXPECT_TRUE(one(reconcile(small_sheet(), &box), Equality::box).fails());
  box.papers = 535;
  EXPECT_TRUE(one(reconcile(small_sheet(), &box), Equality::box).holds());
}

TEST(Reconcile, SegmentsOfAStationAreAddedAndOneSlipServesAll) {
  SheetFields first = small_sheet(), second = small_sheet();
  first.check_in = {};
  first.tokens_unused = std::nullopt;
  first.activated = 100;
  first.activated_by_officials = 0;
  first.cast = 97;
  first.ended_without_vote = 3;
  first.sealed = 97;
  first.challenged = first.voided = 0;
  second.activated = 438;
  second.cast = 435;
  second.sealed = 448;
  const std::array segments{static_cast<const SheetFields*>(&first),
                            static_cast<const SheetFields*>(&second)};
  for (const EqualityResult& e : reconcile(segments)) {
    if (e.equality == Equality::box) continue;
    EXPECT_TRUE(e.holds()) << equality_name(e.equality);
  }
}

TEST(SheetJson, ComesBackAsTheSameFields) {
  base::Report report;
  const auto back = sheet_from_json(to_json(small_sheet()), "x.json", report);
  ASSERT_TRUE(back) << report.text();
  EXPECT_EQ(*back, small_sheet());
}

TEST(SheetJson, EveryMistakeIsNamedInOneRun) {
  const auto json = base::parse_json(R"({
    "mode": "real", "origin": "guess", "election": "12", "station": "1",
    "opened": "yesterday", "registered": -1, "unknown": 1,
    "check_in": {"total": 1.5},
    "contests": [{"code": "A", "limit": 0, "options": [{"code": "X"}]}]})",
                                     {.depth = 32, .bytes = 10000, .fractions = true});
  ASSERT_TRUE(json);
  base::Report report;
  EXPECT_FALSE(sheet_from_json(*json, "x.json", report));
  EXPECT_EQ(report.problems(), 9U) << report.text();
}

TEST(Reconcile, NamesEveryNumberOfAHandCountThatTheSegmentsDoNotGiveTogether) {
  SheetFields first = small_sheet();
  SheetFields second = small_sheet();
  second.segment = 2;
  const std::array<const SheetFields*, 2> segments{&first, &second};
  BoxCountFields box;
  box.contests = {first.contests.front()};
  ContestResult& paper = box.contests.front();
  for (OptionVotes& option : paper.options) option.votes *= 2;
  paper.blank = 2 * paper.blank.value();
  EXPECT_TRUE(hand_count_differences(segments, box).empty());
  ++paper.options.back().votes;
  --*paper.blank;
  const auto found = hand_count_differences(segments, box);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].item, paper.options.back().code);
  EXPECT_EQ(found[0].on_paper, found[0].on_sheets + 1);
  EXPECT_EQ(found[1].item, "blank");
}

}  // namespace
}  // namespace urna::sheet
