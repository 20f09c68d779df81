// The pieces that the pages are put together from: for this room and src/results.
#pragma once

#include "count/html.hpp"

#include <string>
#include <string_view>

namespace urna::count {

// One page being written, in one language, at one place in the folder.
class Page {
 public:
  Page(const Count& count, Language language, const HtmlOptions& options)
      : count_(count), say_(count, language), options_(options) {}

  // `self` is the page's own name ("index.html"), the same in every language.
  [[nodiscard]] std::string finish(std::string_view title, std::string_view self);

  // Who the election belongs to, its name and date, and what must be said first.
  void masthead(std::string_view kicker, std::string_view headline);
  void banners();
  // The bar and numbers of how much has been counted in an area.
  void completeness(election::AreaIndex area);
  void conflicts(election::AreaIndex area);
  void house();
  void contest(const ContestBound& bound, election::AreaIndex area);
  void contest_list(const std::vector<const ContestBound*>& bounds);
  void parts_of(election::AreaIndex area);
  void stations_of(election::AreaIndex area);
  [[nodiscard]] std::string box_of(const Station& station, bool first) const;
  // The way down to an area; `whole`: the area itself is the last link.
  void trail(election::AreaIndex area, bool whole = false);
  void seat_explanations();
  void add(std::string_view html) { body_ += html; }

  [[nodiscard]] const Speech& say() const { return say_; }
  [[nodiscard]] std::string area_link(election::AreaIndex area) const;
  [[nodiscard]] std::vector<const ContestBound*> contests_in(
      election::AreaIndex area) const;

 private:
  void notices(election::AreaIndex area);
  void tiles(const std::vector<election::AreaIndex>& parts);
  void contest_parts(election::AreaIndex area, election::ContestIndex contest);
  [[nodiscard]] std::vector<election::AreaIndex> parts(election::AreaIndex area,
                                                       std::uint32_t kind) const;
  [[nodiscard]] std::string drilled(std::string_view to,
                                    const std::string& number) const;
  void contest_stations(election::AreaIndex area, election::ContestIndex contest,
                        const std::vector<election::StationIndex>& stations);
  [[nodiscard]] std::string colour_of(election::ContestIndex contest,
                                      std::size_t contender) const;
  [[nodiscard]] std::string leader_in(election::AreaIndex area) const;

  const Count& count_;
  Speech say_;
  const HtmlOptions& options_;
  std::string body_;
};

// A colour for something without one: steps of a neutral scale, never a party's.
[[nodiscard]] std::string neutral_colour(std::size_t index);
// A bar as SVG: attributes only, so that the policy needs no inline styles.
[[nodiscard]] std::string bar_svg(std::uint64_t part, std::uint64_t whole,
                                  std::string_view colour);
[[nodiscard]] std::string swatch_svg(std::string_view colour);
// A table inside a box that scrolls sideways on a narrow screen, reachable by keyboard.
[[nodiscard]] std::string boxed(std::string_view label, std::string_view table);

}  // namespace urna::count
