// The people of a demonstration: invented voters, of whom the first few of one station
// have two stored thumbs, grown from numbers, so that a fresh impression of each can be
// put on the reader. Called by `urna-checkin --demo`, by `urna-checkin roll` (which
// writes them as a table for `urna roll import`), by tests and by the benchmark.
//
// Thread rule: one thread; grown fingers are remembered. No person's data.
#pragma once

#include "base/file.hpp"
#include "checkin/roll.hpp"
#include "checkin/synthetic_scanner.hpp"
#include "election/definition.hpp"

namespace urna::checkin {

struct DemoPlan {
  std::string definition = "examples/town";
  std::string station = "N01";
  std::size_t voters = 410;
  std::size_t elsewhere = 20;   // voters of each other station
  std::size_t with_prints = 6;  // the station's first so many have two stored thumbs
  std::uint64_t seed = 1;
};

enum class Placing : std::uint8_t { careful, hurried };

// The finger of a demonstration's voter; a new impression for every `touch`.
[[nodiscard]] finger::Image demo_impression(const DemoPlan& plan, std::size_t voter,
                                            finger::FingerPosition position,
                                            std::uint64_t touch,
                                            Placing placing = Placing::careful);
// "V10000000" and up.
[[nodiscard]] std::string demo_id(std::size_t voter);
// Somebody of another station.
[[nodiscard]] std::string demo_id_elsewhere();
[[nodiscard]] std::vector<std::string> demo_ids_with_prints(const DemoPlan& plan);
// Puts that finger of the voter with this ID number on the reader. Error not_found.
[[nodiscard]] Result<void> put_demo_finger(SyntheticScanner& scanner,
                                           const DemoPlan& plan, std::string_view id,
                                           finger::FingerPosition position,
                                           std::uint64_t touch, Placing placing);

// The invented voters of every station, in the definition's order.
[[nodiscard]] Result<std::vector<Roll>> demo_rolls(
    const election::Definition& definition, const DemoPlan& plan);

// The same people as `urna roll import` takes them: roll.csv, mapping.json, and the
// stored prints in a folder of their own. The folder is new.
[[nodiscard]] Result<void> write_demo_roll(base::FileSystem& files,
                                           const std::string& folder,
                                           const DemoPlan& plan);

}  // namespace urna::checkin
