// Public-key boxes: a message that only the owner of a box key can read.
//
// Every box is made under a fresh ephemeral key and carries its public half; X25519,
// XSalsa20 and Poly1305 (libsodium's crypto_box). The sender keeps or wipes the
// ephemeral secret. Who keeps it can later prove what the box says: anyone who holds
// the ephemeral secret and the receiver's public key opens it with open_as_sender(),
// and gets exactly what the receiver gets. The key ceremony settles complaints so.
//
// A box by itself does not say who made it: put it in a signed file. `context` binds
// what the box is for and between whom; opening with another context fails.
// docs/formats/signature.md has the bytes.
//
// Thread rule: plain values. BoxSecretKey is secret.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"

#include <compare>

namespace urna::crypto {

class BoxPublicKey {
 public:
  // 32 bytes, error bad_box_key when of the wrong length, not below 2^255-19, or of
  // small order (everybody could read what is sent to it).
  [[nodiscard]] static Result<BoxPublicKey> decode(ByteView bytes);

  [[nodiscard]] const ByteArray<32>& bytes() const { return bytes_; }
  friend auto operator<=>(const BoxPublicKey&, const BoxPublicKey&) = default;

 private:
  friend class BoxSecretKey;
  explicit BoxPublicKey(const ByteArray<32>& bytes) : bytes_(bytes) {}
  ByteArray<32> bytes_;
};

class BoxSecretKey {
 public:
  [[nodiscard]] static BoxSecretKey from_bytes(std::span<const std::uint8_t, 32> bytes);
  [[nodiscard]] static Result<BoxSecretKey> generate(base::Random& random);

  [[nodiscard]] const BoxPublicKey& public_key() const { return public_; }
  [[nodiscard]] std::span<const std::uint8_t, 32> expose() const {
    return secret_.expose();
  }

 private:
  BoxSecretKey(SecretArray<32> secret, const BoxPublicKey& public_key)
      : secret_(std::move(secret)), public_(public_key) {}
  SecretArray<32> secret_;
  BoxPublicKey public_;
};

// What a box adds to the length of its message.
inline constexpr std::size_t kBoxOverhead = 32 + 16;

// `ephemeral` must be fresh: one box each. The box is the ephemeral public key, then
// the authenticated ciphertext.
[[nodiscard]] Bytes seal_box(const BoxPublicKey& receiver,
                             const BoxSecretKey& ephemeral, std::string_view context,
                             ByteView message);

// The same with an ephemeral key that is wiped at once: a sealed box.
[[nodiscard]] Result<Bytes> seal_box(base::Random& random, const BoxPublicKey& receiver,
                                     std::string_view context, ByteView message);

// Error box_not_opened when the box is for another key or context, or was changed.
[[nodiscard]] Result<SecretBytes> open_box(const BoxSecretKey& receiver,
                                           std::string_view context, ByteView box);

// Opens with the ephemeral secret instead of the receiver's. box_not_opened also when
// the secret is not the one whose public half the box carries.
[[nodiscard]] Result<SecretBytes> open_as_sender(
    const BoxPublicKey& receiver, std::span<const std::uint8_t, 32> ephemeral_secret,
    std::string_view context, ByteView box);

}  // namespace urna::crypto
