// Tally sheets as documents of the count: held against the definition, signatures
// verified on all cores, the equalities of every station looked at.
//
// Thread rule: add_sheets() runs threads of its own; one caller at a time. Public data.
#pragma once

#include "base/report.hpp"
#include "count/document.hpp"
#include "sheet/box_count.hpp"
#include "sheet/signed_sheet.hpp"

#include <string>
#include <utility>
#include <vector>

namespace urna::count {

// What was found in files and pictures, before it is held against anything.
struct SheetSources {
  struct Found {
    std::string source;  // file or picture
    Result<sheet::SignedSheet> sheet;
  };
  std::vector<Found> sheets{};
  std::vector<std::pair<std::string, sheet::SignedBoxCount>> boxes{};
};

struct SheetPolicy {
  // Sheets that a machine made must carry a good signature. Without this they are
  // counted anyway and the report says so: for rehearsals only.
  bool require_signatures = true;
  unsigned threads = 0;  // 0: as many as the machine has
};

// Adds one document for every sheet, good or flawed. Box counts that fit their sheet
// take part in the station's equalities; the others are findings of the report.
void add_sheets(const election::Definition& definition, SheetSources sources,
                const SheetPolicy& policy, Documents& documents, base::Report& report);

}  // namespace urna::count
