// The local certificate authority of an election's network: one root that the election
// authority keeps off the network, a certificate for each centre's server, one for each
// client (roles.hpp). `urna pki` makes them; urna-center and its clients open them.
//
// Certificate and secret key stand in one key file (crypto/key_file.hpp) of the kind
// "tls-authority", "tls-server" or "tls-client": the public part is the certificate and
// those up to the root in PEM, the secret part the private key in PEM. Keys are P-256,
// made by OpenSSL; certificates are X.509 v3, signed with SHA-256, and say what they
// are for, so that a client's certificate cannot stand in for a server's.
//
// These certificates protect the transport alone. What counts is signed by the stations
// and checked by everybody (docs/threats.md).
//
// Thread rule: plain functions. An Identity's key is secret.
#pragma once

#include "base/clock.hpp"
#include "crypto/key_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::center {

enum class Purpose : std::uint8_t { authority, server, client };
[[nodiscard]] std::string_view key_file_kind(Purpose purpose);
[[nodiscard]] std::optional<Purpose> purpose_of_kind(std::string_view kind);

struct CertificateInfo {
  std::string name;    // common name of the subject
  std::string issuer;  // of the issuer
  std::string sha256;  // of the DER certificate, lower-case hexadecimal
  std::int64_t from = 0;
  std::int64_t until = 0;  // POSIX seconds
};

// The first certificate of a PEM text. Error bad_certificate.
[[nodiscard]] Result<CertificateInfo> read_certificate(std::string_view pem);

struct PkiPlan {
  Purpose purpose = Purpose::client;
  std::string name;                // common name, at most 64 bytes
  std::vector<std::string> hosts;  // of a server: names and addresses, at least one
  int days = 60;                   // 1 to 3,650, from an hour before now
};

// Makes key files. Give the same Stretch for several files of one owner.
struct PkiMaker {
  base::Clock& clock;
  base::Random& random;
  crypto::KeyFileCost cost = crypto::KeyFileCost::standard();

  // Errors: bad_identity, pki_failed.
  [[nodiscard]] Result<Bytes> authority(const PkiPlan& plan,
                                        crypto::Stretch& passphrase) const;
  // Signed by the authority in the file `root`, which `root_passphrase` opens; never
  // valid longer than it. Errors as above, expired, and those of open_key_file.
  [[nodiscard]] Result<Bytes> issue(const PkiPlan& plan, ByteView root,
                                    crypto::Stretch& root_passphrase,
                                    crypto::Stretch& passphrase) const;
};

struct TlsIdentity {
  CertificateInfo info;
  std::string certificates;  // PEM
  std::string key;           // PEM, secret
};

// Opens such a file and checks that it may be used now. Errors: wrong_purpose, expired,
// not_yet_valid, those of open_key_file.
[[nodiscard]] Result<TlsIdentity> open_identity(
    ByteView file, Purpose purpose, crypto::Stretch& passphrase, base::Clock& clock,
    crypto::KeyFileCost least = crypto::KeyFileCost::standard());

// The certificates of such a file; no passphrase needed. Error wrong_purpose.
[[nodiscard]] Result<std::string> certificates_of(ByteView file);

}  // namespace urna::center
