// Ed25519 signatures (RFC 8032): made by libsodium, verified by OpenSSL. Called by
// everything that is signed: devices, trustees, tally sheets, packages, the log.
//
// Every signature says what it is for: the signed message is the 64 bytes
// H("signature"; use, message) of crypto/transcript.hpp, so that a signature made for
// one purpose never counts for another. docs/formats/signature.md has the bytes. The
// _raw functions sign bytes as they are, for outside formats that bring their own
// separation (signed notes of the transparency log).
//
// Verification accepts exactly what OpenSSL's cofactorless Ed25519 accepts, for keys
// that passed PublicKey::decode: canonical, on the curve and in the prime-order group,
// so that no key exists under which one signature fits several messages.
//
// Thread rule: keys are immutable values, usable from any thread. SigningKey is secret.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"

#include <compare>
#include <memory>
#include <string_view>
#include <vector>

namespace urna::crypto {

using Signature = ByteArray<64>;

class PublicKey {
 public:
  // Exactly 32 bytes. Error bad_public_key for encodings that are not canonical, not
  // on the curve, of small order or with a small-order part. 40 us.
  [[nodiscard]] static Result<PublicKey> decode(ByteView bytes);

  [[nodiscard]] const ByteArray<32>& bytes() const { return bytes_; }
  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;

 private:
  friend class SigningKey;
  explicit PublicKey(const ByteArray<32>& bytes) : bytes_(bytes) {}
  ByteArray<32> bytes_;
};

class SigningKey {
 public:
  // From the 32-byte seed of RFC 8032 section 5.1.5, which is the secret key.
  [[nodiscard]] static SigningKey from_seed(std::span<const std::uint8_t, 32> seed);
  [[nodiscard]] static Result<SigningKey> generate(base::Random& random);

  [[nodiscard]] const PublicKey& public_key() const { return public_; }
  // The seed, for writing to a key file.
  [[nodiscard]] std::span<const std::uint8_t, 32> expose_seed() const;

  // `use` names the purpose, for example "tally-sheet"; unique per kind of message.
  [[nodiscard]] Signature sign(std::string_view use, ByteView message) const;
  [[nodiscard]] Signature sign_raw(ByteView message) const;

 private:
  SigningKey(SecretBytes secret, const PublicKey& public_key)
      : secret_(std::move(secret)), public_(public_key) {}
  SecretBytes secret_;  // libsodium's form: seed, then public key
  PublicKey public_;
};

// 40 to 70 us each.
[[nodiscard]] bool verifies(const PublicKey& key, std::string_view use,
                            ByteView message, const Signature& signature);
[[nodiscard]] bool verifies_raw(const PublicKey& key, ByteView message,
                                const Signature& signature);

// The same as verifies(), as an error that names `what` was signed.
[[nodiscard]] Result<void> check_signature(const PublicKey& key, std::string_view use,
                                           ByteView message, const Signature& signature,
                                           std::string_view what);

// One of many signatures to check; the views must outlive the call.
struct SignedMessage {
  PublicKey key;
  std::string_view use;
  ByteView message;
  Signature signature;
};

// The indices, in order, of the signatures that do not verify. Shares the work among
// `threads` threads (0: as many as the machine has).
[[nodiscard]] std::vector<std::size_t> find_bad_signatures(
    std::span<const SignedMessage> messages, unsigned threads = 0);

}  // namespace urna::crypto
