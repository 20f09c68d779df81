// `urna finger extract`, `show`, `match`, `search` and `eval`.
#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/progress.hpp"
#include "cli/commands.hpp"
#include "finger/draw.hpp"
#include "finger/eval/evaluate.hpp"
#include "finger/image_png.hpp"
#include "finger/io/read.hpp"
#include "finger/iso/templates.hpp"
#include "finger/match/codec.hpp"
#include "finger/match/gallery.hpp"
#include "finger/match/score.hpp"
#include "finger/read_print.hpp"

#include <cstdio>
#include <filesystem>
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
  URNA_TRY(const auto png,
           encode_png({canvas.width(), canvas.height(), 3, 0, canvas.pixels()}));
  return save(path, png);
}

// ---- extract

struct ExtractArguments {
  std::string in;
  std::string out;
  std::string to = "urna";
  int dpi = 0;
  int position = 0;
  bool json = false;
};

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
  if (arguments.bare) options.orientation = options.mask = false;
  URNA_CHECK(save_canvas(arguments.out, draw_extraction(all, options)));
  fmt::print("{}: {} minutiae, quality {}\n", arguments.out, all.result.minutiae.size(),
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

struct MatchArguments {
  std::string probe;
  std::vector<std::string> references;
  std::string show;
  int dpi = 0;
  int threshold = kUsualThreshold;
  bool json = false;
};

// Both images side by side, with the pairs of the best alignment joined.
Result<void> draw_match(const MatchArguments& arguments, const Template& a,
                        const Template& b) {
  URNA_TRY(const Image left, load_image(arguments.probe, arguments.dpi));
  URNA_TRY(const Image right, load_image(arguments.references.front(), arguments.dpi));
  return save_canvas(arguments.show, draw_pairs(left, a, right, b));
}

Result<int> run_match(const MatchArguments& arguments) {
  URNA_TRY(const Template probe, read_print(arguments.probe, {.dpi = arguments.dpi}));
  const Prepared prepared = prepare(probe);
  Matcher matcher;
  std::vector<int> scores;
  Template first;
  for (const std::string& path : arguments.references) {
    URNA_TRY(Template reference, read_print(path, {.dpi = arguments.dpi}));
    const Prepared other = prepare(reference);
    scores.push_back(
        score(matcher.compare(prepared, other), model_for(prepared, other)));
    if (scores.size() == 1) first = std::move(reference);
  }
  if (!arguments.show.empty()) URNA_CHECK(draw_match(arguments, probe, first));
  const int fused = scores.size() == 1 ? scores.front() : fuse_impressions(scores);
  const bool same = fused >= arguments.threshold;
  if (arguments.json) {
    base::Json report = base::Json::object();
    base::Json each = base::Json::array();
    for (const int s : scores) each.push(s);
    report.set("score", fused)
        .set("threshold", arguments.threshold)
        .set("same", same)
        .set("scores", std::move(each));
    fmt::print("{}\n", report.dump());
  } else {
    fmt::print("score {} (one in 10^{}.{} of different fingers): {} at threshold {}\n",
               fused, fused / 10, fused % 10, same ? "same finger" : "not the same",
               arguments.threshold);
  }
  return same ? kYes : kNo;
}

void add_match(CLI::App& group, Outcome& outcome) {
  auto arguments = std::make_shared<MatchArguments>();
  CLI::App* sub = group.add_subcommand(
      "match", "Compare a print with one or several impressions of a finger");
  sub->add_option("PROBE", arguments->probe, "image or template")->required();
  sub->add_option("REFERENCE", arguments->references, "image or template, or several")
      ->required();
  sub->add_option("--show", arguments->show,
                  "PNG with both prints and their paired minutiae");
  sub->add_option("--dpi", arguments->dpi, "true resolution, whatever the files say");
  sub->add_option("--threshold", arguments->threshold,
                  "least score for the same finger; 40 is FMR 1e-4");
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

// ---- eval

struct EvalArguments {
  std::vector<std::string> folders;
  std::vector<std::string> dpi;  // N, or FOLDER=N
  std::string out;
  int threads = 0;
  bool bare = false;
};

// The last of --dpi N and --dpi SUFFIX=N that applies to the folder.
int dpi_for(const EvalArguments& arguments, const std::string& folder) {
  int dpi = 0;
  for (const std::string& rule : arguments.dpi) {
    const auto cut = rule.rfind('=');
    const std::string value = cut == std::string::npos ? rule : rule.substr(cut + 1);
    const std::string name = cut == std::string::npos ? "" : rule.substr(0, cut);
    if (folder.ends_with(name)) dpi = std::atoi(value.c_str());
  }
  return dpi;
}

std::string short_name(const std::string& folder) {
  std::filesystem::path path = std::filesystem::path(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::string name = path.filename().string();
  if (path.has_parent_path() && !path.parent_path().filename().empty())
    name = path.parent_path().filename().string() + "_" + name;
  return name;
}

struct Evaluated {
  std::vector<Sample> samples;
  std::vector<PairScore> pairs;
};

Result<Evaluated> evaluate_folder(const EvalArguments& arguments,
                                  const std::string& folder) {
  Evaluated out;
  URNA_TRY(out.samples, list_samples(folder));
  base::SystemClock clock;
  {
    base::Progress progress(clock, "Extracting", "images", out.samples.size());
    LoadOptions load_options;
    load_options.dpi = dpi_for(arguments, folder);
    load_options.threads = arguments.threads;
    load_options.bare = arguments.bare;
    load_options.step = [&] { progress.add(); };
    load(out.samples, load_options);
  }
  base::Progress progress(clock, "Comparing", "rows", out.samples.size() - 1);
  out.pairs = compare_set(out.samples, arguments.threads, [&] { progress.add(); });
  return out;
}

Result<void> write_plots(const EvalArguments& arguments, const std::string& name,
                         const Evaluated& set) {
  base::RealFiles files;
  URNA_CHECK(base::make_folder_durable(files, arguments.out));
  const Curve curve = curve_of(set.pairs);
  const auto put = [&](const std::string& file, const std::string& text) {
    return save(base::join_path(arguments.out, file), as_bytes(text));
  };
  URNA_CHECK(put(name + "-det.svg", det_svg(curve, name + ": DET")));
  URNA_CHECK(put(name + "-scores.svg",
                 distribution_svg(curve, name + ": score distribution")));
  URNA_CHECK(put(name + "-curve.csv", curve_csv(curve)));
  return put(name + "-pairs.csv", pairs_csv(set.samples, set.pairs));
}

std::string percent(const Rate& rate) {
  return fmt::format("{:5.2f} ({:.2f}-{:.2f})", 100 * rate.value, 100 * rate.low,
                     100 * rate.high);
}

Result<void> run_eval(const EvalArguments& arguments) {
  fmt::print("{:<18} {:<19} {:<19} {:<19} {:<19} {:<19} {}\n", "set", "EER %",
             "FNMR@FMR 1e-2", "FNMR@FMR 1e-3", "FNMR@FMR 1e-4", "FNMR@FMR 0",
             "pairs genuine/impostor, refused");
  std::string table;
  double eer = 0;
  double fnmr = 0;
  for (const std::string& folder : arguments.folders) {
    URNA_TRY(const Evaluated set, evaluate_folder(arguments, folder));
    const Accuracy accuracy = measure(set.samples, set.pairs);
    const std::string name = short_name(folder);
    eer += accuracy.eer.value;
    fnmr += accuracy.fnmr_at[1].value;
    fmt::print("{:<18} {:<19} {:<19} {:<19} {:<19} {:<19} {}/{}, {}\n", name,
               percent(accuracy.eer), percent(accuracy.fnmr_at[0]),
               percent(accuracy.fnmr_at[1]), percent(accuracy.fnmr_at[2]),
               percent(accuracy.zero_fmr), accuracy.genuine, accuracy.impostor,
               accuracy.refused);
    std::fflush(stdout);
    table += summary_csv(name, accuracy, table.empty());
    if (!arguments.out.empty()) URNA_CHECK(write_plots(arguments, name, set));
  }
  if (arguments.folders.size() > 1) {
    const auto n = static_cast<double>(arguments.folders.size());
    fmt::print("{:<18} {:5.2f} {:>13} {:>19} {:5.2f}\n", "mean", 100 * eer / n, "", "",
               100 * fnmr / n);
  }
  if (arguments.out.empty()) return {};
  return save(base::join_path(arguments.out, "summary.csv"), as_bytes(table));
}

void add_eval(CLI::App& group, Outcome& outcome) {
  auto arguments = std::make_shared<EvalArguments>();
  CLI::App* sub = group.add_subcommand(
      "eval", "Measure accuracy on folders of images named FINGER_IMPRESSION");
  sub->add_option("DIR", arguments->folders, "folders of images")->required();
  sub->add_option("--dpi", arguments->dpi,
                  "true resolution: N for all, NAME=N for folders ending in NAME");
  sub->add_option("--out", arguments->out, "folder for plots (SVG) and tables (CSV)");
  sub->add_option("--threads", arguments->threads, "default: one a core");
  sub->add_flag("--bare", arguments->bare, "match only what an ISO record carries");
  sub->callback([arguments, &outcome] {
    if (const auto done = run_eval(*arguments); !done)
      report_error(outcome, done.error());
  });
}

}  // namespace

void add_finger_commands(CLI::App& app, Outcome& outcome) {
  CLI::App* group = finger_group(app);
  add_extract(*group, outcome);
  add_show(*group, outcome);
  add_match(*group, outcome);
  add_search(*group, outcome);
  add_eval(*group, outcome);
}

}  // namespace urna::cli
