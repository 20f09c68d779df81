// Error numbers 8900 to 8949: rehearsals.
#pragma once

#include "base/result.hpp"

namespace urna::rehearse::errors {

inline constexpr ErrorKind refused{8900, "a device refused a step of the rehearsal"};
inline constexpr ErrorKind bad_plan{8901, "the rehearsal cannot be played as planned"};

}  // namespace urna::rehearse::errors
