#include "http/path.hpp"

#include "base/binary.hpp"
#include "base/csv.hpp"
#include "http/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::http {
namespace {

constexpr std::size_t kMaxPath = 1024;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::unexpected<Error> bad_url(std::string_view text, std::string_view why) {
  return fail(errors::bad_url, fmt::format("'{}' {}", text.substr(0, 200), why),
              "an address looks like https://record.example.org/2020");
}

bool good_host(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '-' || c == '.' || c == ':';
  });
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (is_control(c)) return std::nullopt;
    out += c;
  }
  if (!base::is_utf8(out)) return std::nullopt;
  return out;
}

Result<std::string> decode_path(std::string_view target) {
  const auto refuse = [&](std::string_view why) {
    return fail(errors::bad_path, fmt::format("the path {}", why));
  };
  if (target.size() > kMaxPath) return refuse("is longer than 1,024 bytes");
  std::string lower(target);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (lower.find("%2f") != std::string::npos) return refuse("has an escaped slash");
  const auto path = percent_decode(target);
  if (!path) return refuse("is not valid percent-encoded UTF-8");
  if (!path->starts_with('/')) return refuse("does not begin with a slash");
  if (path->find('\\') != std::string::npos) return refuse("has a backslash");
  std::string_view rest = std::string_view(*path).substr(1);
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    if (segment.empty() || segment == "." || segment == "..") {
      return refuse("has an empty, '.' or '..' part");
    }
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  return *path;
}

std::string Url::authority() const {
  const bool usual = port == (tls ? 443 : 80);
  std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (!usual) out += fmt::format(":{}", port);
  return out;
}

std::string Url::text() const {
  return fmt::format("{}://{}{}", tls ? "https" : "http", authority(), path);
}

Url Url::below(std::string_view more) const {
  Url out = *this;
  if (!out.path.ends_with('/')) out.path += '/';
  out.path += more;
  return out;
}

Result<Url> parse_url(std::string_view text) {
  Url out;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    out.tls = true;
    out.port = 443;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad_url(text, "does not begin with http:// or https://");
  }
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  out.path = slash == std::string_view::npos ? "/" : std::string(rest.substr(slash));
  if (out.path.find_first_of("?#") != std::string::npos) {
    return bad_url(text, "has a query or a fragment");
  }
  if (!decode_path(out.path)) return bad_url(text, "has a path that cannot be used");
  if (out.path.size() > 1 && out.path.ends_with('/')) out.path.pop_back();
  std::size_t colon = authority.rfind(':');
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return bad_url(text, "lacks a bracket");
    out.host = authority.substr(1, close - 1);
    if (close + 1 == authority.size()) colon = std::string_view::npos;
    if (colon != std::string_view::npos && colon != close + 1) {
      return bad_url(text, "has no valid host");
    }
  } else {
    out.host = authority.substr(0, colon);
    if (out.host.find(':') != std::string::npos) {
      return bad_url(text, "has no valid host");
    }
  }
  if (!good_host(out.host)) return bad_url(text, "has no valid host");
  if (colon != std::string_view::npos) {
    const auto port = base::parse_count(authority.substr(colon + 1), 65535);
    if (!port || *port == 0) return bad_url(text, "has no valid port");
    out.port = static_cast<std::uint16_t>(*port);
  }
  return out;
}

}  // namespace urna::http
