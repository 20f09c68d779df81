// The errors that src/store raises: 1150 to 1199.
#pragma once

#include "base/result.hpp"

namespace urna::store::errors {

inline constexpr ErrorKind database{1150, "the database failed"};
inline constexpr ErrorKind database_busy{1151, "another program uses the database"};
inline constexpr ErrorKind database_damaged{1152, "the database is damaged"};
inline constexpr ErrorKind database_full{1153, "no space left for the database"};
inline constexpr ErrorKind database_schema{1154, "the database is of another kind"};

}  // namespace urna::store::errors
