#include "http/router.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace urna::http {
namespace {

std::vector<std::string> split(std::string_view path) {
  assert(path.starts_with('/'));
  std::vector<std::string> out;
  path.remove_prefix(1);
  while (true) {
    const std::size_t slash = path.find('/');
    out.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

bool is_name(std::string_view part) {
  return part.starts_with('{') && part.ends_with('}');
}

bool is_rest(std::string_view part) {
  return part.starts_with('{') && part.ends_with("...}");
}

bool matches(const std::vector<std::string>& pattern,
             const std::vector<std::string>& path,
             std::map<std::string, std::string>& params) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string& part = pattern[i];
    if (is_rest(part)) {
      const auto from =
          path.begin() + static_cast<std::ptrdiff_t>(std::min(i, path.size()));
      params[part.substr(1, part.size() - 5)] =
          fmt::format("{}", fmt::join(from, path.end(), "/"));
      return true;
    }
    if (i >= path.size()) return false;
    if (is_name(part)) {
      if (path[i].empty()) return false;
      params[part.substr(1, part.size() - 2)] = path[i];
    } else if (part != path[i]) {
      return false;
    }
  }
  return pattern.size() == path.size();
}

}  // namespace

void Router::on(std::string method, std::string_view pattern, Handler handler,
                RouteOptions options) {
  Route route{std::move(method), split(pattern), std::move(handler), options};
  for (std::size_t i = 0; i + 1 < route.parts.size(); ++i) {
    assert(!is_rest(route.parts[i]) && "{rest...} must be the last part");
  }
  routes_.push_back(std::move(route));
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  const std::vector<std::string> parts = split(path);
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  Match out;
  for (const Route& route : routes_) {
    std::map<std::string, std::string> params;
    if (!matches(route.parts, parts, params)) continue;
    if (route.method == wanted) return {&route, std::move(params), {}};
    if (std::ranges::find(out.allowed, route.method) == out.allowed.end()) {
      out.allowed.push_back(route.method);
    }
  }
  return out;
}

Response not_found() {
  return Response::text(404, "not found\n");
}

Response wrong_method(const std::vector<std::string>& allowed) {
  return Response::text(405, "this address does not take that method\n")
      .with("Allow", fmt::format("{}", fmt::join(allowed, ", ")));
}

Response Router::answer(Request request) const {
  Match match = find(request.method, request.path);
  if (match.route == nullptr) {
    return match.allowed.empty() ? not_found() : wrong_method(match.allowed);
  }
  request.params = std::move(match.params);
  return match.route->handler(request);
}

}  // namespace urna::http
