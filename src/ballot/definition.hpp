// Ballot styles and stations as an election definition states them: what a machine
// seals for, and what a verifier that holds the definition demands of a package. A
// style's number is its index in the definition, its contests stand in the
// definition's order, and a contest's options are the definition's options.
//
// Thread rule: pure functions on immutable data. Public data only.
#pragma once

#include "ballot/station.hpp"
#include "election/definition.hpp"

namespace urna::ballot {

// Error bad_style when sealed voting is refused: a limit above kMaxLimit, for example.
[[nodiscard]] Result<BallotStyle> style_of(const election::Definition& definition,
                                           election::StyleIndex style);

// The station with its only style and the segments it declared. `election_hash` is He,
// the result of the key ceremony, and not the definition's own hash.
[[nodiscard]] Result<Station> station_of(const election::Definition& definition,
                                         election::StationIndex station,
                                         const Hash32& election_hash,
                                         std::vector<std::uint32_t> segments);

}  // namespace urna::ballot
