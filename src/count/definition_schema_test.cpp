// The JSON Schema that is shipped for election.json against what the loader takes: the
// examples fit it, and what it refuses the loader refuses too.
#include "base/file.hpp"
#include "count/testing/json_schema.hpp"
#include "count/testing/nation.hpp"
#include "election/definition.hpp"

#include <gtest/gtest.h>

namespace urna::count {
namespace {

std::string text_of(const std::string& path) {
  base::RealFiles files;
  return base::read_text(files, std::string(URNA_SOURCE_DIR "/") + path).value();
}

std::vector<std::string> faults(std::string_view election_json) {
  static const base::Json schema =
      testing::parse(text_of("docs/formats/definition.schema.json"));
  return testing::check_schema(schema, testing::parse(election_json));
}

TEST(DefinitionSchema, FitsTheExamples) {
  for (const char* example : {"town", "assembly-277"}) {
    const auto found =
        faults(text_of("examples/" + std::string(example) + "/election.json"));
    EXPECT_TRUE(found.empty()) << example << ": " << found.front();
  }
}

TEST(DefinitionSchema, RefusesOnlyWhatTheLoaderRefusesToo) {
  const std::string good = text_of("examples/town/election.json");
  const std::vector<std::pair<std::string, std::string>> changes{
      {R"("format": "urna-election-1")", R"("format": "urna-election-2")"},
      {R"("code": "TOWN2026")", R"("code": "town 2026")"},
      {R"("mode": "demo")", R"("mode": "play")"},
      {R"(["es", "en"])", R"(["es", "es"])"},
      {R"(["es", "en"])", R"([])"},
      {R"("date": "2026-05-10")", R"("date": "10/05/2026")"},
      {R"("opens": "06:00")", R"("opens": "6")"},
      {R"("utc_offset": "-04:00")", R"("utc_offset": "VET")"},
      {R"("minimum_registered": 30)", R"("minimum_registered": -1)"},
      {R"("house_seats": 6)", R"("house_seats": "6")"},
      {R"("house_seats": 6,)", R"("house_seats": 6, "colour": "red",)"},
      {R"("method": "dhondt")", R"("method": "d-hondt")"},
      {R"("scope": "each")", R"("scope": "all")"},
      {R"("holds_stations": true)", R"("holds_stations": "yes")"}};
  for (const auto& [from, to] : changes) {
    std::string text = good;
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    EXPECT_FALSE(faults(text).empty()) << to;
    base::RealFiles disk;
    base::Report report;
    auto folder =
        election::read_definition_files(disk, URNA_SOURCE_DIR "/examples/town", report);
    ASSERT_TRUE(folder.has_value());
    for (auto& [name, bytes] : folder->files) {
      if (name == "election.json") bytes = text;
    }
    EXPECT_FALSE(election::parse_definition(*folder, report).has_value()) << to;
  }
}

}  // namespace
}  // namespace urna::count
