// The errors that src/center raises: 6400 to 6599.
#pragma once

#include "base/result.hpp"

namespace urna::center::errors {

// Certificates of the local authority (pki.hpp).
inline constexpr ErrorKind pki_failed{6400, "the certificate cannot be made"};
inline constexpr ErrorKind bad_certificate{6401, "certificate cannot be used"};
inline constexpr ErrorKind expired{6402, "the certificate has expired"};
inline constexpr ErrorKind not_yet_valid{6403, "the certificate is not valid yet"};
inline constexpr ErrorKind wrong_purpose{6404, "a certificate for another purpose"};
inline constexpr ErrorKind bad_identity{6405, "not a name for a certificate"};

// Who may do what (roles.hpp).
inline constexpr ErrorKind no_identity{6410, "no usable client certificate"};
inline constexpr ErrorKind not_allowed{6411, "not allowed in this role"};
inline constexpr ErrorKind revoked{6412, "this certificate was withdrawn"};

// Uploads (upload.hpp).
inline constexpr ErrorKind bad_upload{6420, "the upload's header is wrong"};
inline constexpr ErrorKind wrong_offset{6421, "the upload goes on elsewhere"};
inline constexpr ErrorKind hash_differs{6422, "the bytes have another hash"};
inline constexpr ErrorKind not_accepted{6423, "not a document that a centre takes"};
inline constexpr ErrorKind document_too_long{6424, "the document is too long"};
inline constexpr ErrorKind centre_busy{6425, "the centre is busy; try again"};

// Verification and publication.
inline constexpr ErrorKind not_ready{6430, "the record is not ready for a centre"};
inline constexpr ErrorKind unknown_item{6431, "the centre has no such document"};
inline constexpr ErrorKind not_in_queue{6432, "nothing to decide about this document"};
inline constexpr ErrorKind same_person{6433,
                                       "the second decision needs another person"};
inline constexpr ErrorKind state_changed{6434, "the document's state has changed"};

inline constexpr ErrorKind bad_decision{6435, "not a decision of two people"};
inline constexpr ErrorKind unknown_signer{6436,
                                          "the election does not know this signer"};

// Receipts and the client.
inline constexpr ErrorKind bad_receipt{6440, "not a receipt of a centre"};
inline constexpr ErrorKind wrong_receipt{6441, "the receipt is for something else"};
inline constexpr ErrorKind refused{6442, "the centre refused"};
inline constexpr ErrorKind gave_up{6443, "the centre did not take it in time"};

}  // namespace urna::center::errors
