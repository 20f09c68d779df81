// A real election's machine, from the ceremony's key to the trustees' totals: the kit
// that an authority makes opens an official machine, and what voters chose there is
// what two of three trustees decrypt from the exported package.
#include "machine/station_kit.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "crypto/testing/cheap_key_files.hpp"
#include "election/testing.hpp"
#include "machine/errors.hpp"
#include "machine/machine.hpp"
#include "machine/testing/world.hpp"
#include "trustees/package.hpp"
#include "trustees/partial.hpp"
#include "trustees/testing/ceremony.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace urna::machine {
namespace {

using E = VoterEvent;
using trustees::testing::Ceremony;

constexpr std::int64_t kDay = 1'778'371'200;  // 2026-05-10T00:00:00Z

struct Authority {
  explicit Authority(const std::string& mode = "official") {
    auto& json = election::testing::content(files, "election.json");
    election::testing::replace(json, "\"mode\": \"demo\"",
                               "\"mode\": \"" + mode + "\"");
    json.resize(json.find("\"trustees\""));
    json += fmt::format(
        "\"device_authorities\": [\"{}\"],\n\"trustees\": {{\"threshold\": "
        "2, \"members\": [",
        base::to_hex(key.public_key().bytes()));
    for (std::uint64_t i = 1; i <= 3; ++i) {
      const auto keys = trustees::testing::keys_from_seed(100 + i);
      json += fmt::format(
          R"({}{{"name": "Trustee {}", "signing_key": "{}", "box_key": "{}"}})",
          i == 1 ? "" : ", ", static_cast<char>('A' + i - 1),
          base::to_hex(keys.signing.public_key().bytes()),
          base::to_hex(keys.box.public_key().bytes()));
    }
    json += "]}}\n";
    definition.emplace(election::testing::must_load(files));
    ceremony.emplace(3, 2, 100, definition->hash());
    plan.definition = files;
    plan.station = "N01";
    plan.tokens = 12;
    election_key.emplace(ceremony->key());
    plan.key_record = election_key->encode();
  }
  Result<StationKit> make() {
    return make_station_kit(random, plan, key, crypto::CheapKeyFiles::cost());
  }

  base::testing::ScriptedRandom random{5};
  crypto::SigningKey key = crypto::SigningKey::from_seed(ByteArray<32>{7});
  election::DefinitionFiles files = election::testing::example("town");
  std::optional<election::Definition> definition;
  std::optional<Ceremony> ceremony;
  std::optional<trustees::ElectionKey> election_key;
  KitPlan plan;
};

// An official machine that an authority's kit made, in the morning at 05:00 local time.
struct OfficialDay {
  OfficialDay() {
    auto made = authority.make();
    EXPECT_TRUE(made) << made.error().text();
    kit = *std::move(made);
    for (const KitOfficial& official : kit.officials) {
      const std::string folder = "sticks/" + official.role;
      EXPECT_TRUE(base::make_folder_durable(files, folder));
      EXPECT_TRUE(
          base::write_durable(files, folder + "/official.key", official.key_file));
      both.push_back({official.role, official.pin});
    }
    machine = Machine::start(
                  {files, authority.random, clock, printer},
                  {"device", "sticks", "M1", false, crypto::CheapKeyFiles::cost(), {}},
                  authority.key.public_key())
                  .value();
    EXPECT_TRUE(machine->provision(kit.package));
    const auto certificate =
        sheet::Certificate::issue({sheet::Mode::official, kit.definition,
                                   std::string(sheet::kMachineRole), "N01", "M1"},
                                  machine->device_key().value(), authority.key);
    EXPECT_TRUE(machine->certify(certificate->text()));
    EXPECT_TRUE(machine->test());
    EXPECT_TRUE(machine->print_zero(both));
  }
  void vote(std::size_t token, std::uint32_t option) {
    ASSERT_TRUE(machine->show_token(kit.tokens[token]));
    VoterSession& session = *machine->session();
    ASSERT_TRUE(session.handle(E::begin));
    ASSERT_TRUE(session.choose(0, option));
    ASSERT_TRUE(session.handle(E::to_review));
    ASSERT_TRUE(session.handle(E::confirm));
    ASSERT_TRUE(session.handle(E::cast));
    ASSERT_TRUE(session.handle(E::go_on));
  }

  Authority authority;
  StationKit kit;
  base::testing::ScriptedFiles files;
  base::testing::ScriptedClock clock{kDay + 9 * 3'600};
  testing::ScriptedPrinter printer;
  std::vector<Credential> both;
  std::unique_ptr<Machine> machine;
};

TEST(StationKit, OpensAnOfficialMachineWhoseVotesTheTrusteesDecrypt) {
  OfficialDay day;
  auto& [authority, kit, files, clock, printer, both, machine] = day;
  ASSERT_EQ(kit.tokens.size(), 12u);
  EXPECT_EQ(machine->open(both).error().kind, errors::too_early) << "05:00 local time";
  clock.jump(std::chrono::hours(1));
  ASSERT_TRUE(machine->open(both));
  std::size_t token = 0;
  for (const std::uint32_t option : {0U, 2U, 2U, 3U}) day.vote(token++, option);
  clock.jump(std::chrono::hours(12));
  ASSERT_TRUE(machine->close(both, ""));
  ASSERT_TRUE(machine->print_sheet(both, "", std::nullopt));
  ASSERT_TRUE(machine->sign_sheet(both));
  ASSERT_TRUE(machine->export_to("out"));

  const Bytes package = base::read_file(files, "out/N01.package", 64u << 20).value();
  const trustees::ElectionKey& key = *authority.election_key;
  const auto checked = trustees::check_package(*authority.definition, key, package);
  ASSERT_TRUE(checked) << checked.error().text();
  EXPECT_TRUE(checked->findings.empty());
  std::vector<trustees::NamedFile> partials;
  for (const std::uint32_t i : {1U, 3U}) {
    const auto keys = trustees::testing::keys_from_seed(100 + i);
    const auto partial = trustees::make_partial(authority.random, checked->sums,
                                                authority.ceremony->share(i),
                                                key.public_share(i), keys.signing);
    ASSERT_TRUE(partial) << partial.error().text();
    partials.push_back({fmt::format("partial-{}", i), partial->encode()});
  }
  const auto combined = trustees::combine_partials(key, trustees::totals_log(key),
                                                   checked->sums, partials);
  ASSERT_TRUE(combined.totals);
  const auto& sheet = machine->sheet()->sheet.fields();
  ASSERT_EQ(combined.totals->contests.size(), sheet.contests.size());
  EXPECT_EQ(combined.totals->contests[0].fields,
            (std::vector<std::uint64_t>{1, 0, 2, 1, 0}));
  for (std::size_t c = 0; c < sheet.contests.size(); ++c) {
    for (std::size_t o = 0; o < sheet.contests[c].options.size(); ++o) {
      EXPECT_EQ(combined.totals->contests[c].fields[o],
                sheet.contests[c].options[o].votes);
    }
  }
}

// The hour binds officials when they open and close, and nobody in between.
TEST(StationKit, AnOfficialMachineOpensAtTheHourAndClosesEarlyOnlyWithAReason) {
  OfficialDay day;
  auto& [authority, kit, files, clock, printer, both, machine] = day;
  const std::vector<Credential> one{both[0]};
  const std::chrono::hours year(24 * 365);
  clock.jump(std::chrono::hours(1) - std::chrono::seconds(1));
  EXPECT_EQ(machine->open(both).error().kind, errors::too_early);
  clock.jump(-10 * year);
  EXPECT_EQ(machine->open(both).error().kind, errors::too_early)
      << "a clock that is wrong does not open the polls";
  EXPECT_EQ(machine->life(), Life::zero);
  clock.jump(10 * year + std::chrono::seconds(1));
  EXPECT_EQ(machine->open(one).error().kind, errors::two_officials);
  ASSERT_TRUE(machine->open(both));
  day.vote(0, 0);
  clock.jump(10 * year);
  day.vote(1, 1);
  clock.jump(-20 * year);
  day.vote(2, 1);
  clock.jump(10 * year);
  // 06:00: twelve hours before the end.
  EXPECT_EQ(machine->close(both, "").error().kind, errors::too_early);
  EXPECT_EQ(machine->close(one, "danger").error().kind, errors::two_officials);
  EXPECT_EQ(machine->close({}, "danger").error().kind, errors::two_officials);
  EXPECT_EQ(machine->life(), Life::open);
  day.vote(3, 1);
  ASSERT_TRUE(machine->close(both, "danger"));
  EXPECT_EQ(machine->events()->events().back().label, "DANGER");
  ASSERT_TRUE(machine->print_sheet(both, "", std::nullopt));
  EXPECT_EQ(machine->sheet()->sheet.fields().contests[0].options[1].votes, 3u);
}

// As src/checkin packs it (docs/formats/token.md).
Bytes pool_file(const Hash32& election, const std::string& station,
                const std::vector<Token>& tokens) {
  base::Writer w;
  w.text("urna-token-pool-1");
  w.fixed(election);
  w.text(station);
  w.u32(static_cast<std::uint32_t>(tokens.size()));
  for (const Token& token : tokens) {
    w.fixed(token.hash);
    w.u32(token.style);
  }
  return to_bytes(w.view());
}

TEST(StationKit, TakesCheckInsTokensAndOnlyThoseOfItsStation) {
  Authority authority;
  const auto& definition = *authority.definition;
  const auto style = definition.style_index_of(*definition.find_station("N01"));
  const auto tokens =
      make_tokens(authority.random, definition.hash(), "N01", style, 5).value();
  authority.plan.tokens = 0;
  authority.plan.token_pool = pool_file(definition.hash(), "N01", tokens.pool);
  const auto kit = authority.make();
  ASSERT_TRUE(kit) << kit.error().text();
  EXPECT_TRUE(kit->tokens.empty());
  const auto setup = read_setup(kit->package, authority.key.public_key());
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->tokens.tokens(), tokens.pool);
  authority.plan.token_pool = pool_file(definition.hash(), "N02", tokens.pool);
  EXPECT_EQ(authority.make().error().kind, errors::bad_package);
  authority.plan.token_pool = pool_file(Hash32{1}, "N01", tokens.pool);
  EXPECT_EQ(authority.make().error().kind, errors::bad_package);
  authority.plan.token_pool = pool_file(definition.hash(), "N01", tokens.pool);
  authority.plan.token_pool.pop_back();
  EXPECT_FALSE(authority.make());
}

TEST(StationKit, GivesASpareMachineTheTokensOfTheFirstOne) {
  Authority authority;
  const auto first = authority.make();
  ASSERT_TRUE(first);
  authority.plan.first_package = first->package;
  authority.plan.segment = 2;
  EXPECT_FALSE(authority.make()) << "new tokens as well";
  authority.plan.tokens = 0;
  const auto spare = authority.make();
  ASSERT_TRUE(spare) << spare.error().text();
  EXPECT_TRUE(spare->tokens.empty());
  const auto anchor = authority.key.public_key();
  EXPECT_EQ(read_setup(spare->package, anchor)->tokens.tokens(),
            read_setup(first->package, anchor)->tokens.tokens());
  authority.plan.station = "N02";
  EXPECT_EQ(authority.make().error().kind, errors::bad_package);
}

TEST(StationKit, RefusesWhatAMachineWouldRefuse) {
  Authority authority;
  authority.plan.station = "X99";
  EXPECT_EQ(authority.make().error().kind, errors::bad_package);
  authority.plan.station = "N01";
  authority.plan.roles = {"PRESIDENT", "PRESIDENT"};
  EXPECT_EQ(authority.make().error().kind, errors::bad_package);
  authority.plan.roles = {"PRESIDENT", "SECRETARY", "MEMBER"};
  EXPECT_TRUE(authority.make());
  authority.key = crypto::SigningKey::from_seed(ByteArray<32>{8});
  EXPECT_FALSE(authority.make()) << "an authority that the definition does not name";
  authority.key = crypto::SigningKey::from_seed(ByteArray<32>{7});
  authority.plan.key_record.clear();
  EXPECT_FALSE(authority.make()) << "no ceremony, and not a demonstration";
}

}  // namespace
}  // namespace urna::machine
