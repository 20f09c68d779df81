// A certificate: the election authority says that a key belongs to a device (or to an
// official) of one station in one election. Small enough for a QR code of its own;
// docs/formats/tally-sheet.md describes it. Issued by `urna sheet certify` before the
// election, carried by every signed sheet, checked by everybody who reads one.
//
// Thread rule: plain values. Public data; the authority's SigningKey is not.
#pragma once

#include "crypto/sign.hpp"
#include "sheet/sheet.hpp"

#include <span>
#include <string>
#include <string_view>

namespace urna::sheet {

// The role of a voting machine; the other roles are the election's own (PRESIDENT,
// SECRETARY, WITNESS, ...), any code.
inline constexpr std::string_view kMachineRole = "MACHINE";

struct CertificateFields {
  Mode mode = Mode::official;
  Hash32 election{};
  std::string role{kMachineRole};
  std::string station;  // empty: every station (a spare machine)
  std::string name;     // label of the device or of the official
};

class Certificate {
 public:
  [[nodiscard]] static Result<Certificate> issue(CertificateFields fields,
                                                 const crypto::PublicKey& key,
                                                 const crypto::SigningKey& authority);
  // Reads the text; says nothing about who signed it.
  [[nodiscard]] static Result<Certificate> parse(std::string_view text);

  // Whether one of the authorities signed it: bad_certificate otherwise.
  [[nodiscard]] Result<void> check(
      std::span<const crypto::PublicKey> authorities) const;

  // Whether it is for a machine of this station, or for one of every station.
  [[nodiscard]] bool is_for_machine(const Hash32& election, Mode mode,
                                    std::string_view station) const;

  [[nodiscard]] const CertificateFields& fields() const { return fields_; }
  [[nodiscard]] const crypto::PublicKey& key() const { return key_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  Certificate(CertificateFields fields, crypto::PublicKey key,
              crypto::Signature signature, std::string text, std::size_t signed_size)
      : fields_(std::move(fields)),
        key_(key),
        signature_(signature),
        text_(std::move(text)),
        signed_size_(signed_size) {}

  CertificateFields fields_;
  crypto::PublicKey key_;
  crypto::Signature signature_;
  std::string text_;
  std::size_t signed_size_;  // the signature covers this much of the text
};

inline constexpr std::size_t kMaxCertificateText = 700;

// The election's keys as a definition stores them (Model::device_authorities).
[[nodiscard]] Result<std::vector<crypto::PublicKey>> authority_keys(
    std::span<const Hash32> keys);

}  // namespace urna::sheet
