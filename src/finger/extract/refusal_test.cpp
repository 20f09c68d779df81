// What is no finger is refused: pictures of many kinds, none of which the limits of
// plausible.cpp were chosen on.
#include "finger/extract/extract.hpp"
#include "finger/match/match.hpp"
#include "finger/match/score.hpp"
#include "finger/synth/impression.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include <gtest/gtest.h>

namespace urna::finger {
namespace {

constexpr int kSide = 420;

// Grey 0..255 of a place in pixels.
using Shade = std::function<double(double x, double y)>;

// A fixed number in 0..1 for every place of a grid.
double random_at(int x, int y, unsigned salt = 0) {
  std::uint32_t h = static_cast<std::uint32_t>(x) * 374761393U +
                    static_cast<std::uint32_t>(y) * 668265263U + salt * 2246822519U;
  h = (h ^ h >> 13) * 1274126177U;
  return static_cast<double>((h ^ h >> 16) & 0xffffffU) / 16777216.0;
}

// Smooth noise with features about `size` pixels wide.
double cloud(double x, double y, double size, unsigned salt = 0) {
  const double u = x / size;
  const double v = y / size;
  const int i = static_cast<int>(std::floor(u));
  const int j = static_cast<int>(std::floor(v));
  const double p = (u - i) * (u - i) * (3 - 2 * (u - i));
  const double q = (v - j) * (v - j) * (3 - 2 * (v - j));
  return (1 - q) * ((1 - p) * random_at(i, j, salt) + p * random_at(i + 1, j, salt)) +
         q * ((1 - p) * random_at(i, j + 1, salt) + p * random_at(i + 1, j + 1, salt));
}

double wave(double phase) {
  return 128 + 110 * std::sin(phase);
}

// Distances to the nearest and the second nearest of scattered points.
std::pair<double, double> nearest(double x, double y, double size) {
  double first = 1e9;
  double second = 1e9;
  const int i = static_cast<int>(x / size);
  const int j = static_cast<int>(y / size);
  for (int b = j - 2; b <= j + 2; ++b)
    for (int a = i - 2; a <= i + 2; ++a) {
      const double d = std::hypot((a + random_at(a, b, 1)) * size - x,
                                  (b + random_at(a, b, 2)) * size - y);
      second = std::min(second, std::max(first, d));
      first = std::min(first, d);
    }
  return {first, second};
}

bool letter(double x, double y, int size) {
  const int row = static_cast<int>(y) / (2 * size);
  const int column = static_cast<int>(x) / size;
  if (static_cast<int>(y) % (2 * size) >= size || random_at(column, row) < 0.18)
    return false;
  // Five by seven dots of which about half are set.
  const int i = static_cast<int>(x) % size * 6 / size;
  const int j = static_cast<int>(y) % (2 * size) * 8 / size;
  return i < 5 && j < 7 && random_at(column * 6 + i, row * 8 + j, 3) < 0.5;
}

struct Kind {
  const char* name;
  Shade shade;
};

std::vector<Kind> kinds() {
  return {
      {"bar code",
       [](double x, double) {
         return random_at(static_cast<int>(x) / 4, 0) < 0.5 ? 20.0 : 240.0;
       }},
      {"square code",
       [](double x, double y) {
         return random_at(static_cast<int>(x) / 9, static_cast<int>(y) / 9) < 0.5
                    ? 20.0
                    : 240.0;
       }},
      {"slanting grating",
       [](double x, double y) { return wave((x + 0.7 * y) * 0.57); }},
      {"two crossing gratings",
       [](double x, double y) { return 0.5 * (wave(x * 0.7) + wave(y * 0.66)); }},
      {"bricks",
       [](double x, double y) {
         const int row = static_cast<int>(y) / 26;
         const int along = static_cast<int>(x) + row % 2 * 30;
         return static_cast<int>(y) % 26 < 4 || along % 60 < 4
                    ? 210.0
                    : 90 + 40 * random_at(along / 60, row);
       }},
      {"halftone dots",
       [](double x, double y) {
         const double u = std::fmod(x + y, 12) - 6;
         const double v = std::fmod(x - y + 1200, 12) - 6;
         return std::hypot(u, v) < 2 + 3 * x / kSide ? 20.0 : 235.0;
       }},
      {"clouds",
       [](double x, double y) {
         return 255 * (0.6 * cloud(x, y, 70) + 0.3 * cloud(x, y, 30, 1) +
                       0.1 * cloud(x, y, 12, 2));
       }},
      {"gravel",
       [](double x, double y) {
         const auto [first, second] = nearest(x, y, 24);
         return std::min(240.0, 40 + 18 * (second - first));
       }},
      {"cracked paint",
       [](double x, double y) {
         const auto [first, second] = nearest(x, y, 55);
         return second - first < 3 ? 30.0 : 215 - 20 * cloud(x, y, 9);
       }},
      {"leaves",
       [](double x, double y) {
         const auto [first, second] = nearest(x, y, 40);
         return 60 + 3.5 * first + 60 * cloud(x, y, 15);
       }},
      {"large print",
       [](double x, double y) { return letter(x, y, 40) ? 25.0 : 240.0; }},
      {"small print",
       [](double x, double y) { return letter(x, y, 18) ? 25.0 : 240.0; }},
      {"white on black",
       [](double x, double y) { return letter(x, y, 28) ? 235.0 : 15.0; }},
      {"a table with lines",
       [](double x, double y) {
         return static_cast<int>(y) % 33 < 2 || static_cast<int>(x) % 84 < 2 ||
                        letter(x, y, 22)
                    ? 30.0
                    : 245.0;
       }},
      {"a face, out of focus",
       [](double x, double y) {
         const double d = std::hypot((x - 210) / 130, (y - 210) / 170);
         const double eyes =
             std::exp(-(std::pow(std::abs(x - 210) - 55, 2) + std::pow(y - 165, 2)) /
                      300) +
             std::exp(-(std::pow((x - 210) / 3, 2) + std::pow(y - 290, 2)) / 150);
         return (d < 1 ? 200 - 60 * d : 70 + 40 * cloud(x, y, 50)) - 120 * eyes;
       }},
      {"coarse stripes",
       [](double x, double y) {
         return wave((x * 0.4 + y) * 0.16 + 2 * cloud(x, y, 150));
       }},
      {"fine stripes",
       [](double x, double y) {
         return wave((x * 0.5 + y) * 1.6 + 2 * cloud(x, y, 150));
       }},
      {"a chessboard",
       [](double x, double y) {
         return (static_cast<int>(x) / 50 + static_cast<int>(y) / 50) % 2 == 0 ? 30.0
                                                                               : 225.0;
       }},
      {"dust on glass",
       [](double x, double y) {
         return random_at(static_cast<int>(x) / 2, static_cast<int>(y) / 2, 9) < 0.01
                    ? 90.0
                    : 225 + 8 * random_at(static_cast<int>(x), static_cast<int>(y));
       }},
      {"a palm's creases",
       [](double x, double y) {
         const double bend = y + 40 * std::sin(x / 90);
         const double crease = std::abs(std::fmod(bend, 130) - 65);
         return crease < 4 ? 60.0 : 180 + 30 * cloud(x, y, 25);
       }},
  };
}

Image picture(const Shade& shade) {
  Image out(kSide, kSide, kStandardDpi);
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const double grain = 6 * (random_at(x, y, 77) - 0.5);
      out.at(x, y) = static_cast<std::uint8_t>(
          std::clamp(std::lround(shade(x, y) + grain), 0L, 255L));
    }
  return out;
}

// A small table with text passes; docs/fingerprints.md says so. It must match nobody.
TEST(Refusal, NineteenOfTwentyKindsAreNoFingersAndTheLastMatchesNobody) {
  const Prepared finger =
      prepare(extract(synth::impression(synth::finger(1), 1).image).value());
  Matcher matcher;
  int passing = 0;
  for (const Kind& kind : kinds()) {
    const auto print = extract(picture(kind.shade));
    if (print) {
      ++passing;
      const int s =
          score(matcher.compare(prepare(*print), finger), ScoreModel::with_maps);
      EXPECT_LT(s, 20) << kind.name;
      continue;
    }
    EXPECT_FALSE(print.error().message.empty()) << kind.name;
    EXPECT_FALSE(print.error().to_do.empty()) << kind.name;
  }
  EXPECT_LE(passing, 1);
}

TEST(Refusal, EveryImpressionOfAFingerPasses) {
  for (std::uint64_t seed = 300; seed < 306; ++seed) {
    const auto finger = synth::finger(seed);
    for (std::uint64_t k = 0; k < 4; ++k) {
      const auto print =
          extract(synth::impression(finger, k, synth::usual_conditions()).image);
      EXPECT_TRUE(print.has_value())
          << seed << " " << k << ": " << print.error().text();
    }
  }
}

}  // namespace
}  // namespace urna::finger
