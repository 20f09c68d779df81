// The tampering table: many ways in which somebody could falsify a record, and for each
// the check that must catch it. Two kinds of rows:
//
//   files      a copy of the finished record in which bytes of a file were changed,
//   cut,
//              removed: what a careless or malicious mirror can do;
//   documents  other documents, logged and signed by the log as if they were honest,
//   and
//              signed again where the attacker has the key: what the log's operator, a
//              machine or a trustee can do.
//
// A row passes when the verifier fails the row's check, and no row's record verifies.
// Thread rule: one thread. Tests, benchmarks and the second verifier only.
#pragma once

#include "record/checks.hpp"
#include "record/frame.hpp"
#include "record/testing/world.hpp"

#include <functional>
#include <string>
#include <vector>

namespace urna::record::testing {

struct Tampering {
  std::string name;  // unique: what was done, where
  Check caught_by{};
  // `documents` changes the list before it is logged; `files` changes files of the
  // finished record.
  std::function<void(World&, Documents&)> documents{};
  std::function<void(base::FileSystem&, const std::string& folder)> files{};
  std::string station{};  // whose package is changed; empty when none is
  // What whoever verifies knows, beside the log's key and the election hash.
  std::function<void(World&, Trust&)> trust{};
};

// The whole table for a World made of examples/town. At least 500 rows.
[[nodiscard]] std::vector<Tampering> tamperings(World& world);

// The honest record and, with other histories, honest ones of the same election: rows
// without a check that must catch anything.
[[nodiscard]] std::vector<Tampering> honest_records();

// What whoever verifies the row's record is given.
[[nodiscard]] Trust trust_of(World& world, const Tampering& row);

// Writes the row's record into `folder`.
[[nodiscard]] Result<void> write_tampered(base::FileSystem& files,
                                          const std::string& folder, World& world,
                                          const Tampering& row);

}  // namespace urna::record::testing
