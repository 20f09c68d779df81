// The inside of the loader: what its parts share while the files of a definition are
// read and checked. Nothing outside src/election includes this.
//
// The parts run in a fixed order (parse_definition): header, areas, stations, parties,
// contests, contenders, awards, and what is derived from all of them. Each part adds
// to the model whatever it can, even from rows with problems, so that later parts do
// not report a missing area a thousand times because one name was empty. Whether the
// model is good is decided once, at the end: by the report.
#pragma once

#include "base/csv.hpp"
#include "base/json.hpp"
#include "base/report.hpp"
#include "election/definition.hpp"
#include "election/errors.hpp"
#include "election/model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace urna::election {

inline constexpr std::string_view kFormat = "urna-election-1";
inline constexpr std::string_view kHeaderFile = "election.json";

// Keys are views into the tables and the header, which Loading keeps alive.
using CodeMap = std::unordered_map<std::string_view, std::uint32_t>;

// A column "name" for a text that is the same in every language, and columns "name:es"
// ... for texts that differ. A row uses the one or the others.
struct TextColumns {
  std::string base;
  std::optional<std::size_t> same;
  std::vector<std::optional<std::size_t>> by_language;
};

struct Loading;

// A table whose columns have been checked against what the format knows.
class Rows {
 public:
  struct Column {
    std::string_view name;
    bool required = true;
  };

  // Reads `file`. Columns that the format does not know and required ones that are
  // missing are reported. Nullopt: there is no usable table (reported, unless the file
  // is optional and absent).
  [[nodiscard]] static std::optional<Rows> open(
      Loading& loading, std::string_view file, const std::vector<Column>& columns,
      const std::vector<std::string_view>& texts, bool optional_file);

  [[nodiscard]] std::size_t size() const { return table_->rows(); }
  // Empty when the table has no such column. `column` is an index into `columns`.
  [[nodiscard]] std::string_view cell(std::size_t row, std::size_t column) const {
    const auto at = at_[column];
    return at ? table_->cell(row, *at) : std::string_view();
  }
  [[nodiscard]] base::Place place(std::size_t row, std::string_view field) const {
    return table_->place(row, field);
  }

  // The text of a row; reports what is missing or malformed. `text` is an index into
  // the `texts` given to open().
  [[nodiscard]] Text text(Loading& loading, std::size_t row, std::size_t text,
                          bool required, std::size_t limit, bool lines = false) const;

  // The code in `column`, reported and empty when malformed.
  [[nodiscard]] std::string_view code(Loading& loading, std::size_t row,
                                      std::size_t column,
                                      std::string_view column_name) const;

  // A whole number, or `absent` for an empty cell; reported and `absent` when
  // malformed.
  [[nodiscard]] std::optional<std::uint64_t> number(Loading& loading, std::size_t row,
                                                    std::size_t column,
                                                    std::string_view column_name,
                                                    std::uint64_t low,
                                                    std::uint64_t high) const;

 private:
  const base::CsvTable* table_ = nullptr;
  std::vector<std::optional<std::size_t>> at_;
  std::vector<TextColumns> texts_;
};

// Where a row of the model came from.
struct Origin {
  std::string_view file;
  std::size_t line = 0;
  [[nodiscard]] base::Place place(std::string_view field = {}) const {
    return {std::string(file), line, std::string(field)};
  }
};

struct Loading {
  const DefinitionFiles& files;
  base::Report& report;
  Model model{};

  std::vector<std::unique_ptr<base::CsvTable>> tables{};
  base::Json header{};
  CodeMap kinds{}, areas{}, stations{}, parties{}, alliances{}, contests{}, awards{};
  bool areas_usable = false;  // else references to areas are not reported
  bool parties_usable = false;
  bool contests_usable = false;

  std::vector<Origin> area_origin{}, station_origin{}, party_origin{},
      alliance_origin{}, contest_origin{};
  std::vector<std::optional<std::uint64_t>> area_seats{};  // declared in areas.csv
  std::vector<std::vector<AreaIndex>> area_within{};  // all areas around, and itself
  std::vector<std::string_view> contest_awards{};     // the cell, not yet resolved
  std::vector<bool> contest_by_party{};               // options in party order

  [[nodiscard]] const std::string* file(std::string_view name) const;
  [[nodiscard]] std::size_t languages() const { return model.languages.size(); }
};

// What is wrong with a text that people will see, as the end of a sentence ("it ...");
// nullopt when nothing is. `lines`: line breaks are allowed.
[[nodiscard]] std::optional<std::string> text_fault(std::string_view text, bool lines);

inline constexpr std::size_t kTitleLimit = 200;
inline constexpr std::size_t kTextLimit = 4000;

// Reports a bad text at `place`; returns whether it is good.
bool check_text(Loading& loading, std::string_view text, const base::Place& place,
                std::size_t limit, bool lines = false);

// A text from JSON: {"es": ..., "en": ...}, or one string for all languages.
[[nodiscard]] Text json_text(Loading& loading, const base::Json* value,
                             const std::string& pointer, std::size_t limit);

// A code from JSON, reported and empty when malformed.
[[nodiscard]] std::string json_code(Loading& loading,
                                    const std::optional<std::string>& value,
                                    const std::string& pointer);

// Adds a code to its map; reports a second use. Returns whether it was new.
bool claim_code(Loading& loading, CodeMap& map, std::string_view code,
                std::uint32_t index, const base::Place& place, std::string_view what);

// 32 bytes as 64 lower-case hexadecimal digits, reported when malformed or all zero.
[[nodiscard]] std::optional<Hash32> public_key(Loading& loading, std::string_view text,
                                               const base::Place& place);

[[nodiscard]] bool is_colour(std::string_view text);

// "A;B;C" in parts, empty for an empty cell.
[[nodiscard]] std::vector<std::string_view> split(std::string_view cell,
                                                  char separator);

// A share written as "3/100".
[[nodiscard]] std::optional<Share> parse_share(std::string_view text);

// The parts of the loader, in the order they run.
bool load_header(Loading& loading);  // false: nothing else can be read
void load_areas(Loading& loading);
void load_stations(Loading& loading);
void load_parties(Loading& loading);
void load_contests(Loading& loading);
void load_awards(Loading& loading);  // the rules
void load_contenders(Loading& loading);
void link_awards(Loading& loading);  // the rules and the contests
void load_officials(Loading& loading);
void derive_places(Loading& loading);
void derive_styles(Loading& loading);
void check_numbers(Loading& loading);

}  // namespace urna::election
