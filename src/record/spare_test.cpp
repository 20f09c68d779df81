// Stations whose machine was replaced: the package of two machines verifies, a lost
// machine is said, and neither hides ballots.
#include "record/testing/tamper_edit.hpp"
#include "record/verify.hpp"
#include "sheet/lost_machine.hpp"

#include <array>

#include <gtest/gtest.h>

namespace urna::record {
namespace {

using testing::Documents;
using testing::known_key;
using testing::Spare;
using testing::World;

World made(Spare spare) {
  testing::WorldOptions options;
  options.files = testing::example_files(URNA_SOURCE_DIR "/examples/town");
  options.cast = 2;
  options.spare = spare;
  return World(options);
}

Report report_of(World& world, const Documents& documents,
                 std::vector<std::string> stations = {}) {
  base::testing::ScriptedFiles files;
  EXPECT_TRUE(testing::write_record(files, "r", documents));
  VerifyOptions options;
  options.jobs = 1;
  options.trust.election = world.key().election_hash();
  options.stations = std::move(stations);
  return verify(files, "r", options).value();
}

// What the first station's report says of a check.
const Outcome& outcome(const Report& report, Check check) {
  return report.stations.at("N01").findings.of(check);
}

Bytes declaration(World& world, std::string_view station, std::uint32_t segment,
                  std::string_view first, std::string_view second) {
  const auto a = known_key(first);
  const auto b = known_key(second);
  const std::array declarants{sheet::Declarant{first, &a},
                              sheet::Declarant{second, &b}};
  return sheet::declare_lost(world.definition().hash(), station, segment, declarants);
}

TEST(SpareMachine, PackageOfBothMachinesVerifies) {
  World world = made(Spare::goes_on);
  const Report report = report_of(world, world.documents());
  EXPECT_FALSE(report.failed()) << report.text();
  EXPECT_EQ(outcome(report, Check::sheets).state, State::passed);
  EXPECT_EQ(outcome(report, Check::equalities).state, State::passed);
  EXPECT_EQ(outcome(report, Check::box_count).state, State::passed);
  EXPECT_EQ(report.stations.at("N01").cast, 4U);
}

TEST(SpareMachine, CannotLeaveTheFirstOnesSheetOrBallotsOut) {
  World world = made(Spare::goes_on);
  const auto with = [&](const std::function<void(testing::WorldStation&)>& change) {
    testing::WorldStation station = world.stations()[0];
    change(station);
    Documents documents = world.documents();
    testing::replace(documents, kinds::package, "N01", world.package(station));
    return report_of(world, documents, {"N01"});
  };
  const Report no_sheet = with([](testing::WorldStation& station) {
    station.content.sheets.erase(station.content.sheets.begin());
  });
  EXPECT_EQ(outcome(no_sheet, Check::sheets).state, State::failed);
  // As if there had never been a first machine: nobody declared it lost.
  const Report no_first = with([](testing::WorldStation& station) {
    station.content.sheets.erase(station.content.sheets.begin());
    testing::change_station(station,
                            [](auto&, auto&, auto& segments) { segments = {2}; });
    std::erase_if(station.content.box.ballots, [&](const ballot::BoxBallot& item) {
      const auto segment = ByteView(item.ballot).subspan(5, 4);
      return segment[0] == 1;
    });
  });
  EXPECT_EQ(outcome(no_first, Check::sheets).state, State::failed);
  EXPECT_EQ(outcome(no_first, Check::proofs).state, State::passed) << no_first.text();
  EXPECT_EQ(outcome(no_first, Check::counts).state, State::passed);
  EXPECT_NE(no_first.text().find("nobody has declared its machine lost"),
            std::string::npos)
      << no_first.text();
}

TEST(LostMachine, IsSaidAndNothingElseFails) {
  World world = made(Spare::first_lost);
  const Report report = report_of(world, world.documents());
  EXPECT_FALSE(report.failed()) << report.text();
  EXPECT_EQ(outcome(report, Check::sheets).state, State::not_run);
  EXPECT_NE(report.text().find("declared lost by PRESIDENT and SECRETARY"),
            std::string::npos)
      << report.text();
  const auto named =
      identify("f", testing::bytes_of(world.documents(), kinds::lost_machine, "N01"));
  ASSERT_TRUE(named) << named.error().text();
  EXPECT_EQ(named->kind, kinds::lost_machine);
  EXPECT_EQ(named->name, "N01");
}

TEST(LostMachine, MustBeDeclaredByTwoOfficialsAboutThisMachine) {
  World world = made(Spare::first_lost);
  Documents without = world.documents();
  testing::erase(without, kinds::lost_machine, "N01");
  EXPECT_EQ(outcome(report_of(world, without, {"N01"}), Check::sheets).state,
            State::failed);
  const auto fails = [&](const Bytes& bytes) {
    Documents documents = world.documents();
    testing::replace(documents, kinds::lost_machine, "N01", bytes);
    return outcome(report_of(world, documents, {"N01"}), Check::sheets).state ==
           State::failed;
  };
  EXPECT_FALSE(fails(declaration(world, "N01", 1, "PRESIDENT", "BOARD")));
  EXPECT_TRUE(fails(declaration(world, "N01", 1, "PRESIDENT", "PRESIDENT")));
  EXPECT_TRUE(fails(declaration(world, "N01", 1, "PRESIDENT", "NOBODY")));
  EXPECT_TRUE(fails(declaration(world, "N02", 1, "PRESIDENT", "SECRETARY")));
  EXPECT_TRUE(fails(declaration(world, "N01", 2, "PRESIDENT", "SECRETARY")));
  const Bytes good = testing::bytes_of(world.documents(), kinds::lost_machine, "N01");
  for (std::size_t at = 0; at < good.size(); at += 37) {
    Bytes changed = good;
    changed[at] ^= 1;
    EXPECT_TRUE(fails(changed)) << at;
  }
}

TEST(LostMachine, IsNoneWhenNoSheetIsMissing) {
  World world = made(Spare::none);
  Documents documents = world.documents();
  documents.push_back({std::string(kinds::lost_machine), "N01",
                       declaration(world, "N01", 1, "PRESIDENT", "SECRETARY")});
  EXPECT_EQ(outcome(report_of(world, documents, {"N01"}), Check::sheets).state,
            State::failed);
}

}  // namespace
}  // namespace urna::record
