// The reference verifier: one ballot at a time, every equation by itself, with
// libsodium's arithmetic only. Slow and plain on purpose: the batch verifier
// (batch.hpp) must give the same verdict on every input.
//
// Thread rule: pure functions. Public data only.
#pragma once

#include "ballot/ballot_bytes.hpp"
#include "ballot/joint_key.hpp"

#include <optional>

namespace urna::ballot {

// The first fault of a ballot in the fixed order of fault.hpp: header, scalars,
// points, identities, then the equations as they lie in the ballot; nothing when the
// ballot is well-formed and its proofs hold.
[[nodiscard]] std::optional<Fault> verify_ballot(const Station& station,
                                                 const JointKey& key, ByteView bytes);

}  // namespace urna::ballot
