#include "machine/demo.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "election/demo_definition.hpp"
#include "machine/errors.hpp"
#include "machine/station_kit.hpp"

#include <algorithm>

namespace urna::machine {
namespace {

using base::Json;

// "president" for PRESIDENT.
std::string stick_name(std::string role) {
  for (char& c : role) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return role;
}

Result<void> add_check_in(Ports& ports, const Hash32& definition,
                          const std::string& station,
                          const crypto::SigningKey& authority, DemoStation& demo) {
  URNA_CHECK(ports.random.fill(demo.check_in_seed));
  const auto key = crypto::SigningKey::from_seed(demo.check_in_seed);
  URNA_TRY(
      const auto certificate,
      sheet::Certificate::issue({election::Mode::demo, definition,
                                 std::string(sheet::kCheckInRole), station, "CHECKIN1"},
                                key.public_key(), authority));
  demo.check_in_certificate = certificate.text();
  return {};
}

}  // namespace

Result<DemoStation> make_demo(Ports ports, Place place, const DemoPlan& plan) {
  URNA_TRY(const auto authority, crypto::SigningKey::generate(ports.random));
  DemoStation demo{{}, {}, authority.public_key(), nullptr, {}, {}, 0};
  KitPlan kit_plan;
  URNA_TRY(kit_plan.definition,
           election::read_demo_definition(ports.files, plan.definition,
                                          authority.public_key(), errors::bad_package));
  kit_plan.station = plan.station;
  kit_plan.tokens = plan.voters;
  if (plan.words) {
    URNA_TRY(kit_plan.voice, render_kit_voice(kit_plan, *plan.words, speak_by_espeak));
  }
  URNA_TRY(StationKit kit,
           make_station_kit(ports.random, kit_plan, authority, place.cost));
  demo.tokens = std::move(kit.tokens);
  for (const KitOfficial& official : kit.officials) {
    const std::string stick = stick_name(official.role);
    const std::string folder = base::join_path(place.sticks, stick);
    URNA_CHECK(base::make_folder_durable(ports.files, folder));
    URNA_CHECK(base::write_durable(ports.files, base::join_path(folder, "official.key"),
                                   official.key_file));
    demo.officials.push_back({stick, official.pin});
  }
  URNA_TRY(demo.machine, Machine::start(ports, place, authority.public_key()));
  Machine& machine = *demo.machine;
  URNA_CHECK(machine.provision(kit.package));
  URNA_TRY(const auto device, machine.device_key());
  URNA_TRY(const auto certificate,
           sheet::Certificate::issue(
               {election::Mode::demo, kit.definition, std::string(sheet::kMachineRole),
                plan.station, place.device},
               device, authority));
  URNA_CHECK(machine.certify(certificate.text()));
  URNA_CHECK(add_check_in(ports, kit.definition, plan.station, authority, demo));
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
