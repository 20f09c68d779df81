// Who cheats on a simulated day, how, and the named check of the verifier that must
// catch it. A day has at most one cheat.
//
// Thread rule: plain values.
#pragma once

#include "ballot/package.hpp"
#include "record/checks.hpp"
#include "simulate/diary.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace urna::simulate {

enum class Cheat : std::uint8_t {
  none,
  // The machine of the second station lies in its package, and signs.
  wrong_totals,
  dropped_ballot,
  added_ballot,
  altered_ballot,
  foreign_sheet,
  // The second trustee gives a share that is not of its key.
  wrong_share,
  // The centre, which holds the log's key.
  rewritten_history,
  split_view,
  changed_results,
};

struct CheatInfo {
  Cheat cheat;
  std::string_view name;
  std::string_view says;
  std::vector<record::Check> caught_by;
};
[[nodiscard]] std::span<const CheatInfo> cheats();
[[nodiscard]] const CheatInfo& info(Cheat cheat);
[[nodiscard]] std::optional<Cheat> find_cheat(std::string_view name);

// What a dishonest machine makes of its honest package; `other` is another station's.
// Unchanged for cheats that are not a machine's.
[[nodiscard]] Result<Bytes> falsify_package(Cheat cheat, Bytes honest,
                                            const Bytes& other,
                                            const crypto::SigningKey& device,
                                            base::Random& random);

}  // namespace urna::simulate
