#include "machine/events.hpp"

#include "base/encoding.hpp"
#include "crypto/transcript.hpp"
#include "machine/errors.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace urna::machine {
namespace {

constexpr std::array<EventType, 24> kTypes{{
    {"CLOCK-CHANGED", "The clock went back since the last event.", "", "na", "warning"},
    {"CLOSED", "Two officials closed the polls.", "the reason, before the hour",
     "success", "info"},
    {"DISK-FAULT", "The disk did not confirm a write; voting stopped.", "", "failure",
     "error"},
    {"DOOR-CLOSED", "The machine's case was closed.", "", "na", "info"},
    {"DOOR-OPENED", "The machine's case was opened.", "", "na", "warning"},
    {"HANDED-OVER", "A spare machine goes on; this one takes no more votes.",
     "the other device", "success", "info"},
    {"OPENED", "Two officials opened the polls.", "", "success", "info"},
    {"PACKAGE-MADE", "The station's package was written for publication.",
     "number of the copy", "success", "info"},
    {"PAPER-LOADED", "Paper was loaded.", "", "na", "info"},
    {"PAPER-OUT", "The printer ran out of paper.", "", "failure", "warning"},
    {"PAUSED", "Two officials paused the voting.", "", "success", "info"},
    {"POWER-BACK", "The machine is on mains power again.", "", "na", "info"},
    {"POWER-LOST", "The program found that it had been interrupted.", "", "failure",
     "warning"},
    {"PRINTER-FAULT", "The printer did not finish: cover, jam or no answer.", "",
     "failure", "warning"},
    {"PRINTER-READY", "The printer works again.", "", "success", "info"},
    {"RESUMED", "Two officials resumed the voting.", "", "success", "info"},
    {"SCANNER-FAULT", "The scanner does not answer.", "", "failure", "warning"},
    {"SCANNER-READY", "The scanner works again.", "", "success", "info"},
    {"SCREEN-FAULT", "The screen or the page on it does not answer.", "", "failure",
     "error"},
    {"SHEET-PRINTED", "The tally sheet was printed.", "number of the copy", "success",
     "info"},
    {"STARTED", "The program began.", "release", "success", "info"},
    {"STOPPED", "The program ended in order.", "release", "success", "info"},
    {"TEST-PRINTED", "A test print or the zero report was printed.",
     "number of the copy", "success", "info"},
    {"TOOK-OVER", "This machine goes on for another one.", "the other device",
     "success", "info"},
}};

Hash32 next_hash(const Hash32& head, std::string_view line) {
  return crypto::Transcript("machine-event").bytes(head).text(line).hash32();
}

std::string line_of(const sheet::Event& event) {
  std::string line = sheet::to_text(std::span(&event, 1));
  line.pop_back();
  return line;
}

std::unexpected<Error> damaged(std::size_t line) {
  return fail(errors::store_damaged,
              fmt::format("the event log was changed at line {}", line),
              "take the machine out of service and keep it as evidence");
}

// "2026-05-10T06:00:00-04:00" from "20260510T060000-0400".
std::string nist_time(const sheet::LocalTime& time) {
  const std::string t = sheet::to_text(time);
  return fmt::format("{}-{}-{}T{}:{}:{}{}:{}", t.substr(0, 4), t.substr(4, 2),
                     t.substr(6, 2), t.substr(9, 2), t.substr(11, 2), t.substr(13, 2),
                     t.substr(15, 3), t.substr(18, 2));
}

}  // namespace

std::span<const EventType> event_types() {
  return kTypes;
}

const EventType* find_event_type(std::string_view name) {
  const auto found = std::ranges::find(kTypes, name, &EventType::name);
  return found == kTypes.end() ? nullptr : &*found;
}

std::string events_page() {
  std::string page =
      "# The events a voting machine logs\n\n"
      "Written by the registry in `src/machine/events.cpp`; a test holds the two\n"
      "together. There is no event for a session, a token, a ballot or a choice: its\n"
      "time would tell who voted what. The public form is described in\n"
      "[formats/station-package.md](formats/station-package.md).\n\n"
      "| event | means | label | disposition | severity |\n|---|---|---|---|---|\n";
  for (const EventType& type : kTypes) {
    page += fmt::format("| {} | {} | {} | {} | {} |\n", type.name, type.meaning,
                        type.label, type.disposition, type.severity);
  }
  return page;
}

void EventLog::append(sheet::Event event) {
  head_ = next_hash(head_, line_of(event));
  hashes_.push_back(head_);
  events_.push_back(std::move(event));
}

Result<EventLog> EventLog::open(base::FileSystem& files, base::Clock& clock,
                                std::string path, std::int16_t offset_minutes) {
  EventLog log(files, clock, std::move(path), offset_minutes);
  if (files.kind(log.path_) == base::FileKind::missing) return log;
  URNA_TRY(const std::string text, base::read_text(files, log.path_, 16 << 20));
  std::string lines;
  std::vector<std::string> hashes;
  std::string_view left = text;
  while (!left.empty()) {
    const std::size_t end = left.find('\n');
    const std::size_t mark = left.find(" #");
    if (end == std::string_view::npos || mark >= end) return damaged(hashes.size() + 1);
    lines += std::string(left.substr(0, mark)) + "\n";
    hashes.emplace_back(left.substr(mark + 2, end - mark - 2));
    left.remove_prefix(end + 1);
  }
  URNA_TRY(auto events, sheet::parse_event_log(lines));
  for (std::size_t i = 0; i < events.size(); ++i) {
    log.append(std::move(events[i]));
    if (base::to_hex(log.head_) != hashes[i]) return damaged(i + 1);
  }
  return log;
}

Result<void> EventLog::add(std::string_view name, std::string label) {
  if (find_event_type(name) == nullptr) {
    return fail(errors::not_now, fmt::format("'{}' is not a registered event", name));
  }
  const std::int64_t now = clock_->unix_seconds();
  const sheet::LocalTime time = sheet::local_time(now, offset_);
  EventLog next(*files_, *clock_, path_, offset_);
  next.events_ = events_;
  next.hashes_ = hashes_;
  next.head_ = head_;
  sheet::Event event{time, std::string(name), std::move(label)};
  if (!events_.empty()) {
    const std::array<sheet::Event, 2> pair{events_.back(), event};
    if (!sheet::parse_event_log(sheet::to_text(pair))) {
      next.append({time, "CLOCK-CHANGED", {}});
    }
  }
  next.append(std::move(event));
  std::string text;
  for (std::size_t i = 0; i < next.events_.size(); ++i) {
    text += line_of(next.events_[i]) + " #" + base::to_hex(next.hashes_[i]) + "\n";
  }
  URNA_CHECK(base::write_durable(*files_, path_, as_bytes(text)));
  *this = std::move(next);
  return {};
}

base::Json to_nist_json(const EventLog& log, const std::string& election,
                        const std::string& device) {
  base::Json events = base::Json::array();
  for (std::size_t i = 0; i < log.events_.size(); ++i) {
    const sheet::Event& event = log.events_[i];
    const EventType* type = find_event_type(event.name);
    base::Json e = base::Json::object();
    e.set("@type", "EventLogging.Event");
    e.set("Id", event.name);
    e.set("Sequence", std::to_string(i + 1));
    e.set("TimeStamp", nist_time(event.time));
    e.set("Type", type->name);
    e.set("Disposition", type->disposition);
    e.set("Severity", type->severity);
    e.set("Description", type->meaning);
    if (!event.label.empty()) e.set("Details", event.label);
    e.set("Hash", base::to_hex(log.hashes_[i]));
    events.push(std::move(e));
  }
  base::Json d = base::Json::object();
  d.set("@type", "EventLogging.Device");
  d.set("Id", device);
  d.set("Type", "bmd");
  d.set("HashType", "sha-512");
  d.set("Event", std::move(events));
  base::Json out = base::Json::object();
  out.set("@type", "EventLogging.ElectionEventLog");
  out.set("GeneratedTime", base::utc_text(log.clock_->unix_seconds()));
  out.set("ElectionId", election);
  base::Json devices = base::Json::array();
  devices.push(std::move(d));
  out.set("Device", std::move(devices));
  return out;
}

}  // namespace urna::machine
