#include "base/clock.hpp"

#include "base/errors.hpp"

#include <cassert>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <sys/random.h>

namespace urna::base {

std::int64_t SystemClock::unix_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::chrono::nanoseconds SystemClock::steady() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

std::string utc_text(std::int64_t unix_seconds) {
  using namespace std::chrono;
  const sys_seconds time{seconds(unix_seconds)};
  const sys_days day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()),
                     unsigned(date.month()), unsigned(date.day()),
                     clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

Result<std::int64_t> parse_utc(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:ddZ";
  bool matches = text.size() == kForm.size();
  for (std::size_t i = 0; matches && i < kForm.size(); ++i) {
    matches = kForm[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == kForm[i];
  }
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = 10 * value + (text[at + i] - '0');
    return value;
  };
  if (matches) {
    const year_month_day date{year(number(0, 4)), month(unsigned(number(5, 2))),
                              day(unsigned(number(8, 2)))};
    const int h = number(11, 2);
    const int m = number(14, 2);
    const int s = number(17, 2);
    if (date.ok() && h < 24 && m < 60 && s < 60) {
      return sys_seconds(sys_days(date) + hours(h) + minutes(m) + seconds(s))
          .time_since_epoch()
          .count();
    }
  }
  return fail(errors::bad_number,
              fmt::format("'{}' is not a date and time", text.substr(0, 40)),
              "write it in UTC as 2020-12-06T18:30:00Z");
}

Result<std::uint64_t> Random::below(std::uint64_t bound) {
  assert(bound > 0);
  // Refuse the incomplete last run of values, so that every remainder is as likely.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  while (true) {
    ByteArray<8> raw;
    URNA_CHECK(fill(raw));
    std::uint64_t value = 0;
    std::memcpy(&value, raw.data(), raw.size());
    if (value < limit) return value % bound;
  }
}

Result<void> SystemRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got =
        ::getrandom(out.data(), std::min<std::size_t>(out.size(), 256), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return fail(errors::no_random,
                  fmt::format("the operating system gave no random bytes: {}",
                              std::strerror(errno)),
                  "do not go on with this machine: secrets made now would be weak");
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace urna::base
