// Which function answers which request: method and path pattern to handler.
//
//   Router router;
//   router.on("GET", "/stations/{code}", show_station);
//   router.on("POST", "/add-checkpoint", add, {.body_limit = 100'000});
//   router.on("GET", "/{rest...}", static_files(files, "web", {}));
//
// A pattern is '/'-separated: plain parts match themselves, {name} matches one part,
// {name...} at the end matches all the rest (also nothing). Patterns are tried in the
// order in which they were added; GET answers HEAD too. Malformed patterns are the
// programmer's mistake and stop the program.
//
// Thread rule: filled by one thread before the server starts, then read by many. A
// handler runs on the server's threads, several at a time when it has several.
#pragma once

#include "http/message.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::http {

using Handler = std::function<Response(const Request&)>;

struct RouteOptions {
  // The longest body accepted; 413 above. 0: no body.
  std::uint64_t body_limit = 0;
  // Also for pages of other sites to read (Access-Control-Allow-Origin: *). Only for
  // what is published to everybody anyway.
  bool public_read = false;
  // Also for programs and pages of other origins to send to: for services whose
  // requests carry their own signature, such as a witness. Never for a device's page.
  bool any_origin = false;
};

class Router {
 public:
  void on(std::string method, std::string_view pattern, Handler handler,
          RouteOptions options = {});

  struct Route {
    std::string method;
    std::vector<std::string> parts;
    Handler handler;
    RouteOptions options;
  };
  struct Match {
    const Route* route = nullptr;  // null: no such path, or not by this method
    std::map<std::string, std::string> params;
    std::vector<std::string>
        allowed;  // the path's methods when only the method is wrong
  };
  [[nodiscard]] Match find(std::string_view method, std::string_view path) const;

  // Finds and calls, as the server does: 404, 405 with Allow, or the handler's answer.
  // For tests of a service without a socket; does not apply limits or origin checks.
  [[nodiscard]] Response answer(Request request) const;

 private:
  std::vector<Route> routes_;
};

// The answer when there is no route.
[[nodiscard]] Response not_found();
[[nodiscard]] Response wrong_method(const std::vector<std::string>& allowed);

}  // namespace urna::http
