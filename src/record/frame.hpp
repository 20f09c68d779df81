// What every station is checked against: the log's index, the definition, the election
// key, who may sign. Read and checked once for the record; then shared, unchanged, by
// all threads that verify stations.
//
// Thread rule: immutable once made. Public data.
#pragma once

#include "count/decision.hpp"
#include "log/note.hpp"
#include "record/index.hpp"
#include "record/report.hpp"
#include "sheet/officials.hpp"
#include "trustees/election_key.hpp"
#include "trustees/partial.hpp"

#include <optional>
#include <string>
#include <vector>

namespace urna::record {

// What the person who verifies knows from elsewhere. Whatever is missing here is not
// checked, and the report says so.
struct Trust {
  std::optional<log::VerifierKey> log_key;
  std::optional<Hash32> election;     // He
  std::optional<std::string> policy;  // a witness policy (docs/formats/log-policy.md)
  std::vector<std::string> seen;      // checkpoints seen before, as signed notes
};

struct Frame {
  base::FileSystem* files = nullptr;
  std::string folder;
  Index index;
  RecordReport report;

  std::optional<election::Definition> definition;
  std::optional<trustees::ElectionKey> key;
  std::optional<trustees::SmallLog<trustees::R>> totals_log;
  std::vector<crypto::PublicKey> authorities;  // that certify devices
  std::vector<sheet::TrustedOfficial> officials;
  count::Decisions decisions;

  // The package of a station that counts: the only one, or the one that a decision
  // names. Errors: not_in_record, in_conflict.
  [[nodiscard]] Result<Hash32> package_of(std::string_view station) const;
  // SHA-256 over everything that decides about a station beside the election itself:
  // its entries, and who may sign for it. Changes when one of these does.
  [[nodiscard]] Hash32 fingerprint(std::string_view station) const;
  // The only version of a document. Errors: not_in_record, in_conflict, blob_missing,
  // blob_changed.
  [[nodiscard]] Result<Bytes> document(std::string_view kind,
                                       std::string_view name) const;
};

// Reads the log and everything that is checked once. Error not_a_record when there is
// nothing to check; whatever else is wrong is in the report.
[[nodiscard]] Result<Frame> read_frame(base::FileSystem& files,
                                       const std::string& folder, const Trust& trust);

}  // namespace urna::record
