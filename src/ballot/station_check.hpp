// What must hold among all ballots of one station together, cast, challenged and
// voided: no identifier, code or ciphertext twice (a copied or replayed ballot), no
// identifier with two decisions, and each group sorted by confirmation code, so that
// its order says nothing.
//
// Called once for every ballot, in file order, after its bytes were read. Memory: 32
// bytes and a little for each ciphertext of the station. Thread rule: one thread.
#pragma once

#include "ballot/ballot_bytes.hpp"

#include <array>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace urna::ballot {

enum class Decision : std::uint8_t { cast = 1, challenged = 2, voided = 3 };

[[nodiscard]] std::string_view decision_name(Decision decision);

class StationCheck {
 public:
  explicit StationCheck(const Station& station);

  // The first fault of this ballot against all earlier ones; nothing when it is new.
  [[nodiscard]] std::optional<Fault> add(Decision decision, const BallotBytes& ballot);

 private:
  // Mixes all 32 bytes with secret multipliers, so that nobody can choose identifiers
  // that fall into one slot.
  struct Mix {
    std::array<std::uint64_t, 4> by;
    std::size_t operator()(const ByteArray<32>& key) const;
  };

  const Station& station_;
  std::unordered_map<ByteArray<32>, Decision, Mix> ids_;
  std::unordered_set<ByteArray<32>, Mix> codes_;
  std::unordered_set<ByteArray<32>, Mix> alphas_;
  std::array<std::optional<Hash32>, 4> last_code_;  // by decision
};

}  // namespace urna::ballot
