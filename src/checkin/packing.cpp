#include "checkin/packing.hpp"

#include "checkin/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

// Above this many voters the directory holds those of the station's own area only.
constexpr std::size_t kMaxDirectory = 100'000;

Directory make_directory(const election::Definition& definition,
                         const std::vector<Roll>& rolls, const std::string& station) {
  std::size_t voters = 0;
  for (const Roll& roll : rolls) voters += roll.voters.size();
  const auto area_of = [&](const std::string& code) {
    return definition.stations()[*definition.find_station(code)].area;
  };
  Directory out;
  for (const Roll& roll : rolls) {
    if (roll.station == station) continue;
    if (voters > kMaxDirectory && area_of(roll.station) != area_of(station)) continue;
    for (const Voter& voter : roll.voters) {
      out.add(definition.hash(), voter.id, roll.station);
    }
  }
  out.sort();
  return out;
}

}  // namespace

Result<Packed> pack_station(base::Random& random, const PackRequest& request,
                            const crypto::SigningKey& authority) {
  base::Report report;
  const auto definition = election::parse_definition(request.definition, report);
  if (!definition) return std::unexpected(report.first_problem());
  const auto own = std::ranges::find(request.rolls, request.station, &Roll::station);
  const auto index = definition->find_station(request.station);
  if (own == request.rolls.end() || !index) {
    return fail(errors::unknown_station,
                fmt::format("there is no roll of station '{}'", request.station),
                "import the roll with this definition first");
  }
  for (const Roll& roll : request.rolls) {
    if (roll.definition == definition->hash()) continue;
    return fail(
        errors::bad_roll,
        fmt::format("the roll of {} was imported for another definition", roll.station),
        "import the roll again");
  }
  PackageContent content;
  content.devices = static_cast<std::uint32_t>(request.devices.size());
  content.definition = request.definition;
  content.roll = *own;
  content.directory = make_directory(*definition, request.rolls, request.station);
  content.officials = request.officials;
  URNA_CHECK(random.fill(content.centre_key));
  Packed out;
  std::vector<Token> all;
  for (const DevicePublic& device : request.devices) {
    URNA_TRY(content.tokens,
             make_tokens(random, definition->style_index_of(*index), request.tokens));
    all.insert(all.end(), content.tokens.begin(), content.tokens.end());
    URNA_TRY(Bytes package, make_package(random, content, device, authority));
    out.packages.push_back(std::move(package));
    ++content.device;
  }
  out.token_pool = token_pool_file(definition->hash(), request.station, all);
  return out;
}

}  // namespace urna::checkin
