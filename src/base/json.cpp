#include "base/json.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace urna::base {

bool Json::is_null() const {
  return std::holds_alternative<std::monostate>(value_);
}
bool Json::is_array() const {
  return std::holds_alternative<std::vector<Json>>(value_);
}
bool Json::is_object() const {
  return std::holds_alternative<std::vector<Member>>(value_);
}

std::optional<double> Json::if_number() const {
  if (const auto* whole = if_int()) return static_cast<double>(*whole);
  if (const auto* fraction = std::get_if<Fraction>(&value_)) return fraction->value;
  return std::nullopt;
}

const std::vector<Json>& Json::items() const {
  static const std::vector<Json> none;
  const auto* items = std::get_if<std::vector<Json>>(&value_);
  return items != nullptr ? *items : none;
}

const std::vector<Json::Member>& Json::members() const {
  static const std::vector<Member> none;
  const auto* members = std::get_if<std::vector<Member>>(&value_);
  return members != nullptr ? *members : none;
}

const Json* Json::find(std::string_view key) const {
  for (const Member& member : members()) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

Json& Json::push(Json value) {
  auto* items = std::get_if<std::vector<Json>>(&value_);
  assert(items != nullptr);
  items->push_back(std::move(value));
  return *this;
}

Json& Json::set(std::string_view key, Json value) {
  auto* members = std::get_if<std::vector<Member>>(&value_);
  assert(members != nullptr);
  members->emplace_back(std::string(key), std::move(value));
  return *this;
}

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

std::string Json::dump(int indent) const {
  std::string out;
  dump_to(out, indent, 0);
  if (indent > 0) out += '\n';
  return out;
}

void Json::dump_to(std::string& out, int indent, int depth) const {
  const auto new_line = [&](int level) {
    if (indent > 0) {
      out += '\n';
      out.append(static_cast<std::size_t>(indent * level), ' ');
    }
  };
  const auto list = [&](char open, char close, const auto& parts, const auto& each) {
    out += open;
    bool first = true;
    for (const auto& part : parts) {
      if (!first) out += ',';
      first = false;
      new_line(depth + 1);
      each(part);
    }
    if (!first) new_line(depth);
    out += close;
  };
  if (is_null()) {
    out += "null";
  } else if (const bool* truth = if_bool()) {
    out += *truth ? "true" : "false";
  } else if (const std::int64_t* whole = if_int()) {
    out += fmt::format("{}", *whole);
  } else if (const auto* fraction = std::get_if<Fraction>(&value_)) {
    // JSON has no spelling for infinity and not-a-number.
    out += std::isfinite(fraction->value) ? fmt::format("{}", fraction->value) : "null";
  } else if (const std::string* text = if_string()) {
    out += json_quoted(*text);
  } else if (is_array()) {
    list('[', ']', items(),
         [&](const Json& item) { item.dump_to(out, indent, depth + 1); });
  } else {
    list('{', '}', members(), [&](const Member& member) {
      out += json_quoted(member.first) + (indent > 0 ? ": " : ":");
      member.second.dump_to(out, indent, depth + 1);
    });
  }
}

}  // namespace urna::base
