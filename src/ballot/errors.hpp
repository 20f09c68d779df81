// The errors and findings that src/ballot raises: 3000 to 3199. One number for each
// reason a ballot can be refused, so that a report names the reason and not only
// the fact.
#pragma once

#include "base/result.hpp"

namespace urna::ballot::errors {

// What the caller asked for.
inline constexpr ErrorKind bad_style{3001, "not a usable ballot style"};
inline constexpr ErrorKind bad_choices{3002, "choices do not fit the ballot style"};
inline constexpr ErrorKind bad_station{3003, "not a usable station"};
inline constexpr ErrorKind bad_code{3004, "not a confirmation code"};
inline constexpr ErrorKind bad_key{3005, "not a usable joint key"};

// The bytes of one ballot.
inline constexpr ErrorKind short_ballot{3010, "ballot ends too early"};
inline constexpr ErrorKind long_ballot{3011, "bytes after the end of the ballot"};
inline constexpr ErrorKind bad_version{3012, "unknown ballot version"};
inline constexpr ErrorKind unknown_style{3013, "ballot style not used at this station"};
inline constexpr ErrorKind unknown_segment{3014,
                                           "segment not declared by this station"};

// What is not a number or a point of the group, and forbidden identities.
inline constexpr ErrorKind bad_scalar{3020, "scalar not in canonical form"};
inline constexpr ErrorKind bad_point{3021, "point not in canonical form"};
inline constexpr ErrorKind identity_point{3022, "ciphertext contains the identity"};

// Proofs.
inline constexpr ErrorKind option_proof{3030, "option proof fails"};
inline constexpr ErrorKind contest_proof{3031, "contest proof fails"};

// Several ballots of one station.
inline constexpr ErrorKind duplicate_id{3040, "ballot identifier used twice"};
inline constexpr ErrorKind duplicate_code{3041, "confirmation code used twice"};
inline constexpr ErrorKind duplicate_alpha{3042, "ciphertext used twice"};
inline constexpr ErrorKind id_conflict{3043, "one identifier with two decisions"};
inline constexpr ErrorKind group_order{3044, "ballots not sorted by code"};

// Openings of challenged ballots.
inline constexpr ErrorKind bad_opening{3050, "opening cannot be read"};
inline constexpr ErrorKind opening_limit{3051, "opened choices break the limit"};
inline constexpr ErrorKind opening_mismatch{3052, "opening does not match the ballot"};
inline constexpr ErrorKind opening_missing{3053, "challenged ballot without opening"};
inline constexpr ErrorKind opening_forbidden{3054, "ballot that must stay sealed"};

// Ballot box files.
inline constexpr ErrorKind bad_box{3060, "not a ballot box file"};
inline constexpr ErrorKind box_order{3061, "ballot box written in the wrong order"};

// Station packages.
inline constexpr ErrorKind bad_package{3070, "not a station package"};

}  // namespace urna::ballot::errors
