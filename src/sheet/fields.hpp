// KEY:VALUE text: the one written form of everything in this room. A document is a
// line of fields separated by single spaces, in a fixed order, in the character set
// of alphanumeric QR codes, so that a printed code carries exactly the bytes that are
// hashed and signed, and anybody can read them aloud.
//
// Used by sheet.cpp, certificate.cpp, chain.cpp and their like; nobody outside the
// room needs it. Plain values, public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace urna::sheet {

// A number of people, papers or votes; nullopt is "not stated", written "-".
using Count = std::optional<std::uint32_t>;

// Counts above this are refused: no polling station is a hundred times a city.
inline constexpr std::uint32_t kMaxCount = 99'999'999;

// A code names something of the definition: 1 to 16 of A-Z 0-9 (election::is_code).
// A label names a device or a release: 1 to 32 of A-Z 0-9 . - beginning with a letter
// or digit.
inline constexpr std::size_t kMaxLabel = 32;
[[nodiscard]] bool is_label(std::string_view text);

// Upper-case hexadecimal of any length, as documents print hashes.
[[nodiscard]] std::string to_upper_hex(ByteView bytes);

class FieldWriter {
 public:
  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::uint32_t value);
  void count(std::string_view key, const Count& value);
  void hex(std::string_view key, ByteView bytes);
  void base32(std::string_view key, ByteView bytes);

  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

// Reads fields in the order asked for. Every value has one legal form; errors name
// the field and its position (the n-th field, counted from 1).
class FieldReader {
 public:
  // Checks the character set and the length first: lower-case letters and foreign
  // characters have their own errors, because they tell how the text was damaged.
  [[nodiscard]] static Result<FieldReader> open(std::string_view text,
                                                std::size_t max_length);

  // The value of the next field, which must be called `key`.
  [[nodiscard]] Result<std::string_view> text(std::string_view key);
  [[nodiscard]] Result<std::string> code(std::string_view key);
  [[nodiscard]] Result<std::string> label(std::string_view key);
  // A code or label, or "-" for none (an empty string).
  [[nodiscard]] Result<std::string> code_or_none(std::string_view key);
  [[nodiscard]] Result<std::string> label_or_none(std::string_view key);
  [[nodiscard]] Result<std::uint32_t> number(std::string_view key, std::uint32_t min,
                                             std::uint32_t max);
  [[nodiscard]] Result<Count> count(std::string_view key);
  [[nodiscard]] Result<Bytes> hex(std::string_view key, std::size_t size);
  [[nodiscard]] Result<Bytes> base32(std::string_view key, std::size_t size);
  // The next field, whatever its key: "PSUV:155".
  struct Pair {
    std::string_view key;
    std::string_view value;
  };
  [[nodiscard]] Result<Pair> pair();

  [[nodiscard]] bool next_is(std::string_view key) const;
  [[nodiscard]] bool at_end() const { return left_.empty(); }
  // What has not been read yet, without the space in front.
  [[nodiscard]] std::string_view left() const { return left_; }
  [[nodiscard]] Result<void> finish() const;

  // "field 12 (CAST)"
  [[nodiscard]] std::string place(std::string_view key) const;

 private:
  explicit FieldReader(std::string_view text) : left_(text) {}

  [[nodiscard]] bool take_dash(std::string_view key);

  std::string_view left_;
  std::size_t position_ = 0;
};

// A whole number without sign or leading zeros.
[[nodiscard]] Result<std::uint32_t> parse_number(std::string_view text,
                                                 std::uint32_t min, std::uint32_t max);

// Refuses what a sheet's text may not contain.
[[nodiscard]] Result<void> check_characters(std::string_view text);

}  // namespace urna::sheet
