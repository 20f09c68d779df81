// One trustee's decryption of one station as a signed file, and the combination of any
// k of them into totals. A wrong, forged or foreign file is named and left out; it
// never stands in the way of the others. Byte layout: docs/formats/decryption.md.
//
// Thread rule: plain values and pure functions. make_partial handles a secret.
#pragma once

#include "crypto/sign.hpp"
#include "trustees/board.hpp"
#include "trustees/election_key.hpp"
#include "trustees/private_files.hpp"
#include "trustees/small_log.hpp"
#include "trustees/sums.hpp"

#include <optional>

namespace urna::trustees {

struct Partial {
  Hash32 election_hash{};
  std::string station;
  std::vector<std::uint32_t> segments;
  Hash32 package{};
  DecryptionShare<R> share;
  crypto::Signature signature{};

  [[nodiscard]] Bytes encode() const;
  // Layout and encodings only; error bad_partial.
  [[nodiscard]] static Result<Partial> decode(ByteView bytes);
};

// For the guard (decryption_desk.hpp) only: computes M_f and the proof and signs.
[[nodiscard]] Result<Partial> make_partial(base::Random& random,
                                           const StationSums& sums,
                                           const KeyShare& share,
                                           const Element& public_share,
                                           const crypto::SigningKey& key);

// Whether the file is this trustee's correct decryption of exactly these sums. Errors:
// bad_partial, other_package, crypto's bad_signature, partial_proof; each names the
// trustee.
[[nodiscard]] Result<void> check_partial(const ElectionKey& key,
                                         const StationSums& sums,
                                         const Partial& partial);

struct ContestTotals {
  std::uint32_t contest = 0;
  std::vector<std::uint64_t> fields;  // options, then blank
};

struct StationTotals {
  std::vector<ContestTotals> contests;
  std::vector<std::uint32_t> used;  // the k trustees whose shares were combined
};

struct Combination {
  std::optional<StationTotals> totals;  // when at least k files are good
  std::vector<Fault> faults;            // every file left out, and why
  std::optional<Error> error;           // why there are no totals: too_few, no_total
};

// Baby steps for totals under one key: make it once, use it for every station.
[[nodiscard]] SmallLog<R> totals_log(const ElectionKey& key,
                                     std::uint32_t table_size = 2048);

[[nodiscard]] Combination combine_partials(const ElectionKey& key,
                                           const SmallLog<R>& log,
                                           const StationSums& sums,
                                           std::span<const NamedFile> files);

}  // namespace urna::trustees
