// Tables as comma-separated text (RFC 4180), read in one pass without copying cells
// that need no unquoting. Strict: every row has as many cells as the header, quotes
// stand where the standard puts them, the text is UTF-8. One reader serves the
// definition's tables and million-row imports.
//
// Thread rule: plain values; a Table owns its text and may be shared for reading.
#pragma once

#include "base/bytes.hpp"
#include "base/report.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::base {

struct CsvOptions {
  char separator = ',';
  std::size_t max_bytes = std::size_t{1} << 30;
};

// A header row and the rows below it. Cells are views into text the table owns.
class CsvTable {
 public:
  [[nodiscard]] const std::vector<std::string_view>& header() const { return header_; }
  [[nodiscard]] std::size_t rows() const {
    return header_.empty() ? 0 : cells_.size() / header_.size();
  }
  [[nodiscard]] std::string_view cell(std::size_t row, std::size_t column) const {
    return cells_[row * header_.size() + column];
  }
  // The line of the file where a row starts, counted from 1.
  [[nodiscard]] std::size_t line(std::size_t row) const { return lines_[row]; }
  // Where a column stands, by exact name.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] Place place(std::size_t row, std::string_view field = {}) const {
    return {file_, line(row), std::string(field)};
  }

 private:
  friend class CsvParser;
  std::string file_;
  std::shared_ptr<const std::string> text_;
  std::vector<std::shared_ptr<const std::string>> unquoted_;
  std::vector<std::string_view> header_;
  std::vector<std::string_view> cells_;
  std::vector<std::uint32_t> lines_;
};

// Every malformed row goes to the report with its line and is left out of the table;
// the table is empty when the header itself is unusable. A byte-order mark is dropped.
[[nodiscard]] CsvTable parse_csv(std::string text, std::string file, Report& report,
                                 CsvOptions options = {});

// One row, quoted where needed, with a line feed at the end.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& cells,
                                  char separator = ',');

// Digits only: no sign, no blanks, no leading zeros except "0" itself.
[[nodiscard]] Result<std::uint64_t> parse_count(std::string_view text,
                                                std::uint64_t high);

enum class TextEncoding { utf8, latin1, windows1252 };

// "utf-8", "latin-1" or "windows-1252"; error bad_encoding names these.
[[nodiscard]] Result<TextEncoding> text_encoding(std::string_view name);

// Bytes in a legacy encoding as UTF-8. Error: bad_encoding with the offset.
[[nodiscard]] Result<std::string> decode_text(ByteView bytes, TextEncoding encoding);

}  // namespace urna::base
