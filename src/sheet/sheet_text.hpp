// The canonical text of a sheet, written and read. Only the text: what the numbers
// may say is checked by Sheet. Called by sheet.cpp
// and box_count.cpp. Plain functions.
#pragma once

#include "sheet/sheet.hpp"

namespace urna::sheet {

// Fields must have been checked (codes in the character set).
[[nodiscard]] std::string write_sheet_text(const SheetFields& fields);

[[nodiscard]] Result<SheetFields> read_sheet_text(std::string_view text);

// One contest of a sheet or of a box count.
void write_contest(FieldWriter& w, const ContestResult& contest);
[[nodiscard]] Result<ContestResult> read_contest(FieldReader& r);

// Codes, number of options, limit, and numbers that a station can count; not the sums.
[[nodiscard]] Result<void> check_contest_codes(const ContestResult& contest);

}  // namespace urna::sheet
