// Every worked case in testdata/, and the errors.
#include "seats/allocation.hpp"

#include "base/json.hpp"
#include "seats/check.hpp"
#include "seats/errors.hpp"
#include "seats/explain.hpp"
#include "seats/problem.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace urna::seats {
namespace {

using base::Json;

Json load(const std::string& name) {
  std::ifstream file(URNA_SOURCE_DIR "/src/seats/testdata/" + name);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto json = base::parse_json(text);
  if (!json) throw std::runtime_error(name + ": " + json.error().text());
  return *json;
}

std::vector<SeatCount> seats_in(const Json& array) {
  std::vector<SeatCount> out;
  for (const Json& item : array.items())
    out.push_back(static_cast<SeatCount>(*item.if_int()));
  return out;
}

void expect_lots(const Json& want, const Allocation& award) {
  ASSERT_EQ(award.lots.size(), 1U);
  const LotsNeeded& lots = award.lots.front();
  std::vector<std::string> among;
  for (const Json& name : want.find("among")->items())
    among.push_back(*name.if_string());
  EXPECT_EQ(lots.among, among);
  EXPECT_EQ(lots.take, *want.find("take")->if_int());
  EXPECT_EQ(lots.to_lose, *want.find("to_lose")->if_bool());
  if (const Json* stage = want.find("stage")) {
    EXPECT_EQ(lots.stage, *stage->if_string());
  }
}

void run_case(const Json& item, const std::string& file) {
  SCOPED_TRACE(*item.find("name")->if_string());
  base::Report report;
  const Problem problem = read_problem(*item.find("problem"), file, "", report);
  ASSERT_TRUE(report.ok()) << report.text();
  const auto award = solve(problem);
  ASSERT_TRUE(award.has_value()) << award.error().text();
  if (const Json* lots = item.find("lots")) {
    expect_lots(*lots, *award);
    return;
  }
  ASSERT_TRUE(award->complete()) << explain(*award, Language::english);
  EXPECT_EQ(award->seats, seats_in(*item.find("seats")))
      << explain(*award, Language::english);
  const Json* unassigned = item.find("unassigned");
  EXPECT_EQ(award->unassigned, unassigned ? *unassigned->if_int() : 0);
  const Json* notes = item.find("notes");
  EXPECT_EQ(award->notes.size(), notes ? std::size_t(*notes->if_int()) : 0U);
  if (const Json* house = item.find("house")) {
    EXPECT_EQ(award->house, *house->if_int());
  }
  if (!problem.overhang) {
    const auto flaw = find_flaw(problem.contest, problem.rules, *award);
    EXPECT_FALSE(flaw) << *flaw;
  }
}

class Worked : public testing::TestWithParam<const char*> {};

TEST_P(Worked, CasesComeOutAsPublished) {
  const Json file = load(GetParam());
  ASSERT_GT(file.find("cases")->items().size(), 10U);
  for (const Json& item : file.find("cases")->items()) run_case(item, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Seats, Worked,
                         testing::Values("dutch.json", "nations.json", "ties.json"));

Contest two(Votes a, Votes b) {
  return {.lists = {{.name = "A", .votes = a}, {.name = "B", .votes = b}}};
}

TEST(Allocate, RefusesTheSameListTwice) {
  Contest contest = two(1, 2);
  contest.lists[1].name = "A";
  EXPECT_EQ(allocate(contest, {.seats = 1}).error().kind, errors::duplicate_list);
}

TEST(Allocate, RefusesNoListsNoSeatsAndAbsurdSizes) {
  EXPECT_EQ(allocate({}, {.seats = 1}).error().kind, errors::no_lists);
  EXPECT_EQ(allocate(two(1, 1), {.seats = 0}).error().kind, errors::bad_rule);
  EXPECT_EQ(allocate(two(1, 1), {.seats = kMostSeats + 1}).error().kind,
            errors::too_large);
  EXPECT_EQ(allocate(two(kMostVotes, 1), {.seats = 1}).error().kind, errors::too_large);
  EXPECT_EQ(allocate(two(~Votes{0}, 2), {.seats = 1}).error().kind, errors::too_large);
}

TEST(Drawings, OneThatNoTieAsksForIsAnError) {
  const std::vector<Drawing> drawings{{"", {"A", "B"}, {"A"}}};
  const auto award = allocate(two(5, 4), {.seats = 1}, drawings);
  ASSERT_FALSE(award.has_value());
  EXPECT_EQ(award.error().kind, errors::unused_drawing);
}

TEST(Drawings, DrawingSomebodyElseOrTooManyIsAnError) {
  for (const auto& drawn :
       std::vector<std::vector<std::string>>{{"C"}, {"A", "B"}, {}, {"A", "A"}}) {
    const std::vector<Drawing> drawings{{"", {"A", "B"}, drawn}};
    const auto award = allocate(two(5, 5), {.seats = 1}, drawings);
    ASSERT_FALSE(award.has_value());
    EXPECT_EQ(award.error().kind, errors::bad_drawing);
  }
}

TEST(Drawings, OfAnotherStageDoesNotDecide) {
  const std::vector<Drawing> drawings{{"circuit 2", {"A", "B"}, {"A"}}};
  DrawingBook book(drawings);
  const auto award = allocate(two(5, 5), {.seats = 1}, book, "circuit 1");
  ASSERT_TRUE(award.has_value());
  ASSERT_EQ(award->lots.size(), 1U);
  EXPECT_EQ(award->lots[0].stage, "circuit 1");
}

TEST(Explain, ShowsEveryStepQuotientAndTieInBothLanguages) {
  const auto award = allocate(two(200, 100), {.seats = 2});
  ASSERT_TRUE(award.has_value());
  const std::string english = explain(*award, Language::english);
  EXPECT_NE(english.find("lots are needed: draw 1 of {A, B}"), std::string::npos)
      << english;
  const std::string spanish = explain(*award, Language::spanish);
  EXPECT_NE(spanish.find("hace falta sorteo: sacar 1 de {A, B}"), std::string::npos)
      << spanish;
  const Json json = to_json(*award);
  EXPECT_EQ(json.find("steps")->items().size(), 1U);
  EXPECT_EQ(*json.find("quotients")->items()[0].find("value")->if_string(), "200");
}

TEST(Method, NamesRoundTripAndUnknownOnesListTheRest) {
  for (const Method m : {Method::dhondt, Method::sainte_lague, Method::plurality,
                         Method::modified_sainte_lague, Method::dutch_council,
                         Method::hare_largest_remainder, Method::hagenbach_bischoff,
                         Method::hagenbach_bischoff_remainders})
    EXPECT_EQ(*method_from(method_name(m)), m);
  const auto unknown = method_from("d'hondt");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_NE(unknown.error().to_do.find("sainte-lague"), std::string::npos);
}

TEST(Problem, ReportsEveryMistakeOfAFileInOneRun) {
  const auto json = base::parse_json(
      R"({"method": "doubt", "seats": 0, "ties": "coin", "threshold": {"share": "x"},
          "lists": [{"name": "A", "votes": -1}, {"votes": 3}], "colour": "red"})");
  base::Report report;
  (void)read_problem(*json, "p.json", "", report);
  EXPECT_GE(report.problems(), 7U) << report.text();
}

TEST(Problem, ReadsListsFromATableAndNamesTheBadCell) {
  base::Report report;
  const Contest contest =
      read_lists("list,votes,alliance,candidates\nA,10,X,3\nB,20,,\n", "t.csv", report);
  ASSERT_TRUE(report.ok()) << report.text();
  ASSERT_EQ(contest.lists.size(), 2U);
  EXPECT_EQ(contest.lists[0].alliance, "X");
  EXPECT_EQ(contest.lists[0].candidates, SeatCount{3});
  EXPECT_FALSE(contest.lists[1].candidates);
  (void)read_lists("list,votes\nA,ten\n", "t.csv", report);
  EXPECT_FALSE(report.ok());
  EXPECT_NE(report.text().find("t.csv:2"), std::string::npos) << report.text();
}

}  // namespace
}  // namespace urna::seats
