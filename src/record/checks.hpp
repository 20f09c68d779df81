// The fixed list of checks of `urna verify`: each has a number, a name, what it checks
// and what it means when it fails, in plain words. docs/verification.md is the same
// table for people (a test compares them). Numbers never change meaning.
//
// Thread rule: constants. Public data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace urna::record {

enum class Check : std::uint8_t {
  log_key = 1,
  checkpoint,
  witnesses,
  history,
  tree,
  entries,
  documents,
  conflicts,
  definition,
  election_key,
  ceremony,
  trust_root,
  certificates,
  decisions,
  package,
  package_signature,
  ballot_box,
  proofs,
  openings,
  unique,
  order,
  roots,
  sheets,
  counts,
  equalities,
  box_count,
  officials,
  events,
  exclusion,
  decryptions,
  decrypted_totals,
  sheet_totals,
  stations,
  totals,
  seats,
};

enum class Scope : std::uint8_t {
  record,   // once for the record
  station,  // once for every station
  result,   // once, from all stations together
};

struct CheckInfo {
  Check check;
  std::string_view name;
  Scope scope;
  std::string_view says;   // what holds when it passes
  std::string_view means;  // what a failure means for a voter
};

inline constexpr std::size_t kChecks = 35;
[[nodiscard]] std::span<const CheckInfo, kChecks> checks();
[[nodiscard]] const CheckInfo& info(Check check);
[[nodiscard]] inline unsigned number(Check check) {
  return static_cast<unsigned>(check);
}
[[nodiscard]] std::optional<Check> find_check(std::string_view name);

}  // namespace urna::record
