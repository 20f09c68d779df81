// A spare machine goes on for the first one: with its export, or with a declaration
// that it is lost; and what it refuses.
#include "machine/takeover.hpp"

#include "ballot/package.hpp"
#include "machine/errors.hpp"
#include "machine/testing/station.hpp"

namespace urna::machine {
namespace {

using testing::Station;

constexpr const char* kStick = "sticks/ANA";

// Two machines of one station: the same package but for the segment, another printer,
// another disk, the same officials.
struct Pair {
  Pair() : first("demo"), spare("demo") {
    spare.random = base::testing::ScriptedRandom(77);
    spare.content.segment = 2;
    spare.device = "M2";
  }
  // Three votes at the first machine, then its sheet and its export.
  void stop_first() {
    auto machine = first.opened();
    for (std::size_t i = 0; i < 3; ++i) first.vote(*machine, i, 0);
    ASSERT_TRUE(machine->close(first.both, "it breaks down"));
    ASSERT_TRUE(machine->print_sheet(first.both, "", std::nullopt));
    ASSERT_TRUE(machine->sign_sheet(first.both));
    ASSERT_TRUE(machine->export_to(kStick));
  }
  void carry(const std::string& ending) {
    const std::string path = std::string(kStick) + "/N01" + ending;
    ASSERT_TRUE(base::write_durable(spare.files, path,
                                    base::read_file(first.files, path).value()));
  }
  [[nodiscard]] std::unique_ptr<Machine> ready() { return spare.before_opening(); }

  Station first, spare;
};

TEST(SpareMachine, GoesOnWithTheFirstOnesExportAndPublishesBoth) {
  Pair pair;
  pair.stop_first();
  pair.carry(".package");
  pair.carry(".used");
  auto machine = pair.ready();
  ASSERT_TRUE(machine->take_over(pair.spare.both, kStick));
  EXPECT_EQ(machine->life(), Life::open);
  EXPECT_EQ(machine->events()->events().back().name, "TOOK-OVER");
  EXPECT_EQ(machine->events()->events().back().label, "M1");
  // A token that was used at the first machine is used.
  EXPECT_EQ(machine->show_token(pair.spare.tokens.characters[1]).error().kind,
            errors::token_used);
  pair.spare.vote(*machine, 3, 1);
  // Also after a restart.
  machine.reset();
  machine = pair.spare.start().value();
  ASSERT_TRUE(machine->resume(pair.spare.both));
  EXPECT_EQ(machine->show_token(pair.spare.tokens.characters[1]).error().kind,
            errors::token_used);
  pair.spare.vote(*machine, 4, 1);
  ASSERT_TRUE(machine->close(pair.spare.both, "x"));
  ASSERT_TRUE(machine->print_sheet(pair.spare.both, "", std::nullopt));
  EXPECT_EQ(machine->sheet()->sheet.fields().segment, 2u);
  EXPECT_EQ(machine->sheet()->sheet.fields().cast, 2u);
  ASSERT_TRUE(machine->sign_sheet(pair.spare.both));
  machine.reset();
  machine = pair.spare.start().value();
  ASSERT_TRUE(machine->export_to("out"));
  const Bytes bytes = base::read_file(pair.spare.files, "out/N01.package").value();
  const auto package = ballot::parse_package(bytes);
  ASSERT_TRUE(package) << package.error().text();
  EXPECT_TRUE(ballot::package_signed_by(bytes, machine->device_key().value()));
  EXPECT_EQ(package->box.ballots.size(), 5u);
  EXPECT_EQ(package->box.station.segments(), (std::vector<std::uint32_t>{1, 2}));
  ASSERT_EQ(package->sheets.size(), 2u);
  const auto report = ballot::check_box(package->box, 1, false);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->faults.empty());
  // Whoever goes on after this one learns of all tokens.
  const auto used = read_used_tokens(
      base::read_file(pair.spare.files, "out/N01.used").value(),
      pair.spare.definition_hash, "N01", 2, 20, machine->device_key().value());
  ASSERT_TRUE(used);
  EXPECT_EQ(std::ranges::count(*used, true), 5);
}

TEST(SpareMachine, GoesOnWhenTwoOfficialsDeclareTheFirstOneLost) {
  Pair pair;
  auto machine = pair.ready();
  EXPECT_EQ(machine->declare_lost({pair.spare.both[0]}).error().kind,
            errors::two_officials);
  EXPECT_EQ(
      machine->declare_lost({pair.spare.both[0], pair.spare.both[0]}).error().kind,
      errors::two_officials);
  ASSERT_TRUE(machine->declare_lost(pair.spare.both));
  EXPECT_EQ(machine->events()->events().back().label, "LOST");
  pair.spare.vote(*machine, 0, 1);
  ASSERT_TRUE(machine->close(pair.spare.both, "x"));
  ASSERT_TRUE(machine->print_sheet(pair.spare.both, "", std::nullopt));
  ASSERT_TRUE(machine->sign_sheet(pair.spare.both));
  ASSERT_TRUE(machine->export_to("out"));
  const Bytes lost = base::read_file(pair.spare.files, "out/N01.lost").value();
  EXPECT_TRUE(check_declaration(*machine->setup(), lost));
  for (std::size_t at = 0; at < lost.size(); ++at) {
    Bytes changed = lost;
    changed[at] ^= 1;
    EXPECT_FALSE(check_declaration(*machine->setup(), changed)) << at;
  }
  const auto package = ballot::parse_package(
      base::read_file(pair.spare.files, "out/N01.package").value());
  ASSERT_TRUE(package);
  EXPECT_EQ(package->box.station.segments(), (std::vector<std::uint32_t>{2}));
}

TEST(SpareMachine, DoesNotOpenLikeAFirstOne) {
  Pair pair;
  auto machine = pair.ready();
  EXPECT_EQ(machine->open(pair.spare.both).error().kind, errors::handover);
  EXPECT_EQ(machine->take_over(pair.spare.both, kStick).error().kind, errors::handover)
      << "nothing is on the stick";
  EXPECT_EQ(machine->life(), Life::zero);
  // And the first one needs nothing of another.
  auto first = pair.first.before_opening();
  EXPECT_EQ(first->take_over(pair.first.both, kStick).error().kind, errors::not_now);
  EXPECT_EQ(first->declare_lost(pair.first.both).error().kind, errors::not_now);
  EXPECT_TRUE(first->open(pair.first.both));
}

TEST(SpareMachine, BelievesOnlyTheMachineJustBeforeIt) {
  Pair pair;
  pair.stop_first();
  pair.carry(".package");
  auto machine = pair.ready();
  EXPECT_EQ(machine->take_over(pair.spare.both, kStick).error().kind, errors::handover)
      << "the list of used tokens is missing";
  pair.carry(".used");
  const std::string package_path = std::string(kStick) + "/N01.package";
  const std::string used_path = std::string(kStick) + "/N01.used";
  const Bytes package = base::read_file(pair.spare.files, package_path).value();
  const Bytes used = base::read_file(pair.spare.files, used_path).value();
  const auto& setup = *machine->setup();
  ASSERT_TRUE(read_predecessor(setup, package, used));
  for (std::size_t at = 0; at < used.size(); ++at) {
    Bytes changed = used;
    changed[at] ^= 1;
    EXPECT_FALSE(read_predecessor(setup, package, changed)) << at;
  }
  for (std::size_t at = 0; at < package.size(); at += 37) {
    Bytes changed = package;
    changed[at] ^= 1;
    EXPECT_FALSE(read_predecessor(setup, changed, used)) << at;
  }
  // Not of the third machine, and not of itself.
  for (const std::uint32_t segment : {1u, 3u}) {
    Station other("demo");
    other.content.segment = segment;
    auto setup_of = read_setup(other.package(), other.authority.public_key());
    ASSERT_TRUE(setup_of);
    EXPECT_EQ(read_predecessor(*setup_of, package, used).error().kind,
              errors::handover);
  }
  EXPECT_EQ(machine->take_over({pair.spare.both[0]}, kStick).error().kind,
            errors::two_officials);
  EXPECT_EQ(machine->life(), Life::zero);
  EXPECT_TRUE(machine->take_over(pair.spare.both, kStick));
}

TEST(SpareMachine, TheFormatPageShowsAListOfUsedTokens) {
  const auto device = crypto::SigningKey::from_seed(ByteArray<32>{1});
  const Bytes file = make_used_tokens(Hash32{2}, "N01", 1, {true, false, true}, device);
  base::RealFiles files;
  std::string page =
      base::read_text(files, URNA_SOURCE_DIR "/docs/formats/handover.md").value();
  std::erase_if(page, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_NE(page.find(base::to_hex(file)), std::string::npos) << base::to_hex(file);
}

}  // namespace
}  // namespace urna::machine
