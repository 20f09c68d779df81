#include "base/csv.hpp"

#include "base/errors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::base {
namespace {

TEST(Csv, ReadsQuotesLineEndsAndByteOrderMark) {
  Report report;
  const CsvTable table = parse_csv(
      "\xEF\xBB\xBF"
      "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\n2,\n3,last",
      "t.csv", report);
  ASSERT_TRUE(report.ok()) << report.text();
  ASSERT_EQ(table.rows(), 3U);
  EXPECT_EQ(table.cell(0, 1), "x, \"y\"\nz");
  EXPECT_EQ(table.cell(1, 1), "");
  EXPECT_EQ(table.cell(2, 1), "last");
  EXPECT_EQ(table.line(0), 2U);
  EXPECT_EQ(table.line(1), 5U);
  EXPECT_EQ(table.column("b"), 1U);
  EXPECT_EQ(table.column("c"), std::nullopt);
}

TEST(Csv, NamesEveryBadRowAndKeepsTheGoodOnes) {
  Report report;
  const CsvTable table =
      parse_csv("a,b\n1\n2,3\n4,5,6\nx\"y,1\n\"u\"v,2\n7,8\n", "t.csv", report);
  EXPECT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.cell(1, 0), "7");
  ASSERT_EQ(report.problems(), 4U) << report.text();
  EXPECT_EQ(report.findings()[0].place.line, 2U);
  EXPECT_EQ(report.findings()[1].place.line, 4U);
  EXPECT_EQ(report.findings()[2].place.line, 5U);
  EXPECT_EQ(report.findings()[3].place.line, 6U);
}

TEST(Csv, HeaderMustNameEachColumnOnce) {
  for (const char* bad : {"", "a,a\n1,2\n", "a,\n1,2\n"}) {
    Report report;
    EXPECT_EQ(parse_csv(bad, "t.csv", report).rows(), 0U);
    EXPECT_TRUE(report.has(errors::csv_header)) << bad;
  }
}

TEST(Csv, UnclosedQuoteAndBadBytesAreNamed) {
  Report report;
  EXPECT_EQ(parse_csv("a\n\"x\n", "t.csv", report).rows(), 0U);
  EXPECT_TRUE(report.has(errors::bad_csv));
  Report bytes;
  EXPECT_EQ(parse_csv("a\nb\n\xFF\n", "t.csv", bytes).rows(), 0U);
  ASSERT_TRUE(bytes.has(errors::bad_utf8));
  EXPECT_EQ(bytes.findings()[0].place.line, 3U);
}

TEST(Csv, WritesWhatItReads) {
  EXPECT_TRUE(rc::check([] {
    const auto cells = *rc::gen::container<std::vector<std::string>>(
        3,
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,\"\n; 1"))));
    Report report;
    const CsvTable table = parse_csv("x,y,z\n" + csv_row(cells), "t", report);
    RC_ASSERT(report.ok());
    RC_ASSERT(table.rows() == 1U);
    for (std::size_t i = 0; i < 3; ++i) RC_ASSERT(table.cell(0, i) == cells[i]);
  }));
}

TEST(Csv, CountsHaveOneSpelling) {
  EXPECT_EQ(parse_count("0", 9).value(), 0U);
  EXPECT_EQ(parse_count("120", 120).value(), 120U);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "01", "1.0", "1,000", "121", "x",
                          "99999999999999999999"}) {
    EXPECT_FALSE(parse_count(bad, 120).has_value()) << bad;
  }
}

TEST(Csv, DecodesLegacyText) {
  const Bytes bytes = {'S', 0xE3, 'o', 0x80};
  EXPECT_EQ(decode_text(bytes, TextEncoding::windows1252).value(), "São€");
  EXPECT_EQ(decode_text(bytes, TextEncoding::latin1).value(), "São\xC2\x80");
  EXPECT_FALSE(decode_text(bytes, TextEncoding::utf8).has_value());
  EXPECT_FALSE(decode_text(Bytes{0x81}, TextEncoding::windows1252).has_value());
  EXPECT_FALSE(text_encoding("UTF8").has_value());
}

}  // namespace
}  // namespace urna::base
