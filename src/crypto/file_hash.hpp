// The SHA-256 of a file of any size, read a piece at a time. Called by whoever checks
// or copies the blobs of a record.
//
// Thread rule: a pure function of the file. Public data.
#pragma once

#include "base/file.hpp"

#include <string>

namespace urna::crypto {

// Errors: those of the disk.
[[nodiscard]] Result<Hash32> sha256_file(base::FileSystem& files,
                                         const std::string& path);

}  // namespace urna::crypto
