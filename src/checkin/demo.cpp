#include "checkin/demo.hpp"

#include "checkin/errors.hpp"
#include "checkin/log_exchange.hpp"
#include "checkin/packing.hpp"
#include "crypto/pin.hpp"
#include "election/demo_definition.hpp"
#include "sheet/check_in_slip.hpp"

#include <fmt/format.h>

namespace urna::checkin {
namespace {

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

Result<DemoStation> make_demo(Ports ports, const Place& place, const DemoPlan& plan,
                              bool open) {
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
  demo.with_prints = demo_ids_with_prints(plan);
  if (open) URNA_CHECK(demo.station->open(demo.officials));
  return demo;
}

}  // namespace urna::checkin
