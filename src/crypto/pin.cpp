#include "crypto/pin.hpp"

#include "base/bytes.hpp"

#include <algorithm>

namespace urna::crypto {

Result<std::string> random_digits(base::Random& random, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    URNA_TRY(const std::uint64_t digit, random.below(10));
    out += static_cast<char>('0' + digit);
  }
  return out;
}

SecretBytes passphrase_of_pin(std::string_view pin) {
  constexpr std::string_view kPrefix = "urna-pin-";
  SecretBytes out(kPrefix.size() + pin.size());
  std::ranges::copy(as_bytes(kPrefix), out.writable().begin());
  std::ranges::copy(as_bytes(pin), out.writable().begin() + kPrefix.size());
  return out;
}

}  // namespace urna::crypto
