// The tables of the pages: contests, the house, areas, stations.
#include "base/encoding.hpp"
#include "count/html_parts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::count {
namespace {

std::string head(
    std::initializer_list<std::pair<std::string_view, const char*>> cells) {
  std::string out = "<thead><tr>";
  for (const auto& [text, style] : cells)
    out += text.empty()
               ? fmt::format("<td{}></td>", style)
               : fmt::format("<th scope=\"col\"{}>{}</th>", style, escaped(text));
  return out + "</tr></thead>";
}

// The party's own colour, or a neutral one that stays the same on every page.
std::string shown_colour(const Group& group) {
  return group.colour.empty() ? neutral_colour(group.tint) : group.colour;
}

constexpr const char* kLeft = "";
constexpr const char* kNumber = " class=\"n\"";
constexpr const char* kBar = " class=\"b\"";
constexpr const char* kWideNumber = " class=\"n wide\"";

}  // namespace

std::string boxed(std::string_view label, std::string_view table) {
  return fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">{}</div>",
      escaped(label), table);
}

// A number that leads to the numbers it was added from.
std::string Page::drilled(std::string_view to, const std::string& number) const {
  if (!options_.drill_down) return number;
  return fmt::format("<a href=\"#{}\">{}</a>", to, number);
}

void Page::contest(const ContestBound& bound, election::AreaIndex area) {
  const auto& definition = count_.definition;
  const election::Contest& contest = definition.contests()[bound.contest];
  const auto total = count_.totals.total(area, bound.contest);
  if (!total) return;
  // In a smaller area the contest shows that area's votes, in that area's order.
  std::vector<std::uint64_t> votes(contest.contenders.size(), 0);
  for (std::size_t o = 0; o < contest.options.size(); ++o)
    votes[contest.options[o].contender] += total->options[o];
  std::vector<std::size_t> order = bound.order;
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return votes[a] != votes[b] ? votes[a] > votes[b] : a < b;
  });
  const bool whole = contest.area == area;
  const std::uint64_t sum = total->votes();
  const std::string title(say_(contest.title));
  add(fmt::format("<h3>{}</h3>", escaped(title)));
  if (whole) {
    add(fmt::format("<p class=\"verdict\">{}</p>", escaped(say_.outcome(bound))));
    if (contest.kind != election::ContestKind::list || contest.awards.empty())
      add(fmt::format("<p>{}</p>", escaped(say_.winner_bound(bound))));
  }
  if (contest.limit > 1)
    add(fmt::format(
        "<p class=\"note\">{}</p>",
        say_.spanish()
            ? fmt::format("Cada elector tiene hasta {} votos.", contest.limit)
            : fmt::format("Each voter has up to {} votes.", contest.limit)));
  std::string table =
      "<table>" +
      head({{say_(contest.kind == election::ContestKind::list ? Word::list_or_party
                                                              : Word::candidate),
             kLeft},
            {say_(Word::votes), kNumber},
            {say_(Word::share), kNumber},
            {"", kBar}}) +
      "<tbody>";
  const bool mark = whole && contest.kind == election::ContestKind::plurality &&
                    bound.bound.verdict != Verdict::could_change && sum > 0;
  const std::size_t winners = std::max(contest.seats, 1U);
  const std::string from = "from-" + contest.code;
  for (std::size_t place = 0; place < order.size(); ++place) {
    const std::size_t c = order[place];
    const std::string colour = colour_of(bound.contest, c);
    table += fmt::format(
        "<tr{}><th scope=\"row\">{}{}</th><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td class=\"b\">{}</td></tr>",
        mark && place < winners ? " class=\"win\"" : "", swatch_svg(colour),
        escaped(say_.contender(bound.contest, c)), drilled(from, say_.number(votes[c])),
        say_.percent(votes[c], sum), bar_svg(votes[c], sum, colour));
  }
  const auto other = [&](Word name, std::uint64_t n) {
    table += fmt::format(
        "<tr class=\"other\"><th scope=\"row\">{}</th><td class=\"n\">{}</td><td "
        "class=\"n\"></td><td class=\"b\"></td></tr>",
        say_(name), drilled(from, say_.number(n)));
  };
  other(Word::valid, sum);
  other(Word::blank, total->blank);
  other(Word::null_votes, total->null);
  add(boxed(title, table + "</tbody></table>"));
  if (options_.drill_down) contest_parts(area, bound.contest);
}

void Page::contest_list(const std::vector<const ContestBound*>& bounds) {
  const auto& definition = count_.definition;
  std::string table = "<table>" +
                      head({{say_(Word::contest), kLeft},
                            {say_(Word::leads), kLeft},
                            {say_(Word::seats), kWideNumber},
                            {say_(Word::what_is_missing), kLeft}}) +
                      "<tbody>";
  for (const ContestBound* bound : bounds) {
    const election::Contest& contest = definition.contests()[bound->contest];
    const Word verdict = bound->bound.verdict == Verdict::complete ? Word::complete
                         : bound->bound.verdict == Verdict::cannot_change
                             ? Word::cannot_change
                             : Word::could_change;
    table += fmt::format(
        "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th><td>{}</td><td class=\"n "
        "wide\">{}</td><td>{}</td></tr>",
        area_link(contest.area), escaped(say_(contest.title)),
        escaped(say_.ahead(*bound)), contest.seats, say_(verdict));
  }
  add(boxed(say_(Word::contests), table + "</tbody></table>"));
}

void Page::house() {
  const House& house = count_.house;
  if (house.seats == 0) return;
  std::vector<HemicycleGroup> seats;
  std::string description;
  for (std::size_t g = 0; g < house.groups.size(); ++g) {
    const Group& group = house.groups[g];
    if (group.total() == 0) continue;
    seats.push_back(
        {std::string(say_(group.name)), shown_colour(group), group.total()});
    description += fmt::format("{}{}: {}", description.empty() ? "" : ", ",
                               say_(group.name), group.total());
  }
  const std::uint32_t hollow =
      house.seats > house.awarded ? house.seats - house.awarded : 0;
  add(fmt::format(
      "<h2>{} · {}</h2><div class=\"house{}\"><div>{}<p class=\"note\">{} {}",
      say_(Word::the_house), say_.seats(house.seats),
      count_.definition.awards().size() > 2 ? " wide" : "",
      hemicycle_svg(seats, hollow, say_(Word::the_house), description),
      say_(Word::majority), house.seats / 2 + 1));
  if (hollow > 0)
    add(fmt::format(
        " · {} {}", hollow,
        say_(house.elsewhere == hollow ? Word::not_awarded_here : Word::unassigned)));
  add("</p></div>");
  const auto& awards = count_.definition.awards();
  std::string table = fmt::format(
      "<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\" "
      "class=\"n\">{}</th>",
      say_(Word::list_or_party), say_(Word::seats));
  if (awards.size() > 1) {
    for (const election::Award& award : awards)
      table += fmt::format("<th scope=\"col\" class=\"n wide\">{}</th>",
                           escaped(say_(award.name)));
  }
  table += "</tr></thead><tbody>";
  std::size_t without = 0;
  for (std::size_t g = 0; g < house.groups.size(); ++g) {
    const Group& group = house.groups[g];
    if (group.total() == 0) {
      ++without;
      continue;
    }
    table += fmt::format(
        "<tr><th scope=\"row\">{}{}</th><td class=\"n\"><strong>{}</strong></td>",
        swatch_svg(shown_colour(group)), escaped(say_(group.name)), group.total());
    if (awards.size() > 1) {
      for (const std::uint32_t n : group.seats)
        table += fmt::format("<td class=\"n wide\">{}</td>", n);
    }
    table += "</tr>";
  }
  add("<div>" + boxed(say_(Word::the_house), table + "</tbody></table>"));
  if (without > 0)
    add(fmt::format("<p class=\"note\">{}</p>",
                    say_.spanish() ? fmt::format("Otros {} sin escaños.", without)
                                   : fmt::format("{} others without seats.", without)));
  add("</div></div>");
  for (const AwardResult& result : count_.awards) {
    const election::Award& award = awards[result.award];
    add(fmt::format("<p><strong>{}.</strong> {}</p>", escaped(say_(award.name)),
                    escaped(say_.award_bound(result))));
    for (const AwardPart& part : result.parts)
      for (const seats::LotsNeeded& lots : part.result.lots)
        add(fmt::format("<div class=\"banner\"><p><strong>{}.</strong> {}</p></div>",
                        say_(Word::lots_needed),
                        escaped(seats::lots_text(lots, say_.language()))));
  }
  add(fmt::format("<p><a href=\"seats.html\">{}</a></p>", say_(Word::how_seats)));
}

// "EG 67,1 %": who is ahead in an area, in its list contest or else its first one.
std::string Page::leader_in(election::AreaIndex area) const {
  const auto contests = count_.totals.contests(area);
  if (contests.empty()) return {};
  const auto& definition = count_.definition;
  const auto list = std::ranges::find_if(contests, [&](election::ContestIndex c) {
    return definition.contests()[c].kind == election::ContestKind::list;
  });
  const election::ContestIndex index =
      list == contests.end() ? contests.front() : *list;
  const election::Contest& contest = definition.contests()[index];
  const auto total = count_.totals.total(area, index);
  std::vector<std::uint64_t> votes(contest.contenders.size(), 0);
  for (std::size_t o = 0; o < contest.options.size(); ++o)
    votes[contest.options[o].contender] += total->options[o];
  const auto top =
      static_cast<std::size_t>(std::ranges::max_element(votes) - votes.begin());
  if (total->votes() == 0) return "–";
  return fmt::format("{}{} {}", swatch_svg(colour_of(index, top)),
                     escaped(say_.contender(index, top)),
                     say_.percent(votes[top], total->votes()));
}

std::vector<election::AreaIndex> Page::parts(election::AreaIndex area,
                                             std::uint32_t kind) const {
  std::vector<election::AreaIndex> out;
  const auto areas = count_.definition.areas();
  for (election::AreaIndex a = 0; a < areas.size(); ++a) {
    if (areas[a].kind == kind &&
        std::ranges::find(areas[a].parents, area) != areas[a].parents.end())
      out.push_back(a);
  }
  return out;
}

// The parts of an area as a map without geography: a strip as long as what is counted,
// in the colour of who is ahead, whose name stands below.
void Page::tiles(const std::vector<election::AreaIndex>& inside) {
  std::string out = "<ul class=\"tiles\">";
  for (const election::AreaIndex a : inside) {
    const election::AreaFigures& figures = count_.totals.figures(a);
    out += fmt::format(
        "<li><a href=\"{}\">{}<strong>{}</strong><span>{}</span><span>{} {}</span></a>"
        "</li>",
        area_link(a), bar_svg(figures.counted, figures.stations, ""),
        escaped(say_(count_.definition.areas()[a].name)), leader_in(a),
        say_.percent(figures.counted, figures.stations), say_(Word::state_counted));
  }
  add(out + "</ul>");
}

// Where the numbers of a contest come from: the parts of the area, each leading on.
void Page::contest_parts(election::AreaIndex area, election::ContestIndex index) {
  const auto& definition = count_.definition;
  const election::Contest& contest = definition.contests()[index];
  const auto& kinds = definition.model().area_kinds;
  if (kinds[definition.areas()[area].kind].holds_stations) return;
  const auto total = count_.totals.total(area, index);
  for (std::uint32_t kind = 0; kind < kinds.size(); ++kind) {
    std::string rows;
    for (const election::AreaIndex a : parts(area, kind)) {
      const auto part = count_.totals.total(a, index);
      if (!part) continue;
      rows += fmt::format("<tr><th scope=\"row\"><a href=\"{}#from-{}\">{}</a></th>",
                          area_link(a), contest.code,
                          escaped(say_(definition.areas()[a].name)));
      for (std::size_t o = 0; o < contest.options.size(); ++o)
        if (total->options[o] > 0)
          rows += fmt::format("<td class=\"n\">{}</td>", say_.number(part->options[o]));
      rows += fmt::format("<td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                          say_.number(part->blank), say_.number(part->null));
    }
    if (rows.empty()) continue;
    const std::string name(say_(kinds[kind].name));
    std::string table =
        fmt::format("<table><thead><tr><th scope=\"col\">{}</th>", escaped(name));
    for (std::size_t o = 0; o < contest.options.size(); ++o)
      if (total->options[o] > 0)
        table += fmt::format("<th scope=\"col\" class=\"n\">{}</th>",
                             escaped(contest.options[o].code));
    table += fmt::format(
        "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" "
        "class=\"n\">{}</th></tr>"
        "</thead><tbody>",
        say_(Word::blank), say_(Word::null_votes));
    add(fmt::format(
        "<details><summary>{}</summary><div id=\"from-{}\">{}</div></details>",
        say_.spanish() ? "De dónde vienen estos números"
                       : "Where these numbers come from",
        contest.code,
        boxed(fmt::format("{}: {}", say_(contest.title), name),
              table + rows + "</tbody></table>")));
    return;
  }
}

void Page::parts_of(election::AreaIndex area) {
  const auto& definition = count_.definition;
  const auto& kinds = definition.model().area_kinds;
  bool first = true;
  for (std::uint32_t kind = 0; kind < kinds.size(); ++kind) {
    std::string rows;
    const std::vector<election::AreaIndex> inside = parts(area, kind);
    for (const election::AreaIndex a : inside) {
      const election::Area& part = definition.areas()[a];
      const election::AreaFigures& figures = count_.totals.figures(a);
      rows += fmt::format(
          "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th><td class=\"n\">{} {} "
          "{}</td><td>{}</td></tr>",
          area_link(a), escaped(say_(part.name)), say_.number(figures.counted),
          say_(Word::of), say_.number(figures.stations), leader_in(a));
    }
    if (rows.empty()) continue;
    const std::string name(say_(kinds[kind].name));
    add(fmt::format("<h2{}>{}</h2>", first ? " id=\"parts\"" : "", escaped(name)));
    first = false;
    if (options_.drill_down) tiles(inside);
    add(boxed(name, "<table>" +
                        head({{name, kLeft},
                              {say_(Word::stations), kNumber},
                              {say_(Word::leads), kLeft}}) +
                        "<tbody>" + rows + "</tbody></table>"));
  }
}

// What people found in the box: the third line of evidence, beside the sheet.
std::string Page::box_of(const Station& station, bool first) const {
  const std::string_view comma = first ? "" : " · ";
  switch (station.box) {
    case BoxState::not_stated:
      return {};
    case BoxState::not_yet_counted:
      return fmt::format("{}{}", comma, say_(Word::box_not_yet_counted));
    case BoxState::counted:
      return fmt::format("{}{}: {}", comma, say_(Word::box_counted),
                         say_.number(station.papers));
  }
  return {};
}

void Page::stations_of(election::AreaIndex area) {
  const auto& definition = count_.definition;
  const auto& kind = definition.model().area_kinds[definition.areas()[area].kind];
  if (!kind.holds_stations) return;
  std::vector<election::StationIndex> stations;
  for (const election::Place& place : definition.places()) {
    if (std::ranges::binary_search(place.areas, area))
      stations.insert(stations.end(), place.stations.begin(), place.stations.end());
  }
  std::ranges::sort(stations);
  add(fmt::format("<h2 id=\"{}\">{}</h2>", options_.drill_down ? "parts" : "stations",
                  say_(Word::stations)));
  std::string table = "<table>" +
                      head({{say_(Word::station), kLeft},
                            {say_(Word::registered), kNumber},
                            {say_(Word::ballots), kNumber},
                            {say_(Word::turnout), kWideNumber},
                            {say_(Word::evidence), kLeft}}) +
                      "<tbody>";
  for (const election::StationIndex s : stations) {
    const election::Station& station = definition.stations()[s];
    const Station& counted = count_.stations[s];
    std::string evidence;
    if (counted.state != StationState::counted)
      evidence = std::string(say_.state(counted.state));
    const std::string link = options_.evidence ? options_.evidence(s) : std::string();
    if (!link.empty()) {
      evidence += fmt::format("{}<a href=\"{}\">{}</a>", evidence.empty() ? "" : " · ",
                              escaped(link), say_(Word::evidence));
    } else {
      for (const std::uint32_t d : counted.documents) {
        const Document& document = count_.documents.all()[d];
        evidence += fmt::format("{}{} <code>{}</code>", evidence.empty() ? "" : " · ",
                                escaped(count_.documents.place(document)),
                                base::to_hex(ByteView(document.digest)).substr(0, 12));
      }
    }
    if (options_.mark) evidence += options_.mark(s, say_.language());
    evidence += box_of(counted, evidence.empty());
    table += fmt::format(
        "<tr id=\"s-{0}\"><th scope=\"row\">{0}<br><span class=\"note\">{1}</span></th>"
        "<td class=\"n\">{2}</td><td class=\"n\">{3}</td><td class=\"n wide\">{4}</td>"
        "<td>{5}</td></tr>",
        station.code, escaped(say_(station.name)),
        station.registered ? say_.number(*station.registered)
                           : std::string(say_(Word::not_stated)),
        counted.documents.empty() ? "–" : say_.number(counted.ballots),
        station.registered && !counted.documents.empty()
            ? say_.percent(counted.ballots, *station.registered)
            : "–",
        evidence);
  }
  add(boxed(say_(Word::stations), table + "</tbody></table>"));
  for (const election::ContestIndex c : count_.totals.contests(area))
    contest_stations(area, c, stations);
}

// One contest, station by station: a column for every option that has votes here.
void Page::contest_stations(election::AreaIndex area, election::ContestIndex index,
                            const std::vector<election::StationIndex>& stations) {
  const auto& definition = count_.definition;
  const election::Contest& contest = definition.contests()[index];
  const auto total = count_.totals.total(area, index);
  std::vector<std::size_t> columns;
  for (std::size_t o = 0; o < contest.options.size(); ++o)
    if (total->options[o] > 0) columns.push_back(o);
  std::string table =
      fmt::format("<table><thead><tr><th scope=\"col\">{}</th>", say_(Word::station));
  for (const std::size_t o : columns)
    table += fmt::format("<th scope=\"col\" class=\"n\">{}</th>",
                         escaped(contest.options[o].code));
  table += fmt::format(
      "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th></tr>"
      "</thead><tbody>",
      say_(Word::blank), say_(Word::null_votes));
  for (const election::StationIndex s : stations) {
    const Station& counted = count_.stations[s];
    const auto style = definition.style_index_of(s);
    const auto slot = definition.slot_of(style, index);
    if (!slot || counted.documents.empty()) continue;
    const std::size_t start = definition.styles()[style].field_start[*slot];
    const auto cell = [&](std::size_t field) {
      std::uint64_t sum = 0;
      for (const std::uint32_t d : counted.documents)
        sum += count_.documents.row(count_.documents.all()[d])[start + field];
      return fmt::format("<td class=\"n\">{}</td>", say_.number(sum));
    };
    const std::string link = options_.drill_down && options_.evidence
                                 ? escaped(options_.evidence(s))
                                 : "#s-" + definition.stations()[s].code;
    table += fmt::format("<tr><th scope=\"row\"><a href=\"{}\">{}</a></th>", link,
                         definition.stations()[s].code);
    for (const std::size_t o : columns) table += cell(o);
    table += cell(contest.options.size()) + cell(contest.options.size() + 1) + "</tr>";
  }
  add(fmt::format(
      "<details><summary>{}</summary><div id=\"from-{}\">{}</div></details>",
      escaped(say_(contest.title)), contest.code,
      boxed(say_(contest.title), table + "</tbody></table>")));
}

void Page::trail(election::AreaIndex area, bool whole) {
  const auto& definition = count_.definition;
  std::vector<election::AreaIndex> above;
  if (whole) above.push_back(area);
  for (election::AreaIndex a = area; !definition.areas()[a].parents.empty();) {
    a = definition.areas()[a].parents.front();
    above.push_back(a);
  }
  std::ranges::reverse(above);
  std::string out;
  for (const election::AreaIndex a : above)
    out += fmt::format("{}<a href=\"{}\">{}</a>", out.empty() ? "" : " › ",
                       area_link(a), escaped(say_(definition.areas()[a].name)));
  add(fmt::format("<nav class=\"kicker\" aria-label=\"{}\">{}</nav>",
                  say_(Word::back_to), out));
}

void Page::seat_explanations() {
  for (const AwardResult& result : count_.awards) {
    const election::Award& award = count_.definition.awards()[result.award];
    add(fmt::format("<h2>{} · {}</h2><p>{}</p>", escaped(say_(award.name)),
                    say_.seats(award.seats), escaped(say_.award_bound(result))));
    for (const AwardPart& part : result.parts) {
      const std::string title =
          part.contest
              ? std::string(say_(count_.definition.contests()[*part.contest].title))
              : std::string(say_(award.name));
      std::string summary;
      for (std::size_t l = 0; l < part.result.seats.size(); ++l) {
        if (part.result.seats[l] == 0) continue;
        summary += (summary.empty() ? "" : ", ") + say_.list(result, part, l);
        if (part.rules.method != seats::Method::plurality)
          summary += fmt::format(" {}", part.result.seats[l]);
      }
      add(
          fmt::format("<details{}><summary>{}: {}</summary><p>{}</p><pre "
                      "tabindex=\"0\">{}</pre></details>",
                      result.parts.size() == 1 ? " open" : "", escaped(title),
                      escaped(summary), escaped(say_.seat_bound(result, part)),
                      escaped(seats::explain(part.result, say_.language()))));
    }
  }
}

}  // namespace urna::count
