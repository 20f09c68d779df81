// Whether a definition can be voted on with sealed ballots. A definition may be good
// for counting paper or imported results and still ask for what the sealed ballot
// (docs/formats/ballot.md) cannot prove or keep secret. Called by `urna election
// check --sealed`, by the key ceremony and by the machine before they accept a
// definition.
//
// Thread rule: pure functions on immutable data. Public data only.
#pragma once

#include "base/report.hpp"
#include "election/definition.hpp"

namespace urna::election {

// The proof of a contest grows with its limit; the ballot format stops here.
inline constexpr std::uint32_t kMaxSealedLimit = 20;

// Adds to the report every reason why sealed voting is refused (problems) and what
// weakens secrecy (warnings).
void check_sealed_voting(const Definition& definition, base::Report& report);

}  // namespace urna::election
