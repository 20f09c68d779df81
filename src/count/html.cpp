#include "count/html.hpp"

#include "count/html_parts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::count {
namespace {

// The sentence a reader came for.
std::string headline(const Count& count, const Speech& say) {
  const House& house = count.house;
  if (house.seats > 0 && !house.groups.empty() && house.groups.front().total() > 0) {
    const Group& first = house.groups.front();
    const bool majority = first.total() > house.seats / 2;
    const bool open = std::ranges::any_of(count.awards, [](const AwardResult& award) {
      return std::ranges::any_of(award.parts, [](const AwardPart& part) {
        return part.bound.verdict == Verdict::could_change;
      });
    });
    const std::string_view name = say(first.name);
    if (say.spanish()) {
      if (open)
        return fmt::format("{} suma por ahora {} de {} escaños", name, first.total(),
                           house.seats);
      return majority ? fmt::format("{} tiene la mayoría: {} de {} escaños", name,
                                    first.total(), house.seats)
                      : fmt::format("Nadie tiene mayoría; {} suma {} de {} escaños",
                                    name, first.total(), house.seats);
    }
    if (open)
      return fmt::format("{} has {} of {} seats so far", name, first.total(),
                         house.seats);
    return majority ? fmt::format("{} has a majority: {} of {} seats", name,
                                  first.total(), house.seats)
                    : fmt::format("No majority; {} has {} of {} seats", name,
                                  first.total(), house.seats);
  }
  for (const ContestBound& bound : count.bounds) {
    const auto& contest = count.definition.contests()[bound.contest];
    if (contest.area != count.definition.root() || bound.order.empty()) continue;
    const std::size_t top = bound.order.front();
    const std::uint64_t sum = count.totals.total(bound.contest).votes();
    if (sum == 0) break;
    const bool open = bound.bound.verdict == Verdict::could_change;
    const std::string name = say.contender(bound.contest, top);
    const std::string share = say.percent(bound.votes[top], sum);
    if (say.spanish())
      return fmt::format("{} {} con el {} de los votos", name,
                         open ? "encabeza" : "gana", share);
    return fmt::format("{} {} with {} of the votes", name, open ? "leads" : "wins",
                       share);
  }
  return std::string(say(Word::results));
}

std::string kicker(const Count& count, const Speech& say) {
  const election::Model& model = count.definition.model();
  return fmt::format("{} · {}", say(model.name), say.date(model.day.date));
}

constexpr std::size_t kFullContests = 6;

void contests_section(Page& page, const Count& count, election::AreaIndex area) {
  const auto all = page.contests_in(area);
  if (all.empty()) return;
  std::vector<const ContestBound*> here, below;
  for (const ContestBound* bound : all) {
    const auto contest_area = count.definition.contests()[bound->contest].area;
    // A contest of a larger area is shown with this area's votes.
    const bool inside =
        contest_area != area && count.totals.total(area, bound->contest)->stations ==
                                    count.totals.total(bound->contest).stations;
    (inside ? below : here).push_back(bound);
  }
  if (here.size() + below.size() <= kFullContests) {
    here = all;
    below.clear();
  }
  // The area's own contests first, then the parts that it holds of others.
  std::ranges::sort(here, {}, [&](const ContestBound* bound) {
    const bool own = count.definition.contests()[bound->contest].area == area;
    return std::pair(!own, bound->contest);
  });
  page.add(fmt::format("<h2>{}</h2>", page.say()(Word::contests)));
  for (const ContestBound* bound : here) page.contest(*bound, area);
  if (!below.empty()) page.contest_list(below);
}

// Whether any seat or winner can still change, in one line under the headline.
std::string front_verdict(const Count& count, const Speech& say) {
  if (count.awards.size() == 1) return say.award_bound(count.awards.front());
  if (!count.awards.empty()) {
    bool complete = true;
    std::string open;
    for (const AwardResult& award : count.awards) {
      bool could = false;
      for (const AwardPart& part : award.parts) {
        could = could || part.bound.verdict == Verdict::could_change;
        complete = complete && part.bound.verdict == Verdict::complete;
      }
      if (could)
        open += fmt::format("{}{}", open.empty() ? "" : ", ",
                            say(count.definition.awards()[award.award].name));
    }
    if (!open.empty())
      return (say.spanish() ? "Lo que falta todavía podría cambiar escaños: "
                            : "What is missing could still change seats: ") +
             open + ".";
    if (complete)
      return say.spanish() ? "Todas las mesas están contadas."
                           : "Every station is counted.";
    return say.spanish() ? "Lo que falta no puede cambiar ningún escaño."
                         : "What is missing cannot change a single seat.";
  }
  for (const ContestBound& bound : count.bounds) {
    if (count.definition.contests()[bound.contest].area == count.definition.root())
      return say.winner_bound(bound);
  }
  return {};
}

}  // namespace

std::string front_page(const Count& count, Language language,
                       const HtmlOptions& options) {
  Page page(count, language, options);
  const Speech& say = page.say();
  const election::AreaIndex root = count.definition.root();
  page.banners();
  page.masthead(kicker(count, say), headline(count, say));
  page.add(fmt::format("<p class=\"lead\">{}</p>", escaped(front_verdict(count, say))));
  if (options.alerts) page.add(options.alerts(root, language));
  page.completeness(root);
  page.conflicts(root);
  page.house();
  contests_section(page, count, root);
  page.parts_of(root);
  page.stations_of(root);
  return page.finish(kicker(count, say), "index.html");
}

std::string area_page(const Count& count, election::AreaIndex area, Language language,
                      const HtmlOptions& options) {
  if (area == count.definition.root()) return front_page(count, language, options);
  Page page(count, language, options);
  const Speech& say = page.say();
  const election::Area& place = count.definition.areas()[area];
  page.trail(area);
  page.masthead(say(count.definition.model().area_kinds[place.kind].name),
                say(place.name));
  page.banners();
  if (options.alerts) page.add(options.alerts(area, language));
  page.completeness(area);
  page.conflicts(area);
  contests_section(page, count, area);
  page.parts_of(area);
  page.stations_of(area);
  return page.finish(fmt::format("{} · {}", say(place.name), kicker(count, say)),
                     "area-" + place.code + ".html");
}

std::string seats_page(const Count& count, Language language,
                       const HtmlOptions& options) {
  Page page(count, language, options);
  const Speech& say = page.say();
  page.add(fmt::format("<nav class=\"kicker\"><a href=\"index.html\">{}</a></nav>",
                       escaped(say(count.definition.model().name))));
  page.masthead(say.completeness(), say(Word::how_seats));
  page.banners();
  page.seat_explanations();
  return page.finish(say(Word::how_seats), "seats.html");
}

Result<void> write_pages(const Count& count, const HtmlOptions& options,
                         const PageSink& sink) {
  for (const Language language : options.languages) {
    const std::string folder = std::string(language_tag(language)) + "/";
    URNA_CHECK(sink(folder + "index.html", front_page(count, language, options)));
    URNA_CHECK(sink(folder + "seats.html", seats_page(count, language, options)));
    for (election::AreaIndex a = 0; a < count.definition.areas().size(); ++a) {
      if (a == count.definition.root()) continue;
      URNA_CHECK(sink(folder + "area-" + count.definition.areas()[a].code + ".html",
                      area_page(count, a, language, options)));
    }
  }
  // The start page sends to the first language and offers all.
  std::string start = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{0}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n"
      "<meta http-equiv=\"refresh\" content=\"0; url={0}/index.html\">\n"
      "<title>Urna</title>\n</head>\n<body>\n<ul>\n",
      language_tag(options.languages.front()));
  for (const Language language : options.languages)
    start += fmt::format("<li><a href=\"{0}/index.html\" lang=\"{0}\">{1}</a></li>\n",
                         language_tag(language),
                         language == Language::spanish ? "Español" : "English");
  return sink("index.html", start + "</ul>\n</body>\n</html>\n");
}

}  // namespace urna::count
