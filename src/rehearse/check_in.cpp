#include "rehearse/check_in.hpp"

#include "rehearse/errors.hpp"
#include "sheet/paper/collect.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::rehearse {
namespace {

using base::Json;

constexpr std::size_t kTokenText = 19;  // four groups of four

Json one(const char* key, const std::string& value) {
  Json body = Json::object();
  body.set(key, value);
  return body;
}

}  // namespace

Result<void> CheckIn::open() {
  URNA_CHECK(device_.post("/api/officials/open", credentials(plan_.officials)));
  return {};
}

// Puts the voter's fingers down in turn, until they match or no try is left.
Result<bool> CheckIn::match(const std::string& id) {
  for (;;) {
    URNA_TRY(const Json answer, device_.get("/api/state"));
    const Json* state = answer.find("state");
    const Json* check = state == nullptr ? nullptr : state->find("check");
    const Json* matched = check == nullptr ? nullptr : check->find("matched");
    const Json* tries = check == nullptr ? nullptr : check->find("tries_left");
    if (matched == nullptr || tries == nullptr) {
      return fail(errors::refused, "check-in does not check this voter");
    }
    if (matched->if_bool() != nullptr && *matched->if_bool()) return true;
    std::string finger;
    std::int64_t most = 0;
    for (const auto& [name, left] : tries->members()) {
      if (left.if_int() == nullptr || *left.if_int() <= most) continue;
      most = *left.if_int();
      finger = name;
    }
    if (finger.empty()) return false;
    Json touch = one("id", id);
    touch.set("finger", finger);
    URNA_CHECK(device_.post("/api/demo/finger", touch));
    URNA_CHECK(device_.post("/api/capture", one("finger", finger)));
  }
}

Result<std::string> CheckIn::admit(const std::string& id, std::mt19937_64& random) {
  URNA_CHECK(device_.post("/api/find", one("text", id)));
  URNA_TRY(const Json begun, device_.post("/api/begin", one("id", id)));
  const Json* check = begun.find("state")->find("check");
  const Json* fingers = check == nullptr ? nullptr : check->find("fingers");
  if (fingers == nullptr) return fail(errors::refused, "check-in began no check");
  Json admission = Json::object();
  if (!fingers->items().empty()) {
    URNA_TRY(const bool matched, match(id));
    if (!matched) admission = credentials(plan_.officials);
  }
  admission.set("assisted", random() % 10 == 0);
  URNA_CHECK(device_.post("/api/admit", admission));
  return printed_token();
}

Result<std::string> CheckIn::printed_token() {
  URNA_TRY(const auto names, files_.list(plan_.tray));
  std::string last;
  for (const std::string& name : names) {
    if (name.ends_with(".png")) last = std::max(last, name);
  }
  URNA_TRY(const auto codes,
           sheet::read_codes(files_, base::join_path(plan_.tray, last)));
  const auto token = std::ranges::find(codes, kTokenText, &std::string::size);
  if (token == codes.end()) {
    return fail(errors::refused, fmt::format("'{}' shows no token", last));
  }
  return *token;
}

Result<std::uint32_t> CheckIn::admitted() {
  URNA_TRY(const Json answer, device_.get("/api/state"));
  return count_at(answer, {"state", "totals", "checked_in"});
}

Result<std::string> CheckIn::close() {
  URNA_CHECK(device_.post("/api/officials/close", credentials(plan_.officials)));
  URNA_TRY(const Json printed, device_.post("/api/print-slip"));
  const Json* slip = printed.find("result");
  if (slip == nullptr || slip->if_string() == nullptr) {
    return fail(errors::refused, "check-in printed no slip");
  }
  return *slip->if_string();
}

}  // namespace urna::rehearse
