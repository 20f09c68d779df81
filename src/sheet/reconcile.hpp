// The equalities that must hold at every polling station. Nothing here refuses a
// sheet: each equality is shown with both sides, holding, failing, or not stated, and
// those that fail are what people see first. Called by the count, the print and
// `urna sheet show`.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "sheet/box_count.hpp"
#include "sheet/sheet.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace urna::sheet {

enum class Equality : std::uint8_t {
  outcomes,     // matched + not matched + ... = checked in
  tokens,       // checked in = tokens issued
  activations,  // tokens issued + activated by officials = activated + unused tokens
  sessions,     // activated = cast + ended without a vote
  sealed,       // sealed = cast + challenged + voided
  box,          // papers in the box = cast
};

inline constexpr std::array kEqualities{Equality::outcomes,    Equality::tokens,
                                        Equality::activations, Equality::sessions,
                                        Equality::sealed,      Equality::box};

struct EqualityResult {
  Equality equality;
  Count left;
  Count right;
  [[nodiscard]] bool stated() const { return left && right; }
  [[nodiscard]] bool holds() const { return stated() && *left == *right; }
  [[nodiscard]] bool fails() const { return stated() && *left != *right; }
};

// All equalities of one station, over the sheets of all its segments: what machines
// count is added and must be stated by each; check-in and unused tokens are on the
// sheet of the segment that read the slip. Without a box count the papers are not
// stated ("box not yet counted").
[[nodiscard]] std::vector<EqualityResult> reconcile(
    std::span<const SheetFields* const> segments, const BoxCountFields* box = nullptr);
[[nodiscard]] std::vector<EqualityResult> reconcile(
    const SheetFields& only_segment, const BoxCountFields* box = nullptr);

// A number that people counted on the papers and the sheets state otherwise. None when
// a machine of the station did not count: its sheet states no votes.
struct HandCountDifference {
  std::string contest;
  std::string item;  // the option's code, "blank" or "null"
  std::uint64_t on_paper = 0;
  std::uint64_t on_sheets = 0;  // of all segments together
};
[[nodiscard]] std::vector<HandCountDifference> hand_count_differences(
    std::span<const SheetFields* const> segments, const BoxCountFields& box);

// "tokens" and what it says in words, "checked in = tokens issued"; languages other
// than "es" get English.
[[nodiscard]] std::string_view equality_name(Equality equality);
[[nodiscard]] std::string_view equality_text(Equality equality,
                                             std::string_view language);

}  // namespace urna::sheet
