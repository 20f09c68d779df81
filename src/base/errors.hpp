// The errors that src/base raises: 1000 to 1099.
#pragma once

#include "base/result.hpp"

namespace urna::base::errors {

inline constexpr ErrorKind bad_hex{1001, "not valid hexadecimal"};
inline constexpr ErrorKind bad_base32{1002, "not valid base32"};
inline constexpr ErrorKind bad_base64{1003, "not valid base64"};
inline constexpr ErrorKind wrong_length{1004, "wrong length"};
inline constexpr ErrorKind short_input{1010, "input ends too early"};
inline constexpr ErrorKind trailing_bytes{1011, "bytes after the end"};
inline constexpr ErrorKind too_long{1012, "longer than allowed"};
inline constexpr ErrorKind not_canonical{1013, "not the one legal encoding"};
inline constexpr ErrorKind bad_utf8{1014, "not valid UTF-8"};
inline constexpr ErrorKind file_missing{1020, "file not found"};
inline constexpr ErrorKind file_access{1021, "file cannot be read or written"};
inline constexpr ErrorKind disk_full{1022, "no space left"};
inline constexpr ErrorKind not_durable{1023, "the disk did not confirm the write"};
inline constexpr ErrorKind not_a_file{1024, "not a regular file"};
inline constexpr ErrorKind no_random{1030, "no randomness from the operating system"};
inline constexpr ErrorKind bad_json{1040, "not valid JSON"};
inline constexpr ErrorKind json_duplicate{1041, "the same key twice"};
inline constexpr ErrorKind json_depth{1042, "nested too deeply"};
inline constexpr ErrorKind json_number{1043, "number not exactly representable"};
inline constexpr ErrorKind json_type{1044, "wrong type of value"};
inline constexpr ErrorKind json_missing{1045, "required field missing"};
inline constexpr ErrorKind json_unknown{1046, "unknown field"};
inline constexpr ErrorKind bad_csv{1050, "not valid CSV"};
inline constexpr ErrorKind csv_columns{1051, "row has the wrong number of cells"};
inline constexpr ErrorKind csv_header{1052, "column missing or unknown"};
inline constexpr ErrorKind bad_number{1053, "not a whole number in range"};
inline constexpr ErrorKind bad_encoding{1054, "text cannot be decoded"};

}  // namespace urna::base::errors
