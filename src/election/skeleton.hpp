// A small definition to start from: `urna election new`. It loads without a problem, so
// that whoever edits it always has a working example beside the change.
#pragma once

#include "base/file.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace urna::election {

struct SkeletonOptions {
  std::string code = "MYELECTION";
  std::string languages = "es,en";  // tags with commas, the main one first
  std::uint32_t stations = 3;       // 1 to 1000
};

// Writes the files into a new or empty folder. Errors: folder_not_empty, bad_code,
// bad_language, bad_value, and disk errors.
[[nodiscard]] Result<void> write_skeleton(base::FileSystem& files,
                                          const std::string& folder,
                                          const SkeletonOptions& options);

}  // namespace urna::election
