// What a good definition becomes.
#include "election/definition.hpp"

#include "base/encoding.hpp"
#include "election/testing.hpp"

#include <gtest/gtest.h>

namespace urna::election {
namespace {

using testing::content;
using testing::example;
using testing::must_load;

TEST(Town, LoadsWithoutAnyFinding) {
  base::Report report;
  const auto definition =
      load_definition(std::string(URNA_SOURCE_DIR "/examples/town"), report);
  ASSERT_TRUE(definition) << report.text();
  EXPECT_TRUE(report.findings().empty()) << report.text();
}

TEST(Town, GivesEachStationTheContestsOfItsAreas) {
  const Definition town = must_load(example("town"));
  ASSERT_EQ(town.stations().size(), 3U);
  ASSERT_EQ(town.styles().size(), 2U);
  const auto codes = [&](std::string_view station) {
    std::string out;
    for (const ContestIndex i : town.style_of(*town.find_station(station)).contests) {
      out += town.contests()[i].code + " ";
    }
    return out;
  };
  EXPECT_EQ(codes("N01"), "MAYOR COUNCIL NORTE BRIDGE PARK ");
  EXPECT_EQ(codes("N02"), codes("N01"));
  EXPECT_EQ(codes("S01"), "MAYOR COUNCIL BRIDGE PARK ");
  const BallotStyle& style = town.style_of(*town.find_station("S01"));
  EXPECT_EQ(style.fields, 4U + 2 + 4 + 2 + 2 + 2 + 4 + 2);
  EXPECT_EQ(style.field_start, (std::vector<std::uint32_t>{0, 6, 12, 16}));
  EXPECT_EQ(town.slot_of(town.style_index_of(*town.find_station("S01")),
                         *town.find_contest("NORTE")),
            std::nullopt);
}

TEST(Town, TurnsCardsIntoOptionsInPartyOrder) {
  const Definition town = must_load(example("town"));
  const Contest& mayor = town.contests()[*town.find_contest("MAYOR")];
  std::string codes;
  for (const Option& option : mayor.options) codes += option.code + " ";
  EXPECT_EQ(codes, "FARO MOLINO DARIO IRENE ");
  EXPECT_EQ(mayor.contenders[0].code, "ALBA");
  EXPECT_EQ(mayor.contenders[0].options, (std::vector<OptionIndex>{0, 1}));
  EXPECT_EQ(mayor.contenders[0].parties.size(), 2U);
  const Contest& norte = town.contests()[*town.find_contest("NORTE")];
  EXPECT_EQ(norte.limit, 2U);
  EXPECT_EQ(norte.options[0].code, "NOELIA");
  EXPECT_EQ(norte.options[0].cards.size(), 2U) << "one joint card";
}

TEST(Town, GivesQuestionsTwoAnswersAndApprovalAllOptions) {
  const Definition town = must_load(example("town"));
  const Contest& bridge = town.contests()[*town.find_contest("BRIDGE")];
  ASSERT_EQ(bridge.options.size(), 2U);
  EXPECT_EQ(bridge.options[0].code, "YES");
  EXPECT_EQ(bridge.contenders[0].name.in(*town.find_language("es")), "Sí");
  const Contest& park = town.contests()[*town.find_contest("PARK")];
  EXPECT_EQ(park.limit, 4U);
}

TEST(Hash, CoversEveryFileOfTheFormatInOneOrder) {
  const DefinitionFiles files = example("town");
  const Hash32 hash = definition_hash(files);
  DefinitionFiles shuffled = files;
  std::ranges::reverse(shuffled.files);
  EXPECT_EQ(definition_hash(shuffled), hash);
  shuffled.files.emplace_back("NOTES.md", "not part of the definition");
  EXPECT_EQ(definition_hash(shuffled), hash);
  for (std::size_t i = 0; i < files.files.size(); ++i) {
    DefinitionFiles changed = files;
    changed.files[i].second += "\n";
    EXPECT_NE(definition_hash(changed), hash) << files.files[i].first;
  }
  EXPECT_EQ(must_load(files).hash(), hash);
}

TEST(Hash, MovingBytesBetweenFilesChangesIt) {
  DefinitionFiles a{{{"areas.csv", "xy"}, {"stations.csv", ""}}};
  DefinitionFiles b{{{"areas.csv", "x"}, {"stations.csv", "y"}}};
  EXPECT_NE(definition_hash(a), definition_hash(b));
}

}  // namespace
}  // namespace urna::election
