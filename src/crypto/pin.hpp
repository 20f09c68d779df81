// PINs of officials: short secrets that are typed at a device, each opening one key
// file on a stick. The voting machine and check-in keep different kinds of key file;
// how a PIN becomes a passphrase is the same. docs/threats.md says what a stolen stick
// is worth.
//
// Thread rule: pure functions. Secret.
#pragma once

#include "base/clock.hpp"
#include "crypto/secret.hpp"

#include <string>
#include <string_view>

namespace urna::crypto {

inline constexpr std::size_t kShortestPin = 8;

// `count` decimal digits.
[[nodiscard]] Result<std::string> random_digits(base::Random& random,
                                                std::size_t count);

// Key files ask for kShortestPassphrase characters; the prefix adds no secrecy.
[[nodiscard]] SecretBytes passphrase_of_pin(std::string_view pin);

}  // namespace urna::crypto
