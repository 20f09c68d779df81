#include "sheet/local_time.hpp"

#include "sheet/errors.hpp"
#include "sheet/fields.hpp"

#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

constexpr int kMaxOffset = 14 * 60;

std::unexpected<Error> bad_time(std::string_view text) {
  return fail(
      errors::bad_value,
      fmt::format("'{}' is not a time like 20261206T060312-0400", text.substr(0, 40)));
}

bool is_date(const LocalTime& t) {
  using namespace std::chrono;
  return t.year >= 2000 && t.year <= 9999 &&
         year_month_day{year{t.year}, month{t.month}, day{t.day}}.ok();
}

}  // namespace

LocalTime local_time(std::int64_t unix_seconds, std::int16_t offset_minutes) {
  using namespace std::chrono;
  const sys_seconds shifted{seconds{unix_seconds + std::int64_t{60} * offset_minutes}};
  const auto midnight = floor<days>(shifted);
  const year_month_day date{midnight};
  const hh_mm_ss clock{shifted - midnight};
  LocalTime out;
  out.year = static_cast<std::uint16_t>(static_cast<int>(date.year()));
  out.month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month()));
  out.day = static_cast<std::uint8_t>(static_cast<unsigned>(date.day()));
  out.hour = static_cast<std::uint8_t>(clock.hours().count());
  out.minute = static_cast<std::uint8_t>(clock.minutes().count());
  out.second = static_cast<std::uint8_t>(clock.seconds().count());
  out.offset_minutes = offset_minutes;
  return out;
}

std::string to_text(const LocalTime& t) {
  const int offset = std::abs(static_cast<int>(t.offset_minutes));
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}{}{:02}{:02}", t.year, t.month,
                     t.day, t.hour, t.minute, t.second,
                     t.offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
}

std::string to_human(const LocalTime& t) {
  const int offset = std::abs(static_cast<int>(t.offset_minutes));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} (UTC{}{:02}:{:02})", t.year,
                     t.month, t.day, t.hour, t.minute, t.second,
                     t.offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
}

Result<LocalTime> parse_local_time(std::string_view text) {
  if (text.size() != 20 || text[8] != 'T' || (text[15] != '-' && text[15] != '+')) {
    return bad_time(text);
  }
  const auto digits = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(at, size)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  const int year = digits(0, 4), month = digits(4, 2), day = digits(6, 2);
  const int hour = digits(9, 2), minute = digits(11, 2), second = digits(13, 2);
  const int offset_hour = digits(16, 2), offset_minute = digits(18, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 59 || offset_hour < 0 ||
      offset_minute < 0 || offset_minute > 59) {
    return bad_time(text);
  }
  const int offset = offset_hour * 60 + offset_minute;
  // "-0000" would be a second way to write "+0000".
  if (offset > kMaxOffset || (offset == 0 && text[15] == '-')) return bad_time(text);
  LocalTime out;
  out.year = static_cast<std::uint16_t>(year);
  out.month = static_cast<std::uint8_t>(month);
  out.day = static_cast<std::uint8_t>(day);
  out.hour = static_cast<std::uint8_t>(hour);
  out.minute = static_cast<std::uint8_t>(minute);
  out.second = static_cast<std::uint8_t>(second);
  out.offset_minutes = static_cast<std::int16_t>(text[15] == '-' ? -offset : offset);
  if (!is_date(out)) return bad_time(text);
  return out;
}

}  // namespace urna::sheet
