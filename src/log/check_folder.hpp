// Checks a whole log in a folder and names the file that is wrong: what `urna log
// check` does. Beside the tree (scan.hpp) it looks at the blobs that document entries
// name, and at files that nothing explains.
//
// Thread rule: one thread per call. Public data.
#pragma once

#include "base/file.hpp"
#include "base/report.hpp"
#include "log/policy.hpp"

#include <functional>
#include <optional>
#include <string>

namespace urna::log {

struct FolderCheck {
  base::Report report;  // every finding names the file in its place
  std::optional<Checkpoint> checkpoint;
  std::vector<std::string> witnesses;  // that signed, by their names in the policy
  std::uint64_t entries = 0;           // read and hashed
  std::uint64_t blobs = 0;
};

// Without a policy the signatures are not looked at, which the caller must say. Errors
// only when the folder cannot be read at all.
[[nodiscard]] Result<FolderCheck> check_folder(
    base::FileSystem& files, const std::string& folder,
    const std::optional<Policy>& policy,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress = {});

}  // namespace urna::log
