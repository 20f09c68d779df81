#include "base/errors.hpp"
#include "base/json.hpp"
#include "base/report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::base {
namespace {

std::string_view type_name(const Json& value) {
  if (value.is_null()) return "null";
  if (value.if_bool() != nullptr) return "true or false";
  if (value.if_string() != nullptr) return "text";
  if (value.is_array()) return "a list";
  if (value.is_object()) return "an object";
  return "a number";
}

}  // namespace

ObjectReader::ObjectReader(const Json& value, std::string file, std::string pointer,
                           Report& report)
    : value_(&value),
      file_(std::move(file)),
      pointer_(std::move(pointer)),
      report_(&report) {
  if (!value.is_object()) {
    report.problem(errors::json_type, {file_, 0, pointer_.empty() ? "/" : pointer_},
                   fmt::format("an object is expected here, not {}", type_name(value)),
                   "write { \"field\": value, ... }");
    value_ = nullptr;
  }
}

bool ObjectReader::has(std::string_view key) const {
  return value_ != nullptr && value_->find(key) != nullptr;
}

std::string ObjectReader::pointer(std::string_view key) const {
  // RFC 6901: ~ and / are escaped.
  std::string out = pointer_ + "/";
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

const Json* ObjectReader::take(std::string_view key, bool required) {
  if (value_ == nullptr) return nullptr;
  taken_.emplace_back(key);
  const Json* found = value_->find(key);
  if (found == nullptr && required) {
    report_->problem(errors::json_missing, {file_, 0, pointer(key)},
                     fmt::format("the field '{}' is missing", key), "add it");
  }
  return found;
}

void ObjectReader::wrong_type(std::string_view key, std::string_view wanted) {
  report_->problem(errors::json_type, {file_, 0, pointer(key)},
                   fmt::format("'{}' must be {}, not {}", key, wanted,
                               type_name(*value_->find(key))));
}

std::optional<std::string> ObjectReader::string(std::string_view key) {
  const Json* found = take(key, true);
  if (found == nullptr) return std::nullopt;
  if (const std::string* text = found->if_string()) return *text;
  wrong_type(key, "text in quotes");
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view key,
                                                  std::int64_t low, std::int64_t high) {
  const Json* found = take(key, true);
  if (found == nullptr) return std::nullopt;
  const std::int64_t* whole = found->if_int();
  if (whole == nullptr) {
    wrong_type(key, "a whole number");
    return std::nullopt;
  }
  if (*whole < low || *whole > high) {
    report_->problem(errors::bad_number, {file_, 0, pointer(key)},
                     fmt::format("'{}' is {}; it must be between {} and {}", key,
                                 *whole, low, high));
    return std::nullopt;
  }
  return *whole;
}

std::optional<bool> ObjectReader::boolean(std::string_view key) {
  const Json* found = take(key, true);
  if (found == nullptr) return std::nullopt;
  if (const bool* truth = found->if_bool()) return *truth;
  wrong_type(key, "true or false");
  return std::nullopt;
}

const Json* ObjectReader::container(std::string_view key, bool required,
                                    bool want_array) {
  const Json* found = take(key, required);
  if (found == nullptr) return nullptr;
  if (want_array ? found->is_array() : found->is_object()) return found;
  wrong_type(key, want_array ? "a list [ ... ]" : "an object { ... }");
  return nullptr;
}

const Json* ObjectReader::array(std::string_view key) {
  return container(key, true, true);
}
const Json* ObjectReader::object(std::string_view key) {
  return container(key, true, false);
}
const Json* ObjectReader::any(std::string_view key) {
  return take(key, true);
}

std::optional<std::string> ObjectReader::optional_string(std::string_view key) {
  return has(key) ? string(key) : std::nullopt;
}
std::optional<std::int64_t> ObjectReader::optional_integer(std::string_view key,
                                                           std::int64_t low,
                                                           std::int64_t high) {
  return has(key) ? integer(key, low, high) : std::nullopt;
}
std::optional<bool> ObjectReader::optional_boolean(std::string_view key) {
  return has(key) ? boolean(key) : std::nullopt;
}
const Json* ObjectReader::optional_array(std::string_view key) {
  return container(key, false, true);
}
const Json* ObjectReader::optional_object(std::string_view key) {
  return container(key, false, false);
}
const Json* ObjectReader::optional_any(std::string_view key) {
  return take(key, false);
}

void ObjectReader::finish() {
  if (value_ == nullptr) return;
  for (const auto& [key, value] : value_->members()) {
    if (std::ranges::find(taken_, key) != taken_.end()) continue;
    report_->problem(errors::json_unknown, {file_, 0, pointer(key)},
                     fmt::format("the field {} is not known here", json_quoted(key)),
                     "check its spelling, or remove it");
  }
}

}  // namespace urna::base
