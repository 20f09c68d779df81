#include "http/testing/certificates.hpp"

#include <cassert>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace urna::http::testing {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

Key new_key() {
  return Key(EVP_EC_gen("P-256"));
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio.get());
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  assert(extension != nullptr);
  X509_add_ext(certificate, extension.get(), -1);
}

Certificate new_certificate(const std::string& name, EVP_PKEY* key, int days_left) {
  static long serial = 1;
  Certificate out(X509_new());
  X509_set_version(out.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial++);
  constexpr long kDay = 86'400;
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -10 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), days_left * kDay);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                             -1, 0);
  X509_set_pubkey(out.get(), key);
  return out;
}

}  // namespace

struct TestRoot::Keys {
  Key key;
  Certificate certificate;
  std::string pem;
};

TestRoot::TestRoot(const std::string& name) : keys_(std::make_unique<Keys>()) {
  keys_->key = new_key();
  keys_->certificate = new_certificate(name, keys_->key.get(), 10);
  X509* self = keys_->certificate.get();
  X509_set_issuer_name(self, X509_get_subject_name(self));
  add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(self, keys_->key.get(), EVP_sha256());
  keys_->pem = pem_of(self);
}

TestRoot::~TestRoot() = default;

const std::string& TestRoot::certificate() const {
  return keys_->pem;
}

Pem TestRoot::issue(const std::string& common_name, const std::string& alternatives,
                    int days_left) const {
  const Key key = new_key();
  const Certificate leaf = new_certificate(common_name, key.get(), days_left);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(keys_->certificate.get()));
  add_extension(leaf.get(), keys_->certificate.get(), NID_subject_alt_name,
                alternatives.c_str());
  X509_sign(leaf.get(), keys_->key.get(), EVP_sha256());
  return {pem_of(leaf.get()), pem_of(key.get())};
}

}  // namespace urna::http::testing
