// Which documents a centre takes, found out from their bytes alone, and which sheets
// they speak of. docs/center-api.md lists the kinds.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "election/definition.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace urna::center {

// As the record calls them (record/index.hpp), and one that it does not have: a signed
// tally sheet that came without its package, from photographs or as a file.
inline constexpr std::string_view kSheetKind = "sheet";

struct SheetName {
  std::uint32_t segment = 0;  // 0: not said (box counts, officials' signatures)
  Hash32 digest{};
  friend bool operator==(const SheetName&, const SheetName&) = default;
};

struct Identified {
  std::string kind;
  std::string name;     // a station's code, or a device's label
  std::string station;  // empty: of no station, or of all of them
  std::vector<SheetName> sheets;
};

// Layout only: nothing is verified. Errors: not_accepted; document_too_long for a kind
// whose documents are shorter.
[[nodiscard]] Result<Identified> identify_document(ByteView bytes);

// "1:HEX 2:HEX", for the store.
[[nodiscard]] std::string sheets_text(const std::vector<SheetName>& sheets);
[[nodiscard]] std::vector<SheetName> parse_sheets_text(std::string_view text);

// Longest document of any kind.
inline constexpr std::uint64_t kLongestDocument = std::uint64_t{1} << 27;

}  // namespace urna::center
