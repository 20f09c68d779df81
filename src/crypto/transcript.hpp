// H(tag; parts): the one hash of the ballot protocol. SHA-512 over the protocol prefix
// "urna/1", the tag and every part, each preceded by its length as u32 little-endian,
// so that no two different lists of parts give the same bytes. Every Fiat-Shamir
// challenge, derived nonce, election hash and confirmation code is one of these.
// docs/formats/transcript.md is the byte-level description with a worked example.
//
//   const Hash32 h = Transcript("ballot").bytes(he).u32(station).text(style).hash32();
//
// Tags are unique per use: `grep -rn 'Transcript("'` lists them all.
//
// Transcript is for public data. SecretTranscript gives the same hash for parts that
// are secret (nonce derivation): it runs in libsodium, takes no branch on the data,
// and wipes its state and buffer.
//
// Thread rule: plain values; one thread at a time each. Copying a Transcript to reuse
// a common beginning costs one small memory copy.
#pragma once

#include "base/bytes.hpp"
#include "crypto/sha256.hpp"

#include <concepts>
#include <cstring>
#include <string_view>

namespace urna::crypto {

inline constexpr std::string_view kProtocolPrefix = "urna/1";

class Transcript {
 public:
  explicit Transcript(std::string_view tag);
  Transcript(const Transcript& other);
  Transcript& operator=(const Transcript& other);
  Transcript(Transcript&&) noexcept = default;
  Transcript& operator=(Transcript&&) noexcept = default;
  ~Transcript() = default;

  // An integer part: four bytes, little-endian (framed like any other part).
  Transcript& u32(std::uint32_t value);
  // A part of any length below 4 GiB.
  Transcript& bytes(ByteView part);
  Transcript& text(std::string_view part) { return bytes(as_bytes(part)); }

  // A long part that arrives in pieces: announce its whole length, then feed exactly
  // that many bytes with piece().
  Transcript& begin_part(std::uint32_t length);
  Transcript& piece(ByteView some);

  // The challenge of the parts so far, 64 bytes: a scalar is this, read little-endian
  // and reduced modulo the group order. The transcript may be continued afterwards.
  [[nodiscard]] Hash64 wide() const;

  // The first 32 bytes of wide(): the hash form.
  [[nodiscard]] Hash32 hash32() const;

 private:
  void put(const std::uint8_t* data, std::size_t size);
  void spill();

  // Short transcripts (nearly all) never leave this buffer until they are hashed.
  static constexpr std::size_t kBuffer = 1024;
  std::array<std::uint8_t, kBuffer> buffer_;
  std::size_t used_ = 0;
  detail::DigestContext long_;  // state after the spilled bytes; null until then
};

// The same hash when a part is secret. Cannot be copied; everything is wiped.
class SecretTranscript {
 public:
  explicit SecretTranscript(std::string_view tag);
  ~SecretTranscript();
  SecretTranscript(const SecretTranscript&) = delete;
  SecretTranscript& operator=(const SecretTranscript&) = delete;

  SecretTranscript& u32(std::uint32_t value);
  SecretTranscript& bytes(ByteView part);
  SecretTranscript& text(std::string_view part) { return bytes(as_bytes(part)); }

  // Writes the 64 bytes to memory the caller owns and wipes; ends the transcript.
  void wide(std::span<std::uint8_t, 64> out);

 private:
  // crypto_hash_sha512_state, kept opaque so that callers need no libsodium header;
  // the size is checked where it is used.
  alignas(16) std::array<std::uint8_t, 208> state_;
};

}  // namespace urna::crypto
