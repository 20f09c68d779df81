// Accuracy of the engine on a set of prints, after the FVC protocol: all genuine
// pairs, and as impostors every pair of different fingers. Called by `urna finger
// eval` and the accuracy tests.
//
// Thread rule: compare_set() starts its own threads; the rest is pure.
#pragma once

#include "finger/eval/dataset.hpp"
#include "finger/match/score.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace urna::finger {

struct PairScore {
  std::uint32_t a = 0;  // indices of the samples
  std::uint32_t b = 0;
  int score = 0;
  bool genuine = false;
};

// Every pair once. A refused image scores 0 against everything, so refusing is never
// an advantage. `step` is called once a row of pairs.
[[nodiscard]] std::vector<PairScore> compare_set(const std::vector<Sample>& samples,
                                                 int threads,
                                                 const std::function<void()>& step = {},
                                                 Scoring scoring = Scoring::fitted);

// A rate with its 95 % interval, from resampling the fingers (200 draws, fixed
// seed): pairs of one finger are not independent, so the interval is honest only
// over fingers.
struct Rate {
  double value = 0;
  double low = 0;
  double high = 0;
};

// A decision is "same finger" when the score is at least the threshold. fnmr_at[k]
// is the FNMR at the lowest threshold whose FMR is at most 10^-(2+k).
struct Accuracy {
  std::size_t samples = 0;
  std::size_t fingers = 0;
  std::size_t refused = 0;
  std::size_t genuine = 0;
  std::size_t impostor = 0;
  Rate eer;
  std::array<Rate, 3> fnmr_at{};
  std::array<int, 3> threshold_at{};
  Rate zero_fmr;  // FNMR at the lowest threshold that no impostor reaches
  int zero_threshold = 0;
};
[[nodiscard]] Accuracy measure(const std::vector<Sample>& samples,
                               const std::vector<PairScore>& pairs);

// The rates at every threshold from 0 to one above the highest score.
struct Curve {
  std::vector<double> fmr;
  std::vector<double> fnmr;
  std::vector<double> genuine_share;  // of genuine scores equal to the index
  std::vector<double> impostor_share;
};
[[nodiscard]] Curve curve_of(const std::vector<PairScore>& pairs);

// Plots as SVG and tables as CSV; deterministic text.
[[nodiscard]] std::string det_svg(const Curve& curve, const std::string& title);
[[nodiscard]] std::string distribution_svg(const Curve& curve,
                                           const std::string& title);
[[nodiscard]] std::string summary_csv(const std::string& name, const Accuracy& accuracy,
                                      bool header);
[[nodiscard]] std::string curve_csv(const Curve& curve);
[[nodiscard]] std::string pairs_csv(const std::vector<Sample>& samples,
                                    const std::vector<PairScore>& pairs);

}  // namespace urna::finger
