#include "election/import.hpp"

#include "base/encoding.hpp"
#include "base/testing/scripted_files.hpp"
#include "base/testing/shared_data.hpp"
#include "election/definition.hpp"
#include "election/errors.hpp"
#include "election/skeleton.hpp"

#include <map>

#include <gtest/gtest.h>

namespace urna::election {
namespace {

using base::testing::ScriptedFiles;

// The mapping of docs/formats/stations-import.md for the published table of 2024.
constexpr std::string_view kMapping = R"({
  "format": "urna-stations-import-1",
  "fixed_areas": [{"code": "VE", "kind": "NATION", "name": "Venezuela"}],
  "areas": [
    {"kind": "STATE", "code": [{"column": "edo", "width": 2}], "in": ["VE"],
     "name_prefix": "Estado"},
    {"kind": "CIRCUIT", "code": [{"text": "C"}, {"column": "circuit", "width": 4}],
     "in": ["STATE"], "name_prefix": "Circuito"},
    {"kind": "MUNICIPALITY", "code": [{"column": "centro9", "from": 1, "count": 4}],
     "in": ["STATE"], "name_prefix": "Municipio"},
    {"kind": "PARISH", "code": [{"column": "centro9", "from": 1, "count": 6}],
     "in": ["MUNICIPALITY"], "name_prefix": "Parroquia"}
  ],
  "station": {
    "code": [{"column": "centro9"}, {"column": "mesa", "width": 2}],
    "in": "PARISH", "also_in": ["CIRCUIT"], "name": "centre_name",
    "registered": "registered"
  }
})";

constexpr std::string_view kHead =
    "centro9,mesa,edo,mun,par,circuit,registered,centre_name\n";

std::optional<ImportedTables> import(std::string_view rows, base::Report& report) {
  return import_tables(kMapping, "map.json",
                       as_bytes(std::string(kHead) + std::string(rows)), "t.csv",
                       report);
}

TEST(Import, DecodesCodesAndCleansNames) {
  base::Report report;
  const auto tables = import(
      "010101001,1,1,1,1,102,760,\"  UNIDAD   EDUCATIVA, A \"\n"
      "010101001,2,1,1,1,102,,ESCUELA\n"
      "240103007,11,24,1,3,2401,512,LICEO\n",
      report);
  ASSERT_TRUE(tables.has_value()) << report.text();
  EXPECT_EQ(tables->summary.stations, 3U);
  EXPECT_EQ(tables->summary.not_stated, 1U);
  EXPECT_EQ(tables->stations,
            "code,area,also_in,name,registered\n"
            "01010100101,010101,C0102,\"UNIDAD EDUCATIVA, A\",760\n"
            "01010100102,010101,C0102,ESCUELA,\n"
            "24010300711,240103,C2401,LICEO,512\n");
  EXPECT_NE(tables->areas.find("010101,PARISH,0101,Parroquia 010101\n"),
            std::string::npos);
}

TEST(Import, NamesEveryContradiction) {
  base::Report report;
  EXPECT_FALSE(import("010101001,1,1,1,1,102,760,A\n"
                      "010101001,1,1,1,1,102,760,A\n"   // the same station again
                      "010101002,1,2,1,1,102,760,A\n"   // its parish in another state
                      "01010100X-,1,1,1,1,102,760,A\n"  // not a code
                      "010101003,1,1,1,1,102,7.5,A\n",
                      report)
                   .has_value());
  EXPECT_TRUE(report.has(errors::import_conflict));
  EXPECT_TRUE(report.has(errors::import_code));
  EXPECT_GE(report.problems(), 4U) << report.text();
}

TEST(Import, RefusesMappingsThatCannotWork) {
  for (const std::string_view bad :
       {std::string_view("{}"), std::string_view("[]"),
        std::string_view("{\"format\":1}"),
        std::string_view(R"({"format":"urna-stations-import-1","areas":[],
          "station":{"code":[{"column":"a"}],"in":"NOWHERE"}})"),
        std::string_view(R"({"format":"urna-stations-import-1","areas":[],"more":1,
          "station":{"code":[],"in":"X"}})")}) {
    base::Report report;
    EXPECT_FALSE(import_tables(bad, "map.json", as_bytes("a\n1\n"), "t.csv", report));
    EXPECT_FALSE(report.ok()) << bad;
  }
  base::Report report;
  EXPECT_FALSE(import_tables(kMapping, "m", as_bytes("a\n1\n"), "t.csv", report));
  EXPECT_GT(report.problems(), 3U);  // every missing column in one run
}

TEST(Import, DoesNotWriteOverATable) {
  ScriptedFiles files;
  ASSERT_TRUE(base::write_durable(files, "m", as_bytes(kMapping)).has_value());
  const std::string table = std::string(kHead) + "010101001,1,1,1,1,102,760,A\n";
  ASSERT_TRUE(base::write_durable(files, "t", as_bytes(table)).has_value());
  base::Report report;
  ASSERT_TRUE(import_stations(files, "t", "m", "out", report).has_value());
  EXPECT_EQ(import_stations(files, "t", "m", "out", report).error().kind,
            errors::folder_not_empty);
}

TEST(Import, RealTableOf2024LoadsAsStations) {
  URNA_NEEDS_SHARED_DATA("venezuela/ven2024_mesa.csv");
  base::RealFiles files;
  const Bytes table =
      base::read_file(files,
                      base::testing::shared_data("venezuela/ven2024_mesa.csv").string())
          .value();
  base::Report report;
  const auto tables = import_tables(kMapping, "m", table, "ven2024_mesa.csv", report);
  ASSERT_TRUE(tables.has_value()) << report.text().substr(0, 2000);
  EXPECT_EQ(tables->summary.stations, 25075U);
  EXPECT_EQ(tables->summary.not_stated, 543U);
  // As a definition: with a header and one contest it loads, with all four levels.
  DefinitionFiles definition;
  definition.files = {{"election.json", R"({
        "format": "urna-election-1", "code": "REAL", "mode": "test",
        "languages": ["es"], "name": "Prueba", "authority": "Prueba",
        "day": {"date": "2024-07-28", "opens": "06:00", "closes": "18:00",
                "utc_offset": "-04:00"},
        "house_seats": 1,
        "area_kinds": [
          {"code": "NATION", "name": "Nación"},
          {"code": "STATE", "name": "Estado", "within": ["NATION"], "every_station": true},
          {"code": "CIRCUIT", "name": "Circuito", "within": ["STATE"],
           "every_station": true},
          {"code": "MUNICIPALITY", "name": "Municipio", "within": ["STATE"],
           "every_station": true},
          {"code": "PARISH", "name": "Parroquia", "within": ["MUNICIPALITY"],
           "holds_stations": true, "every_station": true}],
        "awards": [{"code": "P", "name": "P", "method": "plurality", "scope": "each",
                    "seats": 1, "ties": "lot"}]
      })"},
                      {"areas.csv", tables->areas},
                      {"stations.csv", tables->stations},
                      {"contests.csv",
                       "code,kind,area,title,limit,seats,awards\nPRES,plurality,VE,"
                       "Presidencia,1,1,P\n"},
                      {"candidates.csv", "contest,code,name\nPRES,EG,A\nPRES,NM,B\n"}};
  base::Report loading;
  const auto loaded = parse_definition(definition, loading);
  ASSERT_TRUE(loaded.has_value()) << loading.text().substr(0, 3000);
  EXPECT_EQ(loaded->stations().size(), 25075U);
  const auto station = loaded->find_station("11060101104").value();
  EXPECT_EQ(loaded->place_of(station).areas.size(), 5U);
}

TEST(Skeleton, LoadsWithoutAProblemInAnyLanguages) {
  for (const char* languages : {"es,en", "en", "pt-BR,es"}) {
    ScriptedFiles files;
    ASSERT_TRUE(write_skeleton(files, "d", {"TRY1", languages, 5}).has_value());
    EXPECT_EQ(write_skeleton(files, "d", {}).error().kind, errors::folder_not_empty);
    EXPECT_EQ(files.list("d")->size(), 7U);
  }
  ScriptedFiles files;
  EXPECT_EQ(write_skeleton(files, "x", {"bad code"}).error().kind, errors::bad_code);
  EXPECT_FALSE(write_skeleton(files, "x", {"A", "klingon!", 3}).has_value());
  EXPECT_FALSE(write_skeleton(files, "x", {"A", "es", 0}).has_value());
  EXPECT_EQ(files.kind("x"), base::FileKind::missing);
}

TEST(Examples, LoadWithoutAProblem) {
  for (const char* name : {"town", "assembly-277"}) {
    base::Report report;
    const auto loaded =
        load_definition(std::string(URNA_SOURCE_DIR "/examples/") + name, report);
    ASSERT_TRUE(loaded.has_value()) << report.text().substr(0, 3000);
    EXPECT_EQ(report.warnings(), 0U) << report.text().substr(0, 3000);
  }
}

TEST(Examples, ThePageShowsTheHashOfTheTown) {
  base::RealFiles files;
  const std::string page =
      base::read_text(files, URNA_SOURCE_DIR "/docs/formats/definition.md").value();
  const std::string hash =
      base::to_hex(load_definition(URNA_SOURCE_DIR "/examples/town").value().hash());
  EXPECT_NE(page.find("\n    " + hash + "\n"), std::string::npos) << hash;
}

TEST(Examples, AssemblyHasTheSeatsOf2020) {
  const Definition assembly =
      load_definition(URNA_SOURCE_DIR "/examples/assembly-277").value();
  EXPECT_EQ(assembly.model().house_seats, 277U);
  std::map<std::uint32_t, int> circuits;
  std::uint32_t nominal = 0;
  std::uint32_t list = 0;
  for (const Contest& contest : assembly.contests()) {
    if (contest.code.starts_with("N")) {
      ++circuits[contest.seats];
      nominal += contest.seats;
    }
    if (contest.kind == ContestKind::list) list += contest.seats;
  }
  EXPECT_EQ(circuits, (std::map<std::uint32_t, int>{{1, 53}, {2, 27}, {3, 5}, {4, 2}}));
  EXPECT_EQ(nominal, 130U);
  EXPECT_EQ(list, 96U);
}

}  // namespace
}  // namespace urna::election
