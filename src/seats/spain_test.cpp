// Real awards: the Spanish Congress of 23 July 2023 (350 seats) and the Canary island
// councils of 26 May 2019 (157 seats), from the official tables where they lie.
#include "base/csv.hpp"
#include "base/testing/shared_data.hpp"
#include "seats/allocation.hpp"
#include "seats/check.hpp"

#include <fstream>
#include <iterator>
#include <map>

#include <gtest/gtest.h>

namespace urna::seats {
namespace {

struct Constituency {
  Contest contest;
  std::vector<SeatCount> official;
  SeatCount seats = 0;
};

base::CsvTable table(const std::string& name) {
  std::ifstream file(base::testing::shared_data("seats/" + name));
  base::Report report;
  auto out = base::parse_csv(std::string{std::istreambuf_iterator<char>(file), {}},
                             name, report);
  EXPECT_TRUE(report.ok()) << report.text();
  return out;
}

std::map<std::string, Constituency> read(const std::string& places,
                                         const std::string& parties,
                                         std::vector<std::string> key) {
  std::map<std::string, Constituency> out;
  const auto cell = [](const base::CsvTable& t, std::size_t row,
                       std::string_view name) {
    return std::string(t.cell(row, *t.column(name)));
  };
  const auto where = [&](const base::CsvTable& t, std::size_t row) {
    std::string id;
    for (const std::string& k : key) id += cell(t, row, k) + "/";
    return id;
  };
  const auto place = table(places);
  for (std::size_t r = 0; r < place.rows(); ++r) {
    Constituency& c = out[where(place, r)];
    c.seats = static_cast<SeatCount>(std::stoul(cell(place, r, "seats")));
    c.contest.blank = std::stoull(cell(place, r, "blank"));
  }
  const auto party = table(parties);
  for (std::size_t r = 0; r < party.rows(); ++r) {
    Constituency& c = out[where(party, r)];
    c.contest.lists.push_back({.name = cell(party, r, "party_code"),
                               .votes = std::stoull(cell(party, r, "votes"))});
    c.official.push_back(static_cast<SeatCount>(std::stoul(cell(party, r, "seats"))));
  }
  return out;
}

// LOREG art. 163.1: lists below the share of valid votes, blank ones included, take no
// part; D'Hondt; equal quotients to the list with more votes, then by lot.
void expect_official(const std::map<std::string, Constituency>& places, Fraction share,
                     SeatCount total) {
  SeatCount sum = 0;
  for (const auto& [name, c] : places) {
    if (c.seats == 0) continue;  // rows that only sum others
    const Rules rules{.method = Method::dhondt,
                      .seats = c.seats,
                      .threshold = {.share = share, .blanks_count = true},
                      .ties = TieRule::more_votes_then_lot};
    const auto award = allocate(c.contest, rules);
    ASSERT_TRUE(award.has_value()) << name << ": " << award.error().text();
    ASSERT_TRUE(award->complete()) << name;
    EXPECT_EQ(award->seats, c.official) << name;
    EXPECT_FALSE(find_flaw(c.contest, rules, *award)) << name;
    for (const SeatCount s : award->seats) sum += s;
  }
  EXPECT_EQ(sum, total);
}

TEST(Spain, Congress2023All350Seats) {
  URNA_NEEDS_SHARED_DATA("seats/provinces_2307.csv");
  const auto provinces =
      read("provinces_2307.csv", "province_party_2307.csv", {"prov"});
  EXPECT_EQ(provinces.size(), 52U);
  expect_official(provinces, {3, 100}, 350);
}

TEST(Spain, CanaryCouncils2019All157Seats) {
  URNA_NEEDS_SHARED_DATA("seats/spain_cabildos_2019_mesa/islands.csv");
  auto islands = read("spain_cabildos_2019_mesa/islands.csv",
                      "spain_cabildos_2019_mesa/island_party.csv", {"prov", "island"});
  std::erase_if(islands,
                [](const auto& place) { return place.first.ends_with("/9/"); });
  EXPECT_EQ(islands.size(), 7U);
  expect_official(islands, {5, 100}, 157);
}

}  // namespace
}  // namespace urna::seats
