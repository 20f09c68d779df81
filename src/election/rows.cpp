#include "base/errors.hpp"
#include "election/loading.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::election {
namespace {

// Columns for the people who keep the tables; read over, but hashed like all bytes.
bool is_remark(std::string_view column) {
  return column == "note" || column == "source";
}

std::string known_columns(const std::vector<Rows::Column>& columns,
                          const std::vector<std::string_view>& texts) {
  std::string out;
  const auto add = [&](std::string_view name) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", name);
  };
  for (const auto& column : columns) add(column.name);
  for (const auto text : texts) add(fmt::format("{}:LANGUAGE", text));
  return out;
}

}  // namespace

const std::string* Loading::file(std::string_view name) const {
  for (const auto& [file_name, bytes] : files.files) {
    if (file_name == name) return &bytes;
  }
  return nullptr;
}

std::optional<Rows> Rows::open(Loading& loading, std::string_view file,
                               const std::vector<Column>& columns,
                               const std::vector<std::string_view>& texts,
                               bool optional_file) {
  base::Report& report = loading.report;
  const std::string name(file);
  const std::string* bytes = loading.file(file);
  if (bytes == nullptr) {
    if (!optional_file) {
      report.problem(errors::file_needed, {name, 0, {}},
                     fmt::format("the definition has no {}", file),
                     "add the table; docs/formats/definition.md describes it");
    }
    return std::nullopt;
  }
  base::Report found;
  loading.tables.push_back(
      std::make_unique<base::CsvTable>(base::parse_csv(*bytes, name, found)));
  report.merge(std::move(found));
  const base::CsvTable& table = *loading.tables.back();
  if (table.header().empty()) return std::nullopt;

  Rows rows;
  rows.table_ = &table;
  bool usable = true;
  for (const Column& column : columns) {
    rows.at_.push_back(table.column(column.name));
    if (rows.at_.back() || !column.required) continue;
    report.problem(base::errors::csv_header, {name, 1, std::string(column.name)},
                   fmt::format("the table has no column '{}'", column.name), "add it");
    usable = false;
  }
  for (const std::string_view text : texts) {
    TextColumns found_columns{std::string(text), table.column(text), {}};
    for (const std::string& language : loading.model.languages) {
      found_columns.by_language.push_back(
          table.column(fmt::format("{}:{}", text, language)));
    }
    rows.texts_.push_back(std::move(found_columns));
  }
  for (const std::string_view header : table.header()) {
    if (is_remark(header)) continue;
    if (std::ranges::any_of(columns, [&](const auto& c) { return c.name == header; })) {
      continue;
    }
    const std::string_view base_name = header.substr(0, header.find(':'));
    const bool is_text = std::ranges::find(texts, base_name) != texts.end();
    if (is_text && base_name == header) continue;
    if (is_text) {
      const std::string_view language = header.substr(base_name.size() + 1);
      if (std::ranges::find(loading.model.languages, language) !=
          loading.model.languages.end()) {
        continue;
      }
      report.problem(errors::bad_language, {name, 1, std::string(header)},
                     fmt::format("'{}' is not a language of this election", language),
                     "name it in election.json, or remove the column");
      continue;
    }
    report.problem(base::errors::csv_header, {name, 1, std::string(header)},
                   fmt::format("the format has no column '{}' in {}", header, file),
                   fmt::format("use {}; 'note' and 'source' are free for remarks",
                               known_columns(columns, texts)));
  }
  if (!usable) return std::nullopt;
  return rows;
}

Text Rows::text(Loading& loading, std::size_t row, std::size_t text, bool required,
                std::size_t limit, bool lines) const {
  const TextColumns& columns = texts_[text];
  const std::string_view same =
      columns.same ? table_->cell(row, *columns.same) : std::string_view();
  std::vector<std::string> texts;
  std::size_t filled = 0;
  for (const auto& column : columns.by_language) {
    texts.emplace_back(column ? table_->cell(row, *column) : std::string_view());
    if (!texts.back().empty()) ++filled;
  }
  if (!same.empty()) {
    check_text(loading, same, place(row, columns.base), limit, lines);
    if (filled > 0) {
      loading.report.problem(
          errors::bad_value, place(row, columns.base),
          fmt::format("the row has a '{0}' for all languages and a '{0}:...' too",
                      columns.base),
          "fill the one or the others");
    }
    return Text(std::string(same));
  }
  if (filled == 0 && !required) return Text();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string field =
        fmt::format("{}:{}", columns.base, loading.model.languages[i]);
    if (texts[i].empty()) {
      loading.report.problem(
          errors::text_missing, place(row, field),
          fmt::format("the text is missing in '{}'", loading.model.languages[i]),
          fmt::format("write it, or use a column '{}' for all languages",
                      columns.base));
    } else {
      check_text(loading, texts[i], place(row, field), limit, lines);
    }
  }
  return Text(std::move(texts));
}

std::string_view Rows::code(Loading& loading, std::size_t row, std::size_t column,
                            std::string_view column_name) const {
  const std::string_view code = cell(row, column);
  if (is_code(code)) return code;
  loading.report.problem(
      errors::bad_code, place(row, column_name),
      code.empty() ? "the code is missing"
                   : fmt::format("{} is not a code", base::json_quoted(code)),
      "use 1 to 16 characters, only capital letters A-Z and digits 0-9");
  return {};
}

std::optional<std::uint64_t> Rows::number(Loading& loading, std::size_t row,
                                          std::size_t column,
                                          std::string_view column_name,
                                          std::uint64_t low, std::uint64_t high) const {
  const std::string_view text = cell(row, column);
  if (text.empty()) return std::nullopt;
  const auto value = base::parse_count(text, high);
  if (value && *value >= low) return *value;
  loading.report.problem(base::errors::bad_number, place(row, column_name),
                         fmt::format("{} is not a whole number from {} to {}",
                                     base::json_quoted(text), low, high),
                         "write digits only, without spaces, points or leading zeros");
  return std::nullopt;
}

}  // namespace urna::election
