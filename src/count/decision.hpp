// Recorded decisions: what an electoral board decided about results in conflict, and
// the lots it drew. The count applies them and shows them; it never decides itself.
// docs/formats/decision.md is normative for the file.
//
// Thread rule: plain values. Public data.
#pragma once

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/report.hpp"
#include "seats/allocation.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::count {

struct Decision {
  std::string station{};          // the station's code, as the conflict shows it
  std::vector<Hash32> counted{};  // these documents count; none: nothing is counted
  std::vector<std::string> decided_by{};
  std::string reason{};
  std::string date{};
};

struct Decisions {
  std::optional<Hash32> election{};
  std::vector<Decision> decisions{};
  std::vector<seats::Drawing> drawings{};
  std::string file{};
};

// Every mistake goes to the report with its JSON pointer; usable only if that is ok.
[[nodiscard]] Decisions read_decisions(const base::Json& json, const std::string& file,
                                       base::Report& report);

}  // namespace urna::count
