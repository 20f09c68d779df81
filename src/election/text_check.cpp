#include "base/binary.hpp"
#include "base/encoding.hpp"
#include "election/loading.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace urna::election {
namespace {

// The next code point of valid UTF-8; moves `text` on.
std::uint32_t next_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t first = byte(0);
  std::size_t length = 1;
  std::uint32_t point = first;
  if (first >= 0xF0) {
    length = 4;
    point = first & 0x07;
  } else if (first >= 0xE0) {
    length = 3;
    point = first & 0x0F;
  } else if (first >= 0xC0) {
    length = 2;
    point = first & 0x1F;
  }
  for (std::size_t i = 1; i < length; ++i) point = (point << 6) | (byte(i) & 0x3F);
  text.remove_prefix(length);
  return point;
}

// Characters that change how neighbours are shown, or are not seen at all: two texts
// could look alike and differ, or a ballot line could read backwards.
bool is_invisible(std::uint32_t point) {
  return point == 0x00AD || point == 0x061C || point == 0x180E || point == 0x200B ||
         (point >= 0x200E && point <= 0x200F) || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF ||
         (point >= 0xFFF0 && point <= 0xFFFB) || point >= 0xE0000;
}

bool is_space(std::uint32_t point) {
  return point == ' ' || point == 0x00A0 || (point >= 0x2000 && point <= 0x200A) ||
         point == 0x202F || point == 0x205F || point == 0x3000;
}

std::size_t points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::optional<std::string> text_fault(std::string_view text, bool lines) {
  if (!base::is_utf8(text)) return "is not valid UTF-8";
  bool space_before = true;  // so that a space at the start is a fault
  while (!text.empty()) {
    const std::uint32_t point = next_point(text);
    const bool line_end = point == '\n' && lines;
    if ((point < 0x20 && !line_end) || (point >= 0x7F && point < 0xA0)) {
      return fmt::format("contains the control character U+{:04X}", point);
    }
    if (is_invisible(point)) {
      return fmt::format("contains the invisible character U+{:04X}", point);
    }
    const bool space = is_space(point);
    if (space && space_before) return "starts with a space or has two spaces in a row";
    space_before = space;
    if (space && text.empty()) return "ends with a space";
  }
  return std::nullopt;
}

bool check_text(Loading& loading, std::string_view text, const base::Place& place,
                std::size_t limit, bool lines) {
  if (const auto fault = text_fault(text, lines)) {
    loading.report.problem(errors::bad_text, place, fmt::format("the text {}", *fault),
                           "type the text anew, without formatting");
    return false;
  }
  if (text.size() > limit && points(text) > limit) {
    loading.report.problem(
        errors::text_too_long, place,
        fmt::format("the text has {} characters; at most {} fit", points(text), limit),
        "shorten it");
    return false;
  }
  return true;
}

Text json_text(Loading& loading, const base::Json* value, const std::string& pointer,
               std::size_t limit) {
  if (value == nullptr) return Text();
  const std::string file(kHeaderFile);
  if (const std::string* same = value->if_string()) {
    if (same->empty()) {
      loading.report.problem(errors::text_missing, {file, 0, pointer},
                             "the text is empty", "write it");
      return Text();
    }
    check_text(loading, *same, {file, 0, pointer}, limit, true);
    return Text(*same);
  }
  base::ObjectReader reader(*value, file, pointer, loading.report);
  std::vector<std::string> texts;
  for (const std::string& language : loading.model.languages) {
    const bool there = reader.has(language);
    texts.push_back(reader.optional_string(language).value_or(""));
    if (!value->is_object()) continue;
    if (!there || (texts.back().empty() && value->find(language)->if_string())) {
      loading.report.problem(errors::text_missing, {file, 0, reader.pointer(language)},
                             fmt::format("the text is missing in '{}'", language),
                             "write it in every language of the election");
      continue;
    }
    check_text(loading, texts.back(), {file, 0, reader.pointer(language)}, limit, true);
  }
  reader.finish();
  return Text(std::move(texts));
}

std::string json_code(Loading& loading, const std::optional<std::string>& value,
                      const std::string& pointer) {
  if (!value) return {};
  if (is_code(*value)) return *value;
  loading.report.problem(
      errors::bad_code, {std::string(kHeaderFile), 0, pointer},
      fmt::format("{} is not a code", base::json_quoted(*value)),
      "use 1 to 16 characters, only capital letters A-Z and digits 0-9");
  return {};
}

bool claim_code(Loading& loading, CodeMap& map, std::string_view code,
                std::uint32_t index, const base::Place& place, std::string_view what) {
  if (code.empty()) return false;
  if (map.emplace(code, index).second) return true;
  loading.report.problem(
      errors::duplicate_code, place,
      fmt::format("there is already {} with the code {}", what, code),
      "give each its own code, or remove the repetition");
  return false;
}

std::optional<Hash32> public_key(Loading& loading, std::string_view text,
                                 const base::Place& place) {
  auto key = base::array_from_hex<32>(text);
  if (!key) {
    loading.report.problem(errors::bad_key, place,
                           "a public key is 64 hexadecimal digits in lower case",
                           "copy it from the key's .pub file");
    return std::nullopt;
  }
  if (std::ranges::all_of(*key, [](std::uint8_t b) { return b == 0; })) {
    loading.report.problem(errors::bad_key, place, "the key is all zeros",
                           "put the real key, or leave the field out");
    return std::nullopt;
  }
  return *key;
}

bool is_colour(std::string_view text) {
  if (text.size() != 7 || text[0] != '#') return false;
  return std::ranges::all_of(text.substr(1), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

std::vector<std::string_view> split(std::string_view cell, char separator) {
  std::vector<std::string_view> parts;
  if (cell.empty()) return parts;
  while (true) {
    const std::size_t end = cell.find(separator);
    parts.push_back(cell.substr(0, end));
    if (end == std::string_view::npos) return parts;
    cell.remove_prefix(end + 1);
  }
}

std::optional<Share> parse_share(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto top = base::parse_count(text.substr(0, slash), 1'000'000);
  const auto bottom = base::parse_count(text.substr(slash + 1), 1'000'000);
  if (!top || !bottom || *bottom == 0) return std::nullopt;
  return Share{static_cast<std::uint32_t>(*top), static_cast<std::uint32_t>(*bottom)};
}

}  // namespace urna::election
