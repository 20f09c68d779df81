// A demonstration station: examples/town with fresh keys, two officials' sticks, a
// drawer of tokens, an open poll. Everything is made on the spot and good for nothing
// else: the definition's mode is "demo", every print says TEST, and the joint key's
// secret is thrown away. Called by `urna-machine --demo` and by the benchmark.
//
// Thread rule: one thread. Secrets: keys and PINs of a demonstration.
#pragma once

#include "machine/machine.hpp"

#include <string>
#include <vector>

namespace urna::machine {

struct DemoStation {
  std::vector<Credential> officials;  // two, with their PINs
  std::vector<std::string> tokens;    // characters, in random order
  crypto::PublicKey anchor;
  std::unique_ptr<Machine> machine;
};

struct DemoPlan {
  std::string definition = "examples/town";
  std::string station = "N01";
  std::string folder;  // machine's folder and, inside it, the sticks
  std::uint32_t voters = 400;
};

// Makes everything anew; `place.folder` and `place.sticks` must be empty. Ends with
// open polls.
[[nodiscard]] Result<DemoStation> make_demo(Ports ports, Place place,
                                            const DemoPlan& plan);

}  // namespace urna::machine
