// A count beside a published result that is the same, smaller, and of other stations.
#include "count/against.hpp"

#include "base/encoding.hpp"
#include "count/data_report.hpp"
#include "count/errors.hpp"
#include "count/import.hpp"
#include "count/testing/nation.hpp"

#include <gtest/gtest.h>

namespace urna::count {
namespace {

Count town(std::string table) {
  const auto definition = election::load_definition(URNA_SOURCE_DIR "/examples/town");
  base::Report report;
  const auto mapping = read_mapping(testing::parse(R"({"format": "urna-count-import-1",
        "station": [{"column": "mesa"}],
        "contests": {"MAYOR": {"options": {"DARIO": "dario"}, "blank": "blanco"}}})"),
                                    "m.json", report);
  Documents documents;
  import_table(*definition, *mapping, std::move(table), "t.csv", documents, report);
  auto count = tabulate(*definition, std::move(documents));
  if (!count) throw std::runtime_error(count.error().text());
  return std::move(*count);
}

Against beside(const Count& here, const Count& published) {
  const auto out = set_beside(here, testing::parse(json_report(published).dump()));
  if (!out) throw std::runtime_error(out.error().text());
  return *out;
}

TEST(Against, TheSameResultHasNoContradiction) {
  const Count count = town("mesa,dario,blanco\nN01,12,3\nN02,7,0\n");
  const Against same = beside(count, count);
  EXPECT_TRUE(same.contradictions.empty());
  EXPECT_EQ(same.stations_compared, 2U);
  // Fewer sheets here than were published is no contradiction.
  EXPECT_TRUE(
      beside(town("mesa,dario,blanco\nN01,12,3\n"), count).contradictions.empty());
}

TEST(Against, AStationWithOtherNumbersAndATotalTooSmallAreNamed) {
  const Count published = town("mesa,dario,blanco\nN01,11,4\nN02,7,0\n");
  const Count here = town("mesa,dario,blanco\nN01,12,3\nN02,7,0\n");
  const Against found = beside(here, published);
  ASSERT_EQ(found.contradictions.size(), 2U);
  EXPECT_EQ(found.contradictions[0].english,
            "station N01: 2 numbers of the sheet are not the published ones");
  EXPECT_EQ(found.contradictions[1].english,
            "MAYOR DARIO: the sheets give 19, more than the 18 published");
  const std::string text = against_text(here, found, seats::Language::spanish);
  EXPECT_NE(text.find("Contradicciones: 2"), std::string::npos) << text;
}

TEST(Against, AStationOfWhichNothingWasPublishedIsNamed) {
  const Against found = beside(town("mesa,dario,blanco\nN01,12,3\nN02,7,0\n"),
                               town("mesa,dario,blanco\nN01,12,3\n"));
  ASSERT_FALSE(found.contradictions.empty());
  EXPECT_NE(found.contradictions[0].english.find("station N02"), std::string::npos);
}

TEST(Against, TheRecordsResultsDocumentIsReadToo) {
  const Count count = town("mesa,dario,blanco\nN01,12,3\n");
  const auto json = testing::parse(
      R"({"format": "urna-results-1", "definition": ")" +
      base::to_hex(ByteView(count.definition.hash())) +
      R"(", "contests": [{"contest": "MAYOR", "options": [{"option": "DARIO",
          "votes": 11}], "blank": 3}]})");
  const auto found = set_beside(count, json);
  ASSERT_TRUE(found.has_value()) << found.error().text();
  ASSERT_EQ(found->contradictions.size(), 1U);
}

TEST(Against, AnotherElectionIsRefused) {
  const Count count = town("mesa,dario,blanco\nN01,12,3\n");
  for (const char* text : {R"({"format": "urna-count-1", "definition": "00"})",
                           R"({"format": "x"})", R"([])"})
    EXPECT_EQ(set_beside(count, testing::parse(text)).error().kind,
              errors::bad_published);
}

}  // namespace
}  // namespace urna::count
