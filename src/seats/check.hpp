// Checks of a finished award that do not repeat it: they look only at votes and seats.
// Used by tests, by `urna seats`, and by anyone who has a published award to check.
#pragma once

#include "seats/allocation.hpp"

#include <optional>
#include <string>

namespace urna::seats {

// What is wrong with an award, in one sentence, or nothing.
//
// Divisor methods: the min-max inequality (Balinski and Young 2001, appendix A): no
// list's next quotient exceeds any winner's last one. Quota methods: no list is more
// than one seat away from its exact share, as long as nobody ran out of candidates.
// All: seats and unassigned seats add up to the house, and nobody without votes has a
// seat.
[[nodiscard]] std::optional<std::string> find_flaw(const Contest& contest,
                                                   const Rules& rules,
                                                   const Allocation& award);

}  // namespace urna::seats
