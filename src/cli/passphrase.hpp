// Where a command gets a passphrase from: a file (for rehearsals and scripts), else the
// terminal, without echo. Used by every command that opens or makes a key file. Secret.
//
// Ctrl-C while typing gives the terminal its echo back before the program ends.
#pragma once

#include "base/result.hpp"
#include "crypto/secret.hpp"

#include <string>

namespace urna::cli {

// `file` may be empty. One line feed at the end of the file does not count.
[[nodiscard]] Result<crypto::SecretBytes> get_passphrase(const std::string& file);

// The same for a new key: asks the terminal twice, because a passphrase mistyped once
// is a key lost. Errors: weak_passphrase; wrong_passphrase when the two differ.
[[nodiscard]] Result<crypto::SecretBytes> get_new_passphrase(const std::string& file);

}  // namespace urna::cli
