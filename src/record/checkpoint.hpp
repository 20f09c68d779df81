// The signed head of a record as it lies in its folder, and its entries. Called by the
// verifier, by whoever adds to a record, and by `urna record status`.
//
// Thread rule: any thread. Public data.
#pragma once

#include "base/file.hpp"
#include "log/scan.hpp"

#include <string>

namespace urna::record {

// Nobody's signature is checked.
struct RecordCheckpoint {
  log::Note note;
  log::Checkpoint checkpoint;
};
// Errors: not_a_record; bad_note and bad_checkpoint with the file's name.
[[nodiscard]] Result<RecordCheckpoint> read_checkpoint(base::FileSystem& files,
                                                       const std::string& folder);

// Every entry of the log that this checkpoint covers, to the caller, and what is wrong
// with its files (log/scan.hpp). Errors: those of read_checkpoint().
[[nodiscard]] Result<log::Scan> scan_log(base::FileSystem& files,
                                         const std::string& folder,
                                         const log::EntrySink& entry);

}  // namespace urna::record
