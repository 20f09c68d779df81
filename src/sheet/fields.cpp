#include "sheet/fields.hpp"

#include "base/encoding.hpp"
#include "election/model.hpp"
#include "sheet/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

bool is_label_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

// ISO/IEC 18004 alphanumeric mode.
bool is_qr_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(" $%*+-./:").contains(c);
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLabel && text.front() != '.' &&
         text.front() != '-' && std::ranges::all_of(text, is_label_character);
}

std::string to_upper_hex(ByteView bytes) {
  return upper(base::to_hex(bytes));
}

void FieldWriter::text(std::string_view key, std::string_view value) {
  if (!out_.empty()) out_ += ' ';
  out_ += key;
  out_ += ':';
  out_ += value;
}

void FieldWriter::number(std::string_view key, std::uint32_t value) {
  text(key, fmt::format_int(value).c_str());
}

void FieldWriter::count(std::string_view key, const Count& value) {
  if (value) {
    number(key, *value);
  } else {
    text(key, "-");
  }
}

void FieldWriter::hex(std::string_view key, ByteView bytes) {
  text(key, to_upper_hex(bytes));
}

void FieldWriter::base32(std::string_view key, ByteView bytes) {
  text(key, base::to_base32(bytes));
}

Result<void> check_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_qr_character(c)) continue;
    if (c >= 'a' && c <= 'z') {
      return fail(errors::lower_case,
                  fmt::format("lower-case letter '{}' at character {}", c, i + 1),
                  "use the text exactly as the code gives it; nothing on a sheet is "
                  "lower-case");
    }
    return fail(errors::bad_character,
                fmt::format("byte 0x{:02X} at character {} is not one of A-Z 0-9 "
                            "space $ % * + - . / :",
                            static_cast<unsigned char>(c), i + 1),
                "use the text exactly as the code gives it, without line ends");
  }
  return {};
}

Result<std::uint32_t> parse_number(std::string_view text, std::uint32_t min,
                                   std::uint32_t max) {
  std::uint64_t value = 0;
  const bool digits =
      !text.empty() && text.size() <= 10 &&
      std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || (text.size() > 1 && text.front() == '0')) {
    return fail(errors::bad_value,
                fmt::format("'{}' is not a whole number without leading zeros",
                            text.substr(0, 40)));
  }
  for (const char c : text) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  if (value < min || value > max) {
    return fail(errors::bad_value,
                fmt::format("{} is outside {} to {}", value, min, max));
  }
  return static_cast<std::uint32_t>(value);
}

Result<FieldReader> FieldReader::open(std::string_view text, std::size_t max_length) {
  if (text.size() > max_length) {
    return fail(errors::too_long, fmt::format("{} characters, more than the {} allowed",
                                              text.size(), max_length));
  }
  URNA_CHECK(check_characters(text));
  return FieldReader(text);
}

std::string FieldReader::place(std::string_view key) const {
  return fmt::format("field {} ({})", position_, key);
}

Result<FieldReader::Pair> FieldReader::pair() {
  ++position_;
  if (left_.empty()) {
    return fail(errors::truncated, "the text ends where another field should follow",
                {}, fmt::format("field {}", position_));
  }
  const std::size_t space = left_.find(' ');
  const std::string_view field = left_.substr(0, space);
  const std::size_t colon = field.find(':');
  if (field.empty() || (space != std::string_view::npos && space + 1 == left_.size())) {
    return fail(errors::bad_spacing, "fields must be separated by exactly one space",
                {}, fmt::format("field {}", position_));
  }
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == field.size()) {
    return fail(space == std::string_view::npos ? errors::truncated : errors::bad_value,
                fmt::format("'{}' is not KEY:VALUE", field.substr(0, 40)), {},
                fmt::format("field {}", position_));
  }
  left_.remove_prefix(space == std::string_view::npos ? left_.size() : space + 1);
  return Pair{field.substr(0, colon), field.substr(colon + 1)};
}

bool FieldReader::next_is(std::string_view key) const {
  return left_.size() > key.size() && left_.starts_with(key) &&
         left_[key.size()] == ':';
}

Result<std::string_view> FieldReader::text(std::string_view key) {
  auto found = pair();
  if (!found) {
    Error error = std::move(found).error();
    error.where = place(key);
    return std::unexpected(std::move(error));
  }
  if (found->key != key) {
    return fail(errors::wrong_key,
                fmt::format("expected {}, found {}", key, found->key.substr(0, 40)), {},
                place(key));
  }
  return found->value;
}

Result<std::string> FieldReader::code(std::string_view key) {
  URNA_TRY(const std::string_view value, text(key));
  if (!election::is_code(value)) {
    return fail(errors::bad_value,
                fmt::format("'{}' is not a code of 1 to {} characters A-Z 0-9",
                            value.substr(0, 40), election::kMaxCode),
                {}, place(key));
  }
  return std::string(value);
}

Result<std::string> FieldReader::label(std::string_view key) {
  URNA_TRY(const std::string_view value, text(key));
  if (!is_label(value)) {
    return fail(errors::bad_value,
                fmt::format("'{}' is not a label of 1 to {} characters A-Z 0-9 . -",
                            value.substr(0, 40), kMaxLabel),
                {}, place(key));
  }
  return std::string(value);
}

// Whether the next field is "KEY:-"; then it has been read.
bool FieldReader::take_dash(std::string_view key) {
  const std::size_t space = left_.find(' ');
  const std::string_view field = left_.substr(0, space);
  if (!next_is(key) || field.size() != key.size() + 2 || field.back() != '-') {
    return false;
  }
  return pair().has_value();
}

Result<std::string> FieldReader::code_or_none(std::string_view key) {
  if (take_dash(key)) return std::string();
  return code(key);
}

Result<std::string> FieldReader::label_or_none(std::string_view key) {
  if (take_dash(key)) return std::string();
  return label(key);
}

Result<std::uint32_t> FieldReader::number(std::string_view key, std::uint32_t min,
                                          std::uint32_t max) {
  URNA_TRY(const std::string_view value, text(key));
  auto parsed = parse_number(value, min, max);
  if (!parsed) return std::unexpected(std::move(parsed).error().at(place(key)));
  return *parsed;
}

Result<Count> FieldReader::count(std::string_view key) {
  URNA_TRY(const std::string_view value, text(key));
  if (value == "-") return Count{};
  auto parsed = parse_number(value, 0, kMaxCount);
  if (!parsed) return std::unexpected(std::move(parsed).error().at(place(key)));
  return Count{*parsed};
}

Result<Bytes> FieldReader::hex(std::string_view key, std::size_t size) {
  URNA_TRY(const std::string_view value, text(key));
  // The character set has no lower case, so folding cannot admit a second form.
  std::string folded(value);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  auto bytes = base::from_hex(folded);
  if (!bytes || bytes->size() != size) {
    return fail(errors::bad_value, fmt::format("not {} hexadecimal digits", 2 * size),
                {}, place(key));
  }
  return bytes;
}

Result<Bytes> FieldReader::base32(std::string_view key, std::size_t size) {
  URNA_TRY(const std::string_view value, text(key));
  auto bytes = base::from_base32(value);
  if (!bytes || bytes->size() != size) {
    return fail(errors::bad_value, fmt::format("not the base32 of {} bytes", size), {},
                place(key));
  }
  return bytes;
}

Result<void> FieldReader::finish() const {
  if (left_.empty()) return {};
  return fail(errors::trailing_text,
              fmt::format("'{}' follows the end", left_.substr(0, 40)));
}

}  // namespace urna::sheet
