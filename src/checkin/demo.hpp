// A demonstration of check-in: a station of examples/town with invented voters, fresh
// keys, two officials' sticks and synthetic fingers. Everything is made on the spot;
// the definition's mode is "demo" and every print says TEST. Called by `urna-checkin
// --demo`, the API test and the benchmark.
//
// Thread rule: one thread. Secrets: keys and PINs of a demonstration.
#pragma once

#include "checkin/demo_roll.hpp"
#include "checkin/station.hpp"
#include "checkin/synthetic_scanner.hpp"

#include <memory>

namespace urna::checkin {

struct DemoStation {
  std::vector<Credential> officials;
  std::vector<std::string> with_prints;
  std::unique_ptr<Station> station;
};

// Makes everything anew in place.folder and place.sticks, which must be empty, and
// writes "token-pool" (for a voting machine) beside them. With `open` the two officials
// have opened check-in.
[[nodiscard]] Result<DemoStation> make_demo(Ports ports, const Place& place,
                                            const DemoPlan& plan, bool open = true);

}  // namespace urna::checkin
