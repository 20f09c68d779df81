#include "http/tls.hpp"

#include "base/encoding.hpp"
#include "http/errors.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace urna::http {
namespace {

namespace ssl = boost::asio::ssl;

std::unexpected<Error> tls_error(std::string_view what) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return fail(errors::tls_setup,
              fmt::format("{}{}{}", what, reason == nullptr ? "" : ": ",
                          reason == nullptr ? "" : reason),
              "give PEM files that belong together");
}

boost::asio::const_buffer buffer(const std::string& text) {
  return {text.data(), text.size()};
}

// A TLS 1.3 context with a certificate and its key, when there is one.
Result<std::unique_ptr<ssl::context>> make_context(ssl::context::method method,
                                                   const std::string& certificates,
                                                   const std::string& key) {
  auto context = std::make_unique<ssl::context>(method);
  SSL_CTX* native = context->native_handle();
  if (SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) != 1) {
    return tls_error("TLS 1.3 is not available");
  }
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  if (certificates.empty()) return context;
  boost::system::error_code ec;
  context->use_certificate_chain(buffer(certificates), ec);
  if (ec) return tls_error("the certificates cannot be used");
  context->use_private_key(buffer(key), ssl::context::pem, ec);
  if (ec) return tls_error("the private key cannot be used");
  if (SSL_CTX_check_private_key(native) != 1) {
    return tls_error("the private key does not belong to the certificate");
  }
  return context;
}

}  // namespace

Result<std::unique_ptr<ssl::context>> server_context(const ServerTls& tls) {
  if (tls.certificates.empty()) return tls_error("a TLS server needs a certificate");
  URNA_TRY(auto context,
           make_context(ssl::context::tls_server, tls.certificates, tls.key));
  if (tls.client_roots.empty()) return context;
  boost::system::error_code ec;
  context->add_certificate_authority(buffer(tls.client_roots), ec);
  if (ec) return tls_error("the roots for client certificates cannot be used");
  ssl::verify_mode mode = ssl::verify_peer;
  if (tls.client_required) mode |= ssl::verify_fail_if_no_peer_cert;
  context->set_verify_mode(mode, ec);
  if (ec) return tls_error("client certificates cannot be asked for");
  return context;
}

Result<std::unique_ptr<ssl::context>> client_context(const ClientTls& tls) {
  URNA_TRY(auto context,
           make_context(ssl::context::tls_client, tls.certificates, tls.key));
  boost::system::error_code ec;
  if (tls.roots.empty()) {
    context->set_default_verify_paths(ec);
  } else {
    context->add_certificate_authority(buffer(tls.roots), ec);
  }
  if (ec) return tls_error("the root certificates cannot be used");
  context->set_verify_mode(ssl::verify_peer, ec);
  if (ec) return tls_error("servers cannot be verified");
  return context;
}

std::optional<ClientCertificate> peer_certificate(SSL* connection) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      SSL_get1_peer_certificate(connection), &X509_free);
  if (!certificate) return std::nullopt;
  ClientCertificate out;
  ByteArray<EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), digest.data(), &length) != 1) {
    return std::nullopt;
  }
  out.sha256 = base::to_hex(ByteView(digest).first(length));
  char name[256] = {};
  const int written = X509_NAME_get_text_by_NID(
      X509_get_subject_name(certificate.get()), NID_commonName, name, sizeof name);
  if (written > 0) out.common_name = name;
  return out;
}

}  // namespace urna::http
