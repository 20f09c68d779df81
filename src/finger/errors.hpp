// The errors that the extractor, the matcher and the evaluation raise: 5000 to
// 5099. The readers and codecs of src/finger have theirs in io_errors.hpp.
#pragma once

#include "base/result.hpp"

namespace urna::finger::errors {

inline constexpr ErrorKind input_too_small{5002, "image too small for a fingerprint"};
inline constexpr ErrorKind input_too_large{5003, "image too large"};
inline constexpr ErrorKind input_resolution{5004, "resolution unknown or out of range"};
inline constexpr ErrorKind input_blank{5005, "blank image"};
inline constexpr ErrorKind no_ridges{5006, "no fingerprint in the image"};
inline constexpr ErrorKind print_too_small{5007, "too little of the finger is visible"};
inline constexpr ErrorKind bad_template{5010, "not a valid private template"};
inline constexpr ErrorKind nothing_to_evaluate{5020, "nothing to evaluate"};
inline constexpr ErrorKind nothing_to_compare{5021, "nothing to compare"};

}  // namespace urna::finger::errors
