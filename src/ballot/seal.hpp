// Sealing: a voter's choices become a ballot that anybody can check and nobody can
// read. Called by the voting machine, once for each decision to print.
//
// Every operation that depends on the choices, the seed or the proofs' randomness runs
// in constant time through libsodium, and the ballot's size depends on the style alone
// (seal_ct_test.cpp marks the secrets undefined under valgrind). Thread rule: pure
// function of its inputs and of `random`.
#pragma once

#include "ballot/choices.hpp"
#include "ballot/joint_key.hpp"
#include "ballot/opening.hpp"
#include "ballot/station.hpp"
#include "base/clock.hpp"

namespace urna::ballot {

struct Sealed {
  Bytes ballot;  // public once cast, challenged or voided
  Hash32 code;   // its confirmation code, printed before the voter decides
  Seed seed;     // SECRET: wiped once cast or voided, released when challenged
};

// Errors: bad_style when the station does not use this style or segment; no_random.
[[nodiscard]] Result<Sealed> seal(const Station& station, std::uint32_t style,
                                  std::uint32_t segment, const JointKey& key,
                                  const Choices& choices, base::Random& random);

}  // namespace urna::ballot
