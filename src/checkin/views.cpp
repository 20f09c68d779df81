#include "checkin/views.hpp"

#include "checkin/paper.hpp"

#include <algorithm>

namespace urna::checkin {
namespace {

using base::Json;

Json count_view(const sheet::Count& count) {
  return count ? Json(*count) : Json();
}

Json totals_view(const Book& book) {
  const Totals& t = book.totals();
  Json c = Json::object();
  c.set("checked_in", count_view(t.counts.total));
  c.set("matched", count_view(t.counts.matched));
  c.set("not_matched", count_view(t.counts.not_matched));
  c.set("no_stored_print", count_view(t.counts.no_stored_print));
  c.set("not_taken", count_view(t.counts.not_taken));
  c.set("no_reader", count_view(t.counts.without_biometrics));
  c.set("decided_by_officials", t.overridden);
  c.set("assisted", t.assisted);
  c.set("alerts", t.alerts);
  c.set("claims", t.claims);
  c.set("tokens_lost", t.tokens_lost);
  c.set("tokens_issued", t.tokens_issued);
  c.set("tokens_left", t.tokens_left);
  return c;
}

std::string sentence(const Station& station) {
  if (station.setup() == nullptr) return "This device has no package yet.";
  if (station.token_waits()) return "The last voter's token has not been printed.";
  if (station.closed()) return "Check-in has closed.";
  if (!station.opened()) return "Check-in has not been opened yet.";
  if (station.check()) return "A voter is being checked.";
  return "Ready for the next voter.";
}

Json admissions_view(const Station& station, std::string_view id) {
  Json list = Json::array();
  for (const Event& event : station.book().admissions(id)) {
    Json a = Json::object();
    a.set("at", local_hour(*station.setup(), event.time));
    a.set("device", event.device);
    list.push(std::move(a));
  }
  return list;
}

// The station's devices, and what is known here of each: nothing, its log, its end.
Json devices_view(const Station& station) {
  Json list = Json::array();
  const auto& events = station.book().events();
  for (std::uint32_t device = 1; device <= station.setup()->devices; ++device) {
    const auto of_device = [&](const Event& e) { return e.device == device; };
    const auto last = std::find_if(events.rbegin(), events.rend(), of_device);
    Json d = Json::object();
    d.set("device", device);
    d.set("here", device == station.setup()->device);
    d.set("heard_at", last == events.rend()
                          ? Json()
                          : Json(local_hour(*station.setup(), last->time)));
    d.set("closed", std::ranges::any_of(events, [&](const Event& e) {
            return of_device(e) && e.kind == EventKind::closed;
          }));
    list.push(std::move(d));
  }
  return list;
}

Json check_view(const Station& station) {
  if (!station.check()) return {};
  const VoterCheck& check = *station.check();
  Json c = voter_view(station, check.voter);
  c.set("matched", check.matched());
  c.set("compared", !check.scores.empty());
  c.set("alerted", check.alerted);
  Json tries = Json::object();
  for (const auto& print : station.setup()->roll.voters[check.voter].prints) {
    tries.set(std::string(position_name(print.position)),
              check.tries_left(print.position));
  }
  c.set("tries_left", std::move(tries));
  return c;
}

void add_setup(const Station& station, Json& s) {
  const Setup& setup = *station.setup();
  const auto& model = setup.definition.model();
  Json languages = Json::array();
  for (const auto& language : model.languages) languages.push(language);
  s.set("election", model.name.in(0));
  s.set("languages", std::move(languages));
  s.set("station", setup.roll.station);
  s.set("station_name", setup.definition.stations()[setup.station_index].name.in(0));
  s.set("device", setup.device);
  s.set("devices", setup.devices);
  s.set("logs", devices_view(station));
  s.set("mode", election::mode_name(setup.mode()));
  s.set("voters", setup.roll.voters.size());
  s.set("tokens_left", station.tokens_left());
  s.set("totals", totals_view(station.book()));
  Json twice = Json::array();
  for (const std::string& id : station.book().admitted_twice()) {
    const auto place = setup.roll.find(id);
    if (place) twice.push(voter_view(station, *place));
  }
  s.set("admitted_twice", std::move(twice));
}

}  // namespace

Json voter_view(const Station& station, std::size_t place) {
  const Voter& voter = station.setup()->roll.voters[place];
  Json fingers = Json::array();
  std::vector<std::string_view> named;
  for (const StoredPrint& print : voter.prints) {
    const auto name = position_name(print.position);
    if (std::ranges::find(named, name) != named.end()) continue;
    named.push_back(name);
    fingers.push(name);
  }
  Json v = Json::object();
  v.set("id", voter.id);
  v.set("surnames", voter.surnames);
  v.set("names", voter.names);
  v.set("fingers", std::move(fingers));
  v.set("admissions", admissions_view(station, voter.id));
  return v;
}

Json station_view(const Station& station, election::StationIndex index) {
  const auto& where = station.setup()->definition.stations()[index];
  Json s = Json::object();
  s.set("code", where.code);
  s.set("name", where.name.in(0));
  s.set("address", where.address);
  return s;
}

Json capture_view(const Capture& capture) {
  Json c = Json::object();
  c.set("usable", capture.usable);
  c.set("quality", capture.quality);
  c.set("advice", capture.advice);
  c.set("tries_left", capture.tries_left);
  c.set("matched", capture.matched);
  c.set("resembles", capture.resembles ? Json(*capture.resembles) : Json());
  return c;
}

Json state_view(const Station& station, bool demo) {
  Json s = Json::object();
  s.set("sentence", sentence(station));
  s.set("demo", demo);
  s.set("opened", station.opened());
  s.set("closed", station.closed());
  s.set("token_waits", station.token_waits());
  s.set("reader", station.reader_works());
  s.set("prints", station.has_prints());
  s.set("certificate", station.has_certificate());
  if (station.setup() != nullptr) add_setup(station, s);
  s.set("check", check_view(station));
  return s;
}

}  // namespace urna::checkin
