// From a station's package to the sums that trustees decrypt. Everything is checked
// here, by the program that will use the sums: that the package is for this election,
// key and station, that its ballot style is the definition's, and every ballot's
// proofs. Faulty ballots are left out of the sums and named by the hash of their bytes.
//
// The package is a station package (docs/formats/station-package.md) or, for
// rehearsals, a ballot box file; its hash is SHA-256 of the file, and package_entry()
// is what the transparency log holds for it.
//
// Thread rule: pure function. Public data only.
#pragma once

#include "ballot/box.hpp"
#include "election/definition.hpp"
#include "trustees/election_key.hpp"
#include "trustees/sums.hpp"

namespace urna::trustees {

struct CheckedPackage {
  StationSums sums;
  std::vector<std::string> findings;  // one sentence for every faulty ballot
};

// `threads` as in ballot::check_box. Errors: ballot's bad_box; station_failing when the
// package belongs to another election, key or station of the definition.
[[nodiscard]] Result<CheckedPackage> check_package(
    const election::Definition& definition, const ElectionKey& key, ByteView bytes,
    unsigned threads = 0);

// The same in two steps, for verifiers that check the ballots themselves: that the box
// is for this election and key, and of a station of the definition with its ballot
// style (error station_failing); then the sums of a box whose ballots have been
// checked, with `report` of ballot::check_box and the package's hash.
[[nodiscard]] Result<election::StationIndex> check_belongs(
    const election::Definition& definition, const ElectionKey& key,
    const ballot::Box& box);
[[nodiscard]] Result<CheckedPackage> sum_package(const election::Definition& definition,
                                                 const ballot::Box& box,
                                                 const Hash32& hash,
                                                 const ballot::BoxReport& report);

}  // namespace urna::trustees
