#include "finger/match/score.hpp"

#include <algorithm>
#include <cmath>

namespace urna::finger {
namespace {

struct Weights {
  // raw = bias + sum of weight * feature, in log-likelihood units.
  float bias;
  Features weight;
  // raw (1/1000) at which the score is 5, 10, 15, ... ; rising. Linear in between,
  // and beyond the last with the slope of the last two.
  std::array<int, 10> at_five;
};

#include "finger/match/score_weights.inc"

const Weights& weights_of(ScoreModel model) {
  return model == ScoreModel::with_maps ? kWithMaps : kMinutiaeOnly;
}

// Without fitted numbers: classical_product() of 7.5 scores 30.
constexpr int kClassicalScale = 4;

float classical_product(const Evidence& evidence) {
  const auto& v = evidence.value;
  const float found = v[3] + v[2] + v[8];  // closeness, likeness, support
  const float share = v[1] / (v[1] + std::max(v[5], v[6]) + 1.0F);
  const float agree = v[9] > 0 ? std::max(0.0F, v[10]) : 1.0F;
  return found * std::sqrt(share) * agree;
}

}  // namespace

ScoreModel model_for(const Prepared& a, const Prepared& b, Scoring scoring) {
  if (scoring == Scoring::classical) return ScoreModel::classical;
  return a.map.empty() || b.map.empty() ? ScoreModel::minutiae_only
                                        : ScoreModel::with_maps;
}

Features features_of(const Evidence& evidence, ScoreModel model) {
  const auto& v = evidence.value;
  const float matched = v[1];
  const float missed = std::max(v[5], v[6]);
  Features f{};
  f[0] = matched;
  f[1] = v[2];
  f[2] = v[3];
  f[3] = v[4] - 0.5F * matched;
  f[4] = std::min(v[5], v[6]);
  f[5] = missed;
  f[6] = matched / (matched + missed + 1.0F);
  f[7] = v[3] / (matched + missed + 1.0F);
  f[8] = v[7];
  f[9] = v[8];
  f[10] = std::sqrt(matched);
  f[11] = std::sqrt(v[2]);
  if (model == ScoreModel::with_maps) {
    const float cells = std::min(v[9], 200.0F) / 100.0F;
    f[12] = cells * v[10];
    f[13] = v[10];
    f[14] = v[11];
    f[15] = cells;
  }
  return f;
}

int raw_score(const Evidence& evidence, ScoreModel model) {
  if (evidence.value[0] < 2) return -20000;
  if (model == ScoreModel::classical)
    return static_cast<int>(classical_product(evidence) * 1000.0F);
  const Weights& w = weights_of(model);
  const Features f = features_of(evidence, model);
  float sum = w.bias;
  for (std::size_t k = 0; k < kFeatures; ++k) sum += w.weight[k] * f[k];
  return static_cast<int>(std::clamp(sum, -20.0F, 200.0F) * 1000.0F);
}

int calibrate(int raw, ScoreModel model) {
  if (model == ScoreModel::classical)
    return std::clamp(raw * kClassicalScale / 1000, 0, kMostScore);
  const auto& at = weights_of(model).at_five;
  if (raw < at[0]) return 0;
  for (std::size_t k = 1; k < at.size(); ++k) {
    if (raw >= at[k]) continue;
    return 5 * static_cast<int>(k) +
           5 * (raw - at[k - 1]) / std::max(1, at[k] - at[k - 1]);
  }
  const int slope = std::max(1, at.back() - at[at.size() - 2]);
  return std::min(kMostScore,
                  5 * static_cast<int>(at.size()) + 5 * (raw - at.back()) / slope);
}

int score(const Evidence& evidence, ScoreModel model) {
  return calibrate(raw_score(evidence, model), model);
}

int fuse_fingers(std::span<const int> scores) {
  int sum = 0;
  for (const int s : scores) sum += s;
  return sum;
}

int fuse_impressions(std::span<const int> scores) {
  // 10 log10 n, rounded.
  constexpr std::array<int, 11> kChances = {0, 0, 3, 5, 6, 7, 8, 8, 9, 10, 10};
  if (scores.empty()) return 0;
  const int best = *std::max_element(scores.begin(), scores.end());
  return std::max(0, best - kChances[std::min(scores.size(), kChances.size() - 1)]);
}

}  // namespace urna::finger
