#include "election/describe.hpp"

#include "base/encoding.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::election {
namespace {

// 1234567 as "1,234,567".
std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string count(std::uint64_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(n), n == 1 ? one : many);
}

struct Voters {
  std::uint64_t stations = 0;
  std::uint64_t registered = 0;
  std::uint64_t not_stated = 0;

  [[nodiscard]] std::string text() const {
    std::string out =
        fmt::format("{}, {} registered", count(stations, "station", "stations"),
                    grouped(registered));
    if (not_stated > 0) out += fmt::format(" ({} not stated)", grouped(not_stated));
    return out;
  }
};

std::vector<Voters> voters_by_area(const Definition& definition) {
  std::vector<Voters> out(definition.areas().size());
  for (const Place& place : definition.places()) {
    Voters here;
    for (const StationIndex i : place.stations) {
      const auto& registered = definition.stations()[i].registered;
      ++here.stations;
      here.registered += registered.value_or(0);
      here.not_stated += registered ? 0U : 1U;
    }
    for (const AreaIndex area : place.areas) {
      out[area].stations += here.stations;
      out[area].registered += here.registered;
      out[area].not_stated += here.not_stated;
    }
  }
  return out;
}

class Describer {
 public:
  Describer(const Definition& definition, std::size_t language)
      : definition_(definition),
        model_(definition.model()),
        language_(language),
        voters_(voters_by_area(definition)) {}

  std::string all(bool with_stations) {
    out_ = summary_text(definition_, language_);
    out_ += "\nAreas\n";
    std::vector<std::vector<AreaIndex>> children(model_.areas.size());
    for (AreaIndex i = 0; i < model_.areas.size(); ++i) {
      for (const AreaIndex parent : model_.areas[i].parents) {
        children[parent].push_back(i);
      }
    }
    area(definition_.root(), 1, children, with_stations);
    out_ += "\nContests\n";
    for (const Contest& contest : model_.contests) {
      out_ += "  " + contest_line(contest) + "\n";
    }
    awards();
    styles();
    return std::move(out_);
  }

  std::string station(StationIndex index) {
    const Station& station = model_.stations[index];
    const Place& place = definition_.place_of(index);
    const BallotStyle& style = definition_.style_of(index);
    out_ = fmt::format("Station {}: {}\n", station.code, station.name.in(language_));
    if (!station.address.empty()) out_ += fmt::format("  {}\n", station.address);
    out_ +=
        fmt::format("  registered voters: {}\n",
                    station.registered ? grouped(*station.registered) : "not stated");
    for (const AreaIndex i : place.areas) {
      const Area& area = model_.areas[i];
      out_ += fmt::format("  in {} {} ({})\n",
                          model_.area_kinds[area.kind].name.in(language_),
                          area.name.in(language_), area.code);
    }
    out_ += fmt::format("Ballot style {}: {}, {}\n", style.code,
                        count(style.contests.size(), "contest", "contests"),
                        count(style.options, "option", "options"));
    for (const ContestIndex i : style.contests) ballot(model_.contests[i]);
    return std::move(out_);
  }

 private:
  void area(AreaIndex index, std::size_t depth,
            const std::vector<std::vector<AreaIndex>>& children, bool with_stations) {
    const Area& area = model_.areas[index];
    const AreaKind& kind = model_.area_kinds[area.kind];
    const std::string indent(2 * depth, ' ');
    out_ += fmt::format("{}{} {} {}: {}\n", indent, area.code, kind.name.in(language_),
                        area.name.in(language_), voters_[index].text());
    if (with_stations && kind.holds_stations) {
      for (const Station& station : model_.stations) {
        if (station.area != index) continue;
        out_ += fmt::format("{}  {} {}: {} registered\n", indent, station.code,
                            station.name.in(language_),
                            station.registered ? grouped(*station.registered) : "?");
      }
    }
    for (const AreaIndex child : children[index]) {
      // An area within several others is printed under the first of them only.
      if (model_.areas[child].parents.front() == index) {
        this->area(child, depth + 1, children, with_stations);
      }
    }
  }

  std::string contest_line(const Contest& contest) const {
    std::string out =
        fmt::format("{} {}: {}, voted in {}", contest.code, contest.title.in(language_),
                    contest_kind_name(contest.kind), model_.areas[contest.area].code);
    out += fmt::format("; {} of {}", count(contest.limit, "vote", "votes"),
                       count(contest.options.size(), "option", "options"));
    if (contest.seats > 0) out += "; " + count(contest.seats, "seat", "seats");
    for (std::size_t i = 0; i < contest.awards.size(); ++i) {
      out += fmt::format("{}{}", i == 0 ? "; awards " : ", ",
                         model_.awards[contest.awards[i]].code);
    }
    return out;
  }

  void awards() {
    if (model_.awards.empty()) return;
    out_ += fmt::format("\nSeats: {} in the house\n", model_.house_seats);
    for (const Award& award : model_.awards) {
      out_ += fmt::format(
          "  {} {}: {} by {}, {}\n", award.code, award.name.in(language_),
          count(award.seats, "seat", "seats"), award.method,
          award.scope == Award::Scope::each
              ? fmt::format("each of {} by itself",
                            count(award.contests.size(), "contest", "contests"))
              : fmt::format("on the sum of {}, {}",
                            count(award.contests.size(), "contest", "contests"),
                            count(award.lists.size(), "list", "lists")));
    }
  }

  void styles() {
    std::vector<Voters> voters(model_.styles.size());
    for (const Place& place : model_.places) {
      for (const StationIndex i : place.stations) {
        const auto& registered = model_.stations[i].registered;
        ++voters[place.style].stations;
        voters[place.style].registered += registered.value_or(0);
        voters[place.style].not_stated += registered ? 0U : 1U;
      }
    }
    out_ += "\nBallot styles\n";
    for (std::size_t i = 0; i < model_.styles.size(); ++i) {
      const BallotStyle& style = model_.styles[i];
      std::string contests;
      for (const ContestIndex contest : style.contests) {
        contests += " " + model_.contests[contest].code;
      }
      out_ += fmt::format("  {}:{} ({}; {})\n", style.code, contests,
                          count(style.options, "option", "options"), voters[i].text());
    }
  }

  void ballot(const Contest& contest) {
    out_ += "  " + contest_line(contest) + "\n";
    if (!contest.text.empty()) {
      out_ += fmt::format("    \"{}\"\n", contest.text.in(language_));
    }
    for (const Option& option : contest.options) {
      const Contender& contender = contest.contenders[option.contender];
      std::string cards;
      for (const PartyIndex card : option.cards) {
        cards += (cards.empty() ? " [" : " + ") + model_.parties[card].short_name;
      }
      if (!cards.empty()) cards += "]";
      out_ += fmt::format("    {:<16} {}{}\n", option.code,
                          contender.name.in(language_), cards);
    }
  }

  const Definition& definition_;
  const Model& model_;
  std::size_t language_;
  std::vector<Voters> voters_;
  std::string out_;
};

}  // namespace

std::string summary_text(const Definition& definition, std::size_t language) {
  const Model& model = definition.model();
  const Voters all = voters_by_area(definition)[definition.root()];
  std::string languages;
  for (const std::string& tag : model.languages) {
    languages += (languages.empty() ? "" : ", ") + tag;
  }
  std::string out = fmt::format("{} ({}, {})\n", model.name.in(language), model.code,
                                mode_name(model.mode));
  out +=
      fmt::format("  {}, {} to {}; {}; languages {}\n", model.day.date, model.day.opens,
                  model.day.closes, model.authority.in(language), languages);
  if (!model.notice.empty()) out += fmt::format("  {}\n", model.notice.in(language));
  out += fmt::format("  {}; {}; {}; {}; {}\n", all.text(),
                     count(model.areas.size(), "area", "areas"),
                     count(model.parties.size(), "party", "parties"),
                     count(model.contests.size(), "contest", "contests"),
                     count(model.styles.size(), "ballot style", "ballot styles"));
  if (model.trustees) {
    out += fmt::format("  {} trustees, any {} of them open the sums\n",
                       model.trustees->members.size(), model.trustees->threshold);
  }
  out += fmt::format("  definition hash {}\n", base::to_hex(definition.hash()));
  return out;
}

base::Json summary_json(const Definition& definition) {
  const Model& model = definition.model();
  const Voters all = voters_by_area(definition)[definition.root()];
  base::Json out = base::Json::object();
  out.set("code", model.code);
  out.set("mode", mode_name(model.mode));
  out.set("name", model.name.in(0));
  out.set("date", model.day.date);
  out.set("hash", base::to_hex(definition.hash()));
  out.set("areas", model.areas.size());
  out.set("stations", model.stations.size());
  out.set("registered", all.registered);
  out.set("registered_not_stated", all.not_stated);
  out.set("parties", model.parties.size());
  out.set("contests", model.contests.size());
  out.set("ballot_styles", model.styles.size());
  out.set("house_seats", model.house_seats);
  return out;
}

std::string definition_text(const Definition& definition, std::size_t language,
                            bool with_stations) {
  return Describer(definition, language).all(with_stations);
}

std::string station_text(const Definition& definition, StationIndex station,
                         std::size_t language) {
  return Describer(definition, language).station(station);
}

base::Json station_json(const Definition& definition, StationIndex index) {
  const Station& station = definition.stations()[index];
  const BallotStyle& style = definition.style_of(index);
  base::Json out = base::Json::object();
  out.set("station", station.code);
  out.set("registered",
          station.registered ? base::Json(*station.registered) : base::Json());
  base::Json areas = base::Json::array();
  for (const AreaIndex i : definition.place_of(index).areas) {
    areas.push(definition.areas()[i].code);
  }
  out.set("areas", std::move(areas));
  out.set("ballot_style", style.code);
  base::Json contests = base::Json::array();
  for (const ContestIndex i : style.contests) {
    const Contest& contest = definition.contests()[i];
    base::Json item = base::Json::object();
    item.set("code", contest.code);
    item.set("kind", contest_kind_name(contest.kind));
    item.set("limit", contest.limit);
    base::Json options = base::Json::array();
    for (const Option& option : contest.options) options.push(option.code);
    item.set("options", std::move(options));
    contests.push(std::move(item));
  }
  out.set("contests", std::move(contests));
  return out;
}

}  // namespace urna::election
