// What a ballot's proofs claim, as numbers: the challenges and responses of every
// branch of every proof, with the challenges recomputed from the public inputs. Both
// verifiers start here, so they cannot disagree about what is to be checked.
//
// Thread rule: pure functions. Public data only.
#pragma once

#include "ballot/ballot_bytes.hpp"
#include "ballot/fault.hpp"
#include "group/scalar.hpp"

#include <vector>

namespace urna::ballot {

// One branch: challenge share, response, and the value it is about.
struct BranchClaim {
  group::Scalar challenge;
  group::Scalar response;
  group::Scalar value;
};

struct OptionClaim {
  BranchClaim branch[2];  // the option is not chosen; the option is chosen
};

struct ContestClaim {
  std::vector<OptionClaim> options;
  group::Scalar gamma;
  std::vector<BranchClaim> branches;  // blank, then 1 to min(limit, options) votes
};

// The claims of all contests of a ballot whose bytes were read at `station`. The only
// fault is bad_scalar, naming the first scalar that is not canonical.
[[nodiscard]] Checked<std::vector<ContestClaim>> read_claims(const Station& station,
                                                             const BallotBytes& ballot);

}  // namespace urna::ballot
