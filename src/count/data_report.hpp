// The count for programs: one JSON document with everything, and a table in the layout
// of OpenElections (county, precinct, office, district, party, candidate, votes).
#pragma once

#include "base/json.hpp"
#include "count/count.hpp"

#include <string>

namespace urna::count {

// Summary, conflicts, contests, awards, house, every area and every station. Numbers
// are those of the tally sheets: options in ballot order, blank, null.
[[nodiscard]] base::Json json_report(const Count& count);

// One row for each counted station, contest and option; "Registered Voters" and
// "Ballots Cast" as offices of their own, "Blank" and "Null" as candidates, as the
// OpenElections files do.
[[nodiscard]] std::string open_elections_csv(const Count& count);

}  // namespace urna::count
