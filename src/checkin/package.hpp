// What the authority gives to one check-in device before the election, in one signed
// file: the definition, the station, and, sealed to the device, this station's voters,
// their fingerprint templates, the device's tokens, who may officiate, and where the
// voters of the other stations go. docs/formats/check-in-package.md has the bytes.
//
// Devices of one station are packed together: they share the key that their event logs
// are sealed with, and the tokens are divided among them.
//
// Thread rule: plain values. Contents are personal data and secrets.
#pragma once

#include "checkin/device.hpp"
#include "checkin/roll.hpp"
#include "checkin/tokens.hpp"
#include "election/definition.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::checkin {

struct Official {
  std::string role;  // a code: PRESIDENT
  std::string name;
  crypto::PublicKey key;
};

// The stations of other voters, by a hash of the ID number: enough to send somebody to
// the right place, without another station's roll.
class Directory {
 public:
  void add(const Hash32& election, std::string_view id, std::string_view station);
  void sort();
  [[nodiscard]] std::optional<std::string> station_of(const Hash32& election,
                                                      std::string_view id) const;
  [[nodiscard]] Bytes encode() const;
  [[nodiscard]] static Result<Directory> decode(ByteView bytes);

 private:
  std::vector<std::string> stations_;
  std::vector<std::pair<std::uint64_t, std::uint16_t>> entries_;
};

struct PackageContent {
  std::uint32_t device = 1;   // counts from 1 among the station's devices
  std::uint32_t devices = 1;  // how many those are
  election::DefinitionFiles definition;
  Roll roll;
  Directory directory;
  std::vector<Official> officials;  // at least 2
  std::vector<Token> tokens;
  ByteArray<32> centre_key{};
};

[[nodiscard]] Result<Bytes> make_package(base::Random& random,
                                         const PackageContent& content,
                                         const DevicePublic& device,
                                         const crypto::SigningKey& authority);

// The parts that a device keeps apart: everything public and the sealed roll (the
// "setup"), the sealed prints, the sealed tokens.
struct PackageParts {
  Bytes setup;
  Bytes prints;
  Bytes tokens;
};
// Checks the signature by `anchor`. Error bad_package.
[[nodiscard]] Result<PackageParts> split_package(ByteView file,
                                                 const crypto::PublicKey& anchor);

// A setup as the device works with it, without prints and tokens.
struct Setup {
  std::uint32_t device = 1;
  std::uint32_t devices = 1;
  election::Definition definition;
  election::StationIndex station_index = 0;
  Roll roll;
  Directory directory;
  std::vector<Official> officials;
  crypto::SecretArray<32> centre_key;

  [[nodiscard]] election::Mode mode() const { return definition.model().mode; }
};
[[nodiscard]] Result<Setup> open_setup(ByteView setup, const DeviceKeys& keys);
[[nodiscard]] Result<std::vector<Token>> open_tokens(ByteView sealed,
                                                     const Setup& setup,
                                                     const DeviceKeys& keys);
// Fills in setup.roll's prints.
[[nodiscard]] Result<void> open_prints(ByteView sealed, Setup& setup,
                                       const DeviceKeys& keys);

}  // namespace urna::checkin
