#include "http/message.hpp"

#include "http/path.hpp"

#include <algorithm>

namespace urna::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::optional<std::string_view> find_header(const std::vector<Header>& headers,
                                            std::string_view name) {
  const auto found = std::ranges::find_if(
      headers, [&](const Header& header) { return same_name(header.name, name); });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

std::optional<std::string> Request::query_value(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      std::string value(pair.substr(equals + 1));
      std::ranges::replace(value, '+', ' ');
      return percent_decode(value);
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return std::nullopt;
}

Response Response::text(unsigned status, std::string_view text, std::string_view type) {
  Response out;
  out.status = status;
  out.headers.push_back({"Content-Type", std::string(type)});
  out.body = to_bytes(as_bytes(text));
  return out;
}

Response Response::bytes(Bytes bytes, std::string_view type) {
  Response out;
  out.headers.push_back({"Content-Type", std::string(type)});
  out.body = std::move(bytes);
  return out;
}

Response Response::json(unsigned status, const base::Json& json) {
  return text(status, json.dump() + "\n", "application/json");
}

Response& Response::with(std::string name, std::string value) & {
  headers.push_back({std::move(name), std::move(value)});
  return *this;
}

Response Response::with(std::string name, std::string value) && {
  headers.push_back({std::move(name), std::move(value)});
  return std::move(*this);
}

}  // namespace urna::http
