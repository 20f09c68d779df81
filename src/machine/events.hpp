// The machine's event log: what happened to the machine, for observers, and nothing of
// any voter: there is no type of event for a session, a token, a ballot or a choice.
// Every type is registered here; docs/machine-events.md is written from the registry,
// and a test holds the two together. Each line's hash covers all lines before it.
//
// The public form is sheet/event_log.hpp, which the station package carries; the NIST
// form is Election Event Logging CDF 1.0 (SP 1500-101), for other people's tools.
//
// Thread rule: one thread. Public data.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "sheet/event_log.hpp"

#include <span>
#include <string>
#include <vector>

namespace urna::machine {

struct EventType {
  std::string_view name;         // as in the public log
  std::string_view meaning;      // one sentence
  std::string_view label;        // what the label says; empty: none
  std::string_view disposition;  // NIST: success, failure, na
  std::string_view severity;     // NIST, free text
};

[[nodiscard]] std::span<const EventType> event_types();
[[nodiscard]] const EventType* find_event_type(std::string_view name);
// docs/machine-events.md.
[[nodiscard]] std::string events_page();

class EventLog {
 public:
  // Reads the file, or begins one. Error store_damaged when a line or a hash is wrong.
  [[nodiscard]] static Result<EventLog> open(base::FileSystem& files,
                                             base::Clock& clock, std::string path,
                                             std::int16_t offset_minutes);

  // Durable when it returns. A clock that went back is an event of its own before.
  [[nodiscard]] Result<void> add(std::string_view name, std::string label = {});

  [[nodiscard]] const std::vector<sheet::Event>& events() const { return events_; }
  [[nodiscard]] const Hash32& head() const { return head_; }
  [[nodiscard]] std::string public_text() const { return sheet::to_text(events_); }

 private:
  EventLog(base::FileSystem& files, base::Clock& clock, std::string path,
           std::int16_t offset)
      : files_(&files), clock_(&clock), path_(std::move(path)), offset_(offset) {}
  void append(sheet::Event event);

  base::FileSystem* files_;
  base::Clock* clock_;
  std::string path_;
  std::int16_t offset_;
  std::vector<sheet::Event> events_;
  std::vector<Hash32> hashes_;
  Hash32 head_{};
  friend base::Json to_nist_json(const EventLog&, const std::string&,
                                 const std::string&);
};

// `election`: the definition's code; `device`: the machine's label.
[[nodiscard]] base::Json to_nist_json(const EventLog& log, const std::string& election,
                                      const std::string& device);

}  // namespace urna::machine
