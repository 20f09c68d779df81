#include "seats/parallel.hpp"

#include "seats/errors.hpp"

#include <gtest/gtest.h>

namespace urna::seats {
namespace {

ParallelPart circuit(std::string name, SeatCount seats, Votes a, Votes b) {
  return {
      .name = std::move(name),
      .contest = {.lists = {{.name = "Ana", .votes = a}, {.name = "Bea", .votes = b}}},
      .rules = {.method = Method::plurality, .seats = seats},
      .party = {"A", "B"}};
}

ParallelPart state(std::string name, SeatCount seats, Votes a, Votes b) {
  return {.name = std::move(name),
          .contest = {.lists = {{.name = "A", .votes = a}, {.name = "B", .votes = b}}},
          .rules = {.method = Method::dhondt, .seats = seats},
          .party = {}};
}

TEST(Parallel, PartsAddUpAndNothingCompensates) {
  const ParallelSystem system{
      .nominal = {circuit("circuit 1", 1, 60, 40), circuit("circuit 2", 1, 55, 45)},
      .regional = {state("state 1", 3, 60, 40), state("state 2", 3, 55, 45)},
      .national = Rules{.method = Method::dhondt, .seats = 4},
      .reserved = 1};
  const auto result = allocate_parallel(system);
  ASSERT_TRUE(result.has_value()) << result.error().text();
  EXPECT_EQ(result->house, 13U);
  ASSERT_EQ(result->parties.size(), 2U);
  EXPECT_EQ(result->parties[0].party, "A");
  EXPECT_EQ(result->parties[0].nominal, 2U);
  EXPECT_EQ(result->parties[0].regional, 4U);
  EXPECT_EQ(result->parties[0].national, 2U);
  EXPECT_EQ(result->parties[0].list_votes, 115U);
  EXPECT_EQ(result->parties[1].total(), 4U);
  EXPECT_EQ(result->national->votes, (std::vector<Votes>{115, 85}));
}

TEST(Parallel, ATieNamesItsCircuitAndOtherPartsGoOn) {
  const ParallelSystem system{
      .nominal = {circuit("circuit 1", 1, 50, 50), circuit("circuit 2", 1, 55, 45)},
      .regional = {state("state 1", 3, 60, 40)},
      .national = {}};
  const auto result = allocate_parallel(system);
  ASSERT_TRUE(result.has_value());
  ASSERT_EQ(result->lots.size(), 1U);
  EXPECT_EQ(result->lots[0].stage, "circuit 1");
  const std::vector<Drawing> drawings{{"circuit 1", {"Ana", "Bea"}, {"Bea"}}};
  const auto resumed = allocate_parallel(system, drawings);
  ASSERT_TRUE(resumed.has_value()) << resumed.error().text();
  EXPECT_TRUE(resumed->lots.empty());
  EXPECT_EQ(resumed->nominal[0].seats, (std::vector<SeatCount>{0, 1}));
}

TEST(Parallel, RefusesACandidateWithoutParty) {
  ParallelSystem system{.nominal = {circuit("circuit 1", 1, 50, 40)}};
  system.nominal[0].party.pop_back();
  EXPECT_EQ(allocate_parallel(system).error().kind, errors::bad_rule);
}

}  // namespace
}  // namespace urna::seats
