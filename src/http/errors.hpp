// The errors that src/http raises: 1400 to 1449.
#pragma once

#include "base/result.hpp"

namespace urna::http::errors {

inline constexpr ErrorKind bad_url{1400, "not a URL that can be used"};
inline constexpr ErrorKind bad_path{1401, "not a path that can be served"};
inline constexpr ErrorKind listen_failed{1402, "the server cannot listen"};
inline constexpr ErrorKind tls_setup{1403, "certificates or keys cannot be used"};
inline constexpr ErrorKind no_connection{1404, "no connection to the server"};
inline constexpr ErrorKind timeout{1405, "the server took too long"};
inline constexpr ErrorKind broken_off{1406, "the transfer broke off"};
inline constexpr ErrorKind answer_too_long{1407, "the answer is longer than allowed"};
inline constexpr ErrorKind bad_answer{1408, "the server's answer makes no sense"};

}  // namespace urna::http::errors
