#include "simulate/town.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

namespace urna::simulate {
namespace {

using base::Json;

// The example's electoral roll at the size that is simulated, so that vote stores stay
// small: 40 voters a station.
void shrink_roll(election::DefinitionFiles& files) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSizes{
      {{",410", ",40"},
       {",390", ",40"},
       {",470", ",40"},
       {",800,", ",80,"},
       {",1270,", ",120,"}}};
  for (auto& [name, text] : files.files) {
    if (name != "areas.csv" && name != "stations.csv") continue;
    for (const auto& [from, to] : kSizes) {
      for (std::size_t at = text.find(from); at != std::string::npos;
           at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
      }
    }
  }
}

Json trustees_json(std::uint64_t seed) {
  Json members = Json::array();
  for (std::uint32_t i = 1; i <= kTrustees; ++i) {
    const auto keys = trustees::testing::keys_from_seed(seed + i);
    Json one = Json::object();
    one.set("name", fmt::format("Trustee {}", static_cast<char>('A' + i - 1)));
    one.set("signing_key", base::to_hex(keys.signing.public_key().bytes()));
    one.set("box_key", base::to_hex(keys.box.public_key().bytes()));
    members.push(std::move(one));
  }
  Json out = Json::object();
  out.set("threshold", kThreshold);
  out.set("members", std::move(members));
  return out;
}

Result<void> make_official(std::string& text, std::uint64_t seed,
                           const crypto::PublicKey& authority) {
  URNA_TRY(const Json old, base::parse_json(text));
  Json json = Json::object();
  for (const auto& [key, value] : old.members()) {
    if (key == "trustees" || key == "device_authorities") continue;
    json.set(key, key == "mode" ? Json("official") : value);
  }
  json.set("trustees", trustees_json(seed));
  Json authorities = Json::array();
  authorities.push(base::to_hex(authority.bytes()));
  json.set("device_authorities", std::move(authorities));
  text = json.dump();
  return {};
}

std::string voter_id(std::size_t station, std::size_t voter) {
  return fmt::format("V{:08}", (station + 1) * 1000 + voter);
}

Result<void> add_check_in(base::Random& random, const Town& town,
                          const std::vector<checkin::Roll>& rolls, Station& station) {
  URNA_CHECK(station.check_in_disk.make_folder("device"));
  URNA_CHECK(station.check_in_disk.sync_folder("."));
  URNA_TRY(const auto device,
           checkin::make_device(station.check_in_disk, random, "device",
                                as_bytes(station.passphrase),
                                crypto::CheapKeyFiles::cost()));
  station.check_in_device.emplace(device);
  checkin::PackRequest request;
  request.definition = town.files;
  request.rolls = rolls;
  request.station = station.code;
  request.tokens = static_cast<std::uint32_t>(station.voters.size() * 2);
  request.devices.push_back(device);
  for (const char* stick : {"president", "secretary"}) {
    URNA_TRY(const auto key, crypto::SigningKey::generate(random));
    URNA_TRY(Bytes file, checkin::make_official_file(random, key, "24681357",
                                                     crypto::CheapKeyFiles::cost()));
    request.officials.push_back({"OFFICIAL", stick, key.public_key()});
    station.check_in_officials.push_back({{stick, "24681357"}, std::move(file)});
  }
  URNA_TRY(auto packed, checkin::pack_station(random, request, town.authority));
  station.check_in_package = std::move(packed.packages.front());
  machine::KitPlan plan;
  plan.definition = town.files;
  plan.station = station.code;
  plan.token_pool = std::move(packed.token_pool);
  plan.key_record = town.key->encode();
  URNA_TRY(station.kit, machine::make_station_kit(random, plan, town.authority,
                                                  crypto::CheapKeyFiles::cost()));
  return {};
}

}  // namespace

Result<std::unique_ptr<Town>> make_town(const std::string& example, std::uint64_t seed,
                                        std::size_t voters) {
  base::testing::ScriptedRandom random(seed ^ 0x746f776eU);
  URNA_TRY(auto authority, crypto::SigningKey::generate(random));
  base::RealFiles disk;
  base::Report report;
  auto files = election::read_definition_files(disk, example, report);
  if (!files) return std::unexpected(report.first_problem());
  auto town = std::make_unique<Town>(
      Town{std::move(*files), {}, nullptr, {}, std::move(authority), {}});
  shrink_roll(town->files);
  for (auto& [name, text] : town->files.files) {
    if (name != "election.json") continue;
    URNA_CHECK(make_official(text, seed, town->authority.public_key()));
  }
  town->definition = election::parse_definition(town->files, report);
  if (!town->definition) return std::unexpected(report.first_problem());
  town->ceremony = std::make_unique<trustees::testing::Ceremony>(
      kTrustees, kThreshold, seed, town->definition->hash());
  town->key = town->ceremony->key();

  std::vector<checkin::Roll> rolls;
  for (std::size_t s = 0; s < town->definition->stations().size(); ++s) {
    auto station = std::make_unique<Station>();
    station->code = town->definition->stations()[s].code;
    station->passphrase = fmt::format("passphrase of {}", station->code);
    checkin::Roll roll{town->definition->hash(), station->code, {}};
    for (std::size_t v = 0; v < voters; ++v) {
      station->voters.push_back(voter_id(s, v));
      roll.voters.push_back({voter_id(s, v), "Salas", fmt::format("Person {}", v), {}});
    }
    rolls.push_back(std::move(roll));
    town->stations.push_back(std::move(station));
  }
  for (auto& station : town->stations) {
    URNA_CHECK(add_check_in(random, *town, rolls, *station));
  }
  return town;
}

}  // namespace urna::simulate
