#include "http/gate.hpp"

#include <algorithm>

namespace urna::http {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string without_port(const std::string& host) {
  const std::size_t colon = host.rfind(':');
  if (colon == std::string::npos) return host;
  const std::size_t bracket = host.rfind(']');
  return bracket != std::string::npos && bracket > colon ? host : host.substr(0, colon);
}

bool host_allowed(const std::string& host, const GateRules& rules) {
  if (rules.any_host) return true;
  const auto listed = [&](const std::string& name) {
    return std::ranges::find(rules.hosts, name) != rules.hosts.end();
  };
  return listed(host) || listed(without_port(host));
}

bool same_origin(std::string_view origin, const std::string& host, bool tls) {
  const std::string lowered = lower(origin);
  if (lowered == "https://" + host) return true;
  return !tls && lowered == "http://" + host;
}

Response refuse(unsigned status, std::string_view why) {
  return Response::text(status, why);
}

}  // namespace

std::optional<Response> refuse_foreign(const Request& request, const GateRules& rules,
                                       const RouteOptions& route) {
  const auto hosts = std::ranges::count_if(request.headers, [](const Header& header) {
    return lower(header.name) == "host";
  });
  if (hosts != 1) return refuse(400, "the request must name one host\n");
  const std::string host = lower(*request.header("Host"));
  if (!host_allowed(host, rules)) {
    return refuse(421, "this server does not answer for that host name\n");
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const bool open = route.any_origin || (route.public_read && reads);
  const auto origin = request.header("Origin");
  if (origin && !open && !same_origin(*origin, host, rules.tls)) {
    return refuse(403, "requests of pages from other sites are refused\n");
  }
  const auto site = request.header("Sec-Fetch-Site");
  if (!site || *site == "same-origin" || *site == "none" || open) return std::nullopt;
  const auto mode = request.header("Sec-Fetch-Mode");
  const auto dest = request.header("Sec-Fetch-Dest");
  const bool followed_link =
      reads && mode == "navigate" && (!dest || *dest == "document");
  if (followed_link) return std::nullopt;
  return refuse(403, "requests of pages from other sites are refused\n");
}

void add_safety_headers(Response& response, const RouteOptions& route) {
  const auto set = [&](const char* name, const char* value) {
    if (!response.header(name)) response.with(name, value);
  };
  set("Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      "font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
      "form-action 'self'; "
      "base-uri 'none'; frame-ancestors 'none'");
  set("X-Content-Type-Options", "nosniff");
  set("X-Frame-Options", "DENY");
  set("Referrer-Policy", "no-referrer");
  set("Cross-Origin-Opener-Policy", "same-origin");
  set("Cross-Origin-Resource-Policy",
      route.public_read ? "cross-origin" : "same-origin");
  set("Cache-Control", "no-store");
  if (route.public_read) set("Access-Control-Allow-Origin", "*");
}

}  // namespace urna::http
