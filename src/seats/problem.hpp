// Seat problems as files: what `urna seats` reads and what this room's test cases are
// written in. A JSON problem names everything (docs/formats/seats.md); a CSV table
// gives only the lists, and the rules come from options.
#pragma once

#include "base/json.hpp"
#include "base/report.hpp"
#include "seats/allocation.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::seats {

struct Problem {
  Contest contest{};
  Rules rules{};
  bool overhang = false;  // compensatory with overhang, instead of a plain award
  std::vector<Drawing> drawings{};
};

// Every problem found goes to the report; the value is usable only if the report is ok.
[[nodiscard]] Problem read_problem(const base::Json& json, const std::string& file,
                                   const std::string& pointer, base::Report& report);

// A table with columns `list,votes` and optionally `alliance`, `candidates`,
// `districts_won`. A row named "blank" in no list: use the option for blank votes.
[[nodiscard]] Contest read_lists(std::string text, const std::string& file,
                                 base::Report& report);

[[nodiscard]] std::vector<Drawing> read_drawings(const base::Json& json,
                                                 const std::string& file,
                                                 const std::string& pointer,
                                                 base::Report& report);

// Runs the problem as its fields say.
[[nodiscard]] Result<Allocation> solve(const Problem& problem);

}  // namespace urna::seats
