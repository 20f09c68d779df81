// What the services of this machine (voting, check-in) read from a JSON request and say
// about an error, in one way for all of them. docs/machine-api.md shows both.
//
// Thread rule: pure functions. PINs pass through.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace urna::http {

// Error bad_json: the request is not what the page should have sent.
[[nodiscard]] std::unexpected<Error> bad_request(std::string what);
// The text under a key. Error bad_json.
[[nodiscard]] Result<std::string> text_of(const base::Json& body, std::string_view key);

// "officials" of a request: a stick and a PIN each, into the caller's own type; none
// when the request has none. Error bad_json.
template <class Credential>
[[nodiscard]] Result<std::vector<Credential>> credentials_of(const base::Json& body) {
  std::vector<Credential> out;
  const base::Json* list = body.find("officials");
  if (list == nullptr) return out;
  for (const base::Json& item : list->items()) {
    URNA_TRY(std::string stick, text_of(item, "stick"));
    URNA_TRY(std::string pin, text_of(item, "pin"));
    out.push_back({std::move(stick), std::move(pin)});
  }
  return out;
}

// {"number": "U6013", "title": ..., "message": ..., "to_do": ...}
[[nodiscard]] base::Json error_view(const Error& error);

}  // namespace urna::http
