#include "machine/demo.hpp"

#include "base/encoding.hpp"
#include "group/secret.hpp"
#include "machine/errors.hpp"

#include <algorithm>

namespace urna::machine {
namespace {

// The definition with one authority: ours.
Result<election::DefinitionFiles> demo_definition(base::FileSystem& files,
                                                  const std::string& folder,
                                                  const crypto::PublicKey& authority) {
  base::Report report;
  auto definition = election::read_definition_files(files, folder, report);
  if (!definition) return std::unexpected(report.first_problem());
  for (auto& [name, bytes] : definition->files) {
    if (name != "election.json") continue;
    const std::size_t brace = bytes.find('{');
    if (brace == std::string::npos || bytes.find("\"demo\"") == std::string::npos) {
      return fail(errors::bad_package,
                  "a demonstration needs a definition of mode demo");
    }
    bytes.insert(brace + 1, "\"device_authorities\": [\"" +
                                base::to_hex(authority.bytes()) + "\"],");
  }
  return *definition;
}

Result<crypto::SigningKey> new_key(base::Random& random) {
  crypto::SecretArray<32> seed;
  URNA_CHECK(random.fill(seed.writable()));
  return crypto::SigningKey::from_seed(seed.expose());
}

Result<std::string> new_pin(base::Random& random) {
  std::string pin;
  for (std::size_t i = 0; i < kShortestPin; ++i) {
    URNA_TRY(const std::uint64_t digit, random.below(10));
    pin += static_cast<char>('0' + digit);
  }
  return pin;
}

Result<void> add_official(Ports& ports, const Place& place, const std::string& role,
                          const std::string& stick, const ClosingHalf& half,
                          SetupContent& content, DemoStation& demo) {
  URNA_TRY(const auto key, new_key(ports.random));
  URNA_TRY(std::string pin, new_pin(ports.random));
  content.officials.push_back({role, role, key.public_key()});
  const std::string folder = base::join_path(place.sticks, stick);
  URNA_CHECK(base::make_folder_durable(ports.files, folder));
  URNA_TRY(const Bytes file,
           make_official_file(ports.random, key, &half, pin, place.cost));
  URNA_CHECK(
      base::write_durable(ports.files, base::join_path(folder, "official.key"), file));
  demo.officials.push_back({stick, std::move(pin)});
  return {};
}

}  // namespace

Result<DemoStation> make_demo(Ports ports, Place place, const DemoPlan& plan) {
  URNA_TRY(const auto authority, new_key(ports.random));
  DemoStation demo{{}, {}, authority.public_key(), nullptr};
  SetupContent content;
  URNA_TRY(content.definition,
           demo_definition(ports.files, plan.definition, authority.public_key()));
  base::Report report;
  const auto definition = election::parse_definition(content.definition, report);
  if (!definition) return std::unexpected(report.first_problem());
  const auto station = definition->find_station(plan.station);
  if (!station) return fail(errors::bad_package, "the definition has no such station");
  content.station = plan.station;
  content.registered =
      definition->stations()[*station].registered.value_or(plan.voters);
  // Nobody keeps the secret of this key: a demonstration is not decrypted.
  const auto key = group::base_mul(group::SecretScalar::random());
  std::ranges::copy(key.bytes(), content.joint_key.begin());
  content.election_hash = definition->hash();
  URNA_TRY(const auto closing, crypto::BoxSecretKey::generate(ports.random));
  content.closing_key = closing.public_key().bytes();
  URNA_TRY(const auto halves, split_closing_key(ports.random, closing));
  URNA_TRY(NewTokens tokens,
           make_tokens(ports.random, definition->hash(), plan.station,
                       definition->style_index_of(*station), plan.voters));
  content.tokens = std::move(tokens.pool);
  demo.tokens = std::move(tokens.characters);
  URNA_CHECK(add_official(ports, place, "PRESIDENT", "president", halves.first, content,
                          demo));
  URNA_CHECK(add_official(ports, place, "SECRETARY", "secretary", halves.second,
                          content, demo));
  URNA_TRY(demo.machine, Machine::start(ports, place, authority.public_key()));
  Machine& machine = *demo.machine;
  URNA_CHECK(machine.provision(make_setup(content, authority)));
  URNA_TRY(const auto device, machine.device_key());
  URNA_TRY(const auto certificate,
           sheet::Certificate::issue(
               {election::Mode::demo, definition->hash(),
                std::string(sheet::kMachineRole), plan.station, place.device},
               device, authority));
  URNA_CHECK(machine.certify(certificate.text()));
  URNA_CHECK(machine.test());
  URNA_CHECK(machine.print_zero(demo.officials));
  URNA_CHECK(machine.open(demo.officials));
  return demo;
}

}  // namespace urna::machine
