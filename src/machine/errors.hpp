// The errors that src/machine raises: 6000 to 6199.
#pragma once

#include "base/result.hpp"

namespace urna::machine::errors {

// The vote store.
inline constexpr ErrorKind store_damaged{6001, "the vote store is damaged"};
inline constexpr ErrorKind store_full{6002, "no free slot in the vote store"};
inline constexpr ErrorKind store_stopped{6003, "the machine has stopped voting"};
inline constexpr ErrorKind wrong_moment{6004, "not possible in this state"};
inline constexpr ErrorKind store_not_empty{6005, "the vote store is not empty"};
inline constexpr ErrorKind store_rolled_back{6006, "the vote store is an older copy"};

}  // namespace urna::machine::errors
