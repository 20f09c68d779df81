// One pass over a record's log: every entry, every tile, the root, and the roots at
// earlier sizes. Nothing but the right edge of the tree is kept, so a log of any length
// is read in the same memory; entries go to the caller.
//
// Called by the verifier and by `urna record status`. Thread rule: one thread. Public
// data.
#pragma once

#include "base/file.hpp"
#include "log/checkpoint.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace urna::record {

// Something in the log's files that is not as it must be.
struct LogFault {
  std::string file;
  std::string what;
};

// The signed head of a record as it lies in its folder; nobody's signature is checked.
struct RecordCheckpoint {
  log::Note note;
  log::Checkpoint checkpoint;
};
// Errors: not_a_record; bad_note and bad_checkpoint with the file's name.
[[nodiscard]] Result<RecordCheckpoint> read_checkpoint(base::FileSystem& files,
                                                       const std::string& folder);

struct LogScan {
  log::Note note;              // of the checkpoint file, nothing verified
  log::Checkpoint checkpoint;  // its text
  std::vector<LogFault> faults;
  std::map<std::uint64_t, Hash32> roots;  // at the sizes asked for, where reached
};

using EntrySink = std::function<void(std::uint64_t index, Bytes entry)>;

// Reads `checkpoint` and all tiles that it covers. Error not_a_record when there is no
// readable checkpoint: then there is nothing to scan.
[[nodiscard]] Result<LogScan> scan_log(base::FileSystem& files,
                                       const std::string& folder,
                                       const std::vector<std::uint64_t>& sizes,
                                       const EntrySink& entry);

}  // namespace urna::record
