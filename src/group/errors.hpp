// The errors that src/group raises: 1100 to 1199.
#pragma once

#include "base/result.hpp"

namespace urna::group::errors {

inline constexpr ErrorKind bad_element{1101, "not a valid group element"};
inline constexpr ErrorKind bad_scalar{1102, "scalar not below the group order"};
inline constexpr ErrorKind no_inverse{1103, "zero has no inverse"};

}  // namespace urna::group::errors
