// What check-in's service says about a station, as JSON (docs/check-in-api.md). Names
// voters of this station; never a token.
//
// Thread rule: pure functions of a station that nobody changes meanwhile.
#pragma once

#include "base/json.hpp"
#include "checkin/station.hpp"

namespace urna::checkin {

// Everything that a page shows; `demo` says whether it has a demonstration beside it.
[[nodiscard]] base::Json state_view(const Station& station, bool demo);
// A voter of the roll, by place. The station has a package.
[[nodiscard]] base::Json voter_view(const Station& station, std::size_t place);
// Name and address of a station, and its code.
[[nodiscard]] base::Json station_view(const Station& station,
                                      election::StationIndex index);
[[nodiscard]] base::Json capture_view(const Capture& capture);

}  // namespace urna::checkin
