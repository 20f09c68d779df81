// Boxes under a shared key: XChaCha20-Poly1305 (libsodium, the IETF variant) with a
// random nonce in front, so that a box looks like random bytes to everybody without
// the key. Called by the voting machine's store, where a free slot is random bytes and
// must not be told from a used one.
//
// `context` binds what the box is and where it stands; opening with another context
// fails. Thread rule: pure functions. The key is secret; the message is not kept in
// guarded memory: secrets that must not touch ordinary memory are boxed before.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <optional>

namespace urna::crypto {

// What a box adds to the length of its message: nonce and tag.
inline constexpr std::size_t kSecretBoxOverhead = 24 + 16;

[[nodiscard]] Result<Bytes> seal_secret_box(base::Random& random,
                                            std::span<const std::uint8_t, 32> key,
                                            ByteView context, ByteView message);

// Nothing when the box was not made with this key and context, or was changed. That
// is an ordinary answer (a free slot), not an error.
[[nodiscard]] std::optional<Bytes> open_secret_box(
    std::span<const std::uint8_t, 32> key, ByteView context, ByteView box);

}  // namespace urna::crypto
