// Secret keys at rest: a small file, encrypted under a passphrase with Argon2id
// (RFC 9106) and XSalsa20-Poly1305 (libsodium's secretbox). Called by everything that
// keeps a key: devices, officials, trustees.
//
// A file carries its kind ("signing", "trustee", ...) and a public part (usually the
// public keys) in the clear, both authenticated by the encryption. A checksum over the
// whole file tells damage from a wrong passphrase. docs/formats/key-file.md is the
// byte-level description.
//
// Thread rule: plain functions. Passphrases and contents are secret; errors never
// quote them.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"
#include "crypto/sign.hpp"

#include <string>
#include <string_view>

namespace urna::crypto {

// What one guess of the passphrase costs.
class KeyFileCost {
 public:
  // 256 MiB and 3 passes: libsodium's "moderate", above what RFC 9106 section 4 asks
  // of machines with little memory. Half a second.
  [[nodiscard]] static KeyFileCost standard() { return {3, 256 * 1024}; }

  [[nodiscard]] std::uint32_t passes() const { return passes_; }
  [[nodiscard]] std::uint32_t memory_kib() const { return memory_kib_; }

 private:
  friend struct CheapKeyFiles;  // crypto/testing/cheap_key_files.hpp
  KeyFileCost(std::uint32_t passes, std::uint32_t memory_kib)
      : passes_(passes), memory_kib_(memory_kib) {}
  std::uint32_t passes_;
  std::uint32_t memory_kib_;
};

inline constexpr std::size_t kShortestPassphrase = 12;

// What Argon2id made of a passphrase for one salt. A program that works on several
// files of one owner hands the same Stretch to all of them: it opens the first, writes
// the others under the same salt, and pays for one stretching. That gives nothing away:
// the passphrase of one of these files is the passphrase of all, and every file still
// has a key and a nonce of its own.
//
// Thread rule: one thread. Secret: wiped.
class Stretch {
 public:
  // `passphrase` must outlive it.
  explicit Stretch(ByteView passphrase) : passphrase_(passphrase) {}
  [[nodiscard]] std::size_t passphrase_size() const { return passphrase_.size(); }
  Stretch(const Stretch&) = delete;
  Stretch& operator=(const Stretch&) = delete;

 private:
  friend class KeyFileLock;  // key_file.cpp
  ByteView passphrase_;
  std::uint32_t passes_ = 0;  // 0: nothing stretched yet
  std::uint32_t memory_kib_ = 0;
  ByteArray<16> salt_{};
  SecretArray<32> stretched_;
};

// The part that needs no passphrase.
struct KeyFileHeader {
  std::string kind;
  Bytes public_part;
};

// Errors: weak_passphrase below kShortestPassphrase bytes; no_random.
[[nodiscard]] Result<Bytes> seal_key_file(base::Random& random, std::string_view kind,
                                          ByteView public_part, ByteView secret,
                                          Stretch& passphrase,
                                          KeyFileCost cost = KeyFileCost::standard());
[[nodiscard]] Result<Bytes> seal_key_file(base::Random& random, std::string_view kind,
                                          ByteView public_part, ByteView secret,
                                          ByteView passphrase,
                                          KeyFileCost cost = KeyFileCost::standard());

// Errors: key_file_damaged, key_file_version.
[[nodiscard]] Result<KeyFileHeader> read_key_file_header(ByteView file);

// Errors, told apart: key_file_damaged (checksum or layout), key_file_version,
// key_file_kind (not `kind`), key_file_cost (a cost below `least`, which somebody must
// have forged, or one meant to exhaust this machine), wrong_passphrase.
[[nodiscard]] Result<SecretBytes> open_key_file(
    ByteView file, std::string_view kind, Stretch& passphrase,
    KeyFileCost least = KeyFileCost::standard());
[[nodiscard]] Result<SecretBytes> open_key_file(
    ByteView file, std::string_view kind, ByteView passphrase,
    KeyFileCost least = KeyFileCost::standard());

// The kind of key file that holds one Ed25519 seed; its public part is the public key.
inline constexpr std::string_view kSigningKeyKind = "signing";

// The key in such a file. `path` is for the errors: those of open_key_file, and
// wrong_length.
[[nodiscard]] Result<SigningKey> open_signing_key(ByteView file,
                                                  const std::string& path,
                                                  ByteView passphrase);

}  // namespace urna::crypto
