// The count in NIST's common data format: Election Results Reporting version 2 (SP
// 1500-100r2), as JSON. Areas and stations are reporting units, every contest carries
// its votes for each of them, and awards carry counts of the type "seats".
//
// What the format has no word for: blank votes stand as undervotes and null votes as
// overvotes of contests with one vote; a count is never "certified" here, since only
// an authority certifies.
#pragma once

#include "base/json.hpp"
#include "count/count.hpp"

#include <string>

namespace urna::count {

struct ErrOptions {
  std::string generated;  // "2020-12-06T23:10:00-04:00"
  bool stations = false;  // votes station by station too ("precinct-level")
};

[[nodiscard]] base::Json err_report(const Count& count, const ErrOptions& options);

}  // namespace urna::count
