#include "center/pki.hpp"

#include "base/encoding.hpp"
#include "center/errors.hpp"
#include "center/roles.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace urna::center {
namespace {

constexpr std::array<std::string_view, 3> kKinds{"tls-authority", "tls-server",
                                                 "tls-client"};
constexpr std::int64_t kDay = 86'400;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Text = std::unique_ptr<BIO, Free>;

std::unexpected<Error> failed(std::string_view what) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return fail(
      errors::pki_failed,
      fmt::format("{}: {}", what, reason == nullptr ? "OpenSSL failed" : reason));
}

ByteView bytes_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return as_bytes({data, static_cast<std::size_t>(size)});
}

Certificate parse_pem(std::string_view pem) {
  const Text bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Certificate out(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return out;
}

std::string common_name(X509_NAME* name) {
  std::array<char, 128> text{};
  const int size = X509_NAME_get_text_by_NID(name, NID_commonName, text.data(),
                                             static_cast<int>(text.size()));
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size))
                  : std::string();
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return timegm(&parts);
}

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool is_address(std::string_view host) {
  const std::string text(host);
  const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> address(
      a2i_IPADDRESS(text.c_str()), &ASN1_OCTET_STRING_free);
  ERR_clear_error();
  return address != nullptr;
}

bool is_host(std::string_view host) {
  const auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == ':';
  };
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, legal);
}

Result<void> check_plan(const PkiPlan& plan) {
  if (plan.name.empty() || plan.name.size() > 64) {
    return fail(errors::bad_identity, "a certificate's name has 1 to 64 bytes",
                "give a shorter name");
  }
  if (plan.days < 1 || plan.days > 3650) {
    return fail(errors::pki_failed, fmt::format("{} days of validity", plan.days),
                "give 1 to 3650");
  }
  if (plan.purpose == Purpose::client) URNA_CHECK(parse_identity(plan.name));
  if (plan.purpose != Purpose::server) return {};
  if (plan.hosts.empty()) {
    return fail(errors::bad_identity, "a server's certificate names no host",
                "give the names and addresses under which clients will reach it");
  }
  for (const std::string& host : plan.hosts) {
    if (!is_host(host)) {
      return fail(errors::bad_identity, fmt::format("'{}' is not a host", host),
                  "give a name in small letters, or an address");
    }
  }
  return {};
}

// What the certificate says it is for.
bool add_purpose(X509* certificate, X509* issuer, const PkiPlan& plan) {
  const auto add = [&](int nid, const std::string& value) {
    return add_extension(certificate, issuer, nid, value);
  };
  if (plan.purpose == Purpose::authority) {
    return add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           add(NID_key_usage, "critical,keyCertSign,cRLSign");
  }
  const bool server = plan.purpose == Purpose::server;
  if (!add(NID_basic_constraints, "critical,CA:FALSE") ||
      !add(NID_key_usage, "critical,digitalSignature") ||
      !add(NID_ext_key_usage, server ? "serverAuth" : "clientAuth")) {
    return false;
  }
  if (!server) return true;
  std::vector<std::string> names;
  for (const std::string& host : plan.hosts) {
    names.push_back((is_address(host) ? "IP:" : "DNS:") + host);
  }
  return add(NID_subject_alt_name, fmt::format("{}", fmt::join(names, ",")));
}

struct Made {
  Key key;
  Certificate certificate;
};

// A new key with a certificate that is not signed yet.
Result<Made> make_unsigned(const PkiPlan& plan, std::int64_t now, std::int64_t until,
                           base::Random& random) {
  Made out{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
  if (out.key == nullptr || out.certificate == nullptr) return failed("no new key");
  ByteArray<16> serial;
  URNA_CHECK(random.fill(serial));
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7f) | 0x40);  // positive
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
      BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr), &BN_free);
  X509* x = out.certificate.get();
  X509_NAME* subject = X509_get_subject_name(x);
  const bool good =
      X509_set_version(x, X509_VERSION_3) == 1 && number != nullptr &&
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x)) != nullptr &&
      ASN1_TIME_set(X509_getm_notBefore(x), now - 3600) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(x), until) != nullptr &&
      X509_NAME_add_entry_by_txt(
          subject, "CN", MBSTRING_UTF8,
          reinterpret_cast<const unsigned char*>(plan.name.data()),
          static_cast<int>(plan.name.size()), -1, 0) == 1 &&
      X509_set_pubkey(x, out.key.get()) == 1;
  if (!good) return failed("the certificate cannot be written");
  return out;
}

Result<Bytes> seal(const PkiMaker& maker, Purpose purpose, const Made& made,
                   std::string_view chain, crypto::Stretch& passphrase) {
  const Text certificate(BIO_new(BIO_s_mem()));
  const Text key(BIO_new(BIO_s_secmem()));  // wiped when it is freed
  if (PEM_write_bio_X509(certificate.get(), made.certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key.get(), made.key.get(), nullptr, nullptr, 0,
                                    nullptr, nullptr) != 1) {
    return failed("the key cannot be written");
  }
  Bytes public_part = to_bytes(bytes_of(certificate.get()));
  append(public_part, as_bytes(chain));
  return crypto::seal_key_file(maker.random, key_file_kind(purpose), public_part,
                               bytes_of(key.get()), passphrase, maker.cost);
}

Result<void> check_dates(const CertificateInfo& info, std::int64_t now) {
  if (now > info.until) {
    return fail(errors::expired,
                fmt::format("the certificate of '{}' was valid until {}", info.name,
                            base::utc_text(info.until)),
                "have the authority issue a new one with `urna pki`, or set this "
                "machine's clock right");
  }
  if (now < info.from) {
    return fail(
        errors::not_yet_valid,
        fmt::format("the certificate of '{}' is valid from {}, and this machine "
                    "believes it is {}",
                    info.name, base::utc_text(info.from), base::utc_text(now)),
        "set this machine's clock right");
  }
  return {};
}

}  // namespace

std::string_view key_file_kind(Purpose purpose) {
  return kKinds[static_cast<std::size_t>(purpose)];
}

std::optional<Purpose> purpose_of_kind(std::string_view kind) {
  const auto at = std::ranges::find(kKinds, kind);
  if (at == kKinds.end()) return std::nullopt;
  return static_cast<Purpose>(at - kKinds.begin());
}

Result<CertificateInfo> read_certificate(std::string_view pem) {
  const Certificate certificate = parse_pem(pem);
  if (certificate == nullptr) {
    return fail(errors::bad_certificate, "this is no certificate in PEM",
                "give a file that `urna pki` wrote");
  }
  CertificateInfo out;
  out.name = common_name(X509_get_subject_name(certificate.get()));
  out.issuer = common_name(X509_get_issuer_name(certificate.get()));
  out.from = seconds_of(X509_get0_notBefore(certificate.get()));
  out.until = seconds_of(X509_get0_notAfter(certificate.get()));
  ByteArray<EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1) {
    return failed("the certificate's hash");
  }
  out.sha256 = base::to_hex(ByteView(digest).first(size));
  return out;
}

Result<Bytes> PkiMaker::authority(const PkiPlan& plan,
                                  crypto::Stretch& passphrase) const {
  URNA_CHECK(check_plan(plan));
  const std::int64_t now = clock.unix_seconds();
  URNA_TRY(const Made made, make_unsigned(plan, now, now + plan.days * kDay, random));
  X509* self = made.certificate.get();
  if (X509_set_issuer_name(self, X509_get_subject_name(self)) != 1 ||
      !add_purpose(self, self, plan) ||
      X509_sign(self, made.key.get(), EVP_sha256()) == 0) {
    return failed("the authority's certificate");
  }
  return seal(*this, plan.purpose, made, {}, passphrase);
}

Result<Bytes> PkiMaker::issue(const PkiPlan& plan, ByteView root,
                              crypto::Stretch& root_passphrase,
                              crypto::Stretch& passphrase) const {
  URNA_CHECK(check_plan(plan));
  URNA_TRY(TlsIdentity authority,
           open_identity(root, Purpose::authority, root_passphrase, clock, cost));
  const Certificate root_certificate = parse_pem(authority.certificates);
  const Text bio(
      BIO_new_mem_buf(authority.key.data(), static_cast<int>(authority.key.size())));
  const Key root_key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  crypto::wipe(
      {reinterpret_cast<std::uint8_t*>(authority.key.data()), authority.key.size()});
  if (root_certificate == nullptr || root_key == nullptr) {
    return failed("the authority's key cannot be used");
  }
  const std::int64_t now = clock.unix_seconds();
  const std::int64_t until = std::min(now + plan.days * kDay, authority.info.until);
  URNA_TRY(const Made made, make_unsigned(plan, now, until, random));
  X509* x = made.certificate.get();
  if (X509_set_issuer_name(x, X509_get_subject_name(root_certificate.get())) != 1 ||
      !add_purpose(x, root_certificate.get(), plan) ||
      X509_sign(x, root_key.get(), EVP_sha256()) == 0) {
    return failed("the certificate");
  }
  return seal(*this, plan.purpose, made, authority.certificates, passphrase);
}

Result<TlsIdentity> open_identity(ByteView file, Purpose purpose,
                                  crypto::Stretch& passphrase, base::Clock& clock,
                                  crypto::KeyFileCost least) {
  URNA_TRY(const auto header, crypto::read_key_file_header(file));
  const std::string_view wanted = key_file_kind(purpose);
  if (header.kind != wanted) {
    return fail(errors::wrong_purpose,
                fmt::format("this is a '{}' file, not a '{}' one", header.kind, wanted),
                "give the file that `urna pki` made for this purpose");
  }
  TlsIdentity out;
  out.certificates = std::string(as_text(header.public_part));
  URNA_TRY(out.info, read_certificate(out.certificates));
  URNA_CHECK(check_dates(out.info, clock.unix_seconds()));
  URNA_TRY(const auto key, crypto::open_key_file(file, wanted, passphrase, least));
  out.key = std::string(as_text(key.expose()));
  return out;
}

Result<std::string> certificates_of(ByteView file) {
  URNA_TRY(const auto header, crypto::read_key_file_header(file));
  if (!purpose_of_kind(header.kind)) {
    return fail(errors::wrong_purpose,
                fmt::format("a '{}' file holds no certificate", header.kind),
                "give a file that `urna pki` made");
  }
  return std::string(as_text(header.public_part));
}

}  // namespace urna::center
