// Whether a package stands in a witnessed checkpoint of the transparency log: what a
// trustee asks for before it decrypts, so that no package can be decrypted that the
// world does not see.
//
// Thread rule: pure functions. Public data only.
#pragma once

#include "log/receipt.hpp"

namespace urna::trustees {

// `entry` is what the log holds for the package. Error not_witnessed says what is
// missing; a policy that asks for no witness is not enough either.
[[nodiscard]] Result<void> check_witnessed(const log::Policy& policy, ByteView entry,
                                           const log::Receipt& receipt);

}  // namespace urna::trustees
