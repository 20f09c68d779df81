// The results site: static files made from a public record alone, that any web server
// serves and every browser shows without scripts. Pages of the count (src/count), one
// page for every station with its three lines of evidence side by side, one page about
// the record itself; tally sheets as text and QR codes, lists of confirmation codes,
// and the results as CSV, JSON and in NIST's common data format. docs/results.md says
// which file is where.
//
// The same record gives the same bytes: nothing tells when, where or how fast a site
// was made.
//
// Called by `urna results`. Thread rule: runs threads of its own; the sink is called
// from several. Public data.
#pragma once

#include "count/html.hpp"
#include "results/evidence.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace urna::results {

// Receives each file as it is made: "es/index.html", "qr/N01-1-1.png", ...
using FileSink =
    std::function<Result<void>(const std::string& path, std::string_view bytes)>;

struct SiteOptions {
  // Where pages find the record, from a folder of pages.
  std::string record = "../record/";
  // Whether the pages that compute (web/pages/results) lie in app/.
  bool app = false;
  unsigned threads = 0;
};

// Errors: the sink's; cannot_encode for a sheet that no QR code holds.
[[nodiscard]] Result<void> write_site(const Evidence& evidence,
                                      const SiteOptions& options, const FileSink& sink);

// What a web server must send as Content-Security-Policy with a path of the site; the
// pages state the same themselves.
[[nodiscard]] std::string content_policy(std::string_view path);

}  // namespace urna::results
