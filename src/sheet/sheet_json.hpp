// Sheets as JSON and CSV, for people who type numbers in, for tests, and for programs
// that read a sheet without its text format. JSON is a way in and out, never what is
// hashed or signed. docs/formats/tally-sheet.md describes both.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "base/csv.hpp"
#include "base/json.hpp"
#include "base/report.hpp"
#include "election/definition.hpp"
#include "sheet/box_count.hpp"
#include "sheet/sheet.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::sheet {

[[nodiscard]] base::Json to_json(const SheetFields& fields);

// Everything wrong goes to the report; a missing or null count is "not stated".
[[nodiscard]] std::optional<SheetFields> sheet_from_json(const base::Json& json,
                                                         const std::string& file,
                                                         base::Report& report);

[[nodiscard]] std::optional<BoxCountFields> box_count_from_json(const base::Json& json,
                                                                const std::string& file,
                                                                base::Report& report);

// A table with the columns station, contest, item, value: one number a row. With a
// contest, the item is an option's code, BALLOTS, BLANK or NULL; without, it is a key
// of the sheet's text (REGISTERED, CAST, ...). Gives one imported sheet for every
// station of the table, in its order; what has no row is 0 votes or "not stated".
[[nodiscard]] std::vector<SheetFields> sheets_from_csv(
    const base::CsvTable& table, const election::Definition& definition,
    base::Report& report);

}  // namespace urna::sheet
