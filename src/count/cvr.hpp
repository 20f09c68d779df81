// Cast-vote records in NIST's common data format (SP 1500-103, version 1), tabulated:
// the way to check a count against records that somebody else's machines made.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace urna::count {

// Votes by contest selection id. Of each record the current snapshot counts, and in it
// the marks that are allocable (IsAllocable "yes"), each with its number of votes.
// Ranked marks are not votes: a contest of ranks needs its own method. Error: bad_cvr.
[[nodiscard]] Result<std::map<std::string, std::uint64_t>> tabulate_cvr(
    const base::Json& report);

}  // namespace urna::count
