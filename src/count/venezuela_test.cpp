// The two published tables of 28 July 2024, added up. They are one party's publication
// of a disputed election; what is checked here is arithmetic.
#include "base/csv.hpp"
#include "base/testing/shared_data.hpp"
#include "count/count.hpp"
#include "count/import.hpp"
#include "count/testing/nation.hpp"
#include "count/text_report.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace urna::count {
namespace {

std::string text_of(const std::string& name) {
  std::ifstream file(base::testing::shared_data("venezuela/" + name));
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Columns {
  std::string state, municipality, parish, circuit, registered, centre, table;
};
const Columns kTable{"edo", "mun", "par", "circuit", "registered", "centro9", "mesa"};
const Columns kFirst{"COD_EDO", "COD_MUN", "COD_PAR", "", "RE", "CENTRO", "MESA"};

std::vector<testing::StationRow> stations_of(const std::string& name,
                                             const Columns& columns) {
  base::Report report;
  const base::CsvTable table = base::parse_csv(text_of(name), name, report);
  EXPECT_TRUE(report.ok()) << report.text();
  std::vector<testing::StationRow> out;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const auto cell = [&](const std::string& column) {
      return std::string(table.cell(r, *table.column(column)));
    };
    std::string centre = cell(columns.centre), mesa = cell(columns.table);
    centre.insert(0, 9 - std::min<std::size_t>(centre.size(), 9), '0');
    mesa.insert(0, 2 - std::min<std::size_t>(mesa.size(), 2), '0');
    testing::StationRow row{.code = centre + mesa,
                            .state = cell(columns.state),
                            .municipality = cell(columns.municipality),
                            .parish = cell(columns.parish),
                            .circuit = columns.circuit.empty() ? cell(columns.state)
                                                               : cell(columns.circuit),
                            .name = "Centre " + centre};
    const std::string registered = cell(columns.registered);
    if (!registered.empty())
      row.registered = static_cast<std::uint32_t>(std::stoul(registered));
    out.push_back(std::move(row));
  }
  return out;
}

Mapping mapping_of(const Columns& columns, const std::string& null_column,
                   const testing::NationOptions& options) {
  Mapping mapping = testing::synthetic_mapping(options);
  mapping.station = {{.column = columns.centre, .text = {}, .width = 9},
                     {.column = columns.table, .text = {}, .width = 2}};
  mapping.registered = columns.registered;
  mapping.contests.front().null_votes = null_column;
  return mapping;
}

Count count_table(const std::string& name, const Columns& columns,
                  const std::string& null_column, testing::NationOptions options,
                  std::size_t stations = 0) {
  auto rows = stations_of(name, columns);
  // Stations of the country that the table lacks; nobody states their voters.
  for (std::size_t i = 0; rows.size() < stations; ++i)
    rows.push_back({.code = "X" + std::to_string(i),
                    .state = "1",
                    .municipality = "99",
                    .parish = "99",
                    .circuit = "1",
                    .name = "Not in the table"});
  const auto definition = testing::nation(rows, options);
  const Mapping mapping = mapping_of(columns, null_column, options);
  Documents documents;
  base::Report report;
  import_table(definition, mapping, text_of(name), name, documents, report);
  EXPECT_TRUE(report.ok()) << report.text();
  auto count = tabulate(definition, std::move(documents), {}, mapping.hypothetical);
  if (!count) throw std::runtime_error(count.error().text());
  return std::move(*count);
}

std::uint64_t votes(const Count& count, std::string_view option) {
  const auto contest = *count.definition.find_contest("PRES");
  return count.totals.total(contest)
      .options[*count.definition.find_option(contest, option)];
}

TEST(Venezuela2024, TheTableOf25075StationsAddsUp) {
  URNA_NEEDS_SHARED_DATA("venezuela/ven2024_mesa.csv");
  const Count count = count_table("ven2024_mesa.csv", kTable, "null", {});
  EXPECT_EQ(count.stations.size(), 25'075U);
  EXPECT_EQ(count.in_state(StationState::counted), 25'075U);
  EXPECT_TRUE(count.conflicts.empty());
  EXPECT_EQ(votes(count, "EG"), 7'304'224U);
  EXPECT_EQ(votes(count, "NM"), 3'316'258U);
  const auto total = count.totals.total(*count.definition.find_contest("PRES"));
  EXPECT_EQ(total.votes(), 10'888'133U);
  // 543 stations do not state their registered voters.
  const auto& figures = count.totals.figures(count.definition.root());
  EXPECT_EQ(figures.not_stated, 543U);
  EXPECT_EQ(figures.stations - figures.not_stated, 24'532U);
}

TEST(Venezuela2024, WhatIsMissingFromTheFirstTableCannotChangeItsWinner) {
  URNA_NEEDS_SHARED_DATA("venezuela/actas_2024_v1.csv");
  const Count count = count_table("actas_2024_v1.csv", kFirst, "VOTOS_NULOS",
                                  {.roll = 21'620'705}, 30'026);
  EXPECT_EQ(count.in_state(StationState::counted), 24'532U);
  EXPECT_EQ(votes(count, "EG"), 7'156'462U);
  EXPECT_EQ(votes(count, "NM"), 3'241'461U);
  const Bound& bound = count.bounds.front().bound;
  EXPECT_EQ(bound.verdict, Verdict::cannot_change);
  EXPECT_EQ(bound.missing.voters, std::uint64_t{21'620'705 - 17'745'239});
  EXPECT_EQ(bound.behind_at_most, 7'116'927U);
  EXPECT_EQ(bound.ahead_votes, 7'156'462U);
  const std::string text = text_report(count, {});
  EXPECT_NE(text.find("even if all 3,875,466 voters not yet counted had chosen NM, "
                      "that would make 7,116,927 votes, fewer than the 7,156,462"),
            std::string::npos)
      << text;
}

TEST(Venezuela2024, SeatsFromTheseVotesAreLabelledHypothetical) {
  URNA_NEEDS_SHARED_DATA("venezuela/ven2024_mesa.csv");
  const Count count =
      count_table("ven2024_mesa.csv", kTable, "null", {.assembly = true});
  EXPECT_EQ(count.house.seats, 277U);
  EXPECT_TRUE(text_report(count, {}).find("Hypothetical") != std::string::npos);
  std::uint32_t seats = count.house.awarded;
  // The three reserved seats have no votes here and stay empty.
  EXPECT_EQ(seats, 274U);
}

}  // namespace
}  // namespace urna::count
