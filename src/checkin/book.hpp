// The poll book: what the events of all devices of a station say together. Computed
// anew from the events whenever they change; nothing here is stored. Joining is a set
// union in the order of (time, device, number), so devices that exchange logs in any
// order hold the same book. A voter whom two devices admitted while they were apart
// stands there twice and is shown; nothing is ever merged silently.
//
// Thread rule: plain values. Personal data.
#pragma once

#include "checkin/event_log.hpp"
#include "sheet/sheet.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace urna::checkin {

struct Totals {
  sheet::CheckIn counts;  // the slip's numbers; tokens only once devices closed
  std::uint32_t overridden = 0;
  std::uint32_t assisted = 0;
  std::uint32_t alerts = 0;
  std::uint32_t claims = 0;
  std::uint32_t tokens_lost = 0;
  std::uint32_t tokens_issued = 0;  // by closed devices
  std::uint32_t tokens_left = 0;    // at closed devices
  std::vector<std::uint32_t> open_devices;
};

class Book {
 public:
  // Error log_forked when one device has two different events of one number.
  [[nodiscard]] static Result<Book> join(std::vector<Event> events);

  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  // Every admission of this voter, earliest first; empty when there is none.
  [[nodiscard]] std::span<const Event> admissions(std::string_view id) const;
  // Voters with more than one admission.
  [[nodiscard]] std::vector<std::string> admitted_twice() const;
  [[nodiscard]] const Totals& totals() const { return totals_; }

 private:
  std::vector<Event> events_;  // in the one order
  std::map<std::string, std::vector<Event>, std::less<>> admissions_;
  Totals totals_;
};

}  // namespace urna::checkin
