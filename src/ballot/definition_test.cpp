#include "ballot/definition.hpp"

#include "ballot/errors.hpp"

#include <gtest/gtest.h>

namespace urna::ballot {
namespace {

TEST(StationOfDefinition, TakesContestsOptionsAndLimitsAsTheyStand) {
  const auto town = election::load_definition(URNA_SOURCE_DIR "/examples/town").value();
  const Hash32 he{7};
  for (election::StationIndex s = 0; s < town.stations().size(); ++s) {
    const auto station = station_of(town, s, he, {1, 2});
    ASSERT_TRUE(station.has_value());
    EXPECT_EQ(station->code(), town.stations()[s].code);
    EXPECT_EQ(station->election_hash(), he);
    EXPECT_TRUE(station->has_segment(2));
    const BallotStyle* style = station->style(town.style_index_of(s));
    ASSERT_NE(style, nullptr);
    const auto& contests = town.style_of(s).contests;
    ASSERT_EQ(style->contests().size(), contests.size());
    for (std::size_t c = 0; c < contests.size(); ++c) {
      const election::Contest& contest = town.contests()[contests[c]];
      EXPECT_EQ(style->contests()[c].options, contest.options.size());
      EXPECT_EQ(style->contests()[c].limit, contest.limit);
    }
  }
}

TEST(StationOfDefinition, RefusesAStationWithoutSegments) {
  const auto town = election::load_definition(URNA_SOURCE_DIR "/examples/town").value();
  const auto station = station_of(town, 0, Hash32{}, {});
  ASSERT_FALSE(station.has_value());
  EXPECT_EQ(station.error().kind, errors::bad_station);
}

}  // namespace
}  // namespace urna::ballot
