// The keys of one check-in device. Two key files in its folder, both under the
// station's passphrase, which officials type whenever the program starts: without it,
// a stolen device holds nothing readable.
//
//   device.key   the signing key (slip, log) and the box key that the roll is sealed to
//   prints.key   the box key that the fingerprint templates are sealed to; destroying
//                it makes every copy of the templates unreadable, also those on sticks
//
// Thread rule: DeviceKeys is immutable. Everything but its public half is secret.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "crypto/box.hpp"
#include "crypto/key_file.hpp"
#include "crypto/sign.hpp"

#include <optional>
#include <string>

namespace urna::checkin {

// What the authority is told about a device, as a text of three keys in hexadecimal.
struct DevicePublic {
  crypto::PublicKey signing;
  crypto::BoxPublicKey roll;
  crypto::BoxPublicKey prints;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] static Result<DevicePublic> parse(std::string_view text);
};

struct DeviceKeys {
  crypto::SigningKey signing;
  crypto::BoxSecretKey roll;
  std::optional<crypto::BoxSecretKey> prints;  // nothing once destroyed

  // A key for files of the device's own, derived from the signing seed.
  [[nodiscard]] crypto::SecretArray<32> own_key(std::string_view purpose) const;
};

// Error bad_device when the folder has keys already.
[[nodiscard]] Result<DevicePublic> make_device(base::FileSystem& files,
                                               base::Random& random,
                                               const std::string& folder,
                                               ByteView passphrase,
                                               crypto::KeyFileCost cost);
// Errors: bad_device, and those of key files.
[[nodiscard]] Result<DeviceKeys> open_device(base::FileSystem& files,
                                             const std::string& folder,
                                             ByteView passphrase,
                                             crypto::KeyFileCost least);

// Overwrites a file with random bytes, flushes it and removes it; nothing when it is
// not there. What a drive keeps in spare blocks is beyond any program.
[[nodiscard]] Result<void> erase_file(base::FileSystem& files, base::Random& random,
                                      const std::string& path);

}  // namespace urna::checkin
