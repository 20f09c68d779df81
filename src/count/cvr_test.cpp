#include "count/cvr.hpp"

#include "base/testing/shared_data.hpp"
#include "count/errors.hpp"
#include "count/testing/nation.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace urna::count {
namespace {

using base::Json;

Json load(const std::string& path) {
  std::ifstream file(base::testing::shared_data("cdf/" + path));
  return testing::parse(std::string{std::istreambuf_iterator<char>(file), {}});
}

// The published total of a selection: the count of the type "total" for the whole
// election, else for the largest unit that is given.
std::uint64_t published(const Json& selection, const std::string& scope) {
  std::uint64_t largest = 0;
  for (const Json& counts : selection.find("VoteCounts")->items()) {
    if (*counts.find("Type")->if_string() != "total") continue;
    const auto votes =
        static_cast<std::uint64_t>(counts.find("Count")->if_number().value());
    if (*counts.find("GpUnitId")->if_string() == scope) return votes;
    largest = std::max(largest, votes);
  }
  return largest;
}

TEST(CastVoteRecords, ReproduceTheTotalsOfTheNistCorpus) {
  URNA_NEEDS_SHARED_DATA("cdf/test_data/synthetic");
  std::size_t compared = 0, equal = 0;
  std::vector<std::string> different;
  for (const std::string set :
       {"gen-01", "gen-02", "gen-03", "prim-01", "prim-02", "prim-03"}) {
    const std::string folder = "test_data/synthetic/" + set;
    const auto counted = tabulate_cvr(load(folder + "/cvr_v1/cvr-" + set + ".json"));
    ASSERT_TRUE(counted.has_value()) << counted.error().text();
    const Json report = load(folder + "/err_v2/err-" + set + ".json");
    const Json& election = report.find("Election")->items().front();
    const std::string scope = *election.find("ElectionScopeId")->if_string();
    for (const Json& contest : election.find("Contest")->items()) {
      for (const Json& selection : contest.find("ContestSelection")->items()) {
        if (selection.find("VoteCounts") == nullptr) continue;
        ++compared;
        const auto found = counted->find(*selection.find("@id")->if_string());
        const std::uint64_t ours = found == counted->end() ? 0 : found->second;
        if (ours == published(selection, scope)) {
          ++equal;
        } else {
          different.push_back(*contest.find("@id")->if_string());
        }
      }
    }
  }
  EXPECT_EQ(compared, 284U);
  EXPECT_EQ(equal, 277U);
  // The other seven are the one ranked contest: ranks are not votes.
  EXPECT_TRUE(std::ranges::all_of(
      different, [](const std::string& id) { return id == "cc-sherrif"; }));
}

TEST(CastVoteRecords, RefuseARecordWithoutItsCurrentSnapshot) {
  const auto report = testing::parse(
      R"({"CVR": [{"CurrentSnapshotId": "b", "CVRSnapshot": [{"@id": "a"}]}]})");
  EXPECT_EQ(tabulate_cvr(report).error().kind, errors::bad_cvr);
}

TEST(CastVoteRecords, CountOnlyAllocableMarksOfTheCurrentSnapshot) {
  const auto report = testing::parse(R"({"CVR": [{"CurrentSnapshotId": "b",
    "CVRSnapshot": [
      {"@id": "a", "CVRContest": [{"CVRContestSelection": [{"ContestSelectionId": "x",
        "SelectionPosition": [{"IsAllocable": "yes", "NumberVotes": 1}]}]}]},
      {"@id": "b", "CVRContest": [{"CVRContestSelection": [{"ContestSelectionId": "y",
        "SelectionPosition": [{"IsAllocable": "no", "NumberVotes": 1},
                              {"IsAllocable": "yes", "NumberVotes": 2}]}]}]}]}]})");
  const auto totals = tabulate_cvr(report);
  ASSERT_TRUE(totals.has_value());
  EXPECT_EQ(totals->size(), 1U);
  EXPECT_EQ(totals->at("y"), 2U);
}

TEST(CastVoteRecords, RefuseAnEmptyFile) {
  EXPECT_FALSE(tabulate_cvr(testing::parse("{}")).has_value());
}

}  // namespace
}  // namespace urna::count
