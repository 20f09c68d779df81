// `urna count`: from an election definition and its stations' results to the result of
// the election, in every format.
#include "base/file.hpp"
#include "base/json.hpp"
#include "cli/commands.hpp"
#include "count/against.hpp"
#include "count/count.hpp"
#include "count/data_report.hpp"
#include "count/err_report.hpp"
#include "count/errors.hpp"
#include "count/html.hpp"
#include "count/import.hpp"
#include "count/sheets.hpp"
#include "count/text_report.hpp"
#include "election/definition.hpp"
#include "sheet/errors.hpp"
#include "sheet/paper/collect.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

struct Options {
  std::string definition;
  std::vector<std::string> sources;
  std::string mapping;
  std::string decisions;
  std::string against;
  std::string html;
  std::string output;
  std::string area;
  std::string language = "en";
  bool json = false;
  bool csv = false;
  bool cdf = false;
  bool cdf_stations = false;
  bool all = false;
  bool steps = false;
  bool unsigned_ok = false;
};

class CountRun {
 public:
  CountRun(const Options& options, Outcome& outcome)
      : options_(options), outcome_(outcome) {}

  void run();

 private:
  Result<void> prepare();
  Result<void> read_source(const std::string& path, bool inside = false);
  void collect();
  Result<count::Decisions> decisions();
  Result<void> report(const count::Count& count);
  Result<void> emit(std::string_view text);
  Result<void> html(const count::Count& count);
  Result<void> against(const count::Count& count);

  const Options& options_;
  Outcome& outcome_;
  base::RealFiles files_;
  base::Report findings_;
  std::optional<election::Definition> definition_;
  std::optional<count::Mapping> mapping_;
  count::Documents documents_;
  count::SheetSources sheets_;
  std::vector<std::string> to_collect_;
};

bool ends_with(std::string path, std::string_view end) {
  std::ranges::transform(path, path.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return path.ends_with(end);
}

Result<base::Json> read_json_file(base::FileSystem& files, const std::string& path) {
  URNA_TRY(const std::string text, base::read_text(files, path));
  auto json = base::parse_json(text);
  if (!json) return std::unexpected(std::move(json.error()).at(path));
  return std::move(*json);
}

Result<void> CountRun::prepare() {
  definition_ = election::load_definition(options_.definition, findings_);
  if (!definition_) return std::unexpected(findings_.first_problem());
  findings_ = {};  // the definition's warnings are `urna election check`'s business
  if (options_.mapping.empty()) return {};
  URNA_TRY(const base::Json json, read_json_file(files_, options_.mapping));
  mapping_ = count::read_mapping(json, options_.mapping, findings_);
  return {};
}

Result<void> CountRun::read_source(const std::string& path, bool inside) {
  if (files_.kind(path) == base::FileKind::folder) {
    if (!inside) to_collect_.push_back(path);
    URNA_TRY(const auto names, files_.list(path));
    for (const std::string& name : names) {
      if (name.starts_with(".")) continue;
      URNA_CHECK(read_source(base::join_path(path, name), true));
    }
    return {};
  }
  if (ends_with(path, ".csv")) {
    if (!mapping_ && inside) return {};
    if (!mapping_)
      return fail(count::errors::bad_mapping, "a table needs a mapping of its columns",
                  "add --mapping FILE (docs/formats/count-import.md)", path);
    URNA_TRY(std::string text, base::read_text(files_, path));
    count::import_table(*definition_, *mapping_, std::move(text), path, documents_,
                        findings_);
    return {};
  }
  // A box count is a small text; everything else is for the reader of sheets.
  constexpr std::size_t kLook = 1 << 20;
  const auto text = base::read_text(files_, path, kLook);
  if (!text && files_.kind(path) == base::FileKind::missing)
    return std::unexpected(text.error());
  if (!text || !text->starts_with("URNA:BOX")) {
    if (!inside) to_collect_.push_back(path);
    return {};
  }
  auto box = sheet::parse_box_count(*text);
  if (!box) return std::unexpected(std::move(box.error()).at(path));
  sheets_.boxes.emplace_back(path, std::move(*box));
  return {};
}

// Sheet files, photographs, scans and PDF pages; what cannot be read stays in the
// count's list, so that nobody believes it was counted.
void CountRun::collect() {
  if (to_collect_.empty()) return;
  sheet::Collection found = sheet::collect_sheets(files_, to_collect_);
  for (sheet::CollectedSheet& one : found.sheets)
    sheets_.sheets.push_back({one.source, std::move(one.sheet)});
  for (Error& error : found.errors) {
    const std::string place = error.where.empty() ? "sources" : error.where;
    // The first page of a long sheet has no codes: that is no result in conflict.
    if (error.kind == sheet::errors::no_codes) {
      findings_.add({error.kind,
                     base::Severity::warning,
                     {place, 0, {}},
                     error.message,
                     error.to_do});
      continue;
    }
    sheets_.sheets.push_back({place, std::unexpected(std::move(error))});
  }
}

Result<count::Decisions> CountRun::decisions() {
  if (options_.decisions.empty()) return count::Decisions{};
  URNA_TRY(const base::Json json, read_json_file(files_, options_.decisions));
  return count::read_decisions(json, options_.decisions, findings_);
}

Result<void> CountRun::emit(std::string_view text) {
  if (!options_.output.empty())
    return base::write_durable(files_, options_.output, as_bytes(text));
  std::fwrite(text.data(), 1, text.size(), stdout);
  return {};
}

Result<void> CountRun::html(const count::Count& count) {
  count::HtmlOptions html;
  if (options_.language == "en") std::ranges::reverse(html.languages);
  std::string made;
  std::size_t pages = 0;
  // A site is made anew as a whole: plain writes are enough, and 2,000 pages would
  // wait for the disk 2,000 times.
  const count::PageSink sink = [&](const std::string& path,
                                   std::string_view page) -> Result<void> {
    const std::string full = base::join_path(options_.html, path);
    const std::string folder = base::parent_folder(full);
    if (folder != made) URNA_CHECK(files_.make_folder(folder));
    made = folder;
    std::FILE* file = std::fopen(full.c_str(), "wb");
    const bool ok = file != nullptr &&
                    std::fwrite(page.data(), 1, page.size(), file) == page.size();
    if ((file != nullptr && std::fclose(file) != 0) || !ok)
      return fail(count::errors::cannot_write, "the page cannot be written",
                  "check the folder and the space left", full);
    ++pages;
    return {};
  };
  URNA_CHECK(count::write_pages(count, html, sink));
  fmt::print(stderr, "{} pages, start with {}\n", pages,
             base::join_path(options_.html, "index.html"));
  return {};
}

std::string now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  const std::size_t n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {text, n};
}

Result<void> CountRun::report(const count::Count& count) {
  if (!options_.html.empty()) {
    URNA_CHECK(html(count));
    if (!options_.json && !options_.csv && !options_.cdf && options_.output.empty())
      return {};
  }
  if (options_.json) return emit(count::json_report(count).dump(1) + "\n");
  if (options_.csv) return emit(count::open_elections_csv(count));
  if (options_.cdf)
    return emit(count::err_report(
                    count, {.generated = now(), .stations = options_.cdf_stations})
                    .dump(1) +
                "\n");
  count::TextOptions text{.language = options_.language == "es"
                                          ? count::Language::spanish
                                          : count::Language::english,
                          .all_contests = options_.all,
                          .steps = options_.steps};
  if (!options_.area.empty()) {
    text.area = count.definition.find_area(options_.area);
    if (!text.area)
      return fail(count::errors::unreadable, "there is no area '" + options_.area + "'",
                  "use an area code of the definition");
  }
  return emit(count::text_report(count, text));
}

// The count beside a published result; a contradiction is the answer "no".
Result<void> CountRun::against(const count::Count& count) {
  if (options_.against.empty()) return {};
  URNA_TRY(const base::Json json, read_json_file(files_, options_.against));
  URNA_TRY(const count::Against found, count::set_beside(count, json));
  fmt::print("{}",
             count::against_text(count, found,
                                 options_.language == "es" ? count::Language::spanish
                                                           : count::Language::english));
  if (!found.contradictions.empty()) outcome_.status = kNo;
  return {};
}

void CountRun::run() {
  const auto stop_on = [&](const Error& error) { report_error(outcome_, error); };
  if (const auto ready = prepare(); !ready) return stop_on(ready.error());
  if (findings_.ok()) {
    for (const std::string& source : options_.sources) {
      if (const auto read = read_source(source); !read) return stop_on(read.error());
    }
    collect();
    count::add_sheets(*definition_, std::move(sheets_),
                      {.require_signatures = !options_.unsigned_ok}, documents_,
                      findings_);
  }
  const auto decided = decisions();
  if (!decided) return stop_on(decided.error());
  if (!findings_.findings().empty()) fmt::print(stderr, "{}", findings_.text());
  if (!findings_.ok()) {
    outcome_.status = kError;
    return;
  }
  const auto count =
      count::tabulate(std::move(*definition_), std::move(documents_), *decided,
                      mapping_ ? mapping_->hypothetical : count::Said{});
  if (!count) return stop_on(count.error());
  if (const auto done = report(*count); !done) return stop_on(done.error());
  if (const auto done = against(*count); !done) return stop_on(done.error());
  if (count->open_conflicts() > 0 || !count->lots().empty()) outcome_.status = kNo;
}

}  // namespace

void add_count_command(CLI::App& app, Outcome& outcome) {
  auto options = std::make_shared<Options>();
  CLI::App* sub = app.add_subcommand(
      "count",
      "Add up the stations' results, award the seats, say what is missing\n\n"
      "SOURCES are sheet files, pictures of sheets (PNG, JPEG, PDF), folders of\n"
      "these, or tables (CSV, with --mapping). Conflicting results are listed and\n"
      "counted 0 times until a decision file resolves them. docs/counting.md says\n"
      "how to read the report. Exit status 1: a conflict is open or lots must be\n"
      "drawn.\n\n"
      "Example: urna count examples/town examples/town/sheets --html site");
  sub->add_option("DEFINITION", options->definition, "folder of the election")
      ->required();
  sub->add_option("SOURCES", options->sources, "files and folders with results");
  sub->add_option("--mapping", options->mapping, "which column of a table is what");
  sub->add_option("--decisions", options->decisions, "recorded decisions and drawings");
  sub->add_option("--against", options->against,
                  "set the count beside a published result (JSON) and list what\n"
                  "contradicts it; status 1 when something does");
  sub->add_flag("--json", options->json, "everything as JSON");
  sub->add_flag("--csv", options->csv, "a table in the layout of OpenElections");
  sub->add_flag("--cdf", options->cdf, "NIST Election Results Reporting v2 (JSON)");
  sub->add_flag("--cdf-stations", options->cdf_stations, "with --cdf: every station");
  sub->add_option("--html", options->html, "write pages into this folder");
  sub->add_option("-o,--output", options->output, "write the report to a file");
  sub->add_option("--lang", options->language, "en or es")
      ->check(CLI::IsMember({"en", "es"}));
  sub->add_option("--area", options->area, "list the parts and contests of this area");
  sub->add_flag("--all", options->all, "every contest in full");
  sub->add_flag("--steps", options->steps, "every step of every award of seats");
  sub->add_flag("--accept-unsigned", options->unsigned_ok,
                "count machine sheets without a valid signature (rehearsals only)");
  sub->callback([options, &outcome] { CountRun(*options, outcome).run(); });
}

}  // namespace urna::cli
