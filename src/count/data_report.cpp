#include "count/data_report.hpp"

#include "base/csv.hpp"
#include "base/encoding.hpp"
#include "count/words.hpp"
#include "seats/explain.hpp"

#include <fmt/format.h>

namespace urna::count {
namespace {

using base::Json;

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::complete:
      return "complete";
    case Verdict::cannot_change:
      return "cannot change";
    case Verdict::could_change:
      return "could change";
  }
  return {};
}

std::string_view why_name(WhyNot why) {
  switch (why) {
    case WhyNot::none:
      return "";
    case WhyNot::votes:
      return "votes";
    case WhyNot::tied:
      return "tied";
    case WhyNot::unknown:
      return "voters of missing stations unknown";
    case WhyNot::method:
      return "no proof for this method";
    case WhyNot::threshold:
      return "threshold";
  }
  return {};
}

std::string_view state_name(StationState state) {
  switch (state) {
    case StationState::missing:
      return "missing";
    case StationState::counted:
      return "counted";
    case StationState::partial:
      return "partial";
    case StationState::conflict:
      return "conflict";
    case StationState::set_aside:
      return "set aside";
  }
  return {};
}

class JsonReport {
 public:
  explicit JsonReport(const Count& count)
      : count_(count), definition_(count.definition), say_(count, Language::english) {}

  Json write();

 private:
  [[nodiscard]] Json bound(const Bound& bound,
                           const std::vector<std::string>& names) const;
  [[nodiscard]] Json summary() const;
  [[nodiscard]] Json conflicts() const;
  [[nodiscard]] Json contests() const;
  [[nodiscard]] Json awards() const;
  [[nodiscard]] Json house() const;
  [[nodiscard]] Json areas() const;
  [[nodiscard]] Json stations() const;
  [[nodiscard]] static Json total(const election::ContestTotal& total);

  const Count& count_;
  const election::Definition& definition_;
  Speech say_;
};

Json JsonReport::bound(const Bound& bound,
                       const std::vector<std::string>& names) const {
  Json out = Json::object();
  out.set("verdict", verdict_name(bound.verdict));
  if (bound.why != WhyNot::none) out.set("why", why_name(bound.why));
  out.set("missing_stations", bound.missing.stations);
  out.set("missing_voters",
          bound.missing.voters ? Json(*bound.missing.voters) : Json());
  if (bound.ahead && bound.behind) {
    out.set("ahead", names[*bound.ahead]);
    out.set("ahead_votes", bound.ahead_votes);
    out.set("behind", names[*bound.behind]);
    out.set("behind_at_most", bound.behind_at_most);
  }
  return out;
}

Json JsonReport::total(const election::ContestTotal& total) {
  Json out = Json::object();
  Json options = Json::array();
  for (const std::uint64_t votes : total.options) options.push(votes);
  out.set("options", std::move(options));
  out.set("blank", total.blank);
  out.set("null", total.null);
  out.set("stations", total.stations);
  out.set("counted", total.counted);
  return out;
}

Json JsonReport::summary() const {
  Json out = Json::object();
  out.set("stations", count_.stations.size());
  for (const StationState state :
       {StationState::counted, StationState::partial, StationState::missing,
        StationState::conflict, StationState::set_aside}) {
    std::string key(state_name(state));
    if (key == "set aside") key = "set_aside";
    out.set(key, count_.in_state(state));
  }
  out.set("open_conflicts", count_.open_conflicts());
  out.set("results_read", count_.documents.all().size());
  std::uint64_t ballots = 0;
  for (const Station& station : count_.stations) ballots += station.ballots;
  out.set("ballots", ballots);
  Json boxes = Json::object();
  boxes.set("counted", count_.boxes(BoxState::counted));
  boxes.set("not_yet_counted", count_.boxes(BoxState::not_yet_counted));
  out.set("boxes", std::move(boxes));
  const election::AreaFigures& figures = count_.totals.figures(definition_.root());
  out.set("registered", figures.registered);
  out.set("registered_counted", figures.registered_counted);
  out.set("registered_not_stated", figures.not_stated);
  if (const auto roll = definition_.areas()[definition_.root()].registered)
    out.set("roll", *roll);
  return out;
}

Json JsonReport::conflicts() const {
  Json out = Json::array();
  for (const Conflict& conflict : count_.conflicts) {
    Json item = Json::object();
    item.set("number", conflict.kind.number);
    item.set("title", conflict.kind.title);
    item.set("station", conflict.station_code);
    item.set("message", conflict.message.english);
    Json documents = Json::array();
    for (const std::uint32_t d : conflict.documents) {
      Json document = Json::object();
      document.set("hash", base::to_hex(ByteView(count_.documents.all()[d].digest)));
      document.set("source", count_.documents.place(count_.documents.all()[d]));
      documents.push(std::move(document));
    }
    item.set("documents", std::move(documents));
    item.set("open", !conflict.decision.has_value());
    if (conflict.decision) {
      const Decision& decision = count_.decisions.decisions[*conflict.decision];
      item.set("reason", decision.reason);
      item.set("date", decision.date);
      Json people = Json::array();
      for (const std::string& person : decision.decided_by) people.push(person);
      item.set("decided_by", std::move(people));
    }
    out.push(std::move(item));
  }
  return out;
}

Json JsonReport::contests() const {
  Json out = Json::array();
  for (const ContestBound& at : count_.bounds) {
    const election::Contest& contest = definition_.contests()[at.contest];
    Json item = Json::object();
    item.set("code", contest.code);
    item.set("title", say_(contest.title));
    item.set("area", definition_.areas()[contest.area].code);
    item.set("seats", contest.seats);
    const election::ContestTotal sum = count_.totals.total(at.contest);
    Json options = Json::array();
    for (const election::Option& option : contest.options) options.push(option.code);
    item.set("options", std::move(options));
    item.set("total", total(sum));
    Json contenders = Json::array();
    std::vector<std::string> names;
    for (const election::Contender& contender : contest.contenders)
      names.push_back(contender.code);
    for (const std::size_t c : at.order) {
      Json contender = Json::object();
      contender.set("code", contest.contenders[c].code);
      contender.set("name", say_(contest.contenders[c].name));
      contender.set("votes", at.votes[c]);
      contenders.push(std::move(contender));
    }
    item.set("contenders", std::move(contenders));
    item.set("bound", bound(at.bound, names));
    out.push(std::move(item));
  }
  return out;
}

Json JsonReport::awards() const {
  Json out = Json::array();
  for (const AwardResult& result : count_.awards) {
    const election::Award& award = definition_.awards()[result.award];
    Json item = Json::object();
    item.set("code", award.code);
    item.set("name", say_(award.name));
    item.set("method", award.method);
    item.set("seats", award.seats);
    Json parts = Json::array();
    for (const AwardPart& part : result.parts) {
      Json one = seats::to_json(part.result);
      if (part.contest) one.set("contest", definition_.contests()[*part.contest].code);
      one.set("bound", bound(part.bound, part.result.names));
      parts.push(std::move(one));
    }
    item.set("parts", std::move(parts));
    out.push(std::move(item));
  }
  return out;
}

Json JsonReport::house() const {
  Json out = Json::object();
  out.set("seats", count_.house.seats);
  out.set("awarded", count_.house.awarded);
  out.set("elsewhere", count_.house.elsewhere);
  Json groups = Json::array();
  for (const Group& group : count_.house.groups) {
    Json item = Json::object();
    item.set("code", group.code);
    item.set("name", say_(group.name));
    item.set("seats", group.total());
    Json by_award = Json::object();
    for (std::size_t a = 0; a < group.seats.size(); ++a)
      by_award.set(definition_.awards()[a].code, group.seats[a]);
    item.set("by_award", std::move(by_award));
    groups.push(std::move(item));
  }
  out.set("groups", std::move(groups));
  return out;
}

Json JsonReport::areas() const {
  Json out = Json::array();
  for (election::AreaIndex a = 0; a < definition_.areas().size(); ++a) {
    const election::Area& area = definition_.areas()[a];
    const election::AreaFigures& figures = count_.totals.figures(a);
    Json item = Json::object();
    item.set("code", area.code);
    item.set("kind", definition_.model().area_kinds[area.kind].code);
    item.set("name", say_(area.name));
    item.set("stations", figures.stations);
    item.set("counted", figures.counted);
    item.set("registered", figures.registered);
    item.set("registered_counted", figures.registered_counted);
    Json contests = Json::object();
    for (const election::ContestIndex c : count_.totals.contests(a))
      contests.set(definition_.contests()[c].code, total(*count_.totals.total(a, c)));
    item.set("contests", std::move(contests));
    out.push(std::move(item));
  }
  return out;
}

Json JsonReport::stations() const {
  Json out = Json::array();
  for (election::StationIndex s = 0; s < count_.stations.size(); ++s) {
    const Station& station = count_.stations[s];
    Json item = Json::object();
    item.set("code", definition_.stations()[s].code);
    item.set("state", state_name(station.state));
    if (definition_.stations()[s].registered)
      item.set("registered", *definition_.stations()[s].registered);
    item.set("ballots", station.ballots);
    if (station.box == BoxState::counted) item.set("papers_in_box", station.papers);
    if (station.box == BoxState::not_yet_counted)
      item.set("papers_in_box", "not yet counted");
    Json rows = Json::array();
    for (const std::uint32_t d : station.documents) {
      const Document& document = count_.documents.all()[d];
      Json row = Json::object();
      row.set("source", count_.documents.place(document));
      row.set("hash", base::to_hex(ByteView(document.digest)));
      Json numbers = Json::array();
      for (const std::uint64_t n : count_.documents.row(document)) numbers.push(n);
      row.set("numbers", std::move(numbers));
      rows.push(std::move(row));
    }
    item.set("counted", std::move(rows));
    out.push(std::move(item));
  }
  return out;
}

Json JsonReport::write() {
  Json out = Json::object();
  out.set("format", "urna-count-1");
  out.set("election", definition_.model().code);
  out.set("definition", base::to_hex(ByteView(definition_.hash())));
  out.set("name", say_(definition_.model().name));
  out.set("date", definition_.model().day.date);
  out.set("mode", election::mode_name(definition_.model().mode));
  if (!count_.hypothetical.empty())
    out.set("hypothetical", count_.hypothetical.english);
  out.set("summary", summary());
  out.set("conflicts", conflicts());
  Json notices = Json::array();
  for (const Notice& notice : count_.notices) {
    Json item = Json::object();
    item.set("number", notice.kind.number);
    if (notice.station)
      item.set("station", definition_.stations()[*notice.station].code);
    item.set("message", notice.message.english);
    notices.push(std::move(item));
  }
  out.set("notices", std::move(notices));
  out.set("contests", contests());
  out.set("awards", awards());
  out.set("house", house());
  out.set("areas", areas());
  out.set("stations", stations());
  return out;
}

// The area under the root that contains a station: the "county" of the table.
std::string county_of(const election::Definition& definition,
                      election::StationIndex station, const Speech& say) {
  const election::AreaIndex root = definition.root();
  for (const election::AreaIndex a : definition.place_of(station).areas) {
    const auto& parents = definition.areas()[a].parents;
    if (!parents.empty() && parents.front() == root)
      return std::string(say(definition.areas()[a].name));
  }
  return std::string(say(definition.areas()[root].name));
}

}  // namespace

Json json_report(const Count& count) {
  return JsonReport(count).write();
}

std::string open_elections_csv(const Count& count) {
  const election::Definition& definition = count.definition;
  const Speech say(count, Language::english);
  std::string out = "county,precinct,office,district,party,candidate,votes\n";
  for (election::StationIndex s = 0; s < count.stations.size(); ++s) {
    const Station& station = count.stations[s];
    if (station.documents.empty()) continue;
    const std::string county = county_of(definition, s, say);
    const std::string& precinct = definition.stations()[s].code;
    if (const auto registered = definition.stations()[s].registered)
      out += base::csv_row({county, precinct, "Registered Voters", "", "", "",
                            std::to_string(*registered)});
    out += base::csv_row({county, precinct, "Ballots Cast", "", "", "",
                          std::to_string(station.ballots)});
    const election::BallotStyle& style = definition.style_of(s);
    for (std::size_t slot = 0; slot < style.contests.size(); ++slot) {
      const election::Contest& contest = definition.contests()[style.contests[slot]];
      std::vector<std::uint64_t> sums(contest.fields(), 0);
      for (const std::uint32_t d : station.documents) {
        const auto row = count.documents.row(count.documents.all()[d]);
        for (std::size_t f = 0; f < sums.size(); ++f)
          sums[f] += row[style.field_start[slot] + f];
      }
      const std::string office(say(contest.title)),
          district(definition.areas()[contest.area].code);
      const auto row = [&](std::string party, std::string name, std::uint64_t votes) {
        out += base::csv_row({county, precinct, office, district, std::move(party),
                              std::move(name), std::to_string(votes)});
      };
      for (std::size_t o = 0; o < contest.options.size(); ++o) {
        std::string party;
        for (const election::PartyIndex p : contest.options[o].cards)
          party += (party.empty() ? "" : "/") + definition.parties()[p].code;
        row(std::move(party),
            std::string(say(contest.contenders[contest.options[o].contender].name)),
            sums[o]);
      }
      row("", "Blank", sums[contest.options.size()]);
      row("", "Null", sums[contest.options.size() + 1]);
    }
  }
  return out;
}

}  // namespace urna::count
