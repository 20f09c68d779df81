// From sealed ballots to totals: a ceremony for the town of examples/, ballots sealed
// under its key, and the trustees' decryption of a station.
#include "trustees/package.hpp"

#include "ballot/box.hpp"
#include "ballot/seal.hpp"
#include "base/encoding.hpp"
#include "base/file.hpp"
#include "log/merkle.hpp"
#include "trustees/errors.hpp"
#include "trustees/testing/station.hpp"

#include <gtest/gtest.h>

namespace urna::trustees {
namespace {

using testing::Ceremony;

// The town's definition with the fixture's trustees.
election::Definition town() {
  base::Report report;
  base::RealFiles disk;
  auto files =
      election::read_definition_files(disk, URNA_SOURCE_DIR "/examples/town", report)
          .value();
  const char* names[] = {"Ana Fuentes", "Bruno Salas", "Carla Ríos"};
  for (auto& [name, text] : files.files) {
    if (name != "election.json") continue;
    for (std::uint32_t i = 1; i <= 3; ++i) {
      const TrusteeKeys keys = testing::keys_from_seed(100 + i);
      const std::string before = fmt::format("{{\"name\": \"{}\"}}", names[i - 1]);
      const std::string after = fmt::format(
          R"({{"name": "Trustee {}", "signing_key": "{}", "box_key": "{}"}})",
          static_cast<char>('A' + i - 1),
          base::to_hex(keys.signing.public_key().bytes()),
          base::to_hex(keys.box.public_key().bytes()));
      text.replace(text.find(before), before.size(), after);
    }
  }
  auto definition = election::parse_definition(files, report);
  EXPECT_TRUE(definition.has_value()) << report.text();
  return *definition;
}

struct Town {
  Town() {
    const auto& style = definition.style_of(0);
    std::vector<ballot::ContestShape> shapes;
    for (const election::ContestIndex c : style.contests) {
      shapes.push_back(
          {static_cast<std::uint32_t>(definition.contests()[c].options.size()),
           definition.contests()[c].limit});
    }
    ballot_style =
        ballot::BallotStyle::make(definition.style_index_of(0), shapes).value();
  }
  // Voter v chooses option v modulo the options, in the first contest only.
  ballot::Box box(std::size_t cast) {
    ballot::Box made{
        ballot::Station::make(key.election_hash(), definition.stations()[0].code, {1},
                              {*ballot_style})
            .value(),
        ballot::JointKey::make(key.key()).value(),
        {}};
    for (std::size_t v = 0; v < cast; ++v) {
      Bytes bits(ballot_style->options(), 0);
      bits[v % ballot_style->contests()[0].options] = 1;
      const auto choices = ballot::Choices::make(*ballot_style, bits).value();
      auto sealed = ballot::seal(made.station, ballot_style->number(), 1, made.key,
                                 choices, random)
                        .value();
      made.ballots.push_back({ballot::Decision::cast, std::move(sealed.ballot), {}});
    }
    ballot::sort_box(made);
    return made;
  }

  election::Definition definition = town();
  Ceremony ceremony{3, 2, 100, definition.hash()};
  ElectionKey key = ceremony.key();
  base::testing::ScriptedRandom random{11};
  std::optional<ballot::BallotStyle> ballot_style;
};

TEST(Package, GoesFromSealedBallotsToTotals) {
  Town town;
  ASSERT_TRUE(ElectionKey::decode_for(town.definition, town.key.encode()).has_value());
  const Bytes bytes = ballot::box_bytes(town.box(5));
  const auto package = check_package(town.definition, town.key, bytes, 1);
  ASSERT_TRUE(package.has_value()) << package.error().text();
  EXPECT_TRUE(package->findings.empty());
  EXPECT_EQ(package->sums.package, crypto::sha256(bytes));

  const testing::Witnesses witnesses;
  std::vector<NamedFile> partials;
  for (const std::uint32_t l : {1u, 3u}) {
    auto desk =
        DecryptionDesk::open(town.ceremony.person(l).files, town.random, "ledger",
                             town.key, town.ceremony.share(l),
                             testing::keys_from_seed(100 + l), witnesses.policy(), {})
            .value();
    partials.push_back(
        {"p", desk.decrypt(package->sums,
                           witnesses.receipt(package_entry(package->sums)), nullptr)
                  .value()
                  .encode()});
  }
  const Combination combination =
      combine_partials(town.key, totals_log(town.key, 8), package->sums, partials);
  ASSERT_TRUE(combination.totals.has_value());
  const std::size_t options = town.ballot_style->contests()[0].options;
  for (std::size_t c = 0; c < combination.totals->contests.size(); ++c) {
    const auto& fields = combination.totals->contests[c].fields;
    for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
      const std::uint64_t want = c == 0 ? 5 / options + (i < 5 % options ? 1 : 0) : 0;
      EXPECT_EQ(fields[i], want) << c << " " << i;
    }
    EXPECT_EQ(fields.back(), c == 0 ? 0u : 5u) << "blank votes";
  }
}

TEST(Package, NamesAndExcludesAFaultyBallot) {
  Town town;
  ballot::Box box = town.box(3);
  box.ballots[1].ballot.back() ^= 1;
  const auto package =
      check_package(town.definition, town.key, ballot::box_bytes(box), 1);
  ASSERT_TRUE(package.has_value());
  ASSERT_EQ(package->findings.size(), 1u);
  ASSERT_EQ(package->sums.excluded.size(), 1u);
  EXPECT_EQ(package->sums.excluded[0], log::leaf_hash(box.ballots[1].ballot));
  EXPECT_EQ(package->sums.contests[0].ballots, 2u);
}

TEST(Package, WithoutBallotsHasTotalsZeroAndNothingToDecrypt) {
  Town town;
  const auto package =
      check_package(town.definition, town.key, ballot::box_bytes(town.box(0)), 1);
  ASSERT_TRUE(package.has_value());
  EXPECT_TRUE(
      statement_of(town.key.election_hash(), package->sums).value().fields.empty());
}

TEST(Package, IsRefusedForAnotherElectionKeyStationOrStyle) {
  Town town;
  const auto refused = [&](const ballot::Box& box) {
    const auto package =
        check_package(town.definition, town.key, ballot::box_bytes(box), 1);
    return !package && package.error().kind == errors::station_failing;
  };
  const ballot::Box good = town.box(1);
  ballot::Box box = good;
  box.station =
      ballot::Station::make(Hash32{9}, good.station.code(), {1}, {*town.ballot_style})
          .value();
  EXPECT_TRUE(refused(box));
  box.station = ballot::Station::make(town.key.election_hash(), "NOWHERE", {1},
                                      {*town.ballot_style})
                    .value();
  EXPECT_TRUE(refused(box));
  box.station =
      ballot::Station::make(
          town.key.election_hash(), good.station.code(), {1},
          {ballot::BallotStyle::make(town.ballot_style->number(), {{3, 1}}).value()})
          .value();
  EXPECT_TRUE(refused(box));
  box = good;
  box.key = ballot::JointKey::make(Element::generator()).value();
  EXPECT_TRUE(refused(box));
}

}  // namespace
}  // namespace urna::trustees
