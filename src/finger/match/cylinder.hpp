// The bit descriptors of all minutiae of a print (Descriptor in prepared.hpp). Internal
// to src/finger/match.
//
// Thread rule: pure functions. Holds biometric personal data.
#pragma once

#include "finger/match/prepared.hpp"

namespace urna::finger {

// Fills in p.descriptor from the places, directions and coverage of p. With AVX-512
// where the processor has it (filter_uses_vectors()); the portable way sets the same
// bits.
void describe_neighbourhoods(Prepared& p);
void describe_neighbourhoods_portable(Prepared& p);

}  // namespace urna::finger
