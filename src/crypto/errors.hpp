// The errors that src/crypto raises: 1200 to 1299.
#pragma once

#include "base/result.hpp"

namespace urna::crypto::errors {

inline constexpr ErrorKind bad_public_key{1201, "not a valid public key"};
inline constexpr ErrorKind bad_signature{1202, "signature does not verify"};
inline constexpr ErrorKind bad_box_key{1203, "not a valid box key"};
inline constexpr ErrorKind box_not_opened{1204, "box cannot be opened"};
inline constexpr ErrorKind key_file_damaged{1210, "key file is damaged"};
inline constexpr ErrorKind key_file_version{1211, "key file of an unknown version"};
inline constexpr ErrorKind key_file_kind{1212, "key file of another kind"};
inline constexpr ErrorKind wrong_passphrase{1213, "wrong passphrase"};
inline constexpr ErrorKind key_file_cost{1214, "key file with unacceptable cost"};
inline constexpr ErrorKind weak_passphrase{1215, "passphrase too short"};

}  // namespace urna::crypto::errors
