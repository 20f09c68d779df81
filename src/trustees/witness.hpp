// Whether a package stands in a witnessed checkpoint of the transparency log: what a
// trustee asks for before it decrypts, so that no package can be decrypted that the
// world does not see.
//
// Thread rule: pure functions. Public data only.
#pragma once

#include "log/note.hpp"

#include <string>
#include <vector>

namespace urna::trustees {

// Whose signatures count: the log's, and those of at least `quorum` of the witnesses.
struct WitnessPolicy {
  log::VerifierKey log;
  std::vector<log::VerifierKey> witnesses;
  std::uint32_t quorum = 1;
};

// The evidence that comes with a package.
struct Inclusion {
  std::string checkpoint;     // a signed note
  std::uint64_t index = 0;    // of the entry in the log
  std::vector<Hash32> proof;  // RFC 9162 section 2.1.3
};

// `entry` is what the log holds for the package. Error not_witnessed says what is
// missing.
[[nodiscard]] Result<void> check_witnessed(const WitnessPolicy& policy, ByteView entry,
                                           const Inclusion& inclusion);

}  // namespace urna::trustees
