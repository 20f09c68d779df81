// A request and a response of HTTP/1.1 as plain values: what handlers get and give.
// No network library shows through, so that a service that uses this room compiles
// quickly and is tested without a socket.
//
// Thread rule: plain values. Public data as far as this room knows; what a body holds
// is the service's business, and nothing here writes a body to any log.
#pragma once

#include "base/bytes.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::http {

struct Header {
  std::string name;
  std::string value;
};

// The first header of this name; names do not distinguish case.
[[nodiscard]] std::optional<std::string_view> find_header(
    const std::vector<Header>& headers, std::string_view name);

// Who is at the other end of a TLS connection that asked for a client certificate.
struct ClientCertificate {
  std::string sha256;       // of the DER certificate, lower-case hexadecimal
  std::string common_name;  // of the subject, may be empty
};

struct Request {
  std::string method;  // upper case
  std::string path;    // decoded and checked (path.hpp): "/tile/0/000"
  std::string query;   // after '?', as it was sent; query_value() decodes
  std::vector<Header> headers;
  Bytes body;
  std::map<std::string, std::string>
      params;                               // of the route: {name} to what stood there
  std::string peer;                         // the address, without the port
  std::optional<ClientCertificate> client;  // only with TLS that asks for one

  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
    return find_header(headers, name);
  }
  [[nodiscard]] std::string_view text() const { return as_text(body); }
  // The value of `name=` in the query, decoded; nothing when it is absent or not
  // valid percent-encoded UTF-8.
  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
};

// A part of a file that is sent without ever being in memory as a whole.
struct FilePart {
  std::shared_ptr<base::File> file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct Response {
  unsigned status = 200;
  std::vector<Header> headers;  // Content-Type here; lengths and dates are the server's
  Bytes body;
  std::optional<FilePart> part;  // sent instead of `body`

  [[nodiscard]] static Response text(
      unsigned status, std::string_view text,
      std::string_view type = "text/plain; charset=utf-8");
  [[nodiscard]] static Response bytes(Bytes bytes, std::string_view type);
  [[nodiscard]] static Response json(unsigned status, const base::Json& json);

  Response& with(std::string name, std::string value) &;
  [[nodiscard]] Response with(std::string name, std::string value) &&;
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
    return find_header(headers, name);
  }
  [[nodiscard]] std::string_view body_text() const { return as_text(body); }
};

}  // namespace urna::http
