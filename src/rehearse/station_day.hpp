// One station's election day, played by a program through the machine's real requests
// (docs/machine-api.md): officials open, voters vote, some test the machine or start
// again, officials close, sign and export. Then the machine's signed sheet is held
// against what the voters remember. For rehearsals and the demonstration; it knows what
// everybody chose, so it must never meet real voters.
//
// Thread rule: one thread. The PINs of a rehearsal.
#pragma once

#include "base/result.hpp"
#include "rehearse/check_in.hpp"
#include "sheet/sheet.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace urna::rehearse {

struct Plan {
  std::string machine;  // its address, http://127.0.0.1:8080
  std::vector<StickAndPin> officials;
  // Where voters get their tokens: at check-in, or from this list.
  CheckInPlan check_in;
  std::vector<std::string> tokens;
  std::uint32_t voters = 100;  // at most as many as there are tokens or ID numbers
  std::uint64_t seed = 1;
  // Called when all of them have voted: guests may still do so.
  std::function<void()> before_closing;
};

// What the voters remember together, in the order of the ballot.
struct Memory {
  struct Contest {
    std::string code;
    std::vector<std::uint32_t> votes;
    std::uint32_t blank = 0;
  };
  std::vector<Contest> contests;
  std::uint32_t cast = 0;
  std::uint32_t challenged = 0;
  std::uint32_t voided = 0;
  std::optional<std::uint32_t> checked_in;  // with the guests
  // Whoever else voted, by the machine's counts; what they chose is theirs.
  struct Guests {
    std::uint32_t cast = 0;
    std::uint32_t challenged = 0;
    std::uint32_t voided = 0;
  } guests;
};

// Opens, votes, closes, signs, and exports onto the first official's stick. Errors:
// those of HTTP, and refused with what the machine said.
[[nodiscard]] Result<Memory> play(const Plan& plan, base::FileSystem& files);

// Every difference between memory and a sheet, one a line; empty: none.
[[nodiscard]] std::string differences(const Memory& memory,
                                      const sheet::SheetFields& fields);

}  // namespace urna::rehearse
