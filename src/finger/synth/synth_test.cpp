// The generator: reproducible to the byte, and honest about where its minutiae are.
#include "finger/synth/impression.hpp"
#include "finger/synth/maths.hpp"
#include "finger/synth/placement.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace urna::finger::synth {
namespace {

std::uint64_t checksum(const Image& image) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const std::uint8_t pixel : image.pixels) hash = (hash ^ pixel) * 0x100000001B3U;
  return hash;
}

const Finger& example() {
  static const Finger one = finger(7);
  return one;
}

TEST(SynthMaths, AgreesWithTheCLibrary) {
  for (double x = -20; x < 20; x += 0.0371) {
    EXPECT_NEAR(sine(x), std::sin(x), 1e-9);
    EXPECT_NEAR(cosine(x), std::cos(x), 1e-9);
    EXPECT_NEAR(exponential(x), std::exp(x), 1e-9 * std::exp(x));
    for (const double y : {-3.0, -0.01, 0.0, 0.5, 17.0}) {
      EXPECT_NEAR(arc_tangent(y, x), std::atan2(y, x), 1e-9);
    }
  }
}

TEST(SynthMaths, NormalNumbersHaveTheirMeanAndSpread) {
  Random random(1);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 20000; ++i) {
    const double v = random.normal(3, 2);
    sum += v;
    squares += (v - 3) * (v - 3);
  }
  EXPECT_NEAR(sum / 20000, 3, 0.06);
  EXPECT_NEAR(std::sqrt(squares / 20000), 2, 0.06);
}

// The same bytes on gcc and clang, with and without wide instructions: this number
// was made once and must never change without a reason.
TEST(Synth, OneSeedGivesTheSameBytesEverywhere) {
  EXPECT_EQ(checksum(impression(example(), 1).image), 18096234291840905697U);
}

TEST(Synth, FingersAndImpressionsDiffer) {
  const Impression a = impression(example(), 1);
  const Impression b = impression(example(), 2);
  const Impression c = impression(finger(8), 1);
  EXPECT_NE(a.image, b.image);
  EXPECT_NE(a.image, c.image);
  EXPECT_EQ(a.image, impression(example(), 1).image);
}

TEST(Synth, ClassesHaveTheirSingularPoints) {
  const std::pair<PatternClass, std::pair<std::size_t, std::size_t>> expected[] = {
      {PatternClass::arch, {0, 0}},
      {PatternClass::tented_arch, {1, 1}},
      {PatternClass::left_loop, {1, 1}},
      {PatternClass::right_loop, {1, 1}},
      {PatternClass::whorl, {2, 2}}};
  for (const auto& [pattern, counts] : expected) {
    const Finger made = finger(3, pattern);
    EXPECT_EQ(made.cores.size(), counts.first);
    EXPECT_EQ(made.deltas.size(), counts.second);
    // 23 x 29 mm of a real finger hold some 60 to 150 minutiae.
    EXPECT_GT(made.minutiae.size(), 50U);
    EXPECT_LT(made.minutiae.size(), 180U);
  }
}

TEST(Synth, PlacementIsUndoneToAFractionOfAPixel) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    Conditions conditions = hard_conditions();
    conditions.distortion = 3;
    const Placement placement(example(), conditions, random);
    for (float v = 20; v < 380; v += 40) {
      for (float u = 20; u < 300; u += 40) {
        const Point back = placement.to_window(placement.to_finger(u, v));
        EXPECT_NEAR(back.x, u, 0.06F);
        EXPECT_NEAR(back.y, v, 0.06F);
      }
    }
  }
}

float grey(const Image& image, double x, double y) {
  const int ix = static_cast<int>(x);
  const int iy = static_cast<int>(y);
  if (ix < 0 || iy < 0 || ix + 1 >= image.width || iy + 1 >= image.height) return 255;
  const auto fx = static_cast<float>(x - ix);
  const auto fy = static_cast<float>(y - iy);
  return (image.at(ix, iy) * (1 - fx) + image.at(ix + 1, iy) * fx) * (1 - fy) +
         (image.at(ix, iy + 1) * (1 - fx) + image.at(ix + 1, iy + 1) * fx) * fy;
}

// How many times the picture crosses middle grey along a line across the ridges.
int crossings(const Image& image, double x, double y, double nx, double ny,
              float middle) {
  int count = 0;
  bool dark = grey(image, x - 11 * nx, y - 11 * ny) < middle;
  for (double s = -11; s <= 11; s += 0.5) {
    const bool now = grey(image, x + s * nx, y + s * ny) < middle;
    if (now != dark) ++count;
    dark = now;
  }
  return count;
}

// Ground truth checked on the pictures themselves: ahead of a minutia (the side its
// direction points to) there is one line more than behind it.
TEST(Synth, AheadOfEveryTrueMinutiaThereIsOneRidgeMore) {
  int right = 0;
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Conditions conditions = clean_conditions();
    conditions.noise = 0.1;
    conditions.moisture = 0.1;
    conditions.variation = 0;
    const Impression made = impression(finger(seed), 1, conditions);
    EXPECT_GE(made.truth.minutiae.size(), 20U);
    for (const Minutia& m : made.truth.minutiae) {
      const double a = m.angle * 2 * std::numbers::pi / 65536;
      const double tx = std::cos(a);
      const double ty = -std::sin(a);
      const double x = m.x / 8.0;
      const double y = m.y / 8.0;
      float low = 255;
      float high = 0;
      for (int s = -11; s <= 11; ++s) {
        const float g = grey(made.image, x + 7 * tx - s * ty, y + 7 * ty + s * tx);
        low = std::min(low, g);
        high = std::max(high, g);
      }
      const float middle = (low + high) / 2;
      const int ahead = crossings(made.image, x + 7 * tx, y + 7 * ty, -ty, tx, middle);
      const int behind = crossings(made.image, x - 7 * tx, y - 7 * ty, -ty, tx, middle);
      if (ahead > behind) ++right;
      if (ahead < behind) ++wrong;
    }
  }
  EXPECT_GT(right, 100);
  EXPECT_LT(wrong * 10, right) << right << " right, " << wrong << " wrong";
}

// An ending has ink on its own line ahead and none behind; a bifurcation the reverse.
TEST(Synth, EndingsAndBifurcationsAreWhatTheySay) {
  int right = 0;
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Conditions conditions = clean_conditions();
    conditions.noise = 0.1;
    conditions.variation = 0;
    const Impression made = impression(finger(seed), 1, conditions);
    for (const Minutia& m : made.truth.minutiae) {
      const double a = m.angle * 2 * std::numbers::pi / 65536;
      const auto at = [&](double s) {
        return grey(made.image, m.x / 8.0 + s * std::cos(a),
                    m.y / 8.0 - s * std::sin(a));
      };
      const bool dark_ahead = at(7) + at(8) < at(-7) + at(-8);
      if (dark_ahead == (m.type == MinutiaType::ending)) {
        ++right;
      } else {
        ++wrong;
      }
    }
  }
  EXPECT_LT(wrong * 8, right) << right << " right, " << wrong << " wrong";
}

TEST(Synth, ConditionsDoWhatTheySay) {
  const auto darkness = [](const Conditions& conditions) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const auto print = impression(example(), seed, conditions);
      for (const auto p : print.image.pixels) {
        sum += 255 - p;
      }
    }
    return sum;
  };
  Conditions dry = clean_conditions();
  dry.moisture = -0.9;
  Conditions wet = clean_conditions();
  wet.moisture = 0.9;
  EXPECT_LT(darkness(dry) * 1.15, darkness(wet));
  Conditions capacitive = clean_conditions();
  capacitive.sensor = Sensor::capacitive;
  capacitive.width = 300;
  capacitive.height = 300;
  const Impression made = impression(example(), 1, capacitive);
  EXPECT_EQ(made.image.width, 300);
  EXPECT_LT(made.image.at(2, 2), 200);
}

}  // namespace
}  // namespace urna::finger::synth
