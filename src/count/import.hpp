// Station results from a table: a CSV file and a mapping that says which column is
// what (docs/formats/count-import.md).
//
// Thread rule: pure functions. Public data.
#pragma once

#include "base/json.hpp"
#include "base/report.hpp"
#include "count/document.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace urna::count {

// One piece of a station's code: a column, padded with zeros on the left, or a text.
struct CodePart {
  std::string column;
  std::string text;
  std::size_t width = 0;
};

struct ContestColumns {
  std::string contest;  // a contest code, or "*" for every contest of the station
  std::vector<std::pair<std::string, std::string>> options;   // option code, column
  std::vector<std::pair<std::string, std::string>> by_party;  // party code, column
  std::optional<std::string> blank;
  std::optional<std::string> null_votes;
};

struct Mapping {
  std::vector<CodePart> station;
  std::optional<std::string> registered;
  std::optional<std::string> cast;
  std::vector<ContestColumns> contests;
  std::string encoding = "utf-8";
  char separator = ',';
  // Not empty: these are not votes of this election, and why they are counted in it.
  Said hypothetical;
};

// Every mistake goes to the report; nullopt when there is one.
[[nodiscard]] std::optional<Mapping> read_mapping(const base::Json& json,
                                                  const std::string& file,
                                                  base::Report& report);

// Adds one document a row. Rows that cannot be used become documents with a flaw, so
// that the count lists them. A mapping that does not fit the table or the definition
// is reported and adds nothing.
void import_table(const election::Definition& definition, const Mapping& mapping,
                  std::string text, const std::string& file, Documents& documents,
                  base::Report& report);

}  // namespace urna::count
