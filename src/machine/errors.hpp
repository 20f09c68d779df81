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

// Sessions, paper and tokens.
inline constexpr ErrorKind not_now{6010, "not possible in this state"};
inline constexpr ErrorKind bad_token{6011, "not a token of this station"};
inline constexpr ErrorKind token_used{6012, "this token was used before"};
inline constexpr ErrorKind too_many_choices{6013,
                                            "more choices than this contest allows"};
inline constexpr ErrorKind no_such_choice{6014, "not on this ballot"};
inline constexpr ErrorKind no_more_tests{6015, "no more test ballots in this session"};
inline constexpr ErrorKind printer_failed{6020, "the printer did not finish"};
inline constexpr ErrorKind printer_keeps{6021, "the printer keeps what it prints"};

// Packages, officials, opening and closing.
inline constexpr ErrorKind bad_package{6030, "not a package for this machine"};
inline constexpr ErrorKind old_package{6031, "package older than the one before"};
inline constexpr ErrorKind not_official{6040, "not an official of this station"};
inline constexpr ErrorKind wrong_pin{6041, "wrong PIN"};
inline constexpr ErrorKind locked_out{6042, "too many wrong PINs"};
inline constexpr ErrorKind two_officials{6043, "two different officials are needed"};
inline constexpr ErrorKind too_early{6044, "before the hour"};
inline constexpr ErrorKind handover{6045, "nothing from the machine before this one"};
inline constexpr ErrorKind closing_key{6050, "closing key missing or wrong"};
inline constexpr ErrorKind count_mismatch{6051, "records and ballots do not agree"};
inline constexpr ErrorKind not_transmitted{6060, "the package was not transmitted"};

}  // namespace urna::machine::errors
