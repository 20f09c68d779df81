// Large elections to test and measure with: a definition made from a list of stations
// with their state, municipality, parish and circuit, for a presidential contest or for
// an assembly of 277 seats. Tests, fuzz targets and benchmarks only.
#pragma once

#include "count/count.hpp"
#include "count/import.hpp"
#include "election/definition.hpp"
#include "sheet/signed_sheet.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace urna::count::testing {

struct StationRow {
  std::string code;
  std::string state, municipality, parish,
      circuit;  // as numbers: "1", "7", "12", "101"
  std::string name;
  std::optional<std::uint32_t> registered{};
};

struct NationOptions {
  std::optional<std::uint64_t> roll{};  // the published roll of the nation
  bool assembly = false;                // 277 seats instead of a president
  std::vector<std::string> parties{"EG", "NM", "LM", "JABE", "JOBR",
                                   "AE", "CF", "DC", "EM",   "BERA"};
  std::vector<Hash32> device_authorities{};  // keys that certify machines
};

[[nodiscard]] election::DefinitionFiles nation_files(
    const std::vector<StationRow>& stations, const NationOptions& options);
[[nodiscard]] election::Definition nation(const std::vector<StationRow>& stations,
                                          const NationOptions& options);

// Stations spread over 24 states and 87 circuits, and a table of their votes with the
// columns code,registered,EG,NM,...,null. The same `seed` gives the same table.
struct Synthetic {
  std::vector<StationRow> stations;
  std::string table;
};
[[nodiscard]] Synthetic synthetic_nation(std::size_t stations, std::uint64_t seed);

// The mapping for that table; for the assembly, "what if" these were its votes.
[[nodiscard]] Mapping synthetic_mapping(const NationOptions& options);

// The signed sheet of a station in the file form of docs/formats/tally-sheet.md, by a
// device that the key of sheet::testing::authority_key() certifies. Two options of
// every contest share the votes; `seed` varies them.
[[nodiscard]] sheet::SheetFields sheet_fields(const election::Definition& definition,
                                              election::StationIndex station,
                                              std::uint32_t seed);
[[nodiscard]] sheet::SignedSheet sign(const sheet::SheetFields& fields);

// Unwraps or throws, for tests.
[[nodiscard]] base::Json parse(std::string_view text);

}  // namespace urna::count::testing
