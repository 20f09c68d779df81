// The election that is simulated: examples/town in official mode, with five trustees
// of whom three must decrypt, one authority that certifies devices, and for each
// station a check-in package, a machine package and officials with their sticks. All
// keys follow from the seed.
//
// Thread rule: made by one thread; then only read.
#pragma once

#include "checkin/officials.hpp"
#include "checkin/packing.hpp"
#include "machine/station_kit.hpp"
#include "simulate/diary.hpp"
#include "trustees/testing/ceremony.hpp"

#include <memory>
#include <optional>

namespace urna::simulate {

inline constexpr std::uint32_t kTrustees = 5;
inline constexpr std::uint32_t kThreshold = 3;
inline constexpr std::int64_t kMorning = 1'778'407'200;  // 2026-05-10, 06:00 at -04:00

struct Station {
  std::string code;
  std::vector<std::string> voters;  // ID numbers
  std::string passphrase;           // of the check-in device
  // The check-in device's folder, made before the day.
  base::testing::ScriptedFiles check_in_disk;
  std::optional<checkin::DevicePublic> check_in_device;
  Bytes check_in_package;
  std::vector<std::pair<checkin::Credential, Bytes>> check_in_officials;  // key files
  machine::StationKit kit;
};

struct Town {
  election::DefinitionFiles files;
  std::optional<election::Definition> definition;
  std::unique_ptr<trustees::testing::Ceremony> ceremony;
  std::optional<trustees::ElectionKey> key;
  crypto::SigningKey authority;
  std::vector<std::unique_ptr<Station>> stations;
};

// Errors: those of the example's files. `voters`: on the roll of each station.
[[nodiscard]] Result<std::unique_ptr<Town>> make_town(const std::string& example,
                                                      std::uint64_t seed,
                                                      std::size_t voters);

}  // namespace urna::simulate
