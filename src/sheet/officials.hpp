// What people at the station sign with keys of their own: a line that names the
// document, its digest, who they are, and their Ed25519 signature. For a sheet these
// lines are a file beside it and a second printed slip; a sheet is complete without
// them. docs/formats/tally-sheet.md describes the line.
//
// Thread rule: plain values. Public data; the officials' SigningKeys are not.
#pragma once

#include "election/definition.hpp"
#include "sheet/certificate.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace urna::sheet {

enum class SignedDocument : std::uint8_t { sheet, box };

class OfficialSignature {
 public:
  // `role` is a code (PRESIDENT), `name` a label (an identity number, initials).
  [[nodiscard]] static Result<OfficialSignature> sign(
      SignedDocument document, const Hash32& digest, std::string station,
      std::string role, std::string name, const crypto::SigningKey& key);
  [[nodiscard]] static Result<OfficialSignature> parse(std::string_view text);

  // The signature itself: does this key's owner say so? Not whether we trust the key.
  [[nodiscard]] Result<void> check() const;

  [[nodiscard]] SignedDocument document() const { return document_; }
  [[nodiscard]] const Hash32& digest() const { return digest_; }
  [[nodiscard]] const std::string& station() const { return station_; }
  [[nodiscard]] const std::string& role() const { return role_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const crypto::PublicKey& key() const { return key_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  OfficialSignature(const crypto::PublicKey& key) : key_(key) {}

  SignedDocument document_ = SignedDocument::sheet;
  Hash32 digest_{};
  std::string station_;
  std::string role_;
  std::string name_;
  crypto::PublicKey key_;
  crypto::Signature signature_{};
  std::string text_;
  std::size_t signed_size_ = 0;
};

// Somebody whose signature counts: from the definition, or by certificate.
struct TrustedOfficial {
  std::string station;  // empty: every station
  std::string role;     // as a code; empty: any role
  crypto::PublicKey key;
};

// The officials of the definition that have keys. Roles are written freely there, so
// the role of a signature is what the definition says in upper case, if it is a code.
[[nodiscard]] Result<std::vector<TrustedOfficial>> trusted_officials(
    const election::Definition& definition);

// What a set of signatures is worth for one document: those that verify, are for this
// document and station, and belong to different trusted officials. Each other one is
// an error: bad_signature, wrong_digest, wrong_certificate, same_signer.
struct OfficialsCheck {
  std::vector<const OfficialSignature*> good;
  std::vector<Error> errors;
};
[[nodiscard]] OfficialsCheck check_officials(
    std::span<const OfficialSignature> signatures, SignedDocument document,
    const Hash32& digest, std::string_view station,
    std::span<const TrustedOfficial> trusted);

// The file: one line a signature.
[[nodiscard]] std::string to_file_text(std::span<const OfficialSignature> signatures);
[[nodiscard]] Result<std::vector<OfficialSignature>> parse_officials(
    std::string_view file_text);

inline constexpr std::size_t kMaxOfficialText = 700;

}  // namespace urna::sheet
