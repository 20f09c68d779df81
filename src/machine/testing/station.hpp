// A polling station in memory: a machine, its officials with their sticks, the
// authority, a scripted disk, clock and printer. Tests only.
#pragma once

#include "base/encoding.hpp"
#include "crypto/testing/cheap_key_files.hpp"
#include "election/testing.hpp"
#include "machine/machine.hpp"
#include "machine/testing/world.hpp"

#include <gtest/gtest.h>

namespace urna::machine::testing {

inline constexpr std::int64_t kDay = 1'778'371'200;  // 2026-05-10T00:00:00Z

// A machine, its two officials with their sticks, and the authority, in memory.
struct Station {
  explicit Station(const std::string& mode = "official")
      : random(11),
        clock(kDay + 10 * 3'600),
        authority(crypto::SigningKey::from_seed(ByteArray<32>{7})),
        closing(crypto::BoxSecretKey::generate(random).value()) {
    auto example = election::testing::example("town");
    auto& json = election::testing::content(example, "election.json");
    election::testing::replace(json, "\"mode\": \"demo\"",
                               "\"mode\": \"" + mode + "\"");
    election::testing::replace(json, "\"area_kinds\"",
                               "\"device_authorities\": [\"" +
                                   base::to_hex(authority.public_key().bytes()) +
                                   "\"],\n  \"area_kinds\"");
    const auto definition = election::testing::must_load(example);
    tokens = make_tokens(random, definition.hash(), "N01", 0, 20).value();
    const auto index = *definition.find_station("N01");
    const auto style = definition.style_index_of(index);
    for (Token& token : tokens.pool) token.style = style;
    content.definition = example;
    content.station = "N01";
    content.registered = 20;
    content.election_hash = Hash32{5};
    std::ranges::copy(group::base_mul(group::SecretScalar::from_u64(77)).bytes(),
                      content.joint_key.begin());
    content.closing_key = closing.public_key().bytes();
    content.tokens = tokens.pool;
    const auto halves = split_closing_key(random, closing).value();
    add_official("PRESIDENT", "ANA", 21, "11112222", &halves.first);
    add_official("SECRETARY", "BRUNO", 22, "33334444", &halves.second);
    add_official("MEMBER", "CARLA", 23, "55556666", nullptr);
    definition_hash = definition.hash();
  }

  void add_official(const std::string& role, const std::string& name, std::uint8_t seed,
                    const std::string& pin, const ClosingHalf* half) {
    const auto key = crypto::SigningKey::from_seed(ByteArray<32>{seed});
    content.officials.push_back({role, name, key.public_key()});
    const std::string folder = "sticks/" + name;
    ASSERT_TRUE(base::make_folder_durable(files, folder));
    ASSERT_TRUE(base::write_durable(
        files, folder + "/official.key",
        make_official_file(random, key, half, pin, crypto::CheapKeyFiles::cost())
            .value()));
  }

  [[nodiscard]] Result<std::unique_ptr<Machine>> start() {
    return Machine::start(
        {files, random, clock, printer},
        {"device", "sticks", device, false, crypto::CheapKeyFiles::cost(), {}},
        authority.public_key());
  }
  [[nodiscard]] Bytes package() const { return make_setup(content, authority); }
  [[nodiscard]] std::string certificate(const crypto::PublicKey& key,
                                        sheet::Mode mode) const {
    return sheet::Certificate::issue(
               {mode, definition_hash, std::string(sheet::kMachineRole), "N01", device},
               key, authority)
        .value()
        .text();
  }

  // From nothing to the zero report.
  std::unique_ptr<Machine> before_opening(sheet::Mode mode = sheet::Mode::demo) {
    auto machine = start().value();
    EXPECT_TRUE(machine->provision(package()));
    EXPECT_TRUE(machine->certify(certificate(machine->device_key().value(), mode)));
    EXPECT_TRUE(machine->test());
    EXPECT_TRUE(machine->print_zero(both));
    return machine;
  }
  // From nothing to open polls.
  std::unique_ptr<Machine> opened(sheet::Mode mode = sheet::Mode::demo) {
    auto machine = before_opening(mode);
    EXPECT_TRUE(machine->open(both));
    EXPECT_EQ(machine->life(), Life::open);
    return machine;
  }

  void vote(Machine& machine, std::size_t token, std::uint32_t option) {
    ASSERT_TRUE(machine.show_token(tokens.characters[token]));
    VoterSession& session = *machine.session();
    ASSERT_TRUE(session.handle(VoterEvent::begin));
    ASSERT_TRUE(session.choose(0, option));
    ASSERT_TRUE(session.handle(VoterEvent::to_review));
    ASSERT_TRUE(session.handle(VoterEvent::confirm));
    ASSERT_TRUE(session.handle(VoterEvent::cast));
    ASSERT_TRUE(session.handle(VoterEvent::go_on));
  }

  base::testing::ScriptedRandom random;
  base::testing::ScriptedClock clock;
  base::testing::ScriptedFiles files;
  ScriptedPrinter printer;
  crypto::SigningKey authority;
  crypto::BoxSecretKey closing;
  NewTokens tokens;
  SetupContent content;
  Hash32 definition_hash{};
  std::string device = "M1";
  std::vector<Credential> both{{"ANA", "11112222"}, {"BRUNO", "33334444"}};
};

}  // namespace urna::machine::testing
