// Signed notes (c2sp.org/signed-note): a text, an empty line, and signature lines.
// Checkpoints of logs are signed notes, and so are cosignatures of witnesses.
//
// Reading keeps every signature line; checking looks at the known keys only: a line by
// an unknown key is ignored, a false line by a known key refuses the whole note.
//
// Thread rule: plain values. NoteSigner holds a secret key.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/sign.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace urna::log {

// Signature types of the standard that we know.
enum class KeyType : std::uint8_t {
  ed25519 = 1,      // over the text: logs and other authors
  cosignature = 4,  // over a time and the text: witnesses (cosignature/v1)
};

// A public key with its name: `example.com/log+530d903a+AQ...`.
class VerifierKey {
 public:
  // Error bad_key_name: empty, or with a space or '+'.
  [[nodiscard]] static Result<VerifierKey> make(std::string name, KeyType type,
                                                const crypto::PublicKey& key);
  // Error bad_verifier_key; the one legal spelling only.
  [[nodiscard]] static Result<VerifierKey> parse(std::string_view text);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] KeyType type() const { return type_; }
  [[nodiscard]] const crypto::PublicKey& key() const { return key_; }
  // SHA-256(name || 0A || type || key)[0:4], big-endian.
  [[nodiscard]] std::uint32_t id() const { return id_; }
  [[nodiscard]] std::string text() const;
  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;

 private:
  VerifierKey(std::string name, KeyType type, const crypto::PublicKey& key);
  std::string name_;
  KeyType type_;
  crypto::PublicKey key_;
  std::uint32_t id_;
};

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;  // what follows the key id

  [[nodiscard]] std::string line() const;
};

struct Note {
  std::string text;  // ends with a line feed
  std::vector<NoteSignature> signatures;

  [[nodiscard]] std::string format() const;
};

inline constexpr std::size_t kMaxNote = 100'000;
inline constexpr std::size_t kMaxNoteSignatures = 64;

// Error bad_note, with the line.
[[nodiscard]] Result<Note> parse_note(std::string_view note);

// A cosignature/v1 says when the witness signed.
struct VerifiedSignature {
  VerifierKey key;
  std::optional<std::uint64_t> time;  // POSIX seconds; cosignatures only
};

// The known keys that signed, each once. Error bad_note_signature when a line by a
// known key is false. An empty answer is no error: the caller decides who must sign.
[[nodiscard]] Result<std::vector<VerifiedSignature>> check_note(
    const Note& note, std::span<const VerifierKey> known);

// The bytes that a cosignature/v1 signs.
[[nodiscard]] std::string cosigned_message(std::uint64_t time, std::string_view text);

// Signs notes under a name. Secret.
class NoteSigner {
 public:
  [[nodiscard]] static Result<NoteSigner> make(std::string name, KeyType type,
                                               crypto::SigningKey key);
  [[nodiscard]] const VerifierKey& verifier() const { return verifier_; }
  // `time` is used by cosignatures only, at most 2^63 - 1.
  [[nodiscard]] NoteSignature sign(std::string_view text, std::uint64_t time = 0) const;

 private:
  NoteSigner(VerifierKey verifier, crypto::SigningKey key)
      : verifier_(std::move(verifier)), key_(std::move(key)) {}
  VerifierKey verifier_;
  crypto::SigningKey key_;
};

}  // namespace urna::log
