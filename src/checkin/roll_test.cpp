// What the import of a roll accepts, and what it reports by row.
#include "checkin/errors.hpp"
#include "checkin/roll_import.hpp"
#include "checkin/words.hpp"
#include "election/testing.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace urna::checkin {
namespace {

constexpr std::string_view kMapping = R"({
  "format": "urna-roll-mapping-1",
  "columns": {"id": "CEDULA", "surnames": "APELLIDOS", "names": "NOMBRES",
              "station": "MESA", "prints": {"right_thumb": "PULGAR"}}})";

struct Imported {
  std::vector<Roll> rolls;
  base::Report report;
};

Imported import(std::string csv, std::string_view mapping_text = kMapping) {
  Imported out;
  base::RealFiles files;
  const auto definition =
      election::testing::must_load(election::testing::example("town"));
  const auto json = base::parse_json(mapping_text).value();
  const auto mapping = read_mapping(json, "map.json", out.report);
  if (!mapping) return out;
  const auto table = base::parse_csv(std::move(csv), "roll.csv", out.report);
  out.rolls = import_roll(files, table, *mapping, ".", definition, out.report);
  return out;
}

std::string row_of(const base::Report& report, ErrorKind kind) {
  for (const auto& finding : report.findings()) {
    if (finding.kind == kind) return finding.place.text();
  }
  return "nothing";
}

TEST(Words, FoldCaseAccentsAndPunctuation) {
  EXPECT_EQ(folded("Peña, María-José"), "PENA MARIA JOSE");
  EXPECT_EQ(folded("  O'Higgins  Núñez "), "OHIGGINS NUNEZ");
  EXPECT_EQ(folded("Straße Łódź ÿ"), "STRASSE LODZ Y");
  EXPECT_EQ(folded("Jose\xCC\x81"), "JOSE");  // a combining accent
  EXPECT_EQ(folded("Ивáн"), "ИвAн");
  EXPECT_EQ(id_number("v-12.345.678"), "V12345678");
  EXPECT_EQ(id_number("123456789012345678901"), "");
  EXPECT_TRUE(words_begin("PE MAR", "PENA MARIA"));
  EXPECT_FALSE(words_begin("ENA", "PENA MARIA"));
}

TEST(RollImport, SortsVotersIntoTheirStations) {
  const auto got = import(
      "CEDULA,NOMBRES,APELLIDOS,MESA,PULGAR\n"
      "V-20,Ana,Peña,N01,\nV-10,Bruno,Sal,N01,\nV-5,Carla,Ríos,N02,\n");
  ASSERT_TRUE(got.report.ok()) << got.report.text();
  ASSERT_EQ(got.rolls[0].station, "N01");
  ASSERT_EQ(got.rolls[0].voters.size(), 2u);
  EXPECT_EQ(got.rolls[0].voters[0].id, "V10");
  EXPECT_EQ(got.rolls[1].voters[0].full_name(), "Carla Ríos");
  EXPECT_TRUE(got.report.has(errors::registered_differs));
  const auto again = decode_roll(encode_roll(got.rolls[0]));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->find("V20"), 1u);
  EXPECT_FALSE(again->find("V11"));
}

TEST(RollImport, NamesTheRowOfEveryProblemAndGivesNothing) {
  const auto got = import(
      "CEDULA,NOMBRES,APELLIDOS,MESA,PULGAR\n"
      "1,Ana,Peña,N01,\n"
      "1,Ana,Otra,N01,\n"
      "2,,Sal,N01,\n"
      "3,Eva,Luz,X99,\n"
      "--,Eva,Luz,N01,\n"
      "4,Eva,Luz,N01,no-such-print.png\n");
  EXPECT_TRUE(got.rolls.empty());
  EXPECT_EQ(got.report.problems(), 4u) << got.report.text();
  EXPECT_EQ(row_of(got.report, errors::duplicate_voter), "roll.csv:3, column 'CEDULA'");
  EXPECT_EQ(row_of(got.report, errors::unknown_station), "roll.csv:5, column 'MESA'");
  EXPECT_EQ(row_of(got.report, errors::print_unreadable),
            "roll.csv:7, column 'right_thumb'");
  EXPECT_EQ(row_of(got.report, errors::bad_voter), "roll.csv:4, column 'NOMBRES'");
}

TEST(RollImport, DealsAnAreasVotersToItsStationsByIdNumber) {
  std::string csv = "C,S,A\n";
  for (int i = 0; i < 500; ++i) csv += fmt::format("{:04},Peña,NORTE\n", 499 - i);
  const auto got = import(csv, R"({"format": "urna-roll-mapping-1",
    "columns": {"id": "C", "surnames": "S", "area": "A"}})");
  ASSERT_TRUE(got.report.ok()) << got.report.text();
  EXPECT_EQ(got.rolls[0].voters.size(), 410u);  // what the definition says of N01
  EXPECT_EQ(got.rolls[0].voters.back().id, "0409");
  EXPECT_EQ(got.rolls[1].voters.size(), 90u);
}

TEST(RollImport, RefusesMoreVotersThanTheStationsHold) {
  std::string csv = "C,S,A\n";
  for (int i = 0; i < 801; ++i) csv += fmt::format("{},Peña,NORTE\n", i);
  const auto got = import(csv, R"({"format": "urna-roll-mapping-1",
    "columns": {"id": "C", "surnames": "S", "area": "A"}})");
  EXPECT_TRUE(got.rolls.empty());
  EXPECT_TRUE(got.report.has(errors::no_room));
}

TEST(RollImport, AMappingNamesEveryMistake) {
  const auto got = import("C\n", R"({"format": "x", "separator": ";;",
    "columns": {"id": "C", "surnames": "S", "prints": {"nose": "N"}}})");
  EXPECT_EQ(got.report.problems(), 4u) << got.report.text();
}

}  // namespace
}  // namespace urna::checkin
