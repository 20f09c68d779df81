// What a station's decryption is about: for every contest and field, the sum of the
// ciphertexts of the valid cast ballots. Everybody computes it from the package; the
// trustees' programs never take it from anyone.
//
// Fields of a contest are its options, then the blank indicator. Contests on which no
// ballot was cast have total 0 and are not decrypted.
//
// Thread rule: plain values. Public data only.
#pragma once

#include "trustees/decryption_proof.hpp"
#include "trustees/payload.hpp"

#include <string>
#include <vector>

namespace urna::trustees {

struct ContestSums {
  std::uint32_t contest = 0;          // index into the definition
  std::uint64_t ballots = 0;          // valid cast ballots that have this contest
  std::vector<Ciphertext<R>> fields;  // options, then blank
};

struct StationSums {
  std::string station;                  // code
  std::vector<std::uint32_t> segments;  // declared in the package, ascending
  Hash32 package{};                     // hash of the station package
  std::vector<ContestSums> contests;    // ascending by contest
  std::vector<Hash32> excluded;         // leaf hashes of faulty ballots, ascending
};

// The statement that trustees prove: the fields of all contests with ballots, in order.
// Error bad_sums for contests or segments out of order, or a contest without fields.
[[nodiscard]] Result<DecryptionStatement<R>> statement_of(const Hash32& election_hash,
                                                          const StationSums& sums);

// What the log holds for the package of these sums (log/document.hpp): kind
// kPackageKind, the station's code, the hash of the package.
inline constexpr std::string_view kPackageKind = "package";
[[nodiscard]] Bytes package_entry(const StationSums& sums);

}  // namespace urna::trustees
