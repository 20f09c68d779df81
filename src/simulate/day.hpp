// A whole election day in one process, from a seed: check-in, machines, network,
// centre, witnesses, trustees, result, verification, all through their real classes on
// scripted clocks, disks, printers and randomness, with faults and at most one cheat.
// The same seed gives the same day, byte for byte.
//
// What must hold after every voter: votes cast = records = papers in the box = what
// voters were told. What must hold in the end: the sheets, the papers and the decrypted
// totals are the same numbers; an honest record passes every check of the verifier; a
// dishonest one fails the check that is named for its cheat.
//
// Thread rule: a day uses one thread; several days may run at once.
#pragma once

#include "simulate/cheat.hpp"

#include <string>
#include <vector>

namespace urna::simulate {

struct DayPlan {
  std::string example = "examples/town";
  std::uint64_t seed = 1;
  std::size_t voters = 8;   // on the roll of each of the three stations
  std::uint32_t risk = 12;  // a fault about once in so many steps; 0: none
  Cheat cheat = Cheat::none;
};

struct DayReport {
  std::vector<std::string> problems;  // none: everything held
  std::string diary;
  std::uint32_t cast = 0;  // votes at all stations
};

// Error only when the example cannot be read.
[[nodiscard]] Result<DayReport> simulate_day(const DayPlan& plan);

}  // namespace urna::simulate
