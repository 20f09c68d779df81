// The errors of src/results: 6600 to 6799.
#pragma once

#include "base/result.hpp"

namespace urna::results::errors {

inline constexpr ErrorKind no_definition{6600, "record without a usable definition"};
inline constexpr ErrorKind foreign_folder{6601, "folder that is not a results site"};
inline constexpr ErrorKind cannot_write{6602, "page cannot be written"};
inline constexpr ErrorKind bad_papers{6603, "papers of a package cannot be read"};

}  // namespace urna::results::errors
