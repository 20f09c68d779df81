#include "sheet/venezuela2024.hpp"

#include "base/csv.hpp"
#include "base/testing/shared_data.hpp"
#include "sheet/errors.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

namespace urna::sheet {
namespace {

constexpr const char* kGood = "220103007.01.1.0001!140,7,0,12!3!4";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(Venezuela2024, ReadsItsFieldsAndWritesThemBack) {
  const auto acta = parse_venezuela_2024(kGood);
  ASSERT_TRUE(acta) << acta.error().text();
  EXPECT_EQ(acta->station(), "22010300701");
  EXPECT_EQ(acta->votes, (std::vector<std::uint32_t>{140, 7, 0, 12}));
  EXPECT_EQ(acta->null_votes, 3U);
  EXPECT_EQ(acta->blank, 4U);
  EXPECT_EQ(to_text(*acta), kGood);
}

TEST(Venezuela2024, EverythingElseIsRefused) {
  for (const char* bad : {"", "220103007", "22010300.01.1.0001!1!0!0",
                          "2201030070.01.1.0001!1!0!0", "220103007.1.1.0001!1!0!0",
                          "220103007.01.10.0001!1!0!0", "220103007.01.1.001!1!0!0",
                          "220103007.01.1.0001!!0!0", "220103007.01.1.0001!1,!0!0",
                          "220103007.01.1.0001!1,,2!0!0", "220103007.01.1.0001!01!0!0",
                          "220103007.01.1.0001!1!0", "220103007.01.1.0001!1!0!0!",
                          "220103007.01.1.0001!1!0!0\n", "220103007.01.1.0001!1!-1!0",
                          "220103007.01.1.0001!1!0!x", "22010300x.01.1.0001!1!0!0"}) {
    const auto acta = parse_venezuela_2024(bad);
    ASSERT_FALSE(acta) << bad;
    EXPECT_EQ(acta.error().kind, errors::bad_import) << bad;
  }
}

TEST(Venezuela2024, BecomesAnImportedSheetThatStatesOnlyWhatItKnows) {
  const auto acta = parse_venezuela_2024(kGood);
  const auto sheet = to_sheet(*acta, Mode::official, {}, "PRES", {"A", "B", "C", "D"});
  ASSERT_TRUE(sheet) << sheet.error().text();
  EXPECT_EQ(sheet->fields().origin, Origin::imported);
  EXPECT_FALSE(sheet->fields().registered);
  EXPECT_FALSE(sheet->fields().cast);
  EXPECT_EQ(sheet->fields().contests[0].sum(), 159U);
  EXPECT_EQ(to_sheet(*acta, Mode::official, {}, "PRES", {"A"}).error().kind,
            errors::import_mismatch);
}

// The three published samples against the rows of the published table.
TEST(Venezuela2024, TheRealSamplesEqualTheirTableRows) {
  URNA_NEEDS_SHARED_DATA("venezuela");
  const auto folder = base::testing::shared_data("venezuela");
  base::Report report;
  const auto cards =
      base::parse_csv(read_file(folder / "parties_2024_qr_order.csv"), "cards", report);
  const auto table =
      base::parse_csv(read_file(folder / "ven2024_mesa.csv"), "table", report);
  ASSERT_TRUE(report.ok()) << report.text();
  const auto cell = [&](std::size_t row, std::string_view column) {
    return table.cell(row, *table.column(column));
  };
  std::istringstream samples(read_file(folder / "qr_samples.txt"));
  std::size_t compared = 0;
  for (std::string line; std::getline(samples, line);) {
    const auto acta = parse_venezuela_2024(line);
    ASSERT_TRUE(acta) << acta.error().text();
    ASSERT_EQ(acta->votes.size(), cards.rows());
    std::map<std::string_view, std::uint32_t> by_candidate;
    std::uint32_t valid = 0;
    for (std::size_t i = 0; i < cards.rows(); ++i) {
      by_candidate[cards.cell(i, *cards.column("candidate"))] += acta->votes[i];
      valid += acta->votes[i];
    }
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (cell(row, "centro9") != acta->centre ||
          cell(row, "mesa") != std::to_string(std::stoi(acta->table))) {
        continue;
      }
      for (const auto& [candidate, votes] : by_candidate) {
        EXPECT_EQ(cell(row, candidate), std::to_string(votes)) << line << candidate;
      }
      EXPECT_EQ(cell(row, "valid"), std::to_string(valid));
      EXPECT_EQ(cell(row, "null"), std::to_string(acta->null_votes));
      ++compared;
    }
  }
  EXPECT_EQ(compared, 3U);
}

}  // namespace
}  // namespace urna::sheet
