// `urna finger extract`, `show`, `match` and `search`.
#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/progress.hpp"
#include "cli/commands.hpp"
#include "finger/draw.hpp"
#include "finger/errors.hpp"
#include "finger/extract/extract.hpp"
#include "finger/extract/ridge_count.hpp"
#include "finger/io/png_file.hpp"
#include "finger/io/read.hpp"
#include "finger/iso/templates.hpp"
#include "finger/match/codec.hpp"
#include "finger/match/gallery.hpp"
#include "finger/match/score.hpp"
#include "finger/read_print.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

using namespace finger;

constexpr int kUsualThreshold = 40;  // FMR 1e-4

CLI::App* finger_group(CLI::App& app) {
  const auto found = app.get_subcommands(
      [](const CLI::App* sub) { return sub->get_name() == "finger"; });
  if (!found.empty()) return found.front();
  CLI::App* group =
      app.add_subcommand("finger", "Fingerprints: images, templates, matching");
  group->require_subcommand(1);
  return group;
}

Result<Image> load_image(const std::string& path, int dpi) {
  io::ReadOptions read;
  if (dpi > 0) read.normalise.dpi = dpi;
  return io::read_image_file(path, read);
}

Result<void> save(const std::string& path, ByteView bytes) {
  base::RealFiles files;
  return base::write_durable(files, path, bytes);
}

Result<void> save_canvas(const std::string& path, const Canvas& canvas) {
  URNA_TRY(
      const auto png,
      io::write_png_rgb(static_cast<std::uint32_t>(canvas.width()),
                        static_cast<std::uint32_t>(canvas.height()), canvas.pixels()));
  return save(path, png);
}

// ---- extract

struct ExtractArguments {
  std::string in;
  std::string out;
  std::string to = "urna";
  int dpi = 0;
  int position = 0;
  std::string ridge_counts;
  bool json = false;
};

Result<void> save_ridge_counts(const ExtractArguments& arguments) {
  URNA_TRY(const Image image, load_image(arguments.in, arguments.dpi));
  URNA_TRY(const Extraction found, extract_all(image));
  std::string table = "from,to,ridges\n";
  for (const RidgeCount& edge : count_ridges(found))
    table += fmt::format("{},{},{}\n", edge.from, edge.to, edge.count);
  return save(arguments.ridge_counts, as_bytes(table));
}

Result<Bytes> encode_as(const Template& print, const std::string& format) {
  if (format == "urna") return encode_template(print);
  const iso::Format to = format == "iso2011"    ? iso::Format::iso_2011
                         : format == "ansi2004" ? iso::Format::ansi_2004
                         : format == "ansi2009" ? iso::Format::ansi_2009
                                                : iso::Format::iso_2005;
  return iso::encode(std::span(&print, 1), to);
}

Result<void> run_extract(const ExtractArguments& arguments) {
  URNA_TRY(Template print, read_print(arguments.in, {.dpi = arguments.dpi}));
  print.position = static_cast<FingerPosition>(arguments.position);
  URNA_TRY(const Bytes bytes, encode_as(print, arguments.to));
  URNA_CHECK(save(arguments.out, bytes));
  if (!arguments.ridge_counts.empty()) URNA_CHECK(save_ridge_counts(arguments));
  if (arguments.json) {
    base::Json report = base::Json::object();
    report.set("file", arguments.out)
        .set("bytes", bytes.size())
        .set("minutiae", print.minutiae.size())
        .set("quality", int{print.quality})
        .set("quality_version", 1);
    fmt::print("{}\n", report.dump());
  } else {
    fmt::print("{}: {} minutiae, quality {}, {} bytes\n", arguments.out,
               print.minutiae.size(), print.quality, bytes.size());
  }
  return {};
}

void add_extract(CLI::App& group, Outcome& outcome) {
  auto arguments = std::make_shared<ExtractArguments>();
  CLI::App* sub =
      group.add_subcommand("extract", "Make a template from a fingerprint image");
  sub->add_option("IMAGE", arguments->in, "PNG, TIFF, JPEG, BMP, PGM, WSQ, 19794-4")
      ->required();
  sub->add_option("OUT", arguments->out, "template to write")->required();
  sub->add_option("--to", arguments->to, "format of the template")
      ->check(CLI::IsMember({"urna", "iso2005", "iso2011", "ansi2004", "ansi2009"}));
  sub->add_option("--dpi", arguments->dpi, "true resolution, whatever the file says");
  sub->add_option("--position", arguments->position, "finger, 0 unknown to 10")
      ->check(CLI::Range(0, 10));
  sub->add_option(
      "--ridge-counts", arguments->ridge_counts,
      "also a CSV of the ridges between neighbouring minutiae of the image");
  sub->add_flag("--json", arguments->json, "machine form");
  sub->callback([arguments, &outcome] {
    if (const auto done = run_extract(*arguments); !done)
      report_error(outcome, done.error());
  });
}

// ---- show

struct ShowArguments {
  std::string in;
  std::string out;
  int dpi = 0;
  ShowOptions options;
  bool bare = false;
};

Result<void> run_show(const ShowArguments& arguments) {
  URNA_TRY(const Image image, load_image(arguments.in, arguments.dpi));
  URNA_TRY(const Extraction all, extract_all(image));
  ShowOptions options = arguments.options;
  if (arguments.bare) options.orientation = options.mask = options.singular = false;
  URNA_CHECK(save_canvas(arguments.out, draw_extraction(all, options)));
  const auto cores = std::ranges::count(
      all.result.singular_points, SingularPoint::Kind::core, &SingularPoint::kind);
  fmt::print("{}: {} minutiae, {} cores, {} deltas, quality {}\n", arguments.out,
             all.result.minutiae.size(), cores,
             static_cast<std::ptrdiff_t>(all.result.singular_points.size()) - cores,
             all.result.quality);
  return {};
}

void add_show(CLI::App& group, Outcome& outcome) {
  auto arguments = std::make_shared<ShowArguments>();
  CLI::App* sub = group.add_subcommand(
      "show", "Draw minutiae, ridge directions and mask on the image (PNG)");
  sub->add_option("IMAGE", arguments->in, "fingerprint image")->required();
  sub->add_option("OUT", arguments->out, "PNG to write")->required();
  sub->add_option("--dpi", arguments->dpi, "true resolution, whatever the file says");
  sub->add_option("--scale", arguments->options.scale, "enlargement")
      ->check(CLI::Range(1, 8));
  sub->add_flag("--enhanced", arguments->options.enhanced,
                "draw on the enhanced image");
  sub->add_flag("--minutiae-only", arguments->bare, "no directions and no mask");
  sub->callback([arguments, &outcome] {
    if (const auto done = run_show(*arguments); !done)
      report_error(outcome, done.error());
  });
}

// ---- match

// One finger: impressions on either side.
struct FingerFiles {
  std::vector<std::string> probes;
  std::vector<std::string> references;
};

struct MatchArguments {
  std::string probe;
  std::vector<std::string> references;
  std::vector<std::string> fingers;  // P[,P...]=R[,R...]
  std::string show;
  int dpi = 0;
  int threshold = kUsualThreshold;
  bool classical = false;
  bool json = false;
};

std::vector<std::string> split_commas(const std::string& text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t cut = std::min(text.find(',', at), text.size());
    if (cut > at) out.push_back(text.substr(at, cut - at));
    at = cut + 1;
  }
  return out;
}

Result<std::vector<FingerFiles>> fingers_of(const MatchArguments& arguments) {
  std::vector<FingerFiles> out;
  if (!arguments.probe.empty())
    out.push_back({{arguments.probe}, arguments.references});
  for (const std::string& finger : arguments.fingers) {
    const std::size_t equals = finger.find('=');
    if (equals != std::string::npos)
      out.push_back({split_commas(finger.substr(0, equals)),
                     split_commas(finger.substr(equals + 1))});
    if (equals == std::string::npos || out.back().probes.empty())
      return fail(errors::nothing_to_compare,
                  fmt::format("'{}' names no files on both sides", finger),
                  "write --finger PROBE[,PROBE]=REFERENCE[,REFERENCE]");
  }
  for (const FingerFiles& finger : out)
    if (finger.references.empty())
      return fail(errors::nothing_to_compare, "a finger has no reference",
                  "give PROBE REFERENCE, or --finger PROBE=REFERENCE");
  if (out.empty())
    return fail(errors::nothing_to_compare, "no files to compare",
                "give PROBE REFERENCE, or --finger PROBE=REFERENCE");
  return out;
}

// The scores of every probe against every reference of a finger.
Result<std::vector<int>> match_finger(const FingerFiles& finger, int dpi,
                                      Scoring scoring) {
  std::vector<Prepared> references;
  for (const std::string& path : finger.references) {
    URNA_TRY(const Template print, read_print(path, {.dpi = dpi}));
    references.push_back(prepare(print));
  }
  Matcher matcher;
  std::vector<int> scores;
  for (const std::string& path : finger.probes) {
    URNA_TRY(const Template print, read_print(path, {.dpi = dpi}));
    const Prepared probe = prepare(print);
    for (const Prepared& reference : references)
      scores.push_back(score(matcher.compare(probe, reference),
                             model_for(probe, reference, scoring)));
  }
  return scores;
}

// Both images of the first finger side by side, with the pairs of the best alignment
// joined.
Result<void> draw_match(const MatchArguments& arguments, const FingerFiles& finger) {
  const std::string& left = finger.probes.front();
  const std::string& right = finger.references.front();
  URNA_TRY(const Template a, read_print(left, {.dpi = arguments.dpi}));
  URNA_TRY(const Template b, read_print(right, {.dpi = arguments.dpi}));
  URNA_TRY(const Image left_image, load_image(left, arguments.dpi));
  URNA_TRY(const Image right_image, load_image(right, arguments.dpi));
  return save_canvas(arguments.show, draw_pairs(left_image, a, right_image, b));
}

Result<int> run_match(const MatchArguments& arguments) {
  URNA_TRY(const std::vector<FingerFiles> fingers, fingers_of(arguments));
  const Scoring scoring = arguments.classical ? Scoring::classical : Scoring::fitted;
  std::vector<int> fused;
  base::Json each = base::Json::array();
  for (const FingerFiles& finger : fingers) {
    URNA_TRY(const std::vector<int> scores,
             match_finger(finger, arguments.dpi, scoring));
    fused.push_back(fuse_impressions(scores));
    base::Json list = base::Json::array();
    for (const int s : scores) list.push(s);
    base::Json entry = base::Json::object();
    entry.set("score", fused.back()).set("scores", std::move(list));
    each.push(std::move(entry));
  }
  if (!arguments.show.empty()) URNA_CHECK(draw_match(arguments, fingers.front()));
  const int total = fuse_fingers(fused);
  const bool same = total >= arguments.threshold;
  if (arguments.json) {
    base::Json report = base::Json::object();
    report.set("score", total)
        .set("threshold", arguments.threshold)
        .set("same", same)
        .set("fingers", std::move(each));
    fmt::print("{}\n", report.dump());
    return same ? kYes : kNo;
  }
  for (std::size_t k = 0; k < fused.size() && fused.size() > 1; ++k)
    fmt::print("finger {}: score {}\n", k + 1, fused[k]);
  fmt::print("score {} (one in 10^{}.{} of different {}): {} at threshold {}\n", total,
             total / 10, total % 10, fused.size() > 1 ? "people" : "fingers",
             same ? "same" : "not the same", arguments.threshold);
  return same ? kYes : kNo;
}

void add_match(CLI::App& group, Outcome& outcome) {
  auto arguments = std::make_shared<MatchArguments>();
  CLI::App* sub = group.add_subcommand(
      "match", "Compare prints: one or several impressions, one or several fingers");
  sub->add_option("PROBE", arguments->probe, "image or template");
  sub->add_option("REFERENCE", arguments->references,
                  "image or template, or several of the same finger");
  sub->add_option("--finger", arguments->fingers,
                  "one finger as PROBE[,PROBE]=REFERENCE[,REFERENCE]; give it once a "
                  "finger, the scores of fingers add up")
      ->allow_extra_args(false);
  sub->add_option("--show", arguments->show,
                  "PNG with both prints and their paired minutiae");
  sub->add_option("--dpi", arguments->dpi, "true resolution, whatever the files say");
  sub->add_option("--threshold", arguments->threshold,
                  "least score for the same finger; 40 is FMR 1e-4");
  sub->add_flag("--classical", arguments->classical,
                "score without fitted weights; the scale is only about right");
  sub->add_flag("--json", arguments->json, "machine form");
  sub->callback([arguments, &outcome] {
    const auto done = run_match(*arguments);
    if (!done) return report_error(outcome, done.error());
    outcome.status = *done;
  });
}

// ---- search

struct SearchArguments {
  std::string probe;
  std::string folder;
  SearchOptions options{.most = 10, .threshold = 60, .threads = 0};
  int dpi = 0;
  bool json = false;
};

Result<int> run_search(const SearchArguments& arguments) {
  URNA_TRY(const Template probe, read_print(arguments.probe, {.dpi = arguments.dpi}));
  base::RealFiles files;
  URNA_TRY(const auto names, files.list(arguments.folder));
  Gallery gallery;
  std::vector<std::string> kept;
  base::SystemClock clock;
  {
    base::Progress progress(clock, "Reading", "prints", names.size());
    for (const std::string& name : names) {
      progress.add();
      const std::string path = base::join_path(arguments.folder, name);
      if (files.kind(path) != base::FileKind::file) continue;
      const auto print = read_print(path, {.dpi = arguments.dpi});
      if (!print) {
        fmt::print(stderr, "left out: {}\n", print.error().text());
        continue;
      }
      URNA_CHECK(gallery.add(*print));
      kept.push_back(name);
    }
  }
  const auto found = gallery.search(probe, arguments.options);
  base::Json list = base::Json::array();
  for (const Found& f : found) {
    if (arguments.json) {
      base::Json entry = base::Json::object();
      entry.set("file", kept[f.index]).set("score", f.score);
      list.push(std::move(entry));
    } else {
      fmt::print("{:4} {}\n", f.score, kept[f.index]);
    }
  }
  if (arguments.json) {
    base::Json report = base::Json::object();
    report.set("searched", gallery.size())
        .set("threshold", arguments.options.threshold)
        .set("candidates", std::move(list));
    fmt::print("{}\n", report.dump());
  } else {
    fmt::print("{} of {} prints reach {}\n", found.size(), gallery.size(),
               arguments.options.threshold);
  }
  return found.empty() ? kNo : kYes;
}

void add_search(CLI::App& group, Outcome& outcome) {
  auto arguments = std::make_shared<SearchArguments>();
  CLI::App* sub = group.add_subcommand(
      "search", "Find a print among a folder of images or templates");
  sub->add_option("PROBE", arguments->probe, "image or template")->required();
  sub->add_option("DIR", arguments->folder, "folder of images or templates")
      ->required();
  sub->add_option("--most", arguments->options.most, "most candidates shown");
  sub->add_option("--threshold", arguments->options.threshold,
                  "least score of a candidate; for N prints add 10 log10 N");
  sub->add_flag("--exhaustive", arguments->options.exhaustive,
                "compare everybody fully, without the fast filter");
  sub->add_option("--dpi", arguments->dpi, "true resolution, whatever the files say");
  sub->add_flag("--json", arguments->json, "machine form");
  sub->callback([arguments, &outcome] {
    const auto done = run_search(*arguments);
    if (!done) return report_error(outcome, done.error());
    outcome.status = *done;
  });
}

}  // namespace

void add_finger_commands(CLI::App& app, Outcome& outcome) {
  CLI::App* group = finger_group(app);
  add_extract(*group, outcome);
  add_show(*group, outcome);
  add_match(*group, outcome);
  add_search(*group, outcome);
}

}  // namespace urna::cli
