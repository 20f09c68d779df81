// `urna finger eval`.
#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/progress.hpp"
#include "cli/commands.hpp"
#include "finger/eval/evaluate.hpp"
#include "finger/eval/identify.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

namespace urna::cli {
namespace {

using namespace finger;

struct EvalArguments {
  std::vector<std::string> folders;
  std::vector<std::string> dpi;  // N, or FOLDER=N
  std::string out;
  int threads = 0;
  bool bare = false;
  bool classical = false;
  int search = 0;  // every so-manieth print is searched among all; 0 none
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
  out.pairs = compare_set(
      out.samples, arguments.threads, [&] { progress.add(); },
      arguments.classical ? Scoring::classical : Scoring::fitted);
  return out;
}

Result<void> save(const std::string& path, ByteView bytes) {
  base::RealFiles files;
  return base::write_durable(files, path, bytes);
}

Result<void> write_plots(const EvalArguments& arguments, const std::string& name,
                         const Evaluated& set) {
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

// What is missing is said before the minutes of work, not after them.
Result<void> check_folders(const EvalArguments& arguments) {
  for (const std::string& folder : arguments.folders) URNA_CHECK(list_samples(folder));
  if (arguments.out.empty()) return {};
  base::RealFiles files;
  return base::make_folder_durable(files, arguments.out);
}

Result<void> run_eval(const EvalArguments& arguments) {
  URNA_CHECK(check_folders(arguments));
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

std::string interval(const Rate& rate) {
  return fmt::format("{:.2f} % ({:.2f}-{:.2f})", 100 * rate.value, 100 * rate.low,
                     100 * rate.high);
}

Result<Identification> search_all(const std::vector<Sample>& samples,
                                  IdentifyOptions options) {
  base::SystemClock clock;
  base::Progress progress(clock, "Searching", "prints",
                          samples.size() / static_cast<std::size_t>(options.every) + 1);
  options.step = [&] { progress.add(); };
  return identify(samples, options);
}

// The prints of all folders in one gallery.
Result<void> run_eval_search(const EvalArguments& arguments) {
  URNA_CHECK(check_folders(arguments));
  std::vector<Sample> all;
  base::SystemClock clock;
  for (const std::string& folder : arguments.folders) {
    URNA_TRY(std::vector<Sample> samples, list_samples(folder));
    base::Progress progress(clock, "Extracting", "images", samples.size());
    LoadOptions load_options;
    load_options.dpi = dpi_for(arguments, folder);
    load_options.threads = arguments.threads;
    load_options.bare = arguments.bare;
    load_options.step = [&] { progress.add(); };
    load(samples, load_options);
    for (Sample& sample : samples) {
      sample.finger = short_name(folder) + "/" + sample.finger;
      all.push_back(std::move(sample));
    }
  }
  IdentifyOptions options;
  options.every = arguments.search;
  options.threads = arguments.threads;
  URNA_TRY(const Identification result, search_all(all, options));
  fmt::print(
      "{} searches among {} prints, {} mates; {:.2f} % of the prints matched fully\n"
      "{:<34} {:<22} {}\n{:<34} {:<22} {}\n{:<34} {:<22} {}\n{:<34} {}\n"
      "{:.0f} comparisons a second on one thread\n",
      result.searches, result.gallery, result.mates, 100 * result.matched, "",
      "everybody compared", "cascade", "rank 1", interval(result.rank1_full),
      interval(result.rank1_cascade),
      fmt::format("FNIR at score {}", options.threshold), interval(result.missed_full),
      interval(result.missed_cascade), "mates lost by the cascade alone",
      interval(result.lost), static_cast<double>(result.gallery) / result.seconds);
  fmt::print("\nOf the mates that full comparison puts first, still there after\n");
  fmt::print("{:>12} {:>12} {:>12}\n", "going on", "stage 1", "stages 1, 2");
  for (const Recall& r : result.recall)
    fmt::print("{:10.1f} % {:10.2f} % {:10.2f} %\n", 100 * r.share, 100 * r.stage1,
               100 * r.stage2);
  if (arguments.out.empty()) return {};
  URNA_CHECK(
      save(base::join_path(arguments.out, "recall.csv"), as_bytes(recall_csv(result))));
  return save(base::join_path(arguments.out, "recall.svg"),
              as_bytes(recall_svg(result)));
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
  sub->add_flag("--classical", arguments->classical, "score without fitted weights");
  sub->add_flag("--bare", arguments->bare, "match only what an ISO record carries");
  sub->add_option("--search", arguments->search,
                  "instead, search every N-th print among all others (1:N), with and "
                  "without the cascade")
      ->check(CLI::Range(1, 1000));
  sub->callback([arguments, &outcome] {
    const auto done =
        arguments->search > 0 ? run_eval_search(*arguments) : run_eval(*arguments);
    if (!done) report_error(outcome, done.error());
  });
}

}  // namespace

void add_finger_eval_command(CLI::App& app, Outcome& outcome) {
  add_eval(*app.get_subcommand("finger"), outcome);
}

}  // namespace urna::cli
