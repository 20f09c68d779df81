// The site's own pages and data files, one function each: private to the room.
// Thread rule: pure functions; they may run on several threads.
#pragma once

#include "ballot/box.hpp"
#include "base/json.hpp"
#include "results/site.hpp"

namespace urna::results {

struct SitePages {
  const Evidence& evidence;
  const SiteOptions& options;
  count::HtmlOptions html;
};

// A station's sheet as codes: "qr/N01-1-1.png" and what each says.
struct CodePicture {
  std::string path;  // from the site's folder
  std::string text;
};

[[nodiscard]] std::string station_file(const Evidence& evidence,
                                       election::StationIndex station);
[[nodiscard]] std::string station_page(const SitePages& site,
                                       election::StationIndex station,
                                       const std::vector<CodePicture>& codes,
                                       count::Language language);
[[nodiscard]] std::string record_page(const SitePages& site, count::Language language);
// What failed and what is missing in an area, for the top of its page.
[[nodiscard]] std::string area_alerts(const SitePages& site, election::AreaIndex area,
                                      count::Language language);
[[nodiscard]] std::string station_mark(const Evidence& evidence,
                                       election::StationIndex station,
                                       count::Language language);

// For the pages that compute: data/site.json and data/station-N01.json.
[[nodiscard]] base::Json site_json(const SitePages& site);
[[nodiscard]] base::Json station_json(const Evidence& evidence,
                                      election::StationIndex station);
// The confirmation codes of a package: "CODE cast", one a line, sorted by code.
[[nodiscard]] std::string code_list(const ballot::Box& box);

}  // namespace urna::results
