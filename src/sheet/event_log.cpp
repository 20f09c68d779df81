#include "sheet/event_log.hpp"

#include "sheet/errors.hpp"
#include "sheet/fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

constexpr std::array<std::string_view, 24> kEvents{
    "CLOCK-CHANGED", "CLOSED",        "DISK-FAULT",    "DOOR-CLOSED",   "DOOR-OPENED",
    "HANDED-OVER",   "OPENED",        "PACKAGE-MADE",  "PAPER-LOADED",  "PAPER-OUT",
    "PAUSED",        "POWER-BACK",    "POWER-LOST",    "PRINTER-FAULT", "PRINTER-READY",
    "RESUMED",       "SCANNER-FAULT", "SCANNER-READY", "SCREEN-FAULT",  "SHEET-PRINTED",
    "STARTED",       "STOPPED",       "TEST-PRINTED",  "TOOK-OVER"};

constexpr std::int64_t kMinutesOfDay = 24 * 60;

// A number that grows with time; only comparisons mean anything.
std::int64_t order_of(const LocalTime& t) {
  const std::int64_t days = (std::int64_t{t.year} * 12 + t.month) * 31 + t.day;
  const std::int64_t minutes =
      days * kMinutesOfDay + t.hour * 60 + t.minute - t.offset_minutes;
  return minutes * 60 + t.second;
}

std::unexpected<Error> bad(std::size_t line, std::string message) {
  return fail(errors::bad_event_log, std::move(message), {},
              fmt::format("event log, line {}", line));
}

Result<Event> parse_line(std::string_view line, std::size_t number) {
  const std::size_t space = line.find(' ');
  const auto time = parse_local_time(line.substr(0, space));
  if (!time) return bad(number, "the line does not begin with a time");
  if (space == std::string_view::npos) return bad(number, "the line has no event");
  line.remove_prefix(space + 1);
  const std::size_t end = line.find(' ');
  Event event{*time, std::string(line.substr(0, end)), {}};
  if (!std::ranges::binary_search(kEvents, std::string_view(event.name))) {
    return bad(number, fmt::format("'{}' is not an event of the list", event.name));
  }
  if (end == std::string_view::npos) return event;
  event.label = std::string(line.substr(end + 1));
  if (!is_label(event.label)) return bad(number, "what follows the event is no label");
  return event;
}

}  // namespace

std::span<const std::string_view> event_names() {
  return kEvents;
}

std::string to_text(std::span<const Event> events) {
  std::string text;
  for (const Event& event : events) {
    text += to_text(event.time) + ' ' + event.name;
    if (!event.label.empty()) text += ' ' + event.label;
    text += '\n';
  }
  return text;
}

Result<std::vector<Event>> parse_event_log(std::string_view text) {
  std::vector<Event> events;
  while (!text.empty()) {
    const std::size_t number = events.size() + 1;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return bad(number, "the last line does not end with a line feed");
    }
    URNA_TRY(Event event, parse_line(text.substr(0, end), number));
    if (!events.empty() && event.name != "CLOCK-CHANGED" &&
        order_of(event.time) < order_of(events.back().time)) {
      return bad(number, "the time goes back without a CLOCK-CHANGED");
    }
    events.push_back(std::move(event));
    text.remove_prefix(end + 1);
  }
  return events;
}

}  // namespace urna::sheet
