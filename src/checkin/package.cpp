#include "checkin/package.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "checkin/errors.hpp"
#include "checkin/words.hpp"
#include "crypto/transcript.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

constexpr std::string_view kMagic = "urna-check-in-package-1";
constexpr std::string_view kUse = "check-in-package";
constexpr std::uint32_t kMaxFiles = 64;
constexpr std::uint32_t kMaxTokens = 100'000;
constexpr std::uint32_t kMaxOfficials = 50;
constexpr std::uint32_t kMaxDevices = 50;

std::unexpected<Error> bad_package(std::string why) {
  return fail(errors::bad_package, std::move(why),
              "ask the electoral authority for this device's package");
}

std::uint64_t directory_key(const Hash32& election, std::string_view id) {
  const Hash32 h =
      crypto::Transcript("check-in-directory").bytes(election).text(id).hash32();
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) key |= std::uint64_t{h[i]} << (8 * i);
  return key;
}

// What a sealed part is for: no part opens as another, or at another device.
std::string context(std::string_view part, const Hash32& election,
                    std::string_view station, std::uint32_t device) {
  return fmt::format("check-in {} {} {} {}", part, base::to_hex(election), station,
                     device);
}

Bytes encode_private(const PackageContent& content) {
  base::Writer w;
  w.fixed(content.centre_key);
  w.u32(static_cast<std::uint32_t>(content.officials.size()));
  for (const Official& official : content.officials) {
    w.text(official.role);
    w.text(official.name);
    w.fixed(official.key.bytes());
  }
  w.var_bytes(encode_voters(content.roll));
  w.var_bytes(content.directory.encode());
  return std::move(w).take();
}

Result<void> decode_private(ByteView bytes, Setup& out) {
  base::Reader r(bytes);
  URNA_TRY(const ByteView key, r.fixed(32));
  std::ranges::copy(key, out.centre_key.writable().begin());
  URNA_TRY(const std::uint32_t officials, r.u32());
  if (officials < 2 || officials > kMaxOfficials) {
    return bad_package("it names fewer than two officials, or too many");
  }
  for (std::uint32_t i = 0; i < officials; ++i) {
    URNA_TRY(std::string role, r.text(64));
    URNA_TRY(std::string name, r.text(200));
    URNA_TRY(const ByteView public_key, r.fixed(32));
    URNA_TRY(const auto decoded, crypto::PublicKey::decode(public_key));
    out.officials.push_back({std::move(role), std::move(name), decoded});
  }
  URNA_TRY(const ByteView voters, r.var_bytes(bytes.size()));
  URNA_TRY(const ByteView directory, r.var_bytes(bytes.size()));
  URNA_CHECK(r.finish());
  URNA_TRY(out.roll, decode_voters(voters));
  URNA_TRY(out.directory, Directory::decode(directory));
  return {};
}

}  // namespace

void Directory::add(const Hash32& election, std::string_view id,
                    std::string_view station) {
  auto at = std::ranges::find(stations_, station);
  if (at == stations_.end()) {
    stations_.emplace_back(station);
    at = stations_.end() - 1;
  }
  entries_.emplace_back(directory_key(election, id),
                        static_cast<std::uint16_t>(at - stations_.begin()));
}

void Directory::sort() {
  std::ranges::sort(entries_);
}

std::optional<std::string> Directory::station_of(const Hash32& election,
                                                 std::string_view id) const {
  const std::uint64_t key = directory_key(election, id);
  const auto at = std::ranges::lower_bound(
      entries_, key, {}, [](const auto& entry) { return entry.first; });
  if (at == entries_.end() || at->first != key) return std::nullopt;
  return stations_[at->second];
}

Bytes Directory::encode() const {
  base::Writer w;
  w.u32(static_cast<std::uint32_t>(stations_.size()));
  for (const std::string& station : stations_) w.text(station);
  w.u32(static_cast<std::uint32_t>(entries_.size()));
  for (const auto& [key, station] : entries_) {
    w.u64(key);
    w.u16(station);
  }
  return std::move(w).take();
}

Result<Directory> Directory::decode(ByteView bytes) {
  base::Reader r(bytes);
  Directory out;
  URNA_TRY(const std::uint32_t stations, r.u32());
  if (stations > UINT16_MAX) return bad_package("the directory has too many stations");
  for (std::uint32_t i = 0; i < stations; ++i) {
    URNA_TRY(std::string station, r.text(election::kMaxCode));
    out.stations_.push_back(std::move(station));
  }
  URNA_TRY(const std::uint32_t entries, r.u32());
  for (std::uint32_t i = 0; i < entries; ++i) {
    URNA_TRY(const std::uint64_t key, r.u64());
    URNA_TRY(const std::uint16_t station, r.u16());
    if (station >= stations || (i > 0 && key < out.entries_.back().first)) {
      return bad_package("the directory is not in order");
    }
    out.entries_.emplace_back(key, station);
  }
  URNA_CHECK(r.finish());
  return out;
}

Result<Bytes> make_package(base::Random& random, const PackageContent& content,
                           const DevicePublic& device,
                           const crypto::SigningKey& authority) {
  if (content.officials.size() < 2) return bad_package("two officials are needed");
  const Hash32& election = content.roll.definition;
  const std::string& station = content.roll.station;
  if (election::definition_hash(content.definition) != election) {
    return bad_package("the roll was imported for another definition");
  }
  const auto seal = [&](const crypto::BoxPublicKey& key, std::string_view part,
                        ByteView message) {
    return crypto::seal_box(random, key,
                            context(part, election, station, content.device), message);
  };
  URNA_TRY(const Bytes roll, seal(device.roll, "roll", encode_private(content)));
  URNA_TRY(const Bytes prints,
           seal(device.prints, "prints", encode_prints(content.roll)));
  base::Writer tokens;
  tokens.u32(static_cast<std::uint32_t>(content.tokens.size()));
  for (const Token& token : content.tokens) {
    tokens.fixed(token.bytes);
    tokens.u32(token.style);
  }
  URNA_TRY(const Bytes sealed_tokens, seal(device.roll, "tokens", tokens.view()));

  base::Writer setup;
  setup.u32(content.device);
  setup.u32(content.devices);
  setup.u32(static_cast<std::uint32_t>(content.definition.files.size()));
  for (const auto& [name, bytes] : content.definition.files) {
    setup.text(name);
    setup.text(bytes);
  }
  setup.text(station);
  setup.var_bytes(roll);

  base::Writer w;
  w.text(kMagic);
  w.var_bytes(setup.view());
  w.var_bytes(prints);
  w.var_bytes(sealed_tokens);
  const auto signature = authority.sign(kUse, w.view());
  w.fixed(signature);
  return std::move(w).take();
}

Result<PackageParts> split_package(ByteView file, const crypto::PublicKey& anchor) {
  if (file.size() < 64) return bad_package("the file is too short");
  const ByteView signed_part = file.first(file.size() - 64);
  URNA_TRY(const auto signature, base::to_array<64>(file.last(64)));
  if (!crypto::verifies(anchor, kUse, signed_part, signature)) {
    return bad_package("the authority did not sign it");
  }
  base::Reader r(signed_part);
  URNA_TRY(const std::string magic, r.text(64));
  if (magic != kMagic) return bad_package("it is no check-in package");
  URNA_TRY(const ByteView setup, r.var_bytes(file.size()));
  URNA_TRY(const ByteView prints, r.var_bytes(file.size()));
  URNA_TRY(const ByteView tokens, r.var_bytes(file.size()));
  URNA_CHECK(r.finish());
  return PackageParts{to_bytes(setup), to_bytes(prints), to_bytes(tokens)};
}

Result<Setup> open_setup(ByteView bytes, const DeviceKeys& keys) {
  base::Reader r(bytes);
  URNA_TRY(const std::uint32_t device, r.u32());
  URNA_TRY(const std::uint32_t devices, r.u32());
  if (device == 0 || device > devices || devices > kMaxDevices) {
    return bad_package("its device numbers are impossible");
  }
  URNA_TRY(const std::uint32_t count, r.u32());
  if (count > kMaxFiles) return bad_package("the definition has too many files");
  election::DefinitionFiles files;
  for (std::uint32_t i = 0; i < count; ++i) {
    URNA_TRY(std::string name, r.text(255));
    URNA_TRY(std::string content, r.text(bytes.size()));
    files.files.emplace_back(std::move(name), std::move(content));
  }
  URNA_TRY(const std::string station, r.text(election::kMaxCode));
  URNA_TRY(const ByteView sealed, r.var_bytes(bytes.size()));
  URNA_CHECK(r.finish());
  base::Report report;
  auto definition = election::parse_definition(files, report);
  if (!definition) return std::unexpected(report.first_problem());
  const auto index = definition->find_station(station);
  if (!index) return bad_package("its definition does not have its station");
  const auto opened = crypto::open_box(
      keys.roll, context("roll", definition->hash(), station, device), sealed);
  if (!opened) return bad_package("it is sealed to another device");
  Setup out{device, devices, *std::move(definition), *index, {}, {}, {}, {}};
  URNA_CHECK(decode_private(opened->expose(), out));
  if (out.roll.station != station || out.roll.definition != out.definition.hash()) {
    return bad_package("its roll is of another station or election");
  }
  return out;
}

Result<std::vector<Token>> open_tokens(ByteView sealed, const Setup& setup,
                                       const DeviceKeys& keys) {
  const auto opened = crypto::open_box(
      keys.roll,
      context("tokens", setup.definition.hash(), setup.roll.station, setup.device),
      sealed);
  if (!opened) return bad_package("its tokens are sealed to another device");
  base::Reader r(opened->expose());
  URNA_TRY(const std::uint32_t count, r.u32());
  if (count > kMaxTokens) return bad_package("it has too many tokens");
  std::vector<Token> out(count);
  for (Token& token : out) {
    URNA_TRY(token.bytes, r.array<kTokenBytes>());
    URNA_TRY(token.style, r.u32());
  }
  URNA_CHECK(r.finish());
  return out;
}

Result<void> open_prints(ByteView sealed, Setup& setup, const DeviceKeys& keys) {
  if (!keys.prints) return bad_package("the key of its prints was destroyed");
  const auto opened = crypto::open_box(
      *keys.prints,
      context("prints", setup.definition.hash(), setup.roll.station, setup.device),
      sealed);
  if (!opened) return bad_package("its prints are sealed to another device");
  return decode_prints(opened->expose(), setup.roll);
}

}  // namespace urna::checkin
