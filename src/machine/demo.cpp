#include "machine/demo.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "group/secret.hpp"
#include "machine/errors.hpp"

#include <algorithm>

namespace urna::machine {
namespace {

using base::Json;

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

Result<void> add_check_in(Ports& ports, const election::Definition& definition,
                          const std::string& station,
                          const crypto::SigningKey& authority, DemoStation& demo) {
  URNA_CHECK(ports.random.fill(demo.check_in_seed));
  const auto key = crypto::SigningKey::from_seed(demo.check_in_seed);
  URNA_TRY(
      const auto certificate,
      sheet::Certificate::issue({definition.model().mode, definition.hash(),
                                 std::string(sheet::kCheckInRole), station, "CHECKIN1"},
                                key.public_key(), authority));
  demo.check_in_certificate = certificate.text();
  return {};
}

}  // namespace

Result<DemoStation> make_demo(Ports ports, Place place, const DemoPlan& plan) {
  URNA_TRY(const auto authority, new_key(ports.random));
  DemoStation demo{{}, {}, authority.public_key(), nullptr, {}, {}, 0};
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
  URNA_CHECK(add_check_in(ports, *definition, plan.station, authority, demo));
  if (!plan.open) return demo;
  URNA_CHECK(machine.test());
  URNA_CHECK(machine.print_zero(demo.officials));
  URNA_CHECK(machine.open(demo.officials));
  return demo;
}

Result<void> save_demo(base::FileSystem& files, const std::string& path,
                       const DemoStation& demo) {
  Json officials = Json::array();
  for (const Credential& official : demo.officials) {
    Json o = Json::object();
    o.set("stick", official.stick);
    o.set("pin", official.pin);
    officials.push(std::move(o));
  }
  Json tokens = Json::array();
  for (const std::string& token : demo.tokens) tokens.push(token);
  Json out = Json::object();
  out.set("anchor", base::to_hex(demo.anchor.bytes()));
  out.set("officials", std::move(officials));
  out.set("check_in_seed", base::to_hex(demo.check_in_seed));
  out.set("check_in_certificate", demo.check_in_certificate);
  out.set("issued", demo.issued);
  out.set("tokens", std::move(tokens));
  return base::write_durable(files, path, as_bytes(out.dump()));
}

Result<DemoStation> resume_demo(Ports ports, Place place, const std::string& path) {
  URNA_TRY(const std::string text, base::read_text(ports.files, path, 16u << 20));
  URNA_TRY(const Json json, base::parse_json(text));
  base::Report report;
  base::ObjectReader r(json, path, "", report);
  const auto anchor_text = r.string("anchor");
  const Json* officials = r.array("officials");
  const auto seed_text = r.string("check_in_seed");
  const auto certificate = r.string("check_in_certificate");
  const auto issued = r.integer("issued", 0, UINT32_MAX);
  const Json* tokens = r.array("tokens");
  r.finish();
  if (!report.ok()) return std::unexpected(report.first_problem());
  URNA_TRY(const Bytes anchor_bytes, base::from_hex(*anchor_text));
  URNA_TRY(const auto anchor, crypto::PublicKey::decode(anchor_bytes));
  DemoStation demo{{}, {}, anchor, nullptr, {}, *certificate, 0};
  demo.issued = static_cast<std::size_t>(*issued);
  URNA_TRY(const Bytes seed, base::from_hex(*seed_text));
  URNA_TRY(demo.check_in_seed, base::to_array<32>(seed));
  for (const Json& official : officials->items()) {
    const Json* stick = official.find("stick");
    const Json* pin = official.find("pin");
    if (stick == nullptr || pin == nullptr || stick->if_string() == nullptr ||
        pin->if_string() == nullptr) {
      return fail(errors::bad_package, "an official has no stick or no PIN", path);
    }
    demo.officials.push_back({*stick->if_string(), *pin->if_string()});
  }
  for (const Json& token : tokens->items()) {
    if (token.if_string() != nullptr) demo.tokens.push_back(*token.if_string());
  }
  URNA_TRY(demo.machine, Machine::start(ports, std::move(place), anchor));
  return demo;
}

std::string take_token(DemoStation& demo) {
  if (demo.issued >= demo.tokens.size()) return {};
  return token_text(demo.tokens[demo.issued++]);
}

Result<std::string> demo_slip(const DemoStation& demo) {
  const Setup* setup = demo.machine->setup();
  if (setup == nullptr) return fail(errors::not_now, "the machine has no election");
  URNA_TRY(const auto certificate,
           sheet::Certificate::parse(demo.check_in_certificate));
  const auto n = static_cast<std::uint32_t>(demo.issued);
  sheet::CheckInSlip slip{
      setup->mode(), setup->definition.hash(), setup->station.code(), {}};
  slip.counts = {n, n, 0, 0, 0, 0, n};
  return sheet::make_check_in_slip(slip, certificate,
                                   crypto::SigningKey::from_seed(demo.check_in_seed));
}

}  // namespace urna::machine
