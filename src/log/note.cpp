#include "log/note.hpp"

#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "crypto/sha256.hpp"
#include "log/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::log {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // em dash and space

// Unicode white space (property White_Space) makes a name ambiguous to the eye.
bool has_space(std::string_view name) {
  static constexpr std::string_view kWide[] = {
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
      "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
      "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
  return std::ranges::any_of(name,
                             [](char c) {
                               return c == ' ' ||
                                      static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
                             }) ||
         std::ranges::any_of(kWide, [&](std::string_view space) {
           return name.find(space) != std::string_view::npos;
         });
}

bool good_name(std::string_view name) {
  return !name.empty() && base::is_utf8(name) && !has_space(name) &&
         name.find('+') == std::string_view::npos;
}

std::uint32_t key_id(std::string_view name, KeyType type,
                     const crypto::PublicKey& key) {
  const ByteArray<2> middle = {0x0A, static_cast<std::uint8_t>(type)};
  const Hash32 hash = crypto::sha256({as_bytes(name), middle, key.bytes()});
  return static_cast<std::uint32_t>(hash[0]) << 24 |
         static_cast<std::uint32_t>(hash[1]) << 16 |
         static_cast<std::uint32_t>(hash[2]) << 8 | hash[3];
}

Result<NoteSignature> parse_signature_line(std::string_view line, std::size_t number) {
  const auto refuse = [&](std::string_view why) {
    return fail(errors::bad_note,
                fmt::format("signature line {} of the note {}", number, why));
  };
  if (!line.starts_with(kDash)) return refuse("does not start with a dash");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return refuse("has no signature");
  const std::string_view name = line.substr(0, space);
  if (!good_name(name)) return refuse("names no valid key");
  const auto bytes = base::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) return refuse("has no valid base64 signature");
  base::Reader r(*bytes);
  NoteSignature out{std::string(name), *r.u32_be(), {}};
  out.signature.assign(bytes->begin() + 4, bytes->end());
  return out;
}

// Whether the bytes are this key's signature of the text; the time for cosignatures.
bool signature_holds(const VerifierKey& key, std::string_view text, ByteView signature,
                     std::optional<std::uint64_t>& time) {
  crypto::Signature raw;
  if (key.type() == KeyType::ed25519) {
    if (signature.size() != raw.size()) return false;
    std::ranges::copy(signature, raw.begin());
    return crypto::verifies_raw(key.key(), as_bytes(text), raw);
  }
  if (signature.size() != 8 + raw.size()) return false;
  base::Reader r(signature);
  time = *r.u64_be();
  if (*time > static_cast<std::uint64_t>(INT64_MAX)) return false;
  std::ranges::copy(signature.subspan(8), raw.begin());
  return crypto::verifies_raw(key.key(), as_bytes(cosigned_message(*time, text)), raw);
}

}  // namespace

VerifierKey::VerifierKey(std::string name, KeyType type, const crypto::PublicKey& key)
    : name_(std::move(name)), type_(type), key_(key), id_(key_id(name_, type, key)) {}

Result<VerifierKey> VerifierKey::make(std::string name, KeyType type,
                                      const crypto::PublicKey& key) {
  if (!good_name(name)) {
    return fail(errors::bad_key_name, fmt::format("'{}' cannot name a key", name),
                "use a name like example.org/log, without spaces or '+'");
  }
  return VerifierKey(std::move(name), type, key);
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  const auto refuse = [&] {
    return fail(errors::bad_verifier_key,
                fmt::format("'{}' is not a verifier key", text.substr(0, 100)),
                "it looks like example.org/log+530d903a+AQ... on one line");
  };
  const std::size_t first = text.find('+');
  if (first == std::string_view::npos) return refuse();
  const std::size_t second = text.find('+', first + 1);
  if (second == std::string_view::npos) return refuse();
  const auto bytes = base::from_base64(text.substr(second + 1));
  if (!bytes || bytes->size() != 33) return refuse();
  const auto type = static_cast<KeyType>((*bytes)[0]);
  if (type != KeyType::ed25519 && type != KeyType::cosignature) return refuse();
  URNA_TRY(const crypto::PublicKey key,
           crypto::PublicKey::decode(ByteView(*bytes).subspan(1)));
  URNA_TRY(VerifierKey out, make(std::string(text.substr(0, first)), type, key));
  if (out.text() != text) return refuse();  // a wrong id, or another spelling
  return out;
}

std::string VerifierKey::text() const {
  Bytes bytes = {static_cast<std::uint8_t>(type_)};
  append(bytes, key_.bytes());
  return fmt::format("{}+{:08x}+{}", name_, id_, base::to_base64(bytes));
}

std::string NoteSignature::line() const {
  base::Writer w;
  w.u32_be(key_id);
  w.fixed(signature);
  return fmt::format("{}{} {}\n", kDash, name, base::to_base64(w.view()));
}

std::string Note::format() const {
  std::string out = text + "\n";
  for (const NoteSignature& signature : signatures) out += signature.line();
  return out;
}

Result<Note> parse_note(std::string_view note) {
  if (note.size() > kMaxNote) {
    return fail(errors::bad_note,
                fmt::format("the note has {} bytes; at most {} allowed", note.size(),
                            kMaxNote));
  }
  const bool control = std::ranges::any_of(
      note, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
  if (control || !base::is_utf8(note)) {
    return fail(errors::bad_note, "the note is not plain UTF-8 text with line feeds");
  }
  // The text may contain empty lines: the last one separates.
  const std::size_t gap = note.rfind("\n\n");
  if (gap == std::string_view::npos || !note.ends_with('\n')) {
    return fail(errors::bad_note, "the note has no signatures after an empty line");
  }
  Note out{std::string(note.substr(0, gap + 1)), {}};
  std::string_view rest = note.substr(gap + 2);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    URNA_TRY(NoteSignature signature,
             parse_signature_line(rest.substr(0, end), out.signatures.size() + 1));
    out.signatures.push_back(std::move(signature));
    rest.remove_prefix(end + 1);
    if (out.signatures.size() > kMaxNoteSignatures) {
      return fail(errors::bad_note, fmt::format("the note has more than {} signatures",
                                                kMaxNoteSignatures));
    }
  }
  if (out.signatures.empty()) return fail(errors::bad_note, "the note is not signed");
  return out;
}

Result<std::vector<VerifiedSignature>> check_note(const Note& note,
                                                  std::span<const VerifierKey> known) {
  std::vector<VerifiedSignature> out;
  for (const NoteSignature& signature : note.signatures) {
    const auto key = std::ranges::find_if(known, [&](const VerifierKey& k) {
      return k.name() == signature.name && k.id() == signature.key_id;
    });
    if (key == known.end()) continue;
    std::optional<std::uint64_t> time;
    if (!signature_holds(*key, note.text, signature.signature, time)) {
      return fail(
          errors::bad_note_signature,
          fmt::format("the signature of '{}' does not fit the text", key->name()),
          "the text was changed, or the signature was made for another one");
    }
    const bool seen = std::ranges::any_of(
        out, [&](const VerifiedSignature& v) { return v.key == *key; });
    if (!seen) out.push_back({*key, time});
  }
  return out;
}

std::string cosigned_message(std::uint64_t time, std::string_view text) {
  return fmt::format("cosignature/v1\ntime {}\n{}", time, text);
}

Result<NoteSigner> NoteSigner::make(std::string name, KeyType type,
                                    crypto::SigningKey key) {
  URNA_TRY(VerifierKey verifier,
           VerifierKey::make(std::move(name), type, key.public_key()));
  return NoteSigner(std::move(verifier), std::move(key));
}

NoteSignature NoteSigner::sign(std::string_view text, std::uint64_t time) const {
  NoteSignature out{verifier_.name(), verifier_.id(), {}};
  if (verifier_.type() == KeyType::ed25519) {
    append(out.signature, key_.sign_raw(as_bytes(text)));
    return out;
  }
  base::Writer w;
  w.u64_be(time);
  w.fixed(key_.sign_raw(as_bytes(cosigned_message(time, text))));
  out.signature = std::move(w).take();
  return out;
}

}  // namespace urna::log
