#include "record/report.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace urna::record {
namespace {

using Reasons = std::map<std::string, std::vector<std::string>>;  // why -> stations

// Every reason why a check was not run, with the stations it concerns.
Reasons reasons(const Report& report, Check check) {
  Reasons found;
  const auto look = [&](const Findings& findings, const std::string& station) {
    const Outcome& outcome = findings.of(check);
    if (outcome.state == State::not_run) found[outcome.why].push_back(station);
  };
  switch (info(check).scope) {
    case Scope::record:
      look(report.record.findings, {});
      break;
    case Scope::result:
      look(report.result, {});
      break;
    case Scope::station:
      for (const auto& [code, station] : report.stations) look(station.findings, code);
      if (report.stations.empty()) found["no station was looked at"].push_back({});
      break;
  }
  return found;
}

std::vector<const Failure*> failures(const Report& report, Check check) {
  std::vector<const Failure*> found;
  const auto look = [&](const Findings& findings) {
    for (const Failure& failure : findings.failures()) {
      if (failure.check == check) found.push_back(&failure);
    }
  };
  look(report.record.findings);
  for (const auto& [code, station] : report.stations) look(station.findings);
  look(report.result);
  return found;
}

std::uint64_t failure_count(const Report& report, Check check) {
  std::uint64_t all = report.record.findings.count(check) + report.result.count(check);
  for (const auto& [code, station] : report.stations) {
    all += station.findings.count(check);
  }
  return all;
}

std::string failure_text(const Failure& failure) {
  std::string place;
  const auto add = [&](std::string_view what, const std::string& value) {
    if (value.empty()) return;
    if (!place.empty()) place += ", ";
    place += what;
    place += value;
  };
  add("station ", failure.station);
  add("", failure.ballot);
  add("file ", failure.file);
  return fmt::format("      {}{}{}\n", place, place.empty() ? "" : ": ", failure.what);
}

std::string some_stations(const std::vector<std::string>& codes) {
  constexpr std::size_t kMost = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(codes.size(), kMost); ++i) {
    text += (i == 0 ? "" : ", ") + codes[i];
  }
  if (codes.size() > kMost) text += fmt::format(" and {} more", codes.size() - kMost);
  return text;
}

std::string check_text(const Report& report, const CheckInfo& check) {
  const Report::Count count = report.count(check.check);
  const std::string_view state = count.failed > 0    ? "FAILED"
                                 : count.passed == 0 ? "not run"
                                                     : "passed";
  std::string text =
      fmt::format("{:>3} {:<18} {:<8}", number(check.check), check.name, state);
  if (check.scope == Scope::station) {
    text += fmt::format(" {} passed", count.passed);
    if (count.failed > 0) text += fmt::format(", {} failed", count.failed);
    if (count.not_run > 0) text += fmt::format(", {} not run", count.not_run);
  }
  text += '\n';
  for (const auto& [why, stations] : reasons(report, check.check)) {
    text += fmt::format("      not run{}: {}\n",
                        check.scope == Scope::station && !stations.front().empty()
                            ? " at " + some_stations(stations)
                            : "",
                        why);
  }
  if (count.failed == 0) return text;
  text += fmt::format("      It must hold that {}.\n", check.says);
  const auto list = failures(report, check.check);
  for (const Failure* failure : list) text += failure_text(*failure);
  const std::uint64_t all = failure_count(report, check.check);
  if (all > list.size()) {
    text += fmt::format("      ... and {} more of this kind\n", all - list.size());
  }
  return text + fmt::format("      What it means: {}.\n", check.means);
}

std::string_view verdict(const Report& report) {
  if (report.failed()) return "failed";
  return report.not_run() > 0 ? "passed with checks not run" : "passed";
}

base::Json failure_json(const Failure& failure) {
  base::Json json = base::Json::object();
  if (!failure.station.empty()) json.set("station", failure.station);
  if (!failure.file.empty()) json.set("file", failure.file);
  if (!failure.ballot.empty()) json.set("ballot", failure.ballot);
  json.set("what", failure.what);
  return json;
}

base::Json check_json(const Report& report, const CheckInfo& check) {
  const Report::Count count = report.count(check.check);
  base::Json json = base::Json::object();
  json.set("number", number(check.check));
  json.set("name", check.name);
  json.set("state", state_name(count.failed > 0    ? State::failed
                               : count.passed == 0 ? State::not_run
                                                   : State::passed));
  json.set("passed", count.passed);
  json.set("failed", count.failed);
  json.set("not_run", count.not_run);
  base::Json why = base::Json::array();
  for (const auto& [text, stations] : reasons(report, check.check)) {
    base::Json one = base::Json::object();
    one.set("why", text);
    if (check.scope == Scope::station) one.set("stations", stations.size());
    why.push(std::move(one));
  }
  json.set("reasons", std::move(why));
  base::Json found = base::Json::array();
  for (const Failure* failure : failures(report, check.check)) {
    found.push(failure_json(*failure));
  }
  json.set("failures", std::move(found));
  json.set("all_failures", failure_count(report, check.check));
  return json;
}

base::Json station_json(const std::string& code, const StationReport& station) {
  base::Json json = base::Json::object();
  json.set("station", code);
  json.set("cast", station.cast);
  json.set("challenged", station.challenged);
  json.set("voided", station.voided);
  base::Json failed = base::Json::array();
  for (const CheckInfo& check : checks()) {
    if (station.findings.failed(check.check)) failed.push(check.name);
  }
  json.set("failed", std::move(failed));
  return json;
}

}  // namespace

std::string_view state_name(State state) {
  switch (state) {
    case State::passed:
      return "passed";
    case State::failed:
      return "failed";
    case State::not_run:
      break;
  }
  return "not run";
}

void Findings::pass(Check check) {
  Outcome& outcome = outcomes_.at(number(check) - 1);
  if (outcome.state != State::failed) outcome = {State::passed, {}};
}

void Findings::fail(Failure failure) {
  const std::size_t at = number(failure.check) - 1;
  outcomes_.at(at) = {State::failed, {}};
  if (++counts_.at(at) <= kMostFailures) failures_.push_back(std::move(failure));
}

void Findings::skip(Check check, std::string why) {
  Outcome& outcome = outcomes_.at(number(check) - 1);
  if (outcome.state != State::failed) outcome = {State::not_run, std::move(why)};
}

Report::Count Report::count(Check check) const {
  Count count;
  const auto add = [&](State state) {
    ++(state == State::passed   ? count.passed
       : state == State::failed ? count.failed
                                : count.not_run);
  };
  switch (info(check).scope) {
    case Scope::record:
      add(record.findings.of(check).state);
      break;
    case Scope::result:
      add(result.of(check).state);
      break;
    case Scope::station:
      for (const auto& [code, station] : stations)
        add(station.findings.of(check).state);
      if (stations.empty()) ++count.not_run;
      break;
  }
  // The bytes of a station's documents are read with the station.
  if (check == Check::documents) {
    for (const auto& [code, station] : stations) {
      if (station.findings.failed(check)) ++count.failed;
    }
  }
  return count;
}

bool Report::failed() const {
  return std::ranges::any_of(
      checks(), [&](const CheckInfo& check) { return count(check.check).failed > 0; });
}

std::uint64_t Report::not_run() const {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      checks(),
      [&](const CheckInfo& check) { return count(check.check).not_run > 0; }));
}

std::string Report::text() const {
  std::uint64_t cast = 0;
  std::uint64_t challenged = 0;
  std::uint64_t voided = 0;
  for (const auto& [code, station] : stations) {
    cast += station.cast;
    challenged += station.challenged;
    voided += station.voided;
  }
  std::string text = fmt::format(
      "{}\nlog        {}, {} entries, root {}\nelection   {}\nballots    {} cast, {} "
      "challenged, {} voided, at {} stations\n\n",
      record.name.empty() ? std::string("(election not known)") : record.name,
      record.origin, record.size, base::to_hex(record.root),
      record.election ? base::to_hex(*record.election) : "not known", cast, challenged,
      voided, stations.size());
  for (const CheckInfo& check : checks()) text += check_text(*this, check);
  text += '\n';
  if (failed()) {
    text += "RESULT: FAILED. What failed is named above.\n";
  } else if (not_run() > 0) {
    text += fmt::format(
        "RESULT: nothing failed. {} of {} checks were not run, or not everywhere: see "
        "above.\n",
        not_run(), kChecks);
  } else {
    text += "RESULT: every check passed.\n";
  }
  return text;
}

base::Json Report::to_json() const {
  base::Json json = base::Json::object();
  json.set("format", "urna-verification-1");
  json.set("verdict", verdict(*this));
  json.set("origin", record.origin);
  json.set("size", record.size);
  json.set("root", base::to_hex(record.root));
  json.set("definition", record.definition
                             ? base::Json(base::to_hex(*record.definition))
                             : base::Json());
  json.set("election",
           record.election ? base::Json(base::to_hex(*record.election)) : base::Json());
  base::Json list = base::Json::array();
  for (const CheckInfo& check : checks()) list.push(check_json(*this, check));
  json.set("checks", std::move(list));
  base::Json every = base::Json::array();
  for (const auto& [code, station] : stations) every.push(station_json(code, station));
  json.set("stations", std::move(every));
  return json;
}

std::string said(const Error& error) {
  return error.where.empty() ? error.message
                             : fmt::format("{} (at {})", error.message, error.where);
}

}  // namespace urna::record
