// Votes added at every level.
#include "election/totals.hpp"

#include "election/errors.hpp"
#include "election/testing.hpp"

#include <chrono>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace urna::election {
namespace {

using testing::example;
using testing::must_load;

std::vector<std::uint64_t> ones(const Definition& definition,
                                std::string_view station) {
  return std::vector<std::uint64_t>(
      definition.style_of(*definition.find_station(station)).fields, 1);
}

TEST(Totals, AddStationsIntoEveryAreaThatContainsThem) {
  const Definition town = must_load(example("town"));
  Totals totals(town);
  ASSERT_TRUE(totals.add(*town.find_station("N01"), ones(town, "N01"),
                         {.registered = std::nullopt, .cast = 10}));
  ASSERT_TRUE(totals.add(*town.find_station("S01"), ones(town, "S01"),
                         {.registered = std::nullopt, .cast = 5}));
  ASSERT_TRUE(totals.finish());
  const ContestIndex mayor = *town.find_contest("MAYOR");
  EXPECT_EQ(totals.total(mayor).options[0], 2U);
  EXPECT_EQ(totals.total(mayor).stations, 3U);
  EXPECT_EQ(totals.total(mayor).counted, 2U);
  EXPECT_EQ(totals.total(mayor).votes(), 8U);
  const AreaIndex north = *town.find_area("NORTE");
  EXPECT_EQ(totals.total(north, mayor)->options[0], 1U);
  EXPECT_EQ(totals.total(*town.find_area("SUR"), *town.find_contest("NORTE")),
            std::nullopt);
  const AreaFigures& all = totals.figures(town.root());
  EXPECT_EQ(all.stations, 3U);
  EXPECT_EQ(all.counted, 2U);
  EXPECT_EQ(all.registered, 1270U);
  EXPECT_EQ(all.registered_counted, 880U);
  EXPECT_EQ(all.cast, 15U);
  EXPECT_EQ(totals.figures(north).counted, 1U);
  EXPECT_EQ(totals.by_contender(mayor), (std::vector<std::uint64_t>{4, 2, 2}));
}

TEST(Totals, SegmentsOfOneStationCountAsOneStation) {
  const Definition town = must_load(example("town"));
  Totals totals(town);
  const StationIndex station = *town.find_station("N01");
  ASSERT_TRUE(
      totals.add(station, ones(town, "N01"), {.registered = std::nullopt, .cast = 3}));
  ASSERT_TRUE(
      totals.add(station, ones(town, "N01"), {.registered = std::nullopt, .cast = 4}));
  ASSERT_TRUE(totals.finish());
  EXPECT_EQ(totals.figures(town.root()).counted, 1U);
  EXPECT_EQ(totals.figures(town.root()).cast, 7U);
  EXPECT_EQ(totals.total(*town.find_contest("MAYOR")).options[0], 2U);
}

TEST(Totals, KeepApartWhatIsNotStated) {
  const Definition town = must_load(example("town"));
  Totals totals(town);
  ASSERT_TRUE(totals.add(*town.find_station("N01"), ones(town, "N01")));
  ASSERT_TRUE(totals.finish());
  EXPECT_EQ(totals.figures(town.root()).cast, 0U);
  EXPECT_EQ(totals.figures(town.root()).cast_not_stated, 1U);
}

TEST(Totals, RefuseARowOfAnotherStyleAndSumsThatDoNotFit) {
  const Definition town = must_load(example("town"));
  Totals totals(town);
  const auto wrong = totals.add(*town.find_station("S01"), ones(town, "N01"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, errors::wrong_fields);
  std::vector<std::uint64_t> huge(ones(town, "N01").size(),
                                  std::numeric_limits<std::uint64_t>::max());
  ASSERT_TRUE(totals.add(*town.find_station("N01"), huge));
  const auto more = totals.add(*town.find_station("N02"), huge);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().kind, errors::overflow);
}

// The same sums as adding each station to each of its areas one by one.
RC_GTEST_PROP(TotalsProperty, EqualTheSlowWay, ()) {
  static const Definition town = must_load(example("town"));
  Totals totals(town);
  std::vector<std::vector<std::uint64_t>> rows(town.stations().size());
  for (StationIndex i = 0; i < rows.size(); ++i) {
    if (*rc::gen::arbitrary<bool>()) continue;
    const auto fields = town.style_of(i).fields;
    rows[i] = *rc::gen::container<std::vector<std::uint64_t>>(
        fields, rc::gen::inRange<std::uint64_t>(0, 1000));
    RC_ASSERT(totals.add(i, rows[i]).has_value());
  }
  RC_ASSERT(totals.finish().has_value());
  for (AreaIndex area = 0; area < town.areas().size(); ++area) {
    for (ContestIndex c = 0; c < town.contests().size(); ++c) {
      std::vector<std::uint64_t> sum(town.contests()[c].fields(), 0);
      bool voted = false;
      for (StationIndex s = 0; s < rows.size(); ++s) {
        const auto& around = town.place_of(s).areas;
        const auto slot = town.slot_of(town.style_index_of(s), c);
        if (std::ranges::find(around, area) == around.end() || !slot) continue;
        voted = true;
        for (std::size_t f = 0; f < sum.size() && !rows[s].empty(); ++f) {
          sum[f] += rows[s][town.style_of(s).field_start[*slot] + f];
        }
      }
      const auto total = totals.total(area, c);
      RC_ASSERT(total.has_value() == voted);
      if (!total) continue;
      RC_ASSERT(std::ranges::equal(total->options,
                                   std::span(sum).first(total->options.size())));
      RC_ASSERT(total->blank == sum[sum.size() - 2]);
      RC_ASSERT(total->null == sum.back());
    }
  }
}

TEST(Totals, NationalListsAddTheCardsOfEveryState) {
  const Definition assembly = must_load(example("assembly-277"));
  Totals totals(assembly);
  std::uint64_t expected = 0;
  std::optional<AwardIndex> national;
  for (AwardIndex i = 0; i < assembly.awards().size(); ++i) {
    if (assembly.awards()[i].scope == Award::Scope::sum) national = i;
  }
  ASSERT_TRUE(national);
  const Award& award = assembly.awards()[*national];
  for (StationIndex i = 0; i < assembly.stations().size(); ++i) {
    const BallotStyle& style = assembly.style_of(i);
    ASSERT_TRUE(totals.add(i, std::vector<std::uint64_t>(style.fields, 1)));
    for (const ContestIndex c : style.contests) {
      const Contest& contest = assembly.contests()[c];
      if (std::ranges::find(award.contests, c) == award.contests.end()) continue;
      expected += contest.options.size();
    }
  }
  ASSERT_TRUE(totals.finish());
  std::uint64_t sum = 0;
  for (const std::uint64_t votes : totals.by_award_list(*national)) sum += votes;
  EXPECT_GT(sum, 0U);
  EXPECT_EQ(sum, expected) << "every card of a state list feeds a national list";
}

}  // namespace
}  // namespace urna::election
