// The canonical text of a sheet, written and read. Only the text: what the numbers
// may say is checked by Sheet. Called by sheet.cpp alone. Plain functions.
#pragma once

#include "sheet/sheet.hpp"

namespace urna::sheet {

// Fields must have been checked (codes in the character set).
[[nodiscard]] std::string write_sheet_text(const SheetFields& fields);

[[nodiscard]] Result<SheetFields> read_sheet_text(std::string_view text);

}  // namespace urna::sheet
