// Where a command gets a passphrase from: a file (for rehearsals and scripts), else the
// terminal, without echo. Used by every command that opens a key file. Secret.
#pragma once

#include "base/result.hpp"
#include "crypto/secret.hpp"

#include <string>

namespace urna::cli {

// `file` may be empty. One line feed at the end of the file does not count.
[[nodiscard]] Result<crypto::SecretBytes> get_passphrase(const std::string& file);

}  // namespace urna::cli
