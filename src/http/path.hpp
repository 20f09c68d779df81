// URLs and paths, strictly: one spelling, nothing that climbs out of a folder. Used by
// the server on every request and by the client on every address.
//
// Pure functions, any thread, public data.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace urna::http {

// Percent-decoding of RFC 3986; nothing for a broken escape, a control character, or
// what is not UTF-8.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

// The path of a request target, decoded: begins with '/', no empty, '.' or '..'
// segment (an ending '/' is allowed), no backslash, no escaped '/', at most 1,024
// bytes. Error bad_path.
[[nodiscard]] Result<std::string> decode_path(std::string_view target);

// http://host[:port][/prefix] or https://...; no user, no query, no fragment.
struct Url {
  bool tls = false;
  std::string host;  // a name or address; IPv6 without its brackets
  std::uint16_t port = 80;
  std::string path;  // begins with '/', without an ending '/' except for "/"

  [[nodiscard]] std::string text() const;
  // "host:port" as in the Host header; the port only when it is not the usual one.
  [[nodiscard]] std::string authority() const;
  // This address with `more` added to its path: "tile/0/000".
  [[nodiscard]] Url below(std::string_view more) const;
};

// Error bad_url.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

}  // namespace urna::http
