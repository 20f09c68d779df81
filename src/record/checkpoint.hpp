// The signed head of a record as it lies in its folder. Called by the verifier, by
// whoever adds to a record, and by `urna record status`.
//
// Thread rule: any thread. Public data.
#pragma once

#include "base/file.hpp"
#include "log/checkpoint.hpp"

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

}  // namespace urna::record
