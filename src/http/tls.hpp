// TLS contexts of OpenSSL from PEM texts; inside this room only (the asio header is
// expensive to include).
//
// Thread rule: plain functions; a context may be shared by threads once it is made.
#pragma once

#include "http/client.hpp"
#include "http/server.hpp"

#include <boost/asio/ssl/context.hpp>

namespace urna::http {

// Errors: tls_setup.
[[nodiscard]] Result<std::unique_ptr<boost::asio::ssl::context>> server_context(
    const ServerTls& tls);
[[nodiscard]] Result<std::unique_ptr<boost::asio::ssl::context>> client_context(
    const ClientTls& tls);

// The certificate that the other end proved to hold.
[[nodiscard]] std::optional<ClientCertificate> peer_certificate(SSL* connection);

}  // namespace urna::http
