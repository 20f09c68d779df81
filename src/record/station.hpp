// The verification of one station: from the bytes of its documents to its decrypted
// totals, every check of the station's scope. The map of the map over stations.
//
// Thread rule: pure function of an unchanging Frame; many threads may run it at once.
// Public data.
#pragma once

#include "ballot/box.hpp"
#include "record/frame.hpp"

namespace urna::record {

struct StationOptions {
  unsigned threads = 1;    // inside the station, for its ballots
  bool reference = false;  // one proof at a time with libsodium, instead of batches
};

[[nodiscard]] StationReport verify_station(const Frame& frame,
                                           election::StationIndex station,
                                           const StationOptions& options = {});

// The size of the station's package in bytes, for planning; 0 when there is none.
[[nodiscard]] std::uint64_t package_size(const Frame& frame, std::string_view station);

// "cast ballot 3 (MLYP-FVYR-...)".
[[nodiscard]] std::string ballot_title(const ballot::Box& box, std::size_t position);

}  // namespace urna::record
