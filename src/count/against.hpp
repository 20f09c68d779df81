// A count set beside a result that somebody published: every contest's numbers side by
// side, and what contradicts. A published total below the sum of signed sheets, or a
// station whose published numbers are not those of its sheet, is a contradiction; a
// published total above the sum is not, because sheets may be missing here.
//
// Called by `urna count --against`. Thread rule: pure functions. Public data.
#pragma once

#include "base/json.hpp"
#include "count/count.hpp"
#include "seats/explain.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::count {

struct Beside {
  election::ContestIndex contest = 0;
  std::string field;  // option's code, "blank" or "null"
  std::uint64_t counted = 0;
  std::optional<std::uint64_t> published{};  // nothing: the document does not state it
};

struct Against {
  std::vector<Beside> numbers;        // in the definition's order
  std::vector<Said> contradictions;   // worst first: stations, then totals
  std::size_t stations_compared = 0;  // station by station, where published
};

// `published` is what `urna count --json` writes (also the results site's
// data/results.json) or the record's results.json. Error bad_published.
[[nodiscard]] Result<Against> set_beside(const Count& count,
                                         const base::Json& published);

// For people: a table and the list, worst first.
[[nodiscard]] std::string against_text(const Count& count, const Against& against,
                                       seats::Language language);

}  // namespace urna::count
