// A long pseudorandom string from a 32-byte seed (ChaCha20 of libsodium, nonce zero):
// the weights of batch verification. The same seed gives the same bytes, so a failing
// batch can be replayed. The seed must be used for nothing else. Pure function.
#pragma once

#include "base/bytes.hpp"

namespace urna::crypto {

void fill_from_seed(const Hash32& seed, std::span<std::uint8_t> out);

}  // namespace urna::crypto
