// A moment as the polling station's clock shows it, with its distance from UTC:
// "20261206T060312-0400" (ISO 8601 basic format). Written on sheets, read by people;
// nothing is computed from it. Plain value.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace urna::sheet {

struct LocalTime {
  std::uint16_t year = 2000;
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::int16_t offset_minutes = 0;  // local time minus UTC, at most 14 hours

  friend bool operator==(const LocalTime&, const LocalTime&) = default;
};

// From seconds since 1970 (UTC); years 2000 to 9999.
[[nodiscard]] LocalTime local_time(std::int64_t unix_seconds,
                                   std::int16_t offset_minutes);
[[nodiscard]] std::string to_text(const LocalTime& time);
[[nodiscard]] Result<LocalTime> parse_local_time(std::string_view text);

// "2026-12-06 06:03:12 (UTC-04:00)", for print.
[[nodiscard]] std::string to_human(const LocalTime& time);

}  // namespace urna::sheet
