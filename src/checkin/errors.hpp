// The errors that src/checkin raises: 6200 to 6299.
#pragma once

#include "base/result.hpp"

namespace urna::checkin::errors {

inline constexpr ErrorKind bad_mapping{6200, "the roll's mapping is wrong"};
inline constexpr ErrorKind bad_voter{6201, "a voter's row is wrong"};
inline constexpr ErrorKind duplicate_voter{6202, "the same ID number twice"};
inline constexpr ErrorKind unknown_station{6203, "no such polling station"};
inline constexpr ErrorKind no_room{6204, "more voters than the stations hold"};
inline constexpr ErrorKind print_unreadable{6205, "a fingerprint cannot be read"};
inline constexpr ErrorKind registered_differs{6206,
                                              "not the published number of voters"};
inline constexpr ErrorKind bad_roll{6207, "not a roll file"};
inline constexpr ErrorKind bad_package{6210, "the check-in package is refused"};
inline constexpr ErrorKind bad_device{6211, "the check-in device has no usable keys"};
inline constexpr ErrorKind not_ready{6212, "check-in is not ready for this"};
inline constexpr ErrorKind store_damaged{6213, "check-in's files are damaged"};
inline constexpr ErrorKind no_tokens{6220, "no activation token is left"};
inline constexpr ErrorKind not_found{6230, "not on this station's roll"};
inline constexpr ErrorKind other_station{6231, "votes at another station"};
inline constexpr ErrorKind already_admitted{6232, "has already been admitted"};
inline constexpr ErrorKind not_decided{6233, "the fingerprint check is not finished"};
inline constexpr ErrorKind poor_print{6234, "the finger must be put down again"};
inline constexpr ErrorKind not_official{6240, "this needs two officials"};
inline constexpr ErrorKind too_many_tries{6241, "too many wrong PINs"};
inline constexpr ErrorKind log_forked{6250, "one device has two histories"};
inline constexpr ErrorKind bad_log{6251, "another device's log is refused"};
inline constexpr ErrorKind printer_failed{6260, "the printer did not finish"};

}  // namespace urna::checkin::errors
