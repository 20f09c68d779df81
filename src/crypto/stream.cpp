#include "crypto/stream.hpp"

#include <array>

#include <sodium.h>

namespace urna::crypto {

void fill_from_seed(const Hash32& seed, std::span<std::uint8_t> out) {
  static constexpr std::array<std::uint8_t, crypto_stream_chacha20_NONCEBYTES> kNonce{};
  (void)crypto_stream_chacha20(out.data(), out.size(), kNonce.data(), seed.data());
}

}  // namespace urna::crypto
