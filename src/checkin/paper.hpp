// What check-in prints: the token, the closing slip, the emergency list.
//
// Thread rule: pure functions. The token's paper shows the token and nothing of the
// voter; the list is personal data and goes to the printer only.
#pragma once

#include "checkin/book.hpp"
#include "checkin/package.hpp"
#include "sheet/paper/document.hpp"

namespace urna::checkin {

// Election, station, style, the token as QR and text: the same paper for every voter
// of the style but for the token.
[[nodiscard]] sheet::Document token_paper(const Setup& setup, std::string_view token);

// The totals in words, then the signed slip as QR and as text.
[[nodiscard]] sheet::Document closing_paper(const Setup& setup, const Book& book,
                                            const std::string& slip);

// All voters by name, with the hour of those who have come, and room to sign.
[[nodiscard]] sheet::Document emergency_list(const Setup& setup, const Book& book);

// "08:31" at the station.
[[nodiscard]] std::string local_hour(const Setup& setup, std::uint64_t hybrid_time);

}  // namespace urna::checkin
