#include "checkin/device.hpp"

#include "base/encoding.hpp"
#include "checkin/errors.hpp"
#include "crypto/transcript.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

constexpr std::string_view kDeviceKind = "check-in";
constexpr std::string_view kPrintsKind = "check-in-prints";
constexpr std::string_view kFirstLine = "urna-check-in-device-1";
constexpr std::size_t kMaxKeyFile = 64 * 1024;

std::unexpected<Error> bad_device(std::string why) {
  return fail(errors::bad_device, std::move(why),
              "make the device's keys with 'urna roll device'");
}

}  // namespace

std::string DevicePublic::text() const {
  return fmt::format("{}\n{}\n{}\n{}\n", kFirstLine, base::to_hex(signing.bytes()),
                     base::to_hex(roll.bytes()), base::to_hex(prints.bytes()));
}

Result<DevicePublic> DevicePublic::parse(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return bad_device("the last line has no end");
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (lines.size() != 4 || lines[0] != kFirstLine) {
    return bad_device("this is no description of a check-in device");
  }
  URNA_TRY(const Bytes signing, base::from_hex(lines[1]));
  URNA_TRY(const Bytes roll, base::from_hex(lines[2]));
  URNA_TRY(const Bytes prints, base::from_hex(lines[3]));
  URNA_TRY(auto signing_key, crypto::PublicKey::decode(signing));
  URNA_TRY(auto roll_key, crypto::BoxPublicKey::decode(roll));
  URNA_TRY(auto prints_key, crypto::BoxPublicKey::decode(prints));
  return DevicePublic{signing_key, roll_key, prints_key};
}

crypto::SecretArray<32> DeviceKeys::own_key(std::string_view purpose) const {
  crypto::SecretArray<64> wide;
  crypto::SecretTranscript t("check-in-own-key");
  t.text(purpose).bytes(signing.expose_seed());
  t.wide(wide.writable());
  crypto::SecretArray<32> out;
  std::ranges::copy(wide.expose().first<32>(), out.writable().begin());
  return out;
}

Result<DevicePublic> make_device(base::FileSystem& files, base::Random& random,
                                 const std::string& folder, ByteView passphrase,
                                 crypto::KeyFileCost cost) {
  const std::string device_path = base::join_path(folder, "device.key");
  if (files.kind(device_path) != base::FileKind::missing) {
    return fail(errors::bad_device, fmt::format("'{}' has keys already", folder),
                "name a new folder");
  }
  URNA_CHECK(base::make_folder_durable(files, folder));
  crypto::SecretBytes secret(64);
  URNA_CHECK(random.fill(secret.writable()));
  const auto signing = crypto::SigningKey::from_seed(secret.expose().first<32>());
  const auto roll = crypto::BoxSecretKey::from_bytes(secret.expose().last<32>());
  URNA_TRY(const auto prints, crypto::BoxSecretKey::generate(random));
  const DevicePublic out{signing.public_key(), roll.public_key(), prints.public_key()};
  crypto::Stretch stretch(passphrase);
  URNA_TRY(const Bytes prints_file,
           crypto::seal_key_file(random, kPrintsKind, out.prints.bytes(),
                                 prints.expose(), stretch, cost));
  URNA_TRY(const Bytes device_file,
           crypto::seal_key_file(random, kDeviceKind, out.signing.bytes(),
                                 secret.expose(), stretch, cost));
  URNA_CHECK(
      base::write_durable(files, base::join_path(folder, "prints.key"), prints_file));
  URNA_CHECK(base::write_durable(files, device_path, device_file));
  return out;
}

Result<DeviceKeys> open_device(base::FileSystem& files, const std::string& folder,
                               ByteView passphrase, crypto::KeyFileCost least) {
  const std::string device_path = base::join_path(folder, "device.key");
  const std::string prints_path = base::join_path(folder, "prints.key");
  if (files.kind(device_path) == base::FileKind::missing) {
    return bad_device(fmt::format("'{}' has no keys", folder));
  }
  URNA_TRY(const Bytes device_file, base::read_file(files, device_path, kMaxKeyFile));
  crypto::Stretch stretch(passphrase);
  URNA_TRY(const auto secret,
           crypto::open_key_file(device_file, kDeviceKind, stretch, least));
  if (secret.size() != 64) return bad_device("the device's key has the wrong length");
  DeviceKeys out{crypto::SigningKey::from_seed(secret.expose().first<32>()),
                 crypto::BoxSecretKey::from_bytes(secret.expose().last<32>()),
                 std::nullopt};
  if (files.kind(prints_path) == base::FileKind::missing) return out;
  URNA_TRY(const Bytes prints_file, base::read_file(files, prints_path, kMaxKeyFile));
  URNA_TRY(const auto prints,
           crypto::open_key_file(prints_file, kPrintsKind, stretch, least));
  if (prints.size() != 32) return bad_device("the prints' key has the wrong length");
  out.prints = crypto::BoxSecretKey::from_bytes(prints.expose().first<32>());
  return out;
}

Result<void> erase_file(base::FileSystem& files, base::Random& random,
                        const std::string& path) {
  if (files.kind(path) == base::FileKind::missing) return {};
  {
    URNA_TRY(const auto file, files.open(path, base::OpenMode::update));
    URNA_TRY(const std::uint64_t size, file->size());
    Bytes noise(static_cast<std::size_t>(size));
    URNA_CHECK(random.fill(noise));
    URNA_CHECK(file->write_at(0, noise));
    URNA_CHECK(file->sync());
  }
  URNA_CHECK(files.remove(path));
  return files.sync_folder(base::parent_folder(path));
}

}  // namespace urna::checkin
