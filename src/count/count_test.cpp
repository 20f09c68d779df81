// The count on the bundled town: what is counted, what is not, and what decisions do.
#include "count/count.hpp"

#include "base/encoding.hpp"
#include "count/decision.hpp"
#include "count/errors.hpp"
#include "count/import.hpp"
#include "count/testing/nation.hpp"

#include <gtest/gtest.h>

namespace urna::count {
namespace {

election::Definition town() {
  static const auto definition =
      election::load_definition(URNA_SOURCE_DIR "/examples/town");
  if (!definition) throw std::runtime_error(definition.error().text());
  return *definition;
}

// A result of a station: `votes` for the first option of every contest, and as many
// blank ones as `blank`.
void add(Documents& documents, const std::string& station, std::uint64_t votes,
         std::uint32_t segment = 1, std::uint64_t blank = 0) {
  const auto definition = town();
  Document document;
  document.station = definition.find_station(station);
  document.segment = segment;
  const auto& style = definition.style_of(*document.station);
  std::vector<std::uint64_t> row(style.fields, 0);
  for (std::size_t slot = 0; slot < style.contests.size(); ++slot) {
    const auto& contest = definition.contests()[style.contests[slot]];
    row[style.field_start[slot]] = votes;
    row[style.field_start[slot] + contest.options.size()] = blank;
  }
  document.source = 0;
  document.line = static_cast<std::uint32_t>(documents.all().size() + 2);
  document.digest.fill(static_cast<std::uint8_t>(votes % 251));
  document.digest[0] = static_cast<std::uint8_t>(segment);
  documents.add(std::move(document), row);
}

Documents empty() {
  Documents documents;
  documents.add_source("results.csv");
  return documents;
}

Count counted(Documents documents, Decisions decisions = {}) {
  auto count = tabulate(town(), std::move(documents), std::move(decisions));
  if (!count) throw std::runtime_error(count.error().text());
  return std::move(*count);
}

std::uint64_t mayor_votes(const Count& count) {
  return count.totals.total(*count.definition.find_contest("MAYOR")).votes();
}

Decision decision(std::string station, std::vector<Hash32> hashes) {
  return {.station = std::move(station),
          .counted = std::move(hashes),
          .decided_by = {"Ana", "Luis"},
          .reason = "the signed paper",
          .date = "2026-05-11"};
}

TEST(Tabulate, AddsEveryStationOnceAtEveryLevel) {
  Documents documents = empty();
  add(documents, "N01", 100);
  add(documents, "N02", 50);
  add(documents, "S01", 7);
  const Count count = counted(std::move(documents));
  EXPECT_EQ(mayor_votes(count), 157U);
  const auto contest = *count.definition.find_contest("MAYOR");
  const auto north = *count.definition.find_area("NORTE");
  EXPECT_EQ(count.totals.total(north, contest)->votes(), 150U);
  EXPECT_EQ(count.in_state(StationState::counted), 3U);
  EXPECT_EQ(count.open_conflicts(), 0U);
}

TEST(Tabulate, AnIdenticalRepeatCountsOnceAndIsSaid) {
  Documents documents = empty();
  add(documents, "N01", 100);
  add(documents, "N01", 100);
  const Count count = counted(std::move(documents));
  EXPECT_EQ(mayor_votes(count), 100U);
  ASSERT_EQ(count.notices.size(), 1U);
  EXPECT_EQ(count.notices[0].kind, errors::repeated);
}

TEST(Tabulate, TwoDifferentResultsForAStationCountZeroTimes) {
  Documents documents = empty();
  add(documents, "N01", 100);
  add(documents, "N01", 101);
  add(documents, "N02", 5);
  const Count count = counted(std::move(documents));
  EXPECT_EQ(mayor_votes(count), 5U);
  ASSERT_EQ(count.conflicts.size(), 1U);
  EXPECT_EQ(count.conflicts[0].kind, errors::two_documents);
  EXPECT_EQ(count.in_state(StationState::conflict), 1U);
}

TEST(Tabulate, MoreBallotsThanRegisteredVotersCountZeroTimes) {
  Documents documents = empty();
  add(documents, "N01", 410, 1, 1);  // 410 registered
  const Count count = counted(std::move(documents));
  EXPECT_EQ(mayor_votes(count), 0U);
  ASSERT_EQ(count.conflicts.size(), 1U);
  EXPECT_EQ(count.conflicts[0].kind, errors::too_many_votes);
}

TEST(Tabulate, SegmentsAreAddedAndAMissingOneIsSaid) {
  Documents both = empty();
  add(both, "N01", 60, 1);
  add(both, "N01", 40, 2);
  EXPECT_EQ(mayor_votes(counted(std::move(both))), 100U);
  Documents second = empty();
  add(second, "N01", 40, 2);
  const Count count = counted(std::move(second));
  EXPECT_EQ(mayor_votes(count), 40U);
  EXPECT_EQ(count.in_state(StationState::partial), 1U);
}

TEST(Tabulate, SegmentsTogetherMayNotExceedTheRoll) {
  Documents documents = empty();
  add(documents, "N01", 300, 1);
  add(documents, "N01", 200, 2);
  EXPECT_EQ(counted(std::move(documents)).conflicts.at(0).kind, errors::too_many_votes);
}

TEST(Tabulate, AFlawedDocumentCountsZeroTimesAndKeepsItsOwnMessage) {
  Documents documents = empty();
  Document document;
  document.station = town().find_station("N01");
  document.flaw = std::make_unique<Error>(
      Error{errors::not_signed, "the signature does not verify", {}, {}});
  const std::vector<std::uint64_t> row(town().style_of(*document.station).fields, 3);
  documents.add(std::move(document), row);
  const Count count = counted(std::move(documents));
  EXPECT_EQ(count.conflicts.at(0).kind, errors::not_signed);
  EXPECT_EQ(mayor_votes(count), 0U);
}

TEST(Tabulate, AStrayDocumentIsListedOnceAndNeverCounted) {
  Documents documents = empty();
  for (int twice = 0; twice < 2; ++twice) {
    Document document;
    document.station_code = "X99";
    document.flaw =
        std::make_unique<Error>(Error{errors::unknown_station, "no station", {}, {}});
    documents.add(std::move(document), {});
  }
  EXPECT_EQ(counted(std::move(documents)).conflicts.size(), 1U);
}

TEST(Decisions, CountTheChosenDocument) {
  Documents documents = empty();
  add(documents, "N01", 100);
  add(documents, "N01", 101);
  const Hash32 chosen = documents.all()[1].digest;
  const Count count =
      counted(std::move(documents), {.decisions = {decision("N01", {chosen})}});
  EXPECT_EQ(mayor_votes(count), 101U);
  EXPECT_EQ(count.open_conflicts(), 0U);
  EXPECT_EQ(count.conflicts.size(), 1U);  // still shown, with its decision
}

TEST(Decisions, CanSetAStationAsideWhichIsNotMissing) {
  Documents documents = empty();
  add(documents, "N01", 100);
  add(documents, "N01", 101);
  const Count count =
      counted(std::move(documents), {.decisions = {decision("N01", {})}});
  EXPECT_EQ(mayor_votes(count), 0U);
  EXPECT_EQ(count.in_state(StationState::set_aside), 1U);
  EXPECT_EQ(count.in_state(StationState::missing), 2U);
}

ErrorKind refused(Documents documents, Decisions decisions) {
  const auto count = tabulate(town(), std::move(documents), std::move(decisions));
  return count ? ErrorKind{} : count.error().kind;
}

TEST(Decisions, ThatMeetNoConflictAreRefused) {
  Documents documents = empty();
  add(documents, "N01", 100);
  EXPECT_EQ(refused(std::move(documents), {.decisions = {decision("N01", {})}}),
            errors::decision_no_conflict);
}

TEST(Decisions, ForAnotherElectionAreRefused) {
  EXPECT_EQ(refused(empty(), {.election = Hash32{}}), errors::decision_election);
}

TEST(Decisions, NamingAnUnknownHashOrASegmentTwiceAreRefused) {
  const auto conflict = [] {
    Documents documents = empty();
    add(documents, "N01", 100);
    add(documents, "N01", 101);
    return documents;
  };
  EXPECT_EQ(refused(conflict(), {.decisions = {decision("N01", {Hash32{}})}}),
            errors::decision_unknown_document);
  const Documents sample = conflict();
  EXPECT_EQ(
      refused(conflict(), {.decisions = {decision("N01", {sample.all()[0].digest,
                                                          sample.all()[1].digest})}}),
      errors::decision_segments);
}

TEST(Decisions, CannotCountAStray) {
  Documents documents = empty();
  Document document;
  document.station_code = "X99";
  document.flaw =
      std::make_unique<Error>(Error{errors::unknown_station, "no station", {}, {}});
  documents.add(std::move(document), {});
  EXPECT_EQ(refused(std::move(documents), {.decisions = {decision("X99", {Hash32{}})}}),
            errors::decision_uncountable);
}

TEST(DecisionFile, ReportsEveryMistakeInOneRun) {
  base::Report report;
  (void)read_decisions(
      testing::parse(R"({"format": "x", "election": "12", "decisions": [
        {"station": "A", "count": ["zz"], "reason": "", "decided_by": ["Ana"],
         "date": "d"},
        {"station": "A", "count": [], "reason": "r", "decided_by": ["Ana", "Ana"],
         "date": "d"}], "more": 1})"),
      "d.json", report);
  EXPECT_GE(report.problems(), 7U) << report.text();
}

TEST(LeastBallots, IsTheFewestPapersThatHoldTheVotes) {
  const auto definition = town();
  const auto north = definition.style_index_of(*definition.find_station("N01"));
  const auto& style = definition.styles()[north];
  std::vector<std::uint64_t> row(style.fields, 0);
  const auto contest = *definition.find_contest("NORTE");  // up to two votes
  const std::size_t start = style.field_start[*definition.slot_of(north, contest)];
  row[start] = 10;
  row[start + 1] = 7;
  EXPECT_EQ(least_ballots(definition, north, row), 10U);  // nobody votes twice for one
  row[start + 2] = 8;
  EXPECT_EQ(least_ballots(definition, north, row), 13U);  // 25 votes, two a voter
}

TEST(Bounds, MissingStationsCountAtFullRegistration) {
  Documents documents = empty();
  add(documents, "N01", 400);
  add(documents, "N02", 390);
  const Count count = counted(std::move(documents));
  const auto mayor = *count.definition.find_contest("MAYOR");
  EXPECT_EQ(count.bounds[mayor].bound.verdict, Verdict::cannot_change);  // 790 > 470
  Documents few = empty();
  add(few, "N01", 400);
  const Count less = counted(std::move(few));
  EXPECT_EQ(less.bounds[mayor].bound.verdict, Verdict::could_change);
  // The contest of the north alone: N02 could still change it.
  const auto north = *less.definition.find_contest("NORTE");
  EXPECT_EQ(less.bounds[north].bound.missing.stations, 1U);
  EXPECT_EQ(less.bounds[north].bound.missing.voters, std::uint64_t{390});
}

TEST(Bounds, AStationInConflictIsMissingForTheBound) {
  Documents documents = empty();
  add(documents, "N01", 100);
  add(documents, "N01", 101);
  add(documents, "N02", 300);
  add(documents, "S01", 100);
  const Count count = counted(std::move(documents));
  const auto mayor = *count.definition.find_contest("MAYOR");
  EXPECT_EQ(count.bounds[mayor].bound.missing.voters, std::uint64_t{410});
}

TEST(Import, ReadsATableAndListsWhatItCannotUse) {
  base::Report report;
  const auto mapping = read_mapping(testing::parse(R"({"format": "urna-count-import-1",
        "station": [{"column": "mesa"}], "registered": "inscritos",
        "contests": {"MAYOR": {"options": {"DARIO": "dario"}, "blank": "blanco"}}})"),
                                    "m.json", report);
  ASSERT_TRUE(mapping) << report.text();
  Documents documents;
  import_table(town(), *mapping,
               "mesa,inscritos,dario,blanco\nN01,410,12,3\nN02,,1x,0\nX99,1,1,1\n",
               "t.csv", documents, report);
  ASSERT_TRUE(report.ok()) << report.text();
  const Count count = counted(std::move(documents));
  EXPECT_EQ(mayor_votes(count), 12U);
  ASSERT_EQ(count.conflicts.size(), 2U);
  EXPECT_EQ(count.conflicts[0].kind, errors::bad_cell);
  EXPECT_EQ(count.conflicts[1].kind, errors::unknown_station);
}

TEST(Import, RefusesAMappingThatNamesWhatIsNotThere) {
  base::Report report;
  const auto mapping = read_mapping(testing::parse(R"({"format": "urna-count-import-1",
        "station": [{"column": "mesa"}],
        "contests": {"MAYOR": {"options": {"NOBODY": "dario"}}, "NONE":
          {"by_party": {"X": "y"}}}})"),
                                    "m.json", report);
  ASSERT_TRUE(mapping);
  Documents documents;
  import_table(town(), *mapping, "mesa,dario\nN01,12\n", "t.csv", documents, report);
  EXPECT_TRUE(report.has(errors::bad_mapping)) << report.text();
  EXPECT_TRUE(documents.all().empty());
}

}  // namespace
}  // namespace urna::count
