// The errors that src/seats raises: 2200 to 2299.
#pragma once

#include "base/result.hpp"

namespace urna::seats::errors {

inline constexpr ErrorKind too_large{2201, "number too large for seat allocation"};
inline constexpr ErrorKind no_lists{2202, "nobody to give seats to"};
inline constexpr ErrorKind duplicate_list{2203, "the same list twice"};
inline constexpr ErrorKind bad_rule{2204, "this rule cannot be applied"};
inline constexpr ErrorKind bad_drawing{2210, "recorded drawing does not fit"};
inline constexpr ErrorKind unused_drawing{2211, "recorded drawing of lots not needed"};
inline constexpr ErrorKind bad_fraction{2220, "not a fraction"};
inline constexpr ErrorKind unknown_method{2221, "unknown allocation method"};
inline constexpr ErrorKind bad_problem{2222, "seat problem cannot be read"};
inline constexpr ErrorKind unbounded_house{2230, "house would grow beyond its limit"};

}  // namespace urna::seats::errors
