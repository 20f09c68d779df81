#include "http/json_request.hpp"

#include "base/errors.hpp"

#include <fmt/format.h>

namespace urna::http {

using base::Json;

std::unexpected<Error> bad_request(std::string what) {
  return fail(base::errors::bad_json, std::move(what));
}

Result<std::string> text_of(const Json& body, std::string_view key) {
  const Json* value = body.find(key);
  if (value == nullptr || value->if_string() == nullptr) {
    return bad_request(fmt::format("the request has no text '{}'", key));
  }
  return *value->if_string();
}

Json error_view(const Error& error) {
  Json e = Json::object();
  e.set("number", fmt::format("U{}", error.kind.number));
  e.set("title", error.kind.title);
  e.set("message", error.message);
  e.set("to_do", error.to_do);
  return e;
}

}  // namespace urna::http
