// The errors that src/record raises: 4000 to 4199. What a verification finds is not an
// error: it is a failed check (checks.hpp).
#pragma once

#include "base/result.hpp"

namespace urna::record::errors {

// Making a record.
inline constexpr ErrorKind record_exists{4001, "there is a record already"};
inline constexpr ErrorKind unknown_kind{4002, "not a kind of document"};
inline constexpr ErrorKind bad_name{4003, "not a name for a document of this kind"};
inline constexpr ErrorKind unknown_document{4004, "file of no known kind"};
inline constexpr ErrorKind document_refused{4005, "document refused"};

// Reading one.
inline constexpr ErrorKind not_a_record{4020, "not a record"};
inline constexpr ErrorKind blob_missing{4021, "bytes of a document are missing"};
inline constexpr ErrorKind blob_changed{4022, "bytes of a document were changed"};
inline constexpr ErrorKind not_in_record{4023, "the record has no such document"};
inline constexpr ErrorKind in_conflict{4024, "two different documents with one name"};
inline constexpr ErrorKind unknown_station{4025, "station not in the definition"};

// Parts of a verification.
inline constexpr ErrorKind bad_part{4040, "not a part of a verification"};
inline constexpr ErrorKind other_record{4041,
                                        "part of the verification of another record"};
inline constexpr ErrorKind part_missing{4042, "a part of the verification is missing"};
inline constexpr ErrorKind part_twice{4043, "a part of the verification twice"};

// Receipts.
inline constexpr ErrorKind bad_receipt_code{4060, "not a receipt"};

// The results document.
inline constexpr ErrorKind bad_results{4080, "results document cannot be read"};

}  // namespace urna::record::errors
