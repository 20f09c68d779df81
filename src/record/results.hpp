// The results document: totals and seats as the record publishes them, and as the
// verifier derives them again. One function makes it from the stations' decrypted
// totals; a published one is compared with what that function gives, place by place.
// docs/formats/record.md describes the document.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "base/json.hpp"
#include "record/frame.hpp"
#include "seats/allocation.hpp"

#include <map>
#include <string>

namespace urna::record {

// Decrypted totals by station code.
using Rows = std::map<std::string, std::vector<std::uint64_t>, std::less<>>;

struct Derived {
  base::Json json;  // the whole document
  std::uint64_t counted = 0;
  std::vector<seats::LotsNeeded> lots;  // ties that wait for a drawing
};

// Errors: those of the totals and of the awards.
[[nodiscard]] Result<Derived> derive_results(const Frame& frame, const Rows& rows,
                                             std::uint64_t cast);

// The first place where two documents differ: "/contests/0/blank: 4, not 5".
struct Difference {
  std::string pointer;
  std::string published;
  std::string derived;
};
[[nodiscard]] std::vector<Difference> differences(const base::Json& published,
                                                  const base::Json& derived);

// The checks `stations`, `totals` and `seats` over all station reports.
void check_results(const Frame& frame, Report& report);

}  // namespace urna::record
