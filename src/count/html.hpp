// The count as static pages: the answer first, with how complete it is; what is
// missing or in conflict before anything else; then the house, the contests, every
// area down to the station. No scripts at all: tables and SVG pictures, a strict
// content security policy, readable from 360 pixels up, printable, Spanish and English.
// The results site (src/results) makes its pages with the same functions.
//
// Thread rule: pure functions of an immutable Count. Public data only.
#pragma once

#include "count/words.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::count {

// A link in the head of every page, in both languages.
struct HtmlLink {
  std::string spanish;
  std::string english;
  std::string href;  // from a page; "{}" stands for the page's language
};

struct HtmlOptions {
  std::vector<Language> languages{Language::spanish, Language::english};
  // Where the evidence of a station lies (its sheet, its sealed ballots), relative to a
  // page; an empty result or no function: the source and the hash are shown instead.
  std::function<std::string(election::StationIndex)> evidence{};
  // HTML for an area's page, right after its headline: what failed there.
  std::function<std::string(election::AreaIndex, Language)> alerts{};
  // HTML after a station's link to its evidence: whether its three lines agree.
  std::function<std::string(election::StationIndex, Language)> mark{};
  std::vector<HtmlLink> links{};
  // Every number links to the numbers it was added from, area by area down to the
  // stations, and areas are shown as tiles.
  bool drill_down = false;
  bool pictures = false;  // pages may show pictures of their own site
};

// Receives each page as it is made: "es/index.html", "es/area-0101.html", ...
using PageSink =
    std::function<Result<void>(const std::string& path, std::string_view html)>;

// All pages: a start page, and for each language the front page, one page an area, and
// one page that shows how every seat was awarded. Error: the sink's.
[[nodiscard]] Result<void> write_pages(const Count& count, const HtmlOptions& options,
                                       const PageSink& sink);

// One page of them, for a server that makes pages on demand.
[[nodiscard]] std::string front_page(const Count& count, Language language,
                                     const HtmlOptions& options = {});
[[nodiscard]] std::string area_page(const Count& count, election::AreaIndex area,
                                    Language language, const HtmlOptions& options = {});
[[nodiscard]] std::string seats_page(const Count& count, Language language,
                                     const HtmlOptions& options = {});

// A half circle of seats, largest group first from the left; `hollow` seats at the end
// are those nobody holds yet. Colours are the parties' own, with the numbers in the
// picture's description and in the table beside it.
struct HemicycleGroup {
  std::string name;
  std::string colour;
  std::uint32_t seats = 0;
};
[[nodiscard]] std::string hemicycle_svg(const std::vector<HemicycleGroup>& groups,
                                        std::uint32_t hollow, std::string_view title,
                                        std::string_view description);

// & < > " ' made harmless.
[[nodiscard]] std::string escaped(std::string_view text);

// The style sheet of every page, and its hash as a content security policy names it.
[[nodiscard]] std::string_view style_sheet();
[[nodiscard]] const std::string& style_hash();

}  // namespace urna::count
