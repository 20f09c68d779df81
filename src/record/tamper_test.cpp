// Every row of the tampering table is caught by its own check, for its own reason.
#include "record/testing/tampering.hpp"
#include "record/verify.hpp"

#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

namespace urna::record {
namespace {

testing::World& town() {
  static testing::World world(
      {.files = testing::example_files(URNA_SOURCE_DIR "/examples/town")});
  return world;
}

VerifyOptions options_of(const testing::Tampering& row, bool reference) {
  VerifyOptions options;
  options.trust = testing::trust_of(town(), row);
  options.jobs = 1;
  options.reference = reference;
  return options;
}

TEST(Tampering, HasAtLeast500RowsWithNamesOfTheirOwn) {
  const auto rows = testing::tamperings(town());
  EXPECT_GE(rows.size(), 500U);
  std::set<std::string> names;
  std::set<Check> caught;
  for (const auto& row : rows) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    caught.insert(row.caught_by);
  }
  for (const CheckInfo& check : checks()) {
    EXPECT_TRUE(caught.contains(check.check)) << check.name;
  }
}

// All rows, on the whole record, when time allows; else every fifth one, and only the
// station that it is about.
TEST(Tampering, IsCaughtByTheCheckOfItsRow) {
  const bool all = std::getenv("URNA_LONG") != nullptr;
  const auto rows = testing::tamperings(town());
  for (std::size_t i = 0; i < rows.size(); i += all ? 1 : 5) {
    const testing::Tampering& row = rows[i];
    SCOPED_TRACE(row.name);
    base::testing::ScriptedFiles files;
    const auto written = testing::write_tampered(files, "r", town(), row);
    ASSERT_TRUE(written) << written.error().text();
    VerifyOptions options = options_of(row, false);
    const Scope scope = info(row.caught_by).scope;
    if (!all && scope != Scope::result) {
      if (!row.station.empty()) options.stations = {row.station};
      if (row.station.empty() && scope == Scope::record) options.stations = {"S01"};
    }
    const auto report = verify(files, "r", options);
    if (!report) {
      ADD_FAILURE() << report.error().text();
      continue;
    }
    EXPECT_GT(report->count(row.caught_by).failed, 0U)
        << info(row.caught_by).name << "\n"
        << report->text();
  }
}

// The slow path names the same failures of the same ballots, word for word.
TEST(Tampering, IsCaughtAlikeOnTheReferencePath) {
  const bool all = std::getenv("URNA_LONG") != nullptr;
  const auto rows = testing::tamperings(town());
  for (std::size_t i = 1; i < rows.size(); i += all ? 1 : 61) {
    const testing::Tampering& row = rows[i];
    SCOPED_TRACE(row.name);
    base::testing::ScriptedFiles files;
    ASSERT_TRUE(testing::write_tampered(files, "r", town(), row));
    VerifyOptions fast = options_of(row, false);
    fast.stations = {row.station.empty() ? "S01" : row.station};
    VerifyOptions slow = fast;
    slow.reference = true;
    const auto a = verify(files, "r", fast);
    const auto b = verify(files, "r", slow);
    ASSERT_EQ(a.has_value(), b.has_value());
    if (a) {
      EXPECT_EQ(a->text(), b->text());
    }
  }
}

}  // namespace
}  // namespace urna::record
