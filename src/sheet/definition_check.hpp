// A sheet held against the election definition: is it of this election, does the
// station exist, and are the contests exactly those of its ballot? Called by the
// count, the record and `urna sheet verify` before a sheet's numbers are used.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "election/definition.hpp"
#include "sheet/sheet.hpp"

#include <vector>

namespace urna::sheet {

// The sheet's station. Errors: not_this_election, not_in_definition (the station),
// differs_from_definition (mode, contests, options or limits; the message names the
// first difference).
[[nodiscard]] Result<election::StationIndex> check_definition(
    const SheetFields& fields, const election::Definition& definition);

// The numbers in the order of election::BallotStyle: for every contest its options,
// blank, null; none for a sheet that is not counted. For sheets that passed
// check_definition; "not stated" becomes 0.
[[nodiscard]] std::vector<std::uint64_t> to_row(const SheetFields& fields);

// An empty sheet of a station: every contest and option of its ballot with 0 votes and
// everything else not stated. What makers and imports start from.
[[nodiscard]] SheetFields blank_sheet(const election::Definition& definition,
                                      election::StationIndex station);

}  // namespace urna::sheet
