#include "sheet/certificate.hpp"

#include "base/encoding.hpp"
#include "sheet/errors.hpp"

#include <fmt/format.h>

namespace urna::sheet {
namespace {

constexpr std::string_view kUse = "certificate";

std::string dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

}  // namespace

Result<Certificate> Certificate::issue(CertificateFields fields,
                                       const crypto::PublicKey& key,
                                       const crypto::SigningKey& authority) {
  if (!election::is_code(fields.role) || !is_label(fields.name) ||
      (!fields.station.empty() && !election::is_code(fields.station))) {
    return fail(errors::bad_value,
                fmt::format("role '{}', station '{}' and name '{}' must be codes",
                            fields.role, fields.station, fields.name),
                "role and station: A-Z 0-9; name: A-Z 0-9 . -");
  }
  FieldWriter w;
  w.text("URNA", "CERT/1");
  w.text("MODE", to_text(fields.mode));
  w.hex("ELECTION", fields.election);
  w.text("ROLE", fields.role);
  w.text("STATION", dash(fields.station));
  w.text("NAME", fields.name);
  w.base32("KEY", key.bytes());
  std::string text = std::move(w).take();
  const std::size_t signed_size = text.size();
  const crypto::Signature signature = authority.sign(kUse, as_bytes(text));
  text += " SIGN:" + base::to_base32(signature);
  return Certificate(std::move(fields), key, signature, std::move(text), signed_size);
}

Result<Certificate> Certificate::parse(std::string_view text) {
  URNA_TRY(FieldReader r, FieldReader::open(text, kMaxCertificateText));
  URNA_TRY(const std::string_view kind, r.text("URNA"));
  if (kind != "CERT/1") {
    return fail(errors::unknown_version,
                fmt::format("URNA:{} is not a certificate of version 1", kind));
  }
  CertificateFields f;
  URNA_TRY(const std::string_view mode, r.text("MODE"));
  URNA_TRY(f.mode, parse_mode(mode));
  URNA_TRY(const Bytes election, r.hex("ELECTION", 32));
  URNA_TRY(f.election, base::to_array<32>(election));
  URNA_TRY(f.role, r.code("ROLE"));
  URNA_TRY(f.station, r.code_or_none("STATION"));
  URNA_TRY(f.name, r.label("NAME"));
  URNA_TRY(const Bytes key_bytes, r.base32("KEY", 32));
  URNA_TRY(const crypto::PublicKey key, crypto::PublicKey::decode(key_bytes));
  const std::size_t signed_size = text.size() - r.left().size() - 1;
  URNA_TRY(const Bytes signature_bytes, r.base32("SIGN", 64));
  URNA_TRY(const crypto::Signature signature, base::to_array<64>(signature_bytes));
  URNA_CHECK(r.finish());
  return Certificate(std::move(f), key, signature, std::string(text), signed_size);
}

Result<void> Certificate::check(std::span<const crypto::PublicKey> authorities) const {
  const ByteView message = as_bytes(std::string_view(text_).substr(0, signed_size_));
  for (const crypto::PublicKey& authority : authorities) {
    if (crypto::verifies(authority, kUse, message, signature_)) return {};
  }
  return fail(
      errors::bad_certificate,
      fmt::format("the certificate of {} {} for station {} is not signed by "
                  "{} of the election",
                  fields_.role, fields_.name, dash(fields_.station),
                  authorities.size() == 1 ? "the authority" : "any of the authorities"),
      "compare the authority key with the one that the election published");
}

bool Certificate::is_for_machine(const Hash32& election, Mode mode,
                                 std::string_view station) const {
  return fields_.role == kMachineRole && fields_.election == election &&
         fields_.mode == mode &&
         (fields_.station.empty() || fields_.station == station);
}

Result<std::vector<crypto::PublicKey>> authority_keys(std::span<const Hash32> keys) {
  std::vector<crypto::PublicKey> out;
  for (const Hash32& bytes : keys) {
    URNA_TRY(const crypto::PublicKey key, crypto::PublicKey::decode(bytes));
    out.push_back(key);
  }
  return out;
}

}  // namespace urna::sheet
