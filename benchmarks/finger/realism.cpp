// How synthetic prints compare with real ones under our own engine: genuine and
// impostor score distributions of several sets in one picture.
//
//   finger_realism OUT.svg NAME=FOLDER [NAME=FOLDER ...]
//
// Also prints one line a set: minutiae, quality, median genuine score and EER.
#include "base/file.hpp"
#include "finger/eval/dataset.hpp"
#include "finger/eval/evaluate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace urna;
using namespace urna::finger;

constexpr double kPanel = 380;
constexpr double kHeight = 300;
constexpr double kLeft = 60;
constexpr double kTop = 40;
constexpr int kMostScore = 240;
constexpr int kBin = 6;
constexpr std::array<const char*, 8> kColours{"#1f77b4", "#d62728", "#2ca02c",
                                              "#9467bd", "#ff7f0e", "#17becf",
                                              "#8c564b", "#7f7f7f"};

struct Set {
  std::string name;
  Curve curve;
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

Result<Set> score(const std::string& name, const std::string& folder) {
  URNA_TRY(std::vector<Sample> samples, list_samples(folder));
  load(samples, {});
  const std::vector<PairScore> pairs = compare_set(samples, 0);
  const Accuracy accuracy = measure(samples, pairs);
  std::vector<double> minutiae;
  std::vector<double> quality;
  std::vector<double> genuine;
  for (const Sample& sample : samples) {
    minutiae.push_back(static_cast<double>(sample.print.minutiae.size()));
    quality.push_back(sample.print.quality);
  }
  for (const PairScore& pair : pairs) {
    if (pair.genuine) genuine.push_back(pair.score);
  }
  fmt::print(
      "{:<24} {:>5} prints, refused {}; median minutiae {:.0f}, quality {:.0f}, "
      "genuine "
      "score {:.0f}; EER {:.2f} %, FNMR at FMR 1e-3 {:.2f} %\n",
      name, samples.size(), accuracy.refused, median(minutiae), median(quality),
      median(genuine), accuracy.eer.value * 100, accuracy.fnmr_at[1].value * 100);
  std::fflush(stdout);
  return Set{name, curve_of(pairs)};
}

// One panel: the share of scores in each bin, as a line a set.
std::string panel(const std::vector<Set>& sets, double left, const std::string& title,
                  bool genuine) {
  std::vector<std::vector<double>> shares;
  double most = 0.01;
  for (const Set& set : sets) {
    const auto& from = genuine ? set.curve.genuine_share : set.curve.impostor_share;
    std::vector<double> bins(kMostScore / kBin + 1, 0);
    for (std::size_t s = 0; s < from.size(); ++s) {
      bins[std::min(s / kBin, bins.size() - 1)] += from[s];
    }
    most = std::max(most, std::ranges::max(bins));
    shares.push_back(std::move(bins));
  }
  const double bottom = kTop + kHeight;
  std::string out = fmt::format(
      "<text x=\"{:.0f}\" y=\"28\" font-size=\"15\">{}</text>\n"
      "<path d=\"M{:.0f} {:.0f}V{:.0f}H{:.0f}\" fill=\"none\" stroke=\"#444\"/>\n",
      left, title, left, kTop, bottom, left + kPanel);
  for (int s = 0; s <= kMostScore; s += 40) {
    out += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n",
        left + kPanel * s / kMostScore, bottom + 16, s);
  }
  // The square root of the share, so that thin tails show.
  for (const double share : {0.01, 0.1, 0.25, 0.5, 1.0}) {
    if (share > most) continue;
    const double y = bottom - kHeight * std::sqrt(share / most);
    out += fmt::format(
        "<text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"end\">{:g} %</text>\n", left - 5,
        y + 4, share * 100);
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    std::string line;
    for (std::size_t b = 0; b < shares[i].size(); ++b) {
      line += fmt::format("{}{:.1f} {:.1f}", b == 0 ? "M" : "L",
                          left + kPanel * static_cast<double>(b * kBin) / kMostScore,
                          bottom - kHeight * std::sqrt(shares[i][b] / most));
    }
    out += fmt::format(
        "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", line,
        kColours[i % kColours.size()],
        sets[i].name.starts_with("synthetic") ? "" : " stroke-dasharray=\"5 3\"");
  }
  return out;
}

std::string draw(const std::vector<Set>& sets) {
  const double width = 2 * (kLeft + kPanel) + 220;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.0f} {:.0f}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      width, kTop + kHeight + 40);
  out += panel(sets, kLeft, "Genuine scores", true);
  out += panel(sets, 2 * kLeft + kPanel, "Impostor scores", false);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const double y = kTop + 14 + 20 * static_cast<double>(i);
    const double x = 2 * (kLeft + kPanel) + 20;
    out += fmt::format(
        "<path d=\"M{:.0f} {:.0f}h26\" stroke=\"{}\" stroke-width=\"2\"{}/>"
        "<text x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n",
        x, y, kColours[i % kColours.size()],
        sets[i].name.starts_with("synthetic") ? "" : " stroke-dasharray=\"5 3\"",
        x + 32, y + 4, sets[i].name);
  }
  return out + "</svg>\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: finger_realism OUT.svg NAME=FOLDER [NAME=FOLDER ...]\n");
    return 2;
  }
  std::vector<Set> sets;
  for (int i = 2; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos) {
      fmt::print(stderr, "'{}' is not NAME=FOLDER\n", argument);
      return 2;
    }
    auto set = score(argument.substr(0, equals), argument.substr(equals + 1));
    if (!set) {
      fmt::print(stderr, "{}\n", set.error().text());
      return 2;
    }
    sets.push_back(std::move(*set));
  }
  base::RealFiles files;
  const auto written = base::write_durable(files, argv[1], as_bytes(draw(sets)));
  if (!written) {
    fmt::print(stderr, "{}\n", written.error().text());
    return 2;
  }
  return 0;
}
