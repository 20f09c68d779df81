#include "base/csv.hpp"

#include "base/binary.hpp"
#include "base/errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace urna::base {

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::ranges::find(header_, name);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

// Walks the text once. A row is gathered in `row_` and moved to the table only when
// it is whole, so that a bad row leaves nothing behind.
class CsvParser {
 public:
  CsvParser(std::string text, std::string file, Report& report, CsvOptions options)
      : report_(report), options_(options) {
    table_.file_ = std::move(file);
    table_.text_ = std::make_shared<const std::string>(std::move(text));
    rest_ = *table_.text_;
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  CsvTable run() {
    if (!usable()) return std::move(table_);
    while (!rest_.empty()) {
      const std::size_t start = line_;
      row_.clear();
      if (!read_row()) continue;  // reported; the rest of the line is skipped
      if (row_.size() == 1 && row_[0].empty()) continue;  // an empty line
      accept(start);
      if (table_.header_.empty()) break;
    }
    if (table_.header_.empty() && report_.ok()) {
      report_.problem(errors::csv_header, {table_.file_, 1, {}}, "the table is empty",
                      "its first line names the columns");
    }
    return std::move(table_);
  }

 private:
  bool usable() {
    if (rest_.size() > options_.max_bytes) {
      report_.problem(errors::too_long, {table_.file_, 0, {}},
                      fmt::format("the table has {} bytes; at most {} are read",
                                  rest_.size(), options_.max_bytes));
      return false;
    }
    if (is_utf8(rest_)) return true;
    std::size_t line = 1;
    for (std::string_view text = rest_; !text.empty(); ++line) {
      const std::size_t end = std::min(text.find('\n'), text.size() - 1);
      if (!is_utf8(text.substr(0, end + 1))) break;
      text.remove_prefix(end + 1);
    }
    report_.problem(errors::bad_utf8, {table_.file_, line, {}},
                    "this line is not valid UTF-8",
                    "save the table as UTF-8, or name its encoding when importing");
    return false;
  }

  void accept(std::size_t start) {
    if (table_.header_.empty()) {
      for (std::size_t i = 0; i < row_.size(); ++i) {
        if (row_[i].empty() || std::ranges::count(row_, row_[i]) > 1) {
          report_.problem(
              errors::csv_header, {table_.file_, start, {}},
              fmt::format("column {} has {}", i + 1,
                          row_[i].empty() ? "no name" : "the name of another column"),
              "give every column its own name");
          return;
        }
      }
      table_.header_ = row_;
      // One row a line at most: growing step by step would touch the memory twice.
      const auto lines = static_cast<std::size_t>(std::ranges::count(rest_, '\n')) + 1;
      table_.cells_.reserve(lines * row_.size());
      table_.lines_.reserve(lines);
      return;
    }
    if (row_.size() != table_.header_.size()) {
      report_.problem(errors::csv_columns, {table_.file_, start, {}},
                      fmt::format("this row has {} cells, the header has {}",
                                  row_.size(), table_.header_.size()),
                      "look for a missing or an unquoted comma");
      return;
    }
    table_.cells_.insert(table_.cells_.end(), row_.begin(), row_.end());
    table_.lines_.push_back(static_cast<std::uint32_t>(start));
  }

  // Reads up to and including the line end. False: reported, line skipped.
  bool read_row() {
    while (true) {
      const bool ok = rest_.starts_with('"') ? quoted_cell() : plain_cell();
      if (!ok) return skip_line();
      if (rest_.empty()) return true;
      if (rest_.front() == options_.separator) {
        rest_.remove_prefix(1);
        if (rest_.empty()) row_.emplace_back();
        if (rest_.empty()) return true;
        continue;
      }
      if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
      if (rest_.front() != '\n') {
        bad("unexpected text after a closing quote");
        return skip_line();
      }
      rest_.remove_prefix(1);
      ++line_;
      return true;
    }
  }

  bool plain_cell() {
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != options_.separator &&
           rest_[end] != '\n') {
      if (rest_[end] == '"') return bad("a quote in the middle of an unquoted cell");
      ++end;
    }
    std::string_view cell = rest_.substr(0, end);
    if (end < rest_.size() && rest_[end] == '\n' && cell.ends_with('\r')) {
      cell.remove_suffix(1);
    }
    row_.push_back(cell);
    rest_.remove_prefix(end);
    return true;
  }

  bool quoted_cell() {
    rest_.remove_prefix(1);
    const std::string_view start = rest_;
    bool doubled = false;
    std::size_t end = 0;
    while (true) {
      end = start.find('"', end);
      if (end == std::string_view::npos) return bad("a quoted cell is never closed");
      if (end + 1 >= start.size() || start[end + 1] != '"') break;
      doubled = true;
      end += 2;
    }
    std::string_view cell = start.substr(0, end);
    line_ += static_cast<std::size_t>(std::ranges::count(cell, '\n'));
    if (doubled) {
      std::string plain;
      for (std::size_t i = 0; i < cell.size(); ++i) {
        plain += cell[i];
        if (cell[i] == '"') ++i;
      }
      table_.unquoted_.push_back(std::make_shared<const std::string>(std::move(plain)));
      cell = *table_.unquoted_.back();
    }
    row_.push_back(cell);
    rest_ = start.substr(end + 1);
    return true;
  }

  bool bad(std::string_view what) {
    report_.problem(errors::bad_csv, {table_.file_, line_, {}}, std::string(what),
                    "put the cell in double quotes and double the quotes inside it");
    return false;
  }

  bool skip_line() {
    const std::size_t end = rest_.find('\n');
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++line_;
    return false;
  }

  Report& report_;
  CsvOptions options_;
  CsvTable table_;
  std::string_view rest_;
  std::size_t line_ = 1;
  std::vector<std::string_view> row_;
};

CsvTable parse_csv(std::string text, std::string file, Report& report,
                   CsvOptions options) {
  return CsvParser(std::move(text), std::move(file), report, options).run();
}

std::string csv_row(const std::vector<std::string>& cells, char separator) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += separator;
    const std::string& cell = cells[i];
    if (cell.find_first_of(std::string("\"\r\n") + separator) == std::string::npos) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) out += c == '"' ? "\"\"" : std::string(1, c);
    out += '"';
  }
  return out + "\n";
}

Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t high) {
  std::uint64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool digits = ec == std::errc() && end == text.data() + text.size();
  const bool canonical = text.size() == 1 || !text.starts_with('0');
  if (!digits || !canonical || value > high) {
    return fail(errors::bad_number,
                fmt::format("'{}' is not a whole number from 0 to {}",
                            text.substr(0, 40), high),
                "write digits only, without spaces, points or leading zeros");
  }
  return value;
}

Result<TextEncoding> text_encoding(std::string_view name) {
  if (name == "utf-8") return TextEncoding::utf8;
  if (name == "latin-1") return TextEncoding::latin1;
  if (name == "windows-1252") return TextEncoding::windows1252;
  return fail(errors::bad_encoding, fmt::format("unknown text encoding '{}'", name),
              "use utf-8, latin-1 or windows-1252");
}

Result<std::string> decode_text(ByteView bytes, TextEncoding encoding) {
  if (encoding == TextEncoding::utf8) {
    if (!is_utf8(as_text(bytes))) {
      return fail(errors::bad_encoding, "the text is not valid UTF-8",
                  "name its real encoding, for instance windows-1252");
    }
    return std::string(as_text(bytes));
  }
  // WHATWG index for windows-1252, 0x80 to 0x9F; 0 marks the five unused bytes.
  static constexpr std::array<std::uint16_t, 32> kUpper = {
      0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
      0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::uint32_t point = bytes[i];
    if (encoding == TextEncoding::windows1252 && point >= 0x80 && point < 0xA0) {
      point = kUpper[point - 0x80];
      if (point == 0) {
        return fail(errors::bad_encoding,
                    fmt::format("byte 0x{:02x} at offset {} has no meaning in "
                                "windows-1252",
                                bytes[i], i));
      }
    }
    if (point < 0x80) {
      out += static_cast<char>(point);
    } else if (point < 0x800) {
      out += static_cast<char>(0xC0 | (point >> 6));
      out += static_cast<char>(0x80 | (point & 0x3F));
    } else {
      out += static_cast<char>(0xE0 | (point >> 12));
      out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (point & 0x3F));
    }
  }
  return out;
}

}  // namespace urna::base
