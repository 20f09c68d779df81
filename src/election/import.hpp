// Polling stations from somebody else's table: a CSV file and a mapping that says which
// column is what (docs/formats/stations-import.md) become the areas.csv and
// stations.csv of a definition. Codes are decoded, names cleaned, contradictions
// between rows named; nothing is guessed and nothing is dropped in silence.
//
// Thread rule: pure functions but for the files they write. Public data.
#pragma once

#include "base/file.hpp"
#include "base/report.hpp"

#include <cstddef>
#include <string>

namespace urna::election {

struct ImportSummary {
  std::size_t areas = 0;
  std::size_t stations = 0;
  std::size_t not_stated = 0;  // stations whose registered voters are not stated
};

// The two tables as text.
struct ImportedTables {
  std::string areas;
  std::string stations;
  ImportSummary summary;
};

// Everything wrong with the mapping or the rows goes to the report; no tables when
// there is a problem.
[[nodiscard]] std::optional<ImportedTables> import_tables(
    std::string_view mapping, const std::string& mapping_file, ByteView table,
    const std::string& table_file, base::Report& report);

// Reads both files and writes areas.csv and stations.csv into `folder`, which may hold
// other files of a definition but not these two. Error folder_not_empty.
[[nodiscard]] Result<ImportSummary> import_stations(base::FileSystem& files,
                                                    const std::string& table,
                                                    const std::string& mapping,
                                                    const std::string& folder,
                                                    base::Report& report);

}  // namespace urna::election
