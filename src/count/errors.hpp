// The errors and findings of src/count: 2600 to 2799. docs/counting.md says what each
// means for a result.
#pragma once

#include "base/result.hpp"

namespace urna::count::errors {

// Documents that are counted 0 times until a decision resolves them.
inline constexpr ErrorKind two_documents{2600, "two different results for one station"};
inline constexpr ErrorKind unknown_station{2601, "result of an unknown station"};
inline constexpr ErrorKind too_many_votes{2602, "more votes than registered voters"};
inline constexpr ErrorKind wrong_election{2603, "result of another election"};
inline constexpr ErrorKind not_signed{2604, "result without a valid signature"};
inline constexpr ErrorKind unreadable{2605, "result that cannot be read"};
inline constexpr ErrorKind wrong_contests{2606, "result does not fit the ballot"};
inline constexpr ErrorKind impossible_numbers{2607, "numbers that cannot be"};
inline constexpr ErrorKind not_counted{2608, "the machine could not count"};

// What is counted and shown, because somebody should look.
inline constexpr ErrorKind repeated{2620, "the same result again"};
inline constexpr ErrorKind registered_differs{2621, "registered voters differ"};
inline constexpr ErrorKind segment_missing{2622, "a segment of the station is missing"};
inline constexpr ErrorKind not_reconciled{2623, "numbers that should agree differ"};

// Decisions.
inline constexpr ErrorKind bad_decisions{2640, "decision file cannot be read"};
inline constexpr ErrorKind decision_election{2641, "decisions for another election"};
inline constexpr ErrorKind decision_no_conflict{2642, "decision without a conflict"};
inline constexpr ErrorKind decision_unknown_document{
    2643, "decision names an unknown result"};
inline constexpr ErrorKind decision_segments{2644, "decision counts a segment twice"};
inline constexpr ErrorKind decision_uncountable{
    2645, "decision counts what cannot be counted"};

// Imports.
inline constexpr ErrorKind bad_mapping{2660, "import mapping cannot be used"};
inline constexpr ErrorKind bad_cell{2661, "cell that is not a count"};
inline constexpr ErrorKind no_sources{2662, "nothing to count"};
inline constexpr ErrorKind bad_published{2664, "published result cannot be used"};
inline constexpr ErrorKind unknown_file{2663, "file of an unknown kind"};

// Output and checks.
inline constexpr ErrorKind cannot_write{2680, "report cannot be written"};
inline constexpr ErrorKind unsupported_award{2681, "award that cannot be computed"};
inline constexpr ErrorKind bad_cvr{2690, "cast-vote records cannot be tabulated"};

}  // namespace urna::count::errors
