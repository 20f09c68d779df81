// The definition of a demonstration: a folder of mode "demo" whose one device authority
// is a key that was made on the spot. Demonstrations of the machine and of check-in
// only.
//
// Thread rule: pure function of the disk.
#pragma once

#include "crypto/sign.hpp"
#include "election/definition.hpp"

namespace urna::election {

// Errors: those of the definition's files; `refusal` when its mode is not "demo".
[[nodiscard]] Result<DefinitionFiles> read_demo_definition(
    base::FileSystem& disk, const std::string& folder,
    const crypto::PublicKey& authority, const ErrorKind& refusal);

}  // namespace urna::election
