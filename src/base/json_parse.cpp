// The only translation unit that includes Boost.JSON: its incremental parser does the
// lexing, our handler adds the rules that it lacks.
#include "base/binary.hpp"
#include "base/errors.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <fmt/format.h>

namespace urna::base {
namespace {

using boost::json::error_code;
using boost::json::string_view;

// Builds a Json value from parser events. A refusal of ours is kept in `refused` and
// stops the parser with a generic error code.
class Handler {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  explicit Handler(JsonLimits limits) : limits_(limits) {}

  std::optional<Error> refused;
  Json root;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) { return open(Json::object(), ec); }
  bool on_array_begin(error_code& ec) { return open(Json::array(), ec); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_object_end(std::size_t, error_code& ec) {
    std::vector<std::string_view> keys;
    for (const auto& member : stack_.back().value.members()) {
      keys.push_back(member.first);
    }
    std::ranges::sort(keys);
    const auto twice = std::ranges::adjacent_find(keys);
    if (twice != keys.end()) {
      return refuse(
          errors::json_duplicate,
          fmt::format("the key {} stands twice in one object", json_quoted(*twice)),
          "keep one of the two", ec);
    }
    return close();
  }

  bool on_key_part(string_view part, std::size_t, error_code&) {
    return text_.append(part.data(), part.size()), true;
  }
  bool on_key(string_view part, std::size_t, error_code&) {
    text_.append(part.data(), part.size());
    stack_.back().key = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) {
    return text_.append(part.data(), part.size()), true;
  }
  bool on_string(string_view part, std::size_t, error_code&) {
    text_.append(part.data(), part.size());
    return put(Json(std::exchange(text_, {})));
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t value, string_view, error_code&) { return put(value); }
  bool on_uint64(std::uint64_t value, string_view, error_code& ec) {
    return refuse(errors::json_number,
                  fmt::format("the number {} does not fit 64 signed bits", value),
                  "write large numbers as text", ec);
  }
  bool on_double(double value, string_view text, error_code& ec) {
    if (limits_.fractions) return put(value);
    return refuse(
        errors::json_number,
        fmt::format("the number {} is not a whole number",
                    std::string_view(text.data(), text.size())),
        "write a whole number, without point or exponent, up to 9223372036854775807",
        ec);
  }
  bool on_bool(bool value, error_code&) { return put(Json(value)); }
  bool on_null(error_code&) { return put(Json()); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  struct Level {
    Json value;
    std::string key;
  };

  bool refuse(ErrorKind kind, std::string message, std::string to_do, error_code& ec) {
    refused = Error{kind, std::move(message), {}, std::move(to_do)};
    ec = boost::json::error::syntax;
    return false;
  }

  bool open(Json empty, error_code& ec) {
    if (stack_.size() >= limits_.depth) {
      return refuse(errors::json_depth,
                    fmt::format("nested more than {} levels deep", limits_.depth), {},
                    ec);
    }
    stack_.push_back({std::move(empty), {}});
    return true;
  }

  bool close() {
    Json done = std::move(stack_.back().value);
    stack_.pop_back();
    return put(std::move(done));
  }

  bool put(Json value) {
    if (stack_.empty()) {
      root = std::move(value);
    } else if (Level& level = stack_.back(); level.value.is_array()) {
      level.value.push(std::move(value));
    } else {
      level.value.set(level.key, std::move(value));
    }
    return true;
  }

  JsonLimits limits_;
  std::vector<Level> stack_;
  std::string text_;
};

std::string position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t line_start = before.rfind('\n');
  const std::size_t column = line_start == std::string_view::npos
                                 ? before.size()
                                 : before.size() - line_start - 1;
  return fmt::format("line {}, column {}", line, column + 1);
}

}  // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes) {
    return fail(errors::too_long, fmt::format("JSON of {} bytes; at most {} are read",
                                              text.size(), limits.bytes));
  }
  if (!is_utf8(text)) {
    return fail(errors::bad_utf8, "the JSON text is not valid UTF-8",
                "save the file as UTF-8");
  }
  boost::json::parse_options options;
  options.max_depth = limits.depth + 1;  // so that our handler says it first
  boost::json::basic_parser<Handler> parser(options, limits);
  error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (parser.handler().refused) {
    return std::unexpected(
        std::move(*parser.handler().refused).at(position(text, used)));
  }
  if (ec) {
    return fail(errors::bad_json, fmt::format("not valid JSON: {}", ec.message()),
                "mend the syntax at that place", position(text, used));
  }
  const std::size_t rest = text.find_first_not_of(" \t\r\n", used);
  if (rest != std::string_view::npos) {
    return fail(errors::bad_json, "not valid JSON: something follows the value",
                "remove what follows", position(text, rest));
  }
  return std::move(parser.handler().root);
}

}  // namespace urna::base
