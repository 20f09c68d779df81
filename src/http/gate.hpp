// Which requests a server refuses before any handler sees them, because a page of
// another site may have sent them through a person's browser: a foreign Host (DNS
// rebinding), a foreign Origin, or a request that the browser itself marks as coming
// from another site (Sec-Fetch-Site). Programs such as curl send none of these marks
// but Host, and pass.
//
// Pure functions, any thread, public data.
#pragma once

#include "http/router.hpp"

namespace urna::http {

struct GateRules {
  std::vector<std::string> hosts;  // "name" or "name:port", lower case
  bool any_host = false;
  bool tls = false;  // an origin must then be https
};

// The refusal (403, or 421 for a foreign Host); nothing when the request may pass.
[[nodiscard]] std::optional<Response> refuse_foreign(const Request& request,
                                                     const GateRules& rules,
                                                     const RouteOptions& route);

// What every answer carries unless the handler set it: no sniffing, no framing, no
// referrer, scripts and styles only of this server.
void add_safety_headers(Response& response, const RouteOptions& route);

}  // namespace urna::http
