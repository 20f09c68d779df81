// An electoral roll as a table, turned into one Roll a station. The mapping says which
// columns hold what, so that a roll need not be rewritten; every problem is reported by
// row, and a roll with a problem gives nothing.
//
// Each voter's station is named by a column, or only the area is: then the area's
// voters are dealt, in ascending order of ID numbers, to its stations in the order of
// the definition, each filled to its registered number, or evenly where the definition
// states none. docs/formats/roll-import.md.
//
// Thread rule: free functions. Personal and biometric data.
#pragma once

#include "base/csv.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "checkin/roll.hpp"
#include "election/definition.hpp"

namespace urna::checkin {

struct RollMapping {
  base::TextEncoding encoding = base::TextEncoding::utf8;
  char separator = ',';
  std::string id, surnames, names;  // columns; names may be empty when one has all
  std::string station, area;        // one of them
  std::vector<std::pair<finger::FingerPosition, std::string>> prints;  // columns
};

// Every problem goes to the report.
[[nodiscard]] std::optional<RollMapping> read_mapping(const base::Json& json,
                                                      const std::string& file,
                                                      base::Report& report);

// `prints` is the folder that the cells of print columns are relative to: templates,
// minutiae records or images, of which only the template is kept. One Roll for every
// station of the definition, in its order, also when it has no voter. Nothing when the
// report has a problem.
[[nodiscard]] std::vector<Roll> import_roll(base::FileSystem& files,
                                            const base::CsvTable& table,
                                            const RollMapping& mapping,
                                            const std::string& prints,
                                            const election::Definition& definition,
                                            base::Report& report);

}  // namespace urna::checkin
