// `urna results`: the results site of a public record, made and served.
#include "base/encoding.hpp"
#include "base/file.hpp"
#include "base/progress.hpp"
#include "cli/commands.hpp"
#include "cli/serve_options.hpp"
#include "http/static_files.hpp"
#include "results/folder.hpp"
#include "results/site.hpp"

#include <chrono>
#include <memory>
#include <thread>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string record;
  std::string out;
  std::string web = "build/web/results";
  std::string election;
  std::string log_key;
  std::string policy;
  std::string record_at = "../record/";
  unsigned jobs = 0;
  unsigned every = 0;
  bool sheets_only = false;
  std::string site;
  ServeOptions serve;
};

Result<results::GatherOptions> gather_options(base::FileSystem& files,
                                              const Options& options) {
  results::GatherOptions out;
  out.sealed = !options.sheets_only;
  out.verify.jobs = options.jobs;
  if (!options.election.empty()) {
    URNA_TRY(out.verify.trust.election, base::array_from_hex<32>(options.election));
  }
  if (!options.log_key.empty()) {
    URNA_TRY(out.verify.trust.log_key, log::VerifierKey::parse(options.log_key));
  }
  if (!options.policy.empty()) {
    URNA_TRY(out.verify.trust.policy, base::read_text(files, options.policy, 1 << 20));
  }
  return out;
}

Result<void> make_once(base::FileSystem& files, const Options& options,
                       results::GatherOptions& gathering) {
  URNA_TRY(const results::Evidence evidence,
           results::gather(files, options.record, gathering));
  URNA_TRY(results::SiteFolder folder, results::SiteFolder::begin(options.out));
  const bool app = files.kind(options.web) == base::FileKind::folder;
  results::SiteOptions site{
      .record = options.record_at, .app = app, .threads = options.jobs};
  URNA_CHECK(results::write_site(evidence, site,
                                 [&](const std::string& path, std::string_view bytes) {
                                   return folder.write(path, bytes);
                                 }));
  if (app) URNA_CHECK(folder.copy(options.web, "app"));
  URNA_CHECK(folder.finish());
  fmt::print("{} files in {}; start with {}\n", folder.files(), options.out,
             base::join_path(options.out, "index.html"));
  if (!app)
    fmt::print(
        "There is no page in '{}': receipts and stations cannot be looked up in "
        "the browser.\n",
        options.web);
  // What the record says nothing new about is not verified a second time.
  record::Part part;
  part.record = evidence.report.record;
  part.stations = evidence.report.stations;
  if (!options.sheets_only) gathering.verify.since = std::move(part);
  return {};
}

Result<void> make(const Options& options) {
  base::RealFiles files;
  URNA_TRY(results::GatherOptions gathering, gather_options(files, options));
  std::string last;
  for (;;) {
    const auto checkpoint =
        base::read_text(files, base::join_path(options.record, "checkpoint"), 1 << 20);
    if (!checkpoint || *checkpoint != last) {
      URNA_CHECK(make_once(files, options, gathering));
      if (checkpoint) last = *checkpoint;
    }
    if (options.every == 0) return {};
    std::this_thread::sleep_for(std::chrono::seconds(options.every));
  }
}

Result<void> serve(const Options& options) {
  static base::RealFiles files;
  http::Router router;
  http::StaticOptions without_index;
  without_index.index.clear();
  if (!options.record.empty())
    router.on("GET", "/record/{path...}",
              http::static_files(files, options.record, without_index),
              {.public_read = true});
  const http::Handler pages = http::static_files(files, options.site, {});
  router.on("GET", "/{path...}",
            [pages](const http::Request& request) {
              return pages(request).with(
                  "Content-Security-Policy",
                  results::content_policy(std::string_view(request.path).substr(1)));
            },
            {.public_read = true});
  return serve_until_stopped(std::move(router), options.serve);
}

}  // namespace

void add_results_command(CLI::App& app, Outcome& outcome) {
  auto* group = app.add_subcommand(
      "results", "Make and serve the results site of a public record");
  group->require_subcommand(1);
  auto options = std::make_shared<Options>();
  const auto run = [options, &outcome](Result<void> (*what)(const Options&)) {
    return [options, &outcome, what] {
      if (const auto done = what(*options); !done) report_error(outcome, done.error());
    };
  };

  auto* site = group->add_subcommand(
      "site",
      "Write the site of a record: static files for any web server\n\n"
      "Every station is verified first; what fails is shown first. docs/results.md "
      "says "
      "which file is where, and which headers a web server should send.");
  site->add_option("record", options->record, "The folder of the record")->required();
  site->add_option("--out", options->out, "Where to write the site")->required();
  site->add_option("--web", options->web, "The folder of the pages that compute");
  site->add_option("--election", options->election, "The election hash you know");
  site->add_option("--log-key", options->log_key, "The log's key that you know");
  site->add_option("--policy", options->policy, "The witness policy that you know");
  site->add_option("--record-at", options->record_at,
                   "Where pages find the record: a path from a page, or an address");
  site->add_option("--jobs", options->jobs, "Threads; 0: as many as the machine has");
  site->add_option("--every", options->every,
                   "Look every so many seconds and write it anew when the record grew");
  site->add_flag("--sheets-only", options->sheets_only,
                 "Do not verify the sealed ballots; the pages say so");
  site->callback(run(make));

  auto* start = group->add_subcommand(
      "serve", "Serve a site, and its record under /record/, until Ctrl-C");
  start->add_option("site", options->site, "The folder of the site")->required();
  start->add_option("--record", options->record, "The folder of the record");
  add_serve_options(*start, options->serve);
  start->callback(run(serve));
}

}  // namespace urna::cli
