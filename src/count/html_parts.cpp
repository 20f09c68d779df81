#include "count/html_parts.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace urna::count {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string neutral_colour(std::size_t index) {
  static constexpr std::array<std::string_view, 6> kScale{
      "#5f5b55", "#8c867d", "#a9a297", "#746f8a", "#938fa8", "#6d7d7a"};
  return std::string(kScale[index % kScale.size()]);
}

std::string bar_svg(std::uint64_t part, std::uint64_t whole, std::string_view colour) {
  // In thousandths; the picture is stretched to its cell.
  const std::uint64_t width =
      whole == 0
          ? 0
          : static_cast<std::uint64_t>(
                seats::Fraction(part, whole).times(seats::Fraction(1000U)).rounded());
  const std::string fill =
      colour.empty() ? "class=\"fill\"" : fmt::format("fill=\"{}\"", colour);
  return fmt::format(
      "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\"><rect class=\"track\" width=\"1000\" height=\"10\"/>"
      "<rect {} width=\"{}\" height=\"10\"/></svg>",
      fill, std::min<std::uint64_t>(width, 1000));
}

std::string swatch_svg(std::string_view colour) {
  return fmt::format(
      "<svg class=\"swatch\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect "
      "width=\"10\" height=\"10\" fill=\"{}\"/></svg>",
      colour);
}

std::string Page::area_link(election::AreaIndex area) const {
  if (area == count_.definition.root()) return "index.html";
  return "area-" + count_.definition.areas()[area].code + ".html";
}

std::string Page::colour_of(election::ContestIndex contest,
                            std::size_t contender) const {
  const auto& definition = count_.definition;
  const auto& parties = definition.contests()[contest].contenders[contender].parties;
  if (!parties.empty()) {
    const election::Party& party = definition.parties()[parties.front()];
    if (party.alliance && !definition.alliances()[*party.alliance].colour.empty())
      return definition.alliances()[*party.alliance].colour;
    if (!party.colour.empty()) return party.colour;
    return neutral_colour(party.alliance ? 3 + *party.alliance : parties.front());
  }
  return neutral_colour(contender);
}

void Page::banners() {
  const election::Model& model = count_.definition.model();
  std::string text;
  if (model.mode != election::Mode::official)
    text += fmt::format(
        "<p><strong>{}</strong></p>",
        escaped(say_(model.mode == election::Mode::demo ? Word::demo_mode
                                                        : Word::test_mode)));
  if (!count_.hypothetical.empty())
    text += fmt::format("<p><strong>{}.</strong> {}</p>", say_(Word::hypothetical),
                        escaped(say_(count_.hypothetical)));
  if (!model.notice.empty())
    text += fmt::format("<p>{}</p>", escaped(say_(model.notice)));
  if (!text.empty()) add(fmt::format("<div class=\"banner\">{}</div>", text));
}

void Page::masthead(std::string_view kicker, std::string_view headline) {
  add(fmt::format("<p class=\"kicker\">{}</p><h1>{}</h1>", escaped(kicker),
                  escaped(headline)));
}

void Page::completeness(election::AreaIndex area) {
  const auto& definition = count_.definition;
  const election::AreaFigures& figures = count_.totals.figures(area);
  std::uint64_t ballots = 0;
  std::array<std::uint64_t, 5> states{};
  std::uint64_t boxes_counted = 0;
  std::uint64_t boxes_waiting = 0;
  for (const election::Place& place : definition.places()) {
    if (!std::ranges::binary_search(place.areas, area)) continue;
    for (const election::StationIndex s : place.stations) {
      ballots += count_.stations[s].ballots;
      ++states[static_cast<std::size_t>(count_.stations[s].state)];
      boxes_counted += count_.stations[s].box == BoxState::counted ? 1U : 0U;
      boxes_waiting += count_.stations[s].box == BoxState::not_yet_counted ? 1U : 0U;
    }
  }
  add(fmt::format("<div class=\"complete\">{}<p class=\"line\">{} {} {} {} ({})",
                  bar_svg(figures.counted, figures.stations, ""),
                  say_.number(figures.counted), say_(Word::of),
                  say_.number(figures.stations), say_(Word::stations_counted),
                  say_.percent(figures.counted, figures.stations)));
  const auto also = [&](StationState state, Word label) {
    const std::uint64_t n = states[static_cast<std::size_t>(state)];
    if (n > 0) add(fmt::format(" · {} {}", say_.number(n), say_(label)));
  };
  also(StationState::missing, Word::missing);
  also(StationState::conflict, Word::in_conflict);
  also(StationState::partial, Word::partial);
  also(StationState::set_aside, Word::set_aside);
  add("</p></div><dl class=\"facts\">");
  const auto drilled_fact = [&](const std::string& number) {
    return drilled("parts", number);
  };
  const auto fact = [&](std::string_view name, const std::string& value) {
    add(fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escaped(name), value));
  };
  const auto roll = definition.areas()[area].registered;
  if (roll || figures.registered > 0)
    fact(say_(Word::registered), say_.number(roll.value_or(figures.registered)));
  fact(say_(Word::ballots), drilled_fact(say_.number(ballots)));
  if (figures.not_stated_counted == 0 && figures.registered_counted > 0)
    fact(say_(Word::turnout),
         drilled_fact(say_.percent(ballots, figures.registered_counted)));
  if (boxes_counted + boxes_waiting > 0)
    fact(say_(Word::boxes_counted),
         boxes_waiting == 0 ? say_.number(boxes_counted)
                            : fmt::format("{} ({} {})", say_.number(boxes_counted),
                                          say_.number(boxes_waiting),
                                          say_(Word::boxes_not_yet_counted)));
  if (figures.not_stated > 0)
    fact(fmt::format("{}: {}", say_(Word::registered), say_(Word::not_stated)),
         fmt::format("{} {}", say_.number(figures.not_stated),
                     say_.spanish() ? "mesas" : "stations"));
  add("</dl>");
}

void Page::conflicts(election::AreaIndex area) {
  const auto& definition = count_.definition;
  const bool everything = area == definition.root();
  std::string out;
  for (const Conflict& conflict : count_.conflicts) {
    if (conflict.station) {
      const auto& areas = definition.place_of(*conflict.station).areas;
      if (!std::ranges::binary_search(areas, area)) continue;
    } else if (!everything) {
      continue;
    }
    out += fmt::format(
        "<div class=\"conflict{}\"><p><strong>U{} {} {}</strong> · {}</p><p>{}</p><ul>",
        conflict.decision ? " done" : "", conflict.kind.number, say_(Word::station),
        escaped(conflict.station_code.empty() ? "–" : conflict.station_code),
        say_(conflict.decision ? Word::decided : Word::open_conflict),
        escaped(say_(conflict.message)));
    for (const std::uint32_t d : conflict.documents) {
      const Document& document = count_.documents.all()[d];
      out += fmt::format("<li>{} <code>{}</code></li>",
                         escaped(count_.documents.place(document)),
                         base::to_hex(ByteView(document.digest)));
    }
    out += "</ul>";
    if (conflict.decision) {
      const Decision& decision = count_.decisions.decisions[*conflict.decision];
      std::string people;
      for (const std::string& person : decision.decided_by)
        people += (people.empty() ? "" : ", ") + person;
      out += fmt::format("<p>{} {} ({}). {}: {}</p>", say_(Word::decided_by),
                         escaped(people), escaped(decision.date), say_(Word::reason),
                         escaped(decision.reason));
    }
    out += "</div>";
  }
  if (!out.empty())
    add(fmt::format("<h2 id=\"conflicts\">{}</h2>{}", say_(Word::conflicts), out));
  notices(area);
}

void Page::notices(election::AreaIndex area) {
  constexpr std::size_t kShown = 50;
  const auto& definition = count_.definition;
  std::string out;
  std::size_t here = 0;
  for (const Notice& notice : count_.notices) {
    if (notice.station ? !std::ranges::binary_search(
                             definition.place_of(*notice.station).areas, area)
                       : area != definition.root())
      continue;
    if (++here > kShown) continue;
    out += fmt::format("<li>U{} {}{}</li>", notice.kind.number,
                       notice.station
                           ? escaped(definition.stations()[*notice.station].code) + ": "
                           : "",
                       escaped(say_(notice.message)));
  }
  if (here == 0) return;
  if (here > kShown) out += fmt::format("<li>… + {}</li>", here - kShown);
  add(fmt::format("<details><summary>{} ({})</summary><ul>{}</ul></details>",
                  say_(Word::notices), here, out));
}

std::vector<const ContestBound*> Page::contests_in(election::AreaIndex area) const {
  std::vector<const ContestBound*> out;
  for (const election::ContestIndex c : count_.totals.contests(area))
    out.push_back(&count_.bounds[c]);
  return out;
}

std::string Page::finish(std::string_view title, std::string_view self) {
  const bool es = say_.spanish();
  const std::string_view lang = language_tag(say_.language());
  const std::string_view other = es ? "en" : "es";
  const bool has_other = options_.languages.size() > 1;
  const election::Model& model = count_.definition.model();
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{0}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src '{1}'; {3}base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>{2}</title>\n",
      lang, style_hash(), escaped(title), options_.pictures ? "img-src 'self'; " : "");
  if (has_other)
    out +=
        fmt::format("<link rel=\"alternate\" hreflang=\"{0}\" href=\"../{0}/{1}\">\n",
                    other, escaped(self));
  out += fmt::format("<style>{}</style>\n</head>\n<body>\n", style_sheet());
  out += fmt::format(
      "<a class=\"skip\" href=\"#main\">{}</a>\n<div class=\"page\">\n"
      "<header class=\"top\"><span>{}</span><span>",
      say_(Word::skip_to), escaped(say_(model.authority)));
  if (has_other)
    out += fmt::format("<a href=\"../{0}/{1}\" hreflang=\"{0}\" lang=\"{0}\">{2}</a>",
                       other, escaped(self), say_(Word::other_language));
  out += "</span></header>\n";
  if (!options_.links.empty()) {
    out += fmt::format("<nav class=\"links\" aria-label=\"{}\">",
                       es ? "Secciones" : "Sections");
    for (const HtmlLink& link : options_.links)
      out += fmt::format("<a href=\"{}\">{}</a>",
                         escaped(fmt::format(fmt::runtime(link.href), lang)),
                         escaped(es ? link.spanish : link.english));
    out += "</nav>\n";
  }
  out += "<main id=\"main\">\n" + body_ + "</main>\n<footer><p>";
  out += fmt::format("{} <code>{}</code></p>", say_(Word::definition_hash),
                     base::to_hex(ByteView(count_.definition.hash())));
  std::string sources;
  for (const std::string& source : count_.documents.sources()) {
    if (sources.size() > 400) {
      sources += fmt::format(", … ({})", count_.documents.sources().size());
      break;
    }
    sources += (sources.empty() ? "" : ", ") + source;
  }
  out +=
      fmt::format("<p>{} {} {}: {}</p></footer>\n</div>\n</body>\n</html>\n",
                  say_(Word::counted_from), say_.number(count_.documents.all().size()),
                  say_(Word::documents), escaped(sources));
  return out;
}

}  // namespace urna::count
