// An award in words and as JSON: every quotient and every step, in Spanish or English.
#pragma once

#include "base/json.hpp"
#include "seats/allocation.hpp"
#include "seats/parallel.hpp"

#include <string>

namespace urna::seats {

enum class Language { english, spanish };

// A table of seats, then the steps one by one, then the quotients. `steps` false: only
// the table and what waits for lots.
[[nodiscard]] std::string explain(const Allocation& award, Language language,
                                  bool steps = true);

// Everything, names instead of indexes, fractions as text ("1249/2").
[[nodiscard]] base::Json to_json(const Allocation& award);
[[nodiscard]] base::Json to_json(const ParallelResult& result);

// "lots are needed: draw 1 of A, B, C (equal remainders ...)"
[[nodiscard]] std::string lots_text(const LotsNeeded& lots, Language language);

}  // namespace urna::seats
