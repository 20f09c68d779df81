// The public event log of a polling station's machine: what happened to the machine, so
// that observers can ask about it. One line an event, from a closed list of events, so
// that nothing about a voter or a ballot can be written down: no codes, no identifiers,
// and no event for a session, a vote, a challenge or a token, whose times would tell
// who chose what. docs/formats/station-package.md lists the events.
//
// Written by the machine, carried by the station package, read by every verifier.
// Thread rule: plain values and pure functions. Public data.
#pragma once

#include "sheet/local_time.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace urna::sheet {

// Every legal event, by name.
[[nodiscard]] std::span<const std::string_view> event_names();

struct Event {
  LocalTime time;
  std::string name;   // one of event_names()
  std::string label;  // a label (fields.hpp), or empty

  friend bool operator==(const Event&, const Event&) = default;
};

// "20261206T060312-0400 OPENED" or "... STARTED 0.1.0", each line with a line feed.
[[nodiscard]] std::string to_text(std::span<const Event> events);

// Exactly what to_text() gives for legal events. Times do not go back, except at a
// CLOCK-CHANGED. Error bad_event_log with the line.
[[nodiscard]] Result<std::vector<Event>> parse_event_log(std::string_view text);

}  // namespace urna::sheet
