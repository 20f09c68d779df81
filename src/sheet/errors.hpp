// The errors that src/sheet raises: 2400 to 2599.
#pragma once

#include "base/result.hpp"

namespace urna::sheet::errors {

// The text itself.
inline constexpr ErrorKind lower_case{2400, "lower-case letters in a sheet's text"};
inline constexpr ErrorKind bad_character{2401, "character that no sheet may contain"};
inline constexpr ErrorKind too_long{2402, "text longer than allowed"};
inline constexpr ErrorKind truncated{2403, "text ends too early"};
inline constexpr ErrorKind unknown_version{2404, "unknown kind or version of document"};
inline constexpr ErrorKind bad_value{2405, "value not in its one legal form"};
inline constexpr ErrorKind wrong_key{2406, "field missing or out of order"};
inline constexpr ErrorKind trailing_text{2407, "text after the end"};
inline constexpr ErrorKind bad_spacing{2408, "fields not separated by one space"};

// What a sheet says.
inline constexpr ErrorKind impossible_sum{2420, "impossible sum in a contest"};
inline constexpr ErrorKind machine_rule{2421, "a machine's sheet cannot say this"};
inline constexpr ErrorKind duplicate_code{2422, "the same code twice"};
inline constexpr ErrorKind not_this_election{2423, "sheet of another election"};
inline constexpr ErrorKind not_in_definition{2424, "not in the election definition"};
inline constexpr ErrorKind differs_from_definition{
    2425, "differs from the election definition"};

// The chain of codes.
inline constexpr ErrorKind no_codes{2440, "no code of a tally sheet"};
inline constexpr ErrorKind code_missing{2441, "a code of the sheet is missing"};
inline constexpr ErrorKind code_renumbered{2442, "a code carries the wrong number"};
inline constexpr ErrorKind code_conflict{2443, "two different codes with one number"};
inline constexpr ErrorKind code_mixed{2444, "codes of different sheets"};
inline constexpr ErrorKind code_changed{2445, "a code's text was changed"};
inline constexpr ErrorKind code_header{2446, "a code's header contradicts its sheet"};
inline constexpr ErrorKind code_count{2447, "codes disagree about how many there are"};

// Signatures and certificates.
inline constexpr ErrorKind bad_signature{2460, "signature does not verify"};
inline constexpr ErrorKind unsigned_sheet{2461, "sheet without a signature"};
inline constexpr ErrorKind no_certificate{2462, "device certificate missing"};
inline constexpr ErrorKind bad_certificate{2463, "certificate not by the authority"};
inline constexpr ErrorKind wrong_certificate{2464, "certificate for something else"};
inline constexpr ErrorKind wrong_digest{2465, "signature for another document"};
inline constexpr ErrorKind same_signer{2466, "the same person signs twice"};

// Pictures and paper.
inline constexpr ErrorKind bad_picture{2480, "picture cannot be read"};
inline constexpr ErrorKind picture_too_large{2481, "picture too large"};
inline constexpr ErrorKind no_pdf_reader{2482,
                                         "PDF pages cannot be turned into pictures"};
inline constexpr ErrorKind cannot_print{2483, "page cannot be drawn"};
inline constexpr ErrorKind cannot_encode{2484, "text does not fit in a QR code"};

// Documents beside a sheet, and import.
inline constexpr ErrorKind bad_box_count{2500, "box count contradicts itself"};
inline constexpr ErrorKind bad_import{2510, "imported text cannot be understood"};
inline constexpr ErrorKind import_mismatch{2511, "import does not fit the ballot"};
inline constexpr ErrorKind bad_event_log{2520, "event log cannot be read"};
inline constexpr ErrorKind bad_lost_machine{
    2530, "declaration that a machine is lost cannot be used"};

}  // namespace urna::sheet::errors
