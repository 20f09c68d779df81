#include "checkin/book.hpp"

#include "checkin/errors.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace urna::checkin {
namespace {

void count_admission(const Event& event, Totals& totals) {
  const auto add = [](sheet::Count& count) { count = count.value_or(0) + 1; };
  add(totals.counts.total);
  switch (event.outcome) {
    case Outcome::matched:
      add(totals.counts.matched);
      break;
    case Outcome::not_matched:
      add(totals.counts.not_matched);
      break;
    case Outcome::no_stored_print:
      add(totals.counts.no_stored_print);
      break;
    case Outcome::not_taken:
      add(totals.counts.not_taken);
      break;
    case Outcome::no_reader:
    case Outcome::none:
      add(totals.counts.without_biometrics);
      break;
  }
  totals.overridden += event.overridden ? 1 : 0;
  totals.assisted += event.assisted ? 1 : 0;
}

}  // namespace

Result<Book> Book::join(std::vector<Event> events) {
  const auto order = [](const Event& e) {
    return std::tuple(e.time, e.device, e.number);
  };
  std::ranges::sort(events, {}, order);
  Book out;
  std::map<std::pair<std::uint32_t, std::uint32_t>, const Event*> seen;
  for (const Event& event : events) {
    const auto [at, fresh] = seen.try_emplace({event.device, event.number}, &event);
    if (fresh) {
      out.events_.push_back(event);
    } else if (*at->second != event) {
      return fail(errors::log_forked,
                  fmt::format("device {} tells its event {} in two ways", event.device,
                              event.number + 1),
                  "keep both devices for the electoral authority; go on with the paper "
                  "list");
    }
  }
  out.totals_.counts = {0, 0, 0, 0, 0, 0, 0};
  std::map<std::uint32_t, bool> closed;
  for (const Event& event : out.events_) {
    closed.try_emplace(event.device, false);
    switch (event.kind) {
      case EventKind::admitted:
        out.admissions_[event.voter].push_back(event);
        count_admission(event, out.totals_);
        break;
      case EventKind::token_lost:
        ++out.totals_.tokens_lost;
        break;
      case EventKind::alert:
        ++out.totals_.alerts;
        break;
      case EventKind::claim:
        ++out.totals_.claims;
        break;
      case EventKind::closed:
        closed[event.device] = true;
        out.totals_.tokens_issued += event.issued;
        out.totals_.tokens_left += event.left;
        break;
      case EventKind::reader_out:
      case EventKind::reader_back:
      case EventKind::opened:
        break;
    }
  }
  out.totals_.counts.tokens_issued = out.totals_.tokens_issued;
  for (const auto& [device, done] : closed) {
    if (!done) out.totals_.open_devices.push_back(device);
  }
  return out;
}

std::span<const Event> Book::admissions(std::string_view id) const {
  const auto at = admissions_.find(id);
  if (at == admissions_.end()) return {};
  return at->second;
}

std::vector<std::string> Book::admitted_twice() const {
  std::vector<std::string> out;
  for (const auto& [id, events] : admissions_) {
    if (events.size() > 1) out.push_back(id);
  }
  return out;
}

}  // namespace urna::checkin
