// How much of a finger's score is left when an impression is turned, shifted, cut,
// noisy, pressed too hard or too lightly, too dry or too wet. Synthetic prints, so that
// one thing changes at a time. The table of docs/fingerprints.md is what
// URNA_RECORD=FILE writes; the bounds below are what it promises.
#include "finger/eval/dataset.hpp"
#include "finger/extract/extract.hpp"
#include "finger/extract/trig.hpp"
#include "finger/match/match.hpp"
#include "finger/match/score.hpp"
#include "finger/synth/impression.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace urna::finger {
namespace {

constexpr std::size_t kFingers = 16;
constexpr int kAccepted = 40;  // the threshold of 1:1

// The values do not vary between impressions; placement does a little.
synth::Conditions steady() {
  synth::Conditions out = synth::usual_conditions();
  out.variation = 0;
  out.partial = 0;
  out.pressure = 0;
  out.moisture = 0;
  return out;
}

// Turned counter-clockwise about its middle on white ground that holds all of it.
Image turned(const Image& image, double degrees) {
  const double a = degrees * kPi / 180;
  const int side = static_cast<int>(std::hypot(image.width, image.height)) + 2;
  Image out(side, side, image.dpi, 255);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const double u = x - side / 2.0;
      const double v = y - side / 2.0;
      const double fx = std::cos(a) * u - std::sin(a) * v + image.width / 2.0;
      const double fy = std::sin(a) * u + std::cos(a) * v + image.height / 2.0;
      const int x0 = static_cast<int>(std::floor(fx));
      const int y0 = static_cast<int>(std::floor(fy));
      if (x0 < 0 || y0 < 0 || x0 + 1 >= image.width || y0 + 1 >= image.height) continue;
      const double p = fx - x0;
      const double q = fy - y0;
      const double value =
          (1 - q) * ((1 - p) * image.at(x0, y0) + p * image.at(x0 + 1, y0)) +
          q * ((1 - p) * image.at(x0, y0 + 1) + p * image.at(x0 + 1, y0 + 1));
      out.at(x, y) = static_cast<std::uint8_t>(std::lround(value));
    }
  return out;
}

// Only a band of `share` of the width, from the left or the right, was touched.
Image cut(Image image, double share, bool right) {
  const int keep = static_cast<int>(share * image.width);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      if (right ? x < image.width - keep : x >= keep) image.at(x, y) = 255;
  return image;
}

Image shifted(const Image& image, int pixels) {
  Image out(image.width, image.height, image.dpi, 255);
  for (int y = pixels; y < image.height; ++y)
    for (int x = pixels; x < image.width; ++x)
      out.at(x, y) = image.at(x - pixels, y - pixels);
  return out;
}

// The sum of four uniform numbers is near enough to a normal one of deviation `grey`.
Image noisy(Image image, int grey) {
  std::minstd_rand random(7);
  for (std::uint8_t& pixel : image.pixels) {
    int sum = -2 * 1000;
    for (int k = 0; k < 4; ++k) sum += static_cast<int>(random() % 1001U);
    const int value = pixel + sum * grey / 577;
    pixel = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
  }
  return image;
}

struct Trial {
  std::string what;
  synth::Conditions conditions;
  std::function<Image(const Image&)> change;
  double accepted;  // the promise: share of fingers known at kAccepted, at least
};

struct Outcome {
  int median = 0;
  double accepted = 0;
  int best_stranger = 0;
  std::size_t refused = 0;
};

std::vector<Trial> trials() {
  const auto same = [](const Image& image) { return image; };
  std::vector<Trial> out = {{"nothing changed", steady(), same, 1}};
  for (const int degrees : {15, 30, 45, 90, 180})
    out.push_back({"turned by " + std::to_string(degrees) + " degrees", steady(),
                   [degrees](const Image& image) { return turned(image, degrees); },
                   0.95});
  for (const auto& [pixels, least] : {std::pair{40, 0.95}, {80, 0.95}, {120, 0.9}})
    out.push_back(
        {"shifted by " + std::to_string(pixels) + " pixels each way", steady(),
         [pixels](const Image& image) { return shifted(image, pixels); }, least});
  for (const auto& [share, least] : {std::pair{70, 0.95}, {50, 0.9}, {35, 0.5}})
    for (const bool right : {false, true})
      out.push_back({std::string(right ? "right " : "left ") + std::to_string(share) +
                         " % of the print",
                     steady(),
                     [share, right](const Image& image) {
                       return cut(image, share / 100.0, right);
                     },
                     least});
  for (const auto& [grey, least] : {std::pair{20, 0.95}, {40, 0.95}, {60, 0.9}})
    out.push_back({"noise of " + std::to_string(grey) + " grey levels", steady(),
                   [grey](const Image& image) { return noisy(image, grey); }, least});
  for (const double pressure : {-1.0, 1.0}) {
    synth::Conditions pressed = steady();
    pressed.pressure = pressure;
    out.push_back(
        {pressure < 0 ? "light pressure" : "hard pressure", pressed, same, 0.95});
  }
  for (const double moisture : {-1.0, 1.0}) {
    synth::Conditions skin = steady();
    skin.moisture = moisture;
    out.push_back({moisture < 0 ? "dry" : "wet", skin, same, 0.95});
  }
  for (const double distortion : {2.0, 3.0}) {
    synth::Conditions pulled = steady();
    pulled.distortion = distortion;
    out.push_back({distortion < 3 ? "skin pulled" : "skin twisted on purpose", pulled,
                   same, 0.95});
  }
  return out;
}

const std::vector<synth::Finger>& fingers() {
  static const auto made = [] {
    std::vector<synth::Finger> out(kFingers);
    run_parallel(kFingers, 0, [&](std::size_t k) { out[k] = synth::finger(900 + k); });
    return out;
  }();
  return made;
}

Outcome measure_trial(const Trial& trial) {
  std::vector<Prepared> cards(kFingers);
  std::vector<Prepared> probes(kFingers);
  Outcome out;
  for (std::size_t k = 0; k < kFingers; ++k) {
    cards[k] = prepare(
        extract(synth::impression(fingers()[k], 2 * k, steady()).image).value());
    const Image image = trial.change(
        synth::impression(fingers()[k], 2 * k + 1, trial.conditions).image);
    const auto print = extract(image);
    if (print)
      probes[k] = prepare(*print);
    else
      ++out.refused;
  }
  Matcher matcher;
  std::vector<int> mates;
  for (std::size_t a = 0; a < kFingers; ++a)
    for (std::size_t b = 0; b < kFingers; ++b) {
      const int s = score(matcher.compare(probes[a], cards[b]), ScoreModel::with_maps);
      if (a == b)
        mates.push_back(s);
      else
        out.best_stranger = std::max(out.best_stranger, s);
    }
  std::sort(mates.begin(), mates.end());
  out.median = mates[mates.size() / 2];
  out.accepted =
      static_cast<double>(std::count_if(mates.begin(), mates.end(),
                                        [](int s) { return s >= kAccepted; })) /
      static_cast<double>(kFingers);
  return out;
}

TEST(Robustness, AnImpressionMayBeTurnedShiftedCutNoisyPressedAndDry) {
  const char* record = std::getenv("URNA_RECORD");
  std::ofstream table;
  if (record != nullptr) table.open(record);
  for (const Trial& trial : trials()) {
    const Outcome got = measure_trial(trial);
    EXPECT_GE(got.accepted, trial.accepted) << trial.what << ", median " << got.median;
    EXPECT_LT(got.best_stranger, 55) << trial.what;
    table << "| " << trial.what << " | " << got.median << " | "
          << std::lround(100 * got.accepted) << " | " << got.best_stranger << " | "
          << got.refused << " |\n";
  }
}

}  // namespace
}  // namespace urna::finger
