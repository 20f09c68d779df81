// finger_train: fits what turns evidence into a score, from folders of real prints.
//
//   finger_train OUT.inc FOLDER[=DPI]...
//
// Reads every folder, compares every pair, fits one logistic regression with maps
// and one for bare minutiae (each class and each folder weighing the same), prints
// how each folder would fare with weights fitted on the others, and writes
// score_weights.inc. No random numbers: the same folders give the same file.
#include "finger/eval/dataset.hpp"
#include "finger/match/score.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace urna::finger;

struct Example {
  Features features;
  bool genuine;
  bool usable;  // at least two pairs: others score the minimum unseen
  std::size_t set;
};

struct Fit {
  double bias = 0;
  std::array<double, kFeatures> weight{};

  [[nodiscard]] double operator()(const Features& f) const {
    double sum = bias;
    for (std::size_t k = 0; k < kFeatures; ++k) sum += weight[k] * f[k];
    return sum;
  }
};

// Weighted logistic regression by Newton steps, ridge-penalised on scaled features.
Fit fit(const std::vector<Example>& examples, std::size_t left_out, std::size_t sets) {
  constexpr std::size_t n = kFeatures + 1;
  std::vector<std::array<double, 2>> count(sets, {0, 0});
  std::array<double, kFeatures> mean{};
  std::array<double, kFeatures> spread{};
  double total = 0;
  for (const Example& e : examples) {
    if (e.set == left_out || !e.usable) continue;
    count[e.set][e.genuine ? 1 : 0] += 1;
    total += 1;
    for (std::size_t k = 0; k < kFeatures; ++k) mean[k] += e.features[k];
  }
  for (double& m : mean) m /= total;
  for (const Example& e : examples)
    if (e.set != left_out && e.usable)
      for (std::size_t k = 0; k < kFeatures; ++k)
        spread[k] += (e.features[k] - mean[k]) * (e.features[k] - mean[k]);
  for (double& s : spread) s = std::max(std::sqrt(s / total), 1e-6);

  std::array<double, n> w{};
  for (int step = 0; step < 25; ++step) {
    std::array<std::array<double, n + 1>, n> h{};
    for (const Example& e : examples) {
      if (e.set == left_out || !e.usable) continue;
      std::array<double, n> x{};
      double z = 0;
      for (std::size_t k = 0; k < n; ++k) {
        x[k] = k < kFeatures ? (e.features[k] - mean[k]) / spread[k] : 1.0;
        z += w[k] * x[k];
      }
      const double p = 1 / (1 + std::exp(-z));
      const double weight = 1000.0 / count[e.set][e.genuine ? 1 : 0];
      const double g = weight * ((e.genuine ? 1.0 : 0.0) - p);
      const double curve = weight * std::max(p * (1 - p), 1e-9);
      for (std::size_t r = 0; r < n; ++r) {
        h[r][n] += g * x[r];
        for (std::size_t c = 0; c < n; ++c) h[r][c] += curve * x[r] * x[c];
      }
    }
    const double ridge = 0.5;
    for (std::size_t r = 0; r < n; ++r) {
      h[r][r] += r < kFeatures ? ridge : 1e-6;
      if (r < kFeatures) h[r][n] -= ridge * w[r];
    }
    for (std::size_t c = 0; c < n; ++c) {
      std::size_t pivot = c;
      for (std::size_t r = c; r < n; ++r)
        if (std::fabs(h[r][c]) > std::fabs(h[pivot][c])) pivot = r;
      std::swap(h[c], h[pivot]);
      if (std::fabs(h[c][c]) < 1e-12) continue;
      for (std::size_t r = 0; r < n; ++r) {
        if (r == c) continue;
        const double f = h[r][c] / h[c][c];
        for (std::size_t k = c; k <= n; ++k) h[r][k] -= f * h[c][k];
      }
    }
    for (std::size_t k = 0; k < n; ++k)
      if (std::fabs(h[k][k]) > 1e-12) w[k] += std::clamp(h[k][n] / h[k][k], -3.0, 3.0);
  }
  Fit out;
  out.bias = w[kFeatures];
  for (std::size_t k = 0; k < kFeatures; ++k) {
    out.weight[k] = w[k] / spread[k];
    out.bias -= w[k] * mean[k] / spread[k];
  }
  return out;
}

struct Rates {
  double eer;
  double fnmr_1e3;
};

Rates rates(const std::vector<Example>& examples, std::size_t set, const Fit& model) {
  std::vector<double> genuine;
  std::vector<double> impostor;
  for (const Example& e : examples)
    if (e.set == set)
      (e.genuine ? genuine : impostor).push_back(e.usable ? model(e.features) : -20);
  std::sort(genuine.begin(), genuine.end());
  std::sort(impostor.rbegin(), impostor.rend());
  const auto missed = [&](double threshold) {
    return static_cast<double>(
               std::upper_bound(genuine.begin(), genuine.end(), threshold) -
               genuine.begin()) /
           static_cast<double>(genuine.size());
  };
  Rates out{1, missed(impostor[impostor.size() / 1000])};
  for (std::size_t k = 0; k < impostor.size(); ++k) {
    const double fmr = static_cast<double>(k) / static_cast<double>(impostor.size());
    if (fmr >= missed(impostor[k])) {
      out.eer = (fmr + missed(impostor[k])) / 2;
      break;
    }
  }
  return out;
}

// raw (1/1000) where the pooled impostor rate is 10^-0.5, 10^-1, ...; every folder
// weighs the same. Past the measured tail the last measured decade goes on.
std::array<int, 10> calibration(const std::vector<Example>& examples, std::size_t sets,
                                const Fit& model) {
  std::vector<std::pair<double, double>> impostors;
  std::vector<double> count(sets, 0);
  for (const Example& e : examples)
    if (!e.genuine) count[e.set] += 1;
  for (const Example& e : examples)
    if (!e.genuine)
      impostors.emplace_back(e.usable ? model(e.features) : -20,
                             1.0 / (count[e.set] * static_cast<double>(sets)));
  std::sort(impostors.rbegin(), impostors.rend());
  std::array<int, 10> out{};
  std::array<double, 10> at{};
  for (std::size_t k = 0; k < at.size(); ++k) {
    const double rate = std::pow(10.0, -0.5 * static_cast<double>(k + 1));
    double sum = 0;
    at[k] = impostors.front().first;
    for (const auto& [value, weight] : impostors) {
      sum += weight;
      at[k] = value;
      if (sum >= rate) break;
    }
    // Below 10^-3.5 too few impostors are left: extrapolate from two decades above.
    if (k >= 7) at[k] = at[6] + (at[6] - at[2]) / 4 * static_cast<double>(k - 6);
    out[k] = static_cast<int>(std::floor(at[k] * 1000));
    if (k > 0) out[k] = std::max(out[k], out[k - 1] + 1);
  }
  return out;
}

void write_weights(std::ofstream& out, const char* name, const Fit& model,
                   const std::array<int, 10>& table) {
  char text[64];
  out << "constexpr Weights " << name << " = {\n    ";
  std::snprintf(text, sizeof text, "%.5fF", model.bias);
  out << text << ",\n    {";
  for (const double w : model.weight) {
    std::snprintf(text, sizeof text, "%.5fF, ", w);
    out << text;
  }
  out << "},\n    {";
  for (const int t : table) out << t << ", ";
  out << "}};\n";
}

std::vector<Example> compare_all(const std::vector<Sample>& samples, std::size_t set,
                                 ScoreModel model) {
  std::vector<Prepared> prints;
  for (const Sample& s : samples)
    prints.push_back(
        prepare(model == ScoreModel::with_maps ? s.print : bare_template(s.print)));
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < prints.size(); ++i)
    for (std::size_t j = i + 1; j < prints.size(); ++j) {
      // Of the impostors of a large set a fixed seventh is plenty.
      const bool genuine = samples[i].finger == samples[j].finger;
      if (!genuine && prints.size() > 100 && (i * 31 + j * 17) % 7 != 0) continue;
      pairs.emplace_back(i, j);
    }
  std::vector<Example> out(pairs.size());
  run_parallel(pairs.size() / 64 + 1, 0, [&](std::size_t block) {
    Matcher matcher;
    for (std::size_t k = block * 64; k < std::min(pairs.size(), block * 64 + 64); ++k) {
      const auto [i, j] = pairs[k];
      const Evidence e = matcher.compare(prints[i], prints[j]);
      out[k] = {features_of(e, model), samples[i].finger == samples[j].finger,
                e.value[0] >= 2, set};
    }
  });
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: finger_train OUT.inc FOLDER[=DPI]...\n");
    return 2;
  }
  std::vector<std::string> names;
  std::vector<std::vector<Sample>> data;
  for (int k = 2; k < argc; ++k) {
    std::string folder = argv[k];
    LoadOptions options;
    if (const auto cut = folder.rfind('='); cut != std::string::npos) {
      options.dpi = std::atoi(folder.c_str() + cut + 1);
      folder.resize(cut);
    }
    auto samples = list_samples(folder);
    if (!samples) {
      std::fprintf(stderr, "%s\n", samples.error().text().c_str());
      return 2;
    }
    load(*samples, options);
    names.push_back(folder);
    data.push_back(*std::move(samples));
  }
  std::ofstream out(argv[1]);
  out << "// Written by finger_train; do not edit.\n";
  for (const ScoreModel model : {ScoreModel::with_maps, ScoreModel::minutiae_only}) {
    std::vector<Example> examples;
    for (std::size_t set = 0; set < data.size(); ++set) {
      const auto more = compare_all(data[set], set, model);
      examples.insert(examples.end(), more.begin(), more.end());
    }
    std::printf("%s: fitted without the set / with it\n",
                model == ScoreModel::with_maps ? "with maps" : "minutiae only");
    const Fit all = fit(examples, names.size(), names.size());
    for (std::size_t set = 0; set < names.size(); ++set) {
      const Rates without = rates(examples, set, fit(examples, set, names.size()));
      const Rates with = rates(examples, set, all);
      std::printf("  %-40s EER %5.2f FNMR@1e-3 %5.2f  /  %5.2f %5.2f\n",
                  names[set].c_str(), 100 * without.eer, 100 * without.fnmr_1e3,
                  100 * with.eer, 100 * with.fnmr_1e3);
    }
    write_weights(out, model == ScoreModel::with_maps ? "kWithMaps" : "kMinutiaeOnly",
                  all, calibration(examples, names.size(), all));
  }
  return 0;
}
