// The errors and findings that src/trustees raises: 3200 to 3299.
#pragma once

#include "base/result.hpp"

namespace urna::trustees::errors {

// The terms of a ceremony and who takes part.
inline constexpr ErrorKind bad_terms{3201, "not usable ceremony terms"};
inline constexpr ErrorKind not_a_trustee{3202, "key of nobody in this ceremony"};
inline constexpr ErrorKind other_definition{3203, "made for another definition"};

// Files of the ceremony.
inline constexpr ErrorKind bad_message{3210, "not a ceremony file"};
inline constexpr ErrorKind replayed{3211, "file of another ceremony or attempt"};
inline constexpr ErrorKind forged{3212, "signature of a ceremony file fails"};
inline constexpr ErrorKind equivocation{3213, "two different files for one step"};
inline constexpr ErrorKind commit_mismatch{3214, "reveal does not match its commit"};
inline constexpr ErrorKind bad_proof{3215, "proof of a coefficient fails"};
inline constexpr ErrorKind bad_coefficient{3216, "coefficient not usable"};
inline constexpr ErrorKind false_citation{3217, "cites a file nobody signed"};
inline constexpr ErrorKind bad_share{3218, "share does not fit the coefficients"};
inline constexpr ErrorKind false_complaint{3219, "complaint about a good share"};
inline constexpr ErrorKind wrong_result{3221, "confirms another key"};

// What a trustee's program refuses to do.
inline constexpr ErrorKind too_early{3230, "the step before is not complete"};
inline constexpr ErrorKind attempt_failed{3231, "this attempt of the ceremony failed"};
inline constexpr ErrorKind already_bound{3232, "already continued with other files"};
inline constexpr ErrorKind nothing_wrong{3233, "nothing to complain about"};
inline constexpr ErrorKind bad_private_file{3234, "private file does not fit"};

// The result of the ceremony.
inline constexpr ErrorKind bad_key_record{3240, "not a valid election key record"};

// Decryption.
inline constexpr ErrorKind bad_sums{3250, "sums not usable"};
inline constexpr ErrorKind bad_partial{3251, "not a partial decryption"};
inline constexpr ErrorKind other_package{3252, "decrypts another package"};
inline constexpr ErrorKind partial_proof{3253, "proof of a partial decryption fails"};
inline constexpr ErrorKind too_few{3254, "not enough partial decryptions"};
inline constexpr ErrorKind no_total{3255, "no total fits the ciphertext"};

// A trustee must not become a decryption oracle.
inline constexpr ErrorKind second_package{3260, "station already decrypted otherwise"};
inline constexpr ErrorKind ledger_damaged{3261, "record of decryptions not usable"};
inline constexpr ErrorKind not_witnessed{3262, "package not in a witnessed checkpoint"};
inline constexpr ErrorKind excluded_ballots{3263, "excluded ballot without a decision"};
inline constexpr ErrorKind bad_decision{3264, "not a usable decision document"};
inline constexpr ErrorKind station_failing{3265, "package does not verify"};

}  // namespace urna::trustees::errors
