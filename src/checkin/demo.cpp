#include "checkin/demo.hpp"

#include "base/encoding.hpp"
#include "checkin/errors.hpp"
#include "checkin/log_exchange.hpp"
#include "crypto/pin.hpp"
#include "election/demo_definition.hpp"
#include "finger/extract/extract.hpp"
#include "finger/io_errors.hpp"
#include "finger/match/codec.hpp"
#include "finger/synth/set.hpp"
#include "sheet/check_in_slip.hpp"

#include <array>
#include <map>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

using finger::FingerPosition;

constexpr std::array<std::string_view, 12> kNames{"Ana",   "Bruno",   "Carla", "Darío",
                                                  "Elena", "Félix",   "Gala",  "Hugo",
                                                  "Inés",  "Joaquín", "Lucía", "Mateo"};
constexpr std::array<std::string_view, 17> kSurnames{
    "Peña",  "Ríos",   "Salas",  "Montes", "Núñez", "Fuentes",
    "León",  "Ortega", "Vidal",  "Sol",    "Rojas", "Lara",
    "Muñoz", "Ibáñez", "Campos", "Acosta", "Duarte"};

std::uint64_t seed_of(const DemoPlan& plan, std::size_t voter,
                      FingerPosition position) {
  return finger::synth::finger_seed(
      plan.seed, static_cast<int>(voter * 11 + static_cast<std::size_t>(position)));
}

// Growing a finger takes a good part of a second, and a demonstration's few fingers are
// put down again and again.
const finger::synth::Finger& grown(std::uint64_t seed) {
  static std::map<std::uint64_t, finger::synth::Finger> fingers;
  const auto [at, fresh] = fingers.try_emplace(seed);
  if (fresh) at->second = finger::synth::finger(seed);
  return at->second;
}

Result<void> add_official(Ports& ports, const Place& place, const std::string& stick,
                          PackRequest& request, DemoStation& demo) {
  URNA_TRY(const auto key, crypto::SigningKey::generate(ports.random));
  URNA_TRY(std::string pin, crypto::random_digits(ports.random, crypto::kShortestPin));
  URNA_TRY(const Bytes file, make_official_file(ports.random, key, pin, place.cost));
  const std::string folder = base::join_path(place.sticks, stick);
  URNA_CHECK(base::make_folder_durable(ports.files, folder));
  URNA_CHECK(
      base::write_durable(ports.files, base::join_path(folder, "check-in.key"), file));
  request.officials.push_back({"OFFICIAL", stick, key.public_key()});
  demo.officials.push_back({stick, std::move(pin)});
  return {};
}

}  // namespace

Result<finger::Image> SyntheticScanner::capture(std::chrono::milliseconds) {
  if (!image_) {
    return fail(finger::errors::capture_timeout, "no finger was put on the reader");
  }
  finger::Image out = *std::move(image_);
  image_.reset();
  return out;
}

finger::Image demo_impression(const DemoPlan& plan, std::size_t voter,
                              FingerPosition position, std::uint64_t touch) {
  return finger::synth::impression(grown(seed_of(plan, voter, position)), touch,
                                   finger::synth::usual_conditions())
      .image;
}

std::string demo_id(std::size_t voter) {
  return fmt::format("V{}", 10'000'000 + voter * 37);
}

Result<std::vector<Roll>> demo_rolls(const election::Definition& definition,
                                     const DemoPlan& plan) {
  std::vector<Roll> out;
  std::size_t next = 0;
  for (const auto& station : definition.stations()) {
    const bool ours = station.code == plan.station;
    if (!ours && !out.empty() && out.front().station != plan.station) continue;
    Roll roll{definition.hash(), station.code, {}};
    for (std::size_t v = 0; v < (ours ? plan.voters : 20); ++v, ++next) {
      const std::size_t person = ours ? v : 100'000 + next;
      Voter voter{demo_id(person),
                  fmt::format("{} {}", kSurnames[person % kSurnames.size()],
                              kSurnames[(person / 7) % kSurnames.size()]),
                  std::string(kNames[person % kNames.size()]),
                  {}};
      for (const auto position :
           {FingerPosition::right_thumb, FingerPosition::left_thumb}) {
        if (!ours || v >= plan.with_prints) break;
        URNA_TRY(const auto print,
                 finger::extract(demo_impression(plan, v, position, 0)));
        URNA_TRY(Bytes bytes, finger::encode_template(print));
        voter.prints.push_back({position, std::move(bytes)});
      }
      roll.voters.push_back(std::move(voter));
    }
    out.push_back(std::move(roll));
    if (out.size() == 2) break;
  }
  return out;
}

Result<DemoStation> make_demo(Ports ports, const Place& place, const DemoPlan& plan) {
  DemoStation demo;
  URNA_TRY(const auto authority, crypto::SigningKey::generate(ports.random));
  PackRequest request;
  URNA_TRY(request.definition,
           election::read_demo_definition(ports.files, plan.definition,
                                          authority.public_key(), errors::bad_package));
  base::Report report;
  const auto definition = election::parse_definition(request.definition, report);
  if (!definition) return std::unexpected(report.first_problem());
  URNA_TRY(request.rolls, demo_rolls(*definition, plan));
  request.station = plan.station;
  request.tokens = static_cast<std::uint32_t>(plan.voters + 20);
  for (const char* stick : {"president", "secretary"}) {
    URNA_CHECK(add_official(ports, place, stick, request, demo));
  }
  URNA_TRY(const std::string passphrase, crypto::random_digits(ports.random, 16));
  URNA_TRY(const auto device, make_device(ports.files, ports.random, place.folder,
                                          as_bytes(passphrase), place.cost));
  request.devices.push_back(device);
  URNA_TRY(const auto packed, pack_station(ports.random, request, authority));
  URNA_TRY(auto keys,
           open_device(ports.files, place.folder, as_bytes(passphrase), place.cost));
  URNA_TRY(demo.station, Station::start(ports, place, std::move(keys)));
  URNA_CHECK(demo.station->provision(packed.packages.front(), authority.public_key()));
  URNA_TRY(const auto certificate,
           sheet::Certificate::issue(
               {election::Mode::demo, definition->hash(),
                std::string(sheet::kCheckInRole), plan.station, device_label(1)},
               device.signing, authority));
  URNA_CHECK(demo.station->certify(certificate.text()));
  URNA_CHECK(base::write_durable(
      ports.files, base::join_path(base::parent_folder(place.folder), "token-pool"),
      packed.token_pool));
  for (std::size_t v = 0; v < std::min(plan.with_prints, plan.voters); ++v) {
    demo.with_prints.push_back(demo_id(v));
  }
  return demo;
}

}  // namespace urna::checkin
