// A trustee's program on counting night, and its refusal to become a decryption oracle:
// whoever gets two sets of ballots decrypted that differ by one ballot learns that
// ballot. So, before anything is released, and in this order:
//
//   1. the sums were computed by this program from ballots it verified itself;
//   2. the package stands in a checkpoint that enough witnesses signed;
//   3. excluded ballots, if any, are each named in a signed decision;
//   4. the ledger holds no other package for this station and any of its segments;
//   5. the ledger entry (He, station, segment, package hash) is durable.
//
// A package may be decrypted again (the file got lost): the M_f are the same. Another
// package for the station never is; corrections are settled on paper and sheets.
//
// Thread rule: one desk, one thread, and one running program for one ledger. Secret.
#pragma once

#include "trustees/decision.hpp"
#include "trustees/partial.hpp"
#include "trustees/witness.hpp"

namespace urna::trustees {

// The durable memory of what was decrypted: one small file for each station and
// segment, in a folder of the trustee's own.
class Ledger {
 public:
  Ledger(base::FileSystem& files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}

  // Durably records the package for all its segments, or finds it recorded. Errors:
  // second_package when one of them has another; ledger_damaged when an entry cannot
  // be read: then nothing may be released for it.
  [[nodiscard]] Result<void> record(const Hash32& election_hash,
                                    const StationSums& sums);

 private:
  [[nodiscard]] std::string path(const Hash32& election_hash, std::string_view station,
                                 std::uint32_t segment) const;
  base::FileSystem& files_;
  std::string folder_;
};

class DecryptionDesk {
 public:
  // Error bad_private_file when the share is not the trustee's part of this key.
  [[nodiscard]] static Result<DecryptionDesk> open(
      base::FileSystem& files, base::Random& random, std::string ledger_folder,
      const ElectionKey& key, KeyShare share, TrusteeKeys keys, log::Policy policy,
      std::vector<crypto::PublicKey> decision_keys);

  // `decision` is null when nothing was excluded. Errors: not_witnessed,
  // excluded_ballots, bad_decision, second_package, ledger_damaged.
  [[nodiscard]] Result<Partial> decrypt(const StationSums& sums,
                                        const log::Receipt& receipt,
                                        const Decision* decision);

 private:
  DecryptionDesk(base::Random& random, Ledger ledger, const ElectionKey& key,
                 KeyShare share, TrusteeKeys keys, log::Policy policy,
                 std::vector<crypto::PublicKey> decision_keys)
      : random_(random),
        ledger_(std::move(ledger)),
        key_(key),
        share_(std::move(share)),
        keys_(std::move(keys)),
        policy_(std::move(policy)),
        decision_keys_(std::move(decision_keys)) {}

  [[nodiscard]] Result<void> check_exclusions(const StationSums& sums,
                                              const Decision* decision) const;

  base::Random& random_;
  Ledger ledger_;
  ElectionKey key_;
  KeyShare share_;
  TrusteeKeys keys_;
  log::Policy policy_;
  std::vector<crypto::PublicKey> decision_keys_;
};

}  // namespace urna::trustees
