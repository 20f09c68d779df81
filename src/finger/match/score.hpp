// Evidence to score. The score of a comparison is -10 log10 of the rate at which
// two different fingers reach it: 30 means one in a thousand (FMR 1e-3), 60 one in a
// million. It is an integer, the same on every machine, and means the same for every
// sensor, so that the scores of several fingers can simply be added.
//
// A logistic regression turns the evidence into a log-likelihood ratio, and a table
// turns that into the score. `finger_train` fits both and writes score_weights.inc;
// beyond the impostors that were measured the tail is extrapolated as exponential.
//
// Thread rule: pure functions.
#pragma once

#include "finger/match/match.hpp"

#include <array>
#include <span>

namespace urna::finger {

inline constexpr int kFeatures = 16;
using Features = std::array<float, kFeatures>;

// With maps on both sides (our own templates) or without (bare ISO minutiae): each
// has its own weights and table. `classical` has no fitted numbers: what pairs and how
// alike it is, times the share of what could have paired, times how far the ridge
// directions agree. Its scale is only about right (30 is near FMR 1e-3).
enum class ScoreModel { with_maps, minutiae_only, classical };
enum class Scoring { fitted, classical };
[[nodiscard]] ScoreModel model_for(const Prepared& a, const Prepared& b,
                                   Scoring scoring = Scoring::fitted);

[[nodiscard]] Features features_of(const Evidence& evidence, ScoreModel model);

// The regression's output in 1/1000: a log-likelihood ratio up to a constant. Of the
// classical model its product in 1/1000.
[[nodiscard]] int raw_score(const Evidence& evidence, ScoreModel model);

// The scale's end: evidence beyond it says nothing that could ever be measured.
inline constexpr int kMostScore = 200;
[[nodiscard]] int calibrate(int raw, ScoreModel model);

// The score of one comparison, 0..kMostScore.
[[nodiscard]] int score(const Evidence& evidence, ScoreModel model);

// Independent fingers of the same two people: the sum of their scores, a missing
// finger adding nothing (Neyman-Pearson for independent evidence).
[[nodiscard]] int fuse_fingers(std::span<const int> scores);
// Several impressions of one finger against one probe: the best of them, less what
// having had several chances is worth (10 log10 of their number).
[[nodiscard]] int fuse_impressions(std::span<const int> scores);

}  // namespace urna::finger
