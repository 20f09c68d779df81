// The text in the QR code of Venezuela's tally sheets of 2024 (and 2021), as an import
// format: `CCCCCCCCC.MM.T.NNNN!v1,v2,...!nulls!blanks`. A centre of nine digits, a
// table of two, the election's volume, the sheet's number; the votes of every card in
// ballot order; null votes; blank votes. It says nothing about voters, machine or
// time and is not signed, so what is made of it is an unsigned, imported sheet.
// Source: the parsers published with the 2024 sheets; docs/formats/tally-sheet.md.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "sheet/sheet.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace urna::sheet {

struct Venezuela2024 {
  std::string centre;           // nine digits
  std::string table;            // two digits
  std::uint32_t volume = 1;     // one digit
  std::string number = "0001";  // four digits
  std::vector<std::uint32_t> votes;
  std::uint32_t null_votes = 0;
  std::uint32_t blank = 0;

  // Centre and table together, the station's code: "22010300701".
  [[nodiscard]] std::string station() const { return centre + table; }
};

// Strict: parse and to_text are inverse. Error: bad_import.
[[nodiscard]] Result<Venezuela2024> parse_venezuela_2024(std::string_view text);
[[nodiscard]] std::string to_text(const Venezuela2024& acta);

// The sheet of one contest with one vote a voter. `options` are the codes of the
// cards in ballot order. Error: import_mismatch when their number differs.
[[nodiscard]] Result<Sheet> to_sheet(const Venezuela2024& acta, Mode mode,
                                     const Hash32& election, std::string_view contest,
                                     const std::vector<std::string>& options);

}  // namespace urna::sheet
