// A mirror of a public record: every file that a checkpoint commits to, each checked
// before it is kept, and the checkpoint written last. What is in a mirror is therefore
// always whole: a run that was cut anywhere is simply started again and goes on, inside
// a file if need be.
//
//   <folder>/checkpoint, tile/..., blob/...   the record
//   <folder>/.partial                         the file under way, until it is checked
//   <folder>/split-view.txt                   when the source contradicts the mirror
//
// Thread rule: one thread; one run per folder at a time. Public data.
#pragma once

#include "base/progress.hpp"
#include "log/policy.hpp"
#include "log/source.hpp"

#include <functional>
#include <string>

namespace urna::log {

struct MirrorOptions {
  unsigned attempts = 5;  // of one transfer that breaks off without a byte of progress
  std::uint64_t blob_limit = std::uint64_t{4} << 30;
  std::function<void(unsigned attempt)> pause;  // between attempts; may be empty
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // in entries
};

struct MirrorSummary {
  std::uint64_t old_size = 0;
  std::uint64_t size = 0;
  std::uint64_t files = 0;  // fetched
  std::uint64_t bytes = 0;
  std::vector<std::string> witnesses;  // that signed, by their names in the policy
};

// Brings `folder` to the source's latest checkpoint. Errors: those of Policy::check;
// mirror_source, naming the file that is missing or not what the checkpoint commits to
// (it is not kept); split_view when the source's history does not continue the
// mirror's (evidence is written); those of disk and network.
[[nodiscard]] Result<MirrorSummary> mirror(RecordSource& source,
                                           base::FileSystem& files,
                                           const std::string& folder,
                                           const Policy& policy,
                                           const MirrorOptions& options = {});

}  // namespace urna::log
