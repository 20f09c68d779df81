#include "rehearse/asked.hpp"

#include "rehearse/errors.hpp"

#include <fmt/format.h>

namespace urna::rehearse {
namespace {

using base::Json;

Result<Json> read(const std::string& path, const http::Response& response) {
  if (response.status != 200) {
    return fail(errors::refused,
                fmt::format("{}: {} {}", path, response.status, response.body_text()));
  }
  return base::parse_json(response.body_text());
}

}  // namespace

Result<Json> Asked::get(const std::string& path) {
  URNA_TRY(const auto url, http::parse_url(address_ + path));
  URNA_TRY(const auto response, client_.get(url));
  return read(path, response);
}

Result<Json> Asked::post(const std::string& path, const Json& body) {
  URNA_TRY(const auto url, http::parse_url(address_ + path));
  URNA_TRY(const auto response,
           client_.post(url, as_bytes(body.dump()), "application/json"));
  return read(path, response);
}

Json credentials(const std::vector<StickAndPin>& officials) {
  Json list = Json::array();
  for (const auto& [stick, pin] : officials) {
    Json official = Json::object();
    official.set("stick", stick);
    official.set("pin", pin);
    list.push(std::move(official));
  }
  Json body = Json::object();
  body.set("officials", std::move(list));
  return body;
}

Result<std::uint32_t> count_at(const Json& answer,
                               std::initializer_list<const char*> names) {
  const Json* at = &answer;
  for (const char* name : names) {
    at = at->find(name);
    if (at == nullptr) return fail(errors::refused, fmt::format("no '{}' there", name));
  }
  if (at->if_int() == nullptr) return fail(errors::refused, "that is no number");
  return static_cast<std::uint32_t>(*at->if_int());
}

}  // namespace urna::rehearse
