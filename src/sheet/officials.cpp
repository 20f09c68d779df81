#include "sheet/officials.hpp"

#include "base/encoding.hpp"
#include "sheet/errors.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

constexpr std::string_view kUse = "official";

std::string_view name_of(SignedDocument document) {
  return document == SignedDocument::sheet ? "SHEET" : "BOX";
}

std::string who(const OfficialSignature& s) {
  return fmt::format("{} {}", s.role(), s.name());
}

}  // namespace

Result<OfficialSignature> OfficialSignature::sign(SignedDocument document,
                                                  const Hash32& digest,
                                                  std::string station, std::string role,
                                                  std::string name,
                                                  const crypto::SigningKey& key) {
  if (!election::is_code(station) || !election::is_code(role) || !is_label(name)) {
    return fail(errors::bad_value,
                fmt::format("station '{}', role '{}' and name '{}' must be codes",
                            station, role, name),
                "station and role: A-Z 0-9; name: A-Z 0-9 . -");
  }
  OfficialSignature out(key.public_key());
  out.document_ = document;
  out.digest_ = digest;
  out.station_ = std::move(station);
  out.role_ = std::move(role);
  out.name_ = std::move(name);
  FieldWriter w;
  w.text("URNA", "SIGNATURE/1");
  w.text("DOCUMENT", name_of(document));
  w.hex("DIGEST", digest);
  w.text("STATION", out.station_);
  w.text("ROLE", out.role_);
  w.text("NAME", out.name_);
  w.base32("KEY", out.key_.bytes());
  out.text_ = std::move(w).take();
  out.signed_size_ = out.text_.size();
  out.signature_ = key.sign(kUse, as_bytes(out.text_));
  out.text_ += " SIGN:" + base::to_base32(out.signature_);
  return out;
}

Result<OfficialSignature> OfficialSignature::parse(std::string_view text) {
  URNA_TRY(FieldReader r, FieldReader::open(text, kMaxOfficialText));
  URNA_TRY(const std::string_view kind, r.text("URNA"));
  if (kind != "SIGNATURE/1") {
    return fail(
        errors::unknown_version,
        fmt::format("URNA:{} is not an official's signature of version 1", kind));
  }
  URNA_TRY(const std::string_view document, r.text("DOCUMENT"));
  if (document != "SHEET" && document != "BOX") {
    return fail(errors::bad_value,
                fmt::format("'{}' is neither SHEET nor BOX", document), {},
                r.place("DOCUMENT"));
  }
  URNA_TRY(const Bytes digest, r.hex("DIGEST", 32));
  URNA_TRY(std::string station, r.code("STATION"));
  URNA_TRY(std::string role, r.code("ROLE"));
  URNA_TRY(std::string name, r.label("NAME"));
  URNA_TRY(const Bytes key_bytes, r.base32("KEY", 32));
  URNA_TRY(const crypto::PublicKey key, crypto::PublicKey::decode(key_bytes));
  const std::size_t signed_size = text.size() - r.left().size() - 1;
  URNA_TRY(const Bytes signature, r.base32("SIGN", 64));
  URNA_CHECK(r.finish());
  OfficialSignature out(key);
  out.document_ = document == "SHEET" ? SignedDocument::sheet : SignedDocument::box;
  URNA_TRY(out.digest_, base::to_array<32>(digest));
  out.station_ = std::move(station);
  out.role_ = std::move(role);
  out.name_ = std::move(name);
  URNA_TRY(out.signature_, base::to_array<64>(signature));
  out.text_ = std::string(text);
  out.signed_size_ = signed_size;
  return out;
}

Result<void> OfficialSignature::check() const {
  const ByteView message = as_bytes(std::string_view(text_).substr(0, signed_size_));
  if (crypto::verifies(key_, kUse, message, signature_)) return {};
  return fail(errors::bad_signature,
              fmt::format("the signature of {} does not verify", who(*this)),
              "ask for the signature again: the line was changed", station_);
}

Result<std::vector<TrustedOfficial>> trusted_officials(
    const election::Definition& definition) {
  std::vector<TrustedOfficial> out;
  for (const election::Official& official : definition.model().officials) {
    if (!official.signing_key) continue;
    URNA_TRY(const crypto::PublicKey key,
             crypto::PublicKey::decode(*official.signing_key));
    std::string role = official.role;
    for (char& c : role) {
      c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    if (!election::is_code(role)) role.clear();
    out.push_back({official.station ? definition.stations()[*official.station].code
                                    : std::string(),
                   std::move(role), key});
  }
  return out;
}

OfficialsCheck check_officials(std::span<const OfficialSignature> signatures,
                               SignedDocument document, const Hash32& digest,
                               std::string_view station,
                               std::span<const TrustedOfficial> trusted) {
  OfficialsCheck out;
  for (const OfficialSignature& s : signatures) {
    if (auto checked = s.check(); !checked) {
      out.errors.push_back(std::move(checked).error());
      continue;
    }
    const auto refuse = [&](ErrorKind kind, std::string message) {
      out.errors.push_back(Error{kind, std::move(message), s.station(), {}});
    };
    if (s.document() != document || s.digest() != digest || s.station() != station) {
      refuse(errors::wrong_digest,
             fmt::format("{} signed {} {} of station {}, not this one", who(s),
                         name_of(s.document()), short_digest(s.digest()), s.station()));
      continue;
    }
    const bool known = std::ranges::any_of(trusted, [&](const TrustedOfficial& t) {
      return t.key == s.key() && (t.station.empty() || t.station == station) &&
             (t.role.empty() || t.role == s.role());
    });
    if (!known) {
      refuse(errors::wrong_certificate,
             fmt::format("the election knows no {} with this key at station {}", who(s),
                         station));
      continue;
    }
    if (std::ranges::any_of(out.good,
                            [&](const auto* g) { return g->key() == s.key(); })) {
      refuse(errors::same_signer, fmt::format("the key of {} signs twice", who(s)));
      continue;
    }
    out.good.push_back(&s);
  }
  return out;
}

std::string to_file_text(std::span<const OfficialSignature> signatures) {
  std::string out;
  for (const OfficialSignature& s : signatures) out += s.text() + '\n';
  return out;
}

Result<std::vector<OfficialSignature>> parse_officials(std::string_view file_text) {
  std::vector<OfficialSignature> out;
  for (std::size_t line = 1; !file_text.empty(); ++line) {
    const std::size_t end = file_text.find('\n');
    const std::string place = fmt::format("line {}", line);
    if (end == std::string_view::npos) {
      return fail(errors::truncated, "the last line does not end with a line feed", {},
                  place);
    }
    auto one = OfficialSignature::parse(file_text.substr(0, end));
    if (!one) return std::unexpected(std::move(one).error().at(place));
    out.push_back(std::move(*one));
    file_text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace urna::sheet
