// Signing keys for sub-commands: from an encrypted key file and a passphrase, which is
// read from a file or asked for on the terminal, never taken from the command line
// (other users can see that). Used by every command that signs.
//
// Thread rule: one thread. Handles secrets: passphrases and keys are wiped.
#pragma once

#include "base/file.hpp"
#include "crypto/sign.hpp"

#include <string>

namespace urna::cli {

[[nodiscard]] Result<crypto::SigningKey> load_signing_key(
    base::FileSystem& files, const std::string& path,
    const std::string& passphrase_file);

// Error file_access when a new key would take the place of a file.
[[nodiscard]] Result<void> require_no_file(base::FileSystem& files,
                                           const std::string& path);

// The public key in a key file; needs no passphrase.
[[nodiscard]] Result<crypto::PublicKey> load_public_key(base::FileSystem& files,
                                                        const std::string& path);

// A public key as 64 hexadecimal digits, or the name of a key file.
[[nodiscard]] Result<crypto::PublicKey> parse_public_key(base::FileSystem& files,
                                                         const std::string& text);

}  // namespace urna::cli
