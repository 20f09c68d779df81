// JSON, read strictly and written one way. Reading refuses what other readers let
// pass: the same key twice, nesting beyond a limit, numbers that a 64-bit integer
// cannot hold exactly (fractions only where a caller asks), bad UTF-8, lone
// surrogates, anything after the value. Objects keep the order of their keys.
//
// To turn JSON into a type, use ObjectReader: it takes fields by name, gathers every
// problem into a Report with a JSON pointer, and finish() reports unknown fields.
//
// JSON is for people and other programs. Nothing that is signed or hashed is ever
// re-written from a parsed value: sign and hash the bytes.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace urna::base {

class Json {
 public:
  using Member = std::pair<std::string, Json>;
  struct Fraction {
    double value;  // what was written with a point or an exponent; statistics only
  };

  Json() = default;  // null
  Json(bool value) : value_(value) {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  Json(T value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(Fraction{value}) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  [[nodiscard]] static Json array() { return Json(std::vector<Json>{}); }
  [[nodiscard]] static Json object() { return Json(std::vector<Member>{}); }

  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] const bool* if_bool() const { return std::get_if<bool>(&value_); }
  [[nodiscard]] const std::int64_t* if_int() const {
    return std::get_if<std::int64_t>(&value_);
  }
  // Any number, as a double; empty for other types.
  [[nodiscard]] std::optional<double> if_number() const;
  [[nodiscard]] const std::string* if_string() const {
    return std::get_if<std::string>(&value_);
  }
  // The elements of an array, the members of an object; empty for other types.
  [[nodiscard]] const std::vector<Json>& items() const;
  [[nodiscard]] const std::vector<Member>& members() const;
  // A member by key, or nullptr.
  [[nodiscard]] const Json* find(std::string_view key) const;

  // Building: push() on an array, set() on an object (the key must be new).
  Json& push(Json value);
  Json& set(std::string_view key, Json value);

  // indent 0: one line without spaces; otherwise pretty with that many spaces.
  [[nodiscard]] std::string dump(int indent = 2) const;

 private:
  explicit Json(std::vector<Json> items) : value_(std::move(items)) {}
  explicit Json(std::vector<Member> members) : value_(std::move(members)) {}
  void dump_to(std::string& out, int indent, int depth) const;

  std::variant<std::monostate, bool, std::int64_t, Fraction, std::string,
               std::vector<Json>, std::vector<Member>>
      value_;
};

struct JsonLimits {
  std::size_t depth = 32;
  std::size_t bytes = std::size_t{64} << 20;
  bool fractions = false;  // accept 1.5 and 1e3 as Fraction
};

// Errors: bad_json, json_duplicate, json_depth, json_number, bad_utf8, too_long; the
// place is "line L, column C".
[[nodiscard]] Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

// A string as JSON writes it, with its quotes.
[[nodiscard]] std::string json_quoted(std::string_view text);

class Report;

// Takes an object apart, field by field. Every problem goes to the report with the
// JSON pointer of the field; a missing or mistyped field yields an empty optional, so
// that the caller goes on and one run finds everything.
class ObjectReader {
 public:
  // `value` must outlive the reader. When it is not an object, that is reported and
  // every field is absent without further findings.
  ObjectReader(const Json& value, std::string file, std::string pointer,
               Report& report);

  [[nodiscard]] bool has(std::string_view key) const;
  std::optional<std::string> string(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t low,
                                      std::int64_t high);
  std::optional<bool> boolean(std::string_view key);
  // An array or object member, or nullptr.
  const Json* array(std::string_view key);
  const Json* object(std::string_view key);
  const Json* any(std::string_view key);  // any type; reported when missing

  // The same, but absence is no problem.
  std::optional<std::string> optional_string(std::string_view key);
  std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t low,
                                               std::int64_t high);
  std::optional<bool> optional_boolean(std::string_view key);
  const Json* optional_array(std::string_view key);
  const Json* optional_object(std::string_view key);
  const Json* optional_any(std::string_view key);

  [[nodiscard]] std::string pointer(std::string_view key) const;

  // Reports every member nobody asked for. Call it last.
  void finish();

 private:
  const Json* take(std::string_view key, bool required);
  void wrong_type(std::string_view key, std::string_view wanted);
  const Json* container(std::string_view key, bool required, bool want_array);

  const Json* value_;
  std::string file_;
  std::string pointer_;
  Report* report_;
  std::vector<std::string> taken_;
};

}  // namespace urna::base
