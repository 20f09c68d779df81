// New Zealand's overhang and Germany's growing house of 2017. The German figures are
// the official ones: populations of the Länder, second votes by Land, districts won.
#include "seats/compensatory.hpp"

#include "base/json.hpp"
#include "seats/errors.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include <gtest/gtest.h>

namespace urna::seats {
namespace {

std::vector<Region> germany() {
  std::ifstream file(URNA_SOURCE_DIR "/src/seats/testdata/germany_2017.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto json = base::parse_json(text);
  std::vector<Region> out;
  const auto& parties = json->find("parties")->items();
  for (const auto& [name, land] : json->find("regions")->members()) {
    Region region{.name = name,
                  .population = static_cast<Votes>(*land.find("population")->if_int())};
    for (std::size_t p = 0; p < parties.size(); ++p) {
      const auto votes = *land.find("votes")->items()[p].if_int();
      const auto districts = *land.find("districts")->items()[p].if_int();
      if (votes == 0) continue;  // the party does not stand here
      region.parties.push_back({*parties[p].if_string(), static_cast<Votes>(votes),
                                static_cast<SeatCount>(districts)});
    }
    out.push_back(std::move(region));
  }
  return out;
}

std::map<std::string, SeatCount> by_name(const Allocation& award) {
  std::map<std::string, SeatCount> out;
  for (std::size_t i = 0; i < award.names.size(); ++i)
    out[award.names[i]] = award.seats[i];
  return out;
}

// All other valid second votes of 2017: 46,515,492 less the seven parties.
const GrowingHouse kRules{.other_votes = 46'515'492 - 44'189'959};

TEST(Germany2017, LaenderGetTheirSeatsByPopulation) {
  const auto house = allocate_growing_house(germany(), kRules);
  ASSERT_TRUE(house.has_value()) << house.error().text();
  const std::map<std::string, SeatCount> want{
      {"BY", 93}, {"NW", 128}, {"BW", 76}, {"NI", 59}, {"HE", 43}, {"SN", 32},
      {"RP", 30}, {"BE", 24},  {"SH", 22}, {"BB", 20}, {"ST", 17}, {"TH", 17},
      {"MV", 13}, {"HH", 12},  {"SL", 7},  {"HB", 5}};
  EXPECT_EQ(by_name(house->regions), want);
}

TEST(Germany2017, HouseGrowsTo709) {
  const auto house = allocate_growing_house(germany(), kRules);
  ASSERT_TRUE(house.has_value()) << house.error().text();
  ASSERT_TRUE(house->lots.empty());
  std::map<std::string, SeatCount> minimum, votes;
  for (std::size_t p = 0; p < house->parties.size(); ++p)
    minimum[house->parties[p]] = house->minimum[p];
  EXPECT_EQ(minimum, (std::map<std::string, SeatCount>{{"CDU", 200},
                                                       {"SPD", 134},
                                                       {"AfD", 83},
                                                       {"FDP", 65},
                                                       {"LINKE", 59},
                                                       {"GRUENE", 57},
                                                       {"CSU", 46}}));
  EXPECT_EQ(house->house, 709U);
  EXPECT_EQ(by_name(house->national), (std::map<std::string, SeatCount>{{"CDU", 200},
                                                                        {"SPD", 153},
                                                                        {"AfD", 94},
                                                                        {"FDP", 80},
                                                                        {"LINKE", 69},
                                                                        {"GRUENE", 67},
                                                                        {"CSU", 46}}));
}

TEST(Germany2017, PartiesDivideTheirSeatsAmongTheLaender) {
  const auto house = allocate_growing_house(germany(), kRules);
  ASSERT_TRUE(house.has_value());
  std::map<std::string, SeatCount> land;
  for (const Allocation& party : house->lists) land[party.stage] = by_name(party)["MV"];
  EXPECT_EQ(land["party CDU"], 6U);
  EXPECT_EQ(land["party AfD"], 3U);
  EXPECT_EQ(land["party LINKE"], 3U);
  EXPECT_EQ(land["party SPD"], 2U);
  EXPECT_EQ(land["party FDP"], 1U);
  EXPECT_EQ(land["party GRUENE"], 1U);
  for (std::size_t p = 0; p < house->lists.size(); ++p) {
    SeatCount sum = 0;
    for (const SeatCount s : house->lists[p].seats) sum += s;
    EXPECT_EQ(sum, house->national.seats[p]);
  }
}

TEST(GrowHouse, StopsAtItsLimitInsteadOfForEver) {
  const auto house = grow_house({1, 1'000'000}, {50, 1}, Method::dhondt, 10, 1000);
  ASSERT_FALSE(house.has_value());
  EXPECT_EQ(house.error().kind, errors::unbounded_house);
}

TEST(GrowHouse, DoesNotGrowWhenMinimaAreCovered) {
  EXPECT_EQ(*grow_house({60, 40}, {6, 4}, Method::dhondt, 10, 100), 10U);
}

TEST(Overhang, SeatsOfIndependentsComeOffTheHouse) {
  const Contest contest{.lists = {{.name = "A", .votes = 600, .districts_won = 2},
                                  {.name = "B", .votes = 390, .districts_won = 1},
                                  {.name = "I", .votes = 10, .districts_won = 1}}};
  const Rules rules{
      .method = Method::sainte_lague, .seats = 11, .threshold = {.share = {1, 20}}};
  const auto award = allocate_with_overhang(contest, rules);
  ASSERT_TRUE(award.has_value());
  EXPECT_EQ(award->seats, (std::vector<SeatCount>{6, 4, 1}));
  EXPECT_EQ(award->house, 11U);
}

TEST(Overhang, RefusesAMethodWithoutQuotients) {
  const Contest contest{.lists = {{.name = "A", .votes = 1}}};
  EXPECT_EQ(allocate_with_overhang(
                contest, {.method = Method::hare_largest_remainder, .seats = 3})
                .error()
                .kind,
            errors::bad_rule);
}

}  // namespace
}  // namespace urna::seats
