#include "finger/extract/extract.hpp"

#include "finger/errors.hpp"
#include "finger/match/codec.hpp"
#include "finger/synth/impression.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace urna::finger {
namespace {

struct Truth {
  double found = 0;  // of the true minutiae well inside the print
  double right = 0;  // of the extracted minutiae
  double distance = 0;
  double angle = 0;  // degrees, mean of the pairs
};

Truth compare_with_truth(int fingers, const synth::Conditions& conditions) {
  int visible = 0;
  int extracted = 0;
  int paired = 0;
  double distance = 0;
  double angle = 0;
  for (int seed = 1; seed <= fingers; ++seed) {
    const auto print = synth::impression(
        synth::finger(static_cast<std::uint64_t>(seed)), 7, conditions);
    const auto got = extract(print.image);
    if (!got) continue;
    for (const Minutia& t : print.truth.minutiae) {
      const int cx = t.x / kSubPixel / got->map.step;
      const int cy = t.y / kSubPixel / got->map.step;
      const auto cell = static_cast<std::size_t>(cy * got->map.columns + cx);
      if (cell >= got->map.cells.size() || got->map.cells[cell].period == 0) continue;
      ++visible;
      double best = 12;
      double turn = 0;
      for (const Minutia& m : got->minutiae) {
        const double d = std::hypot(m.x - t.x, m.y - t.y) / kSubPixel;
        const double off =
            std::abs(static_cast<std::int16_t>(m.angle - t.angle)) * 360.0 / 65536;
        if (d < best && off < 30) {
          best = d;
          turn = off;
        }
      }
      if (best >= 12) continue;
      ++paired;
      distance += best;
      angle += turn;
    }
    extracted += static_cast<int>(got->minutiae.size());
  }
  return {static_cast<double>(paired) / visible,
          static_cast<double>(paired) / extracted, distance / paired, angle / paired};
}

TEST(Extract, FindsTheTrueMinutiaeOfCleanPrints) {
  const Truth t = compare_with_truth(12, synth::clean_conditions());
  RecordProperty("found", std::to_string(t.found));
  RecordProperty("right", std::to_string(t.right));
  RecordProperty("distance", std::to_string(t.distance));
  RecordProperty("angle", std::to_string(t.angle));
  EXPECT_GT(t.found, 0.75);
  EXPECT_GT(t.right, 0.75);
  EXPECT_LT(t.distance, 4);
  EXPECT_LT(t.angle, 10);
}

TEST(Extract, FindsCoresAndDeltas) {
  int found = 0;
  int wrong = 0;
  int all = 0;
  const auto near = [](const SingularPoint& a,
                       const std::vector<SingularPoint>& among) {
    return std::ranges::any_of(among, [&](const SingularPoint& b) {
      return a.kind == b.kind && std::hypot(a.x - b.x, a.y - b.y) < 16 * kSubPixel;
    });
  };
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const auto print = synth::impression(synth::finger(seed), seed);
    const auto got = extract(print.image);
    ASSERT_TRUE(got.has_value());
    all += static_cast<int>(print.truth.singular_points.size());
    for (const SingularPoint& p : print.truth.singular_points)
      found += near(p, got->singular_points) ? 1 : 0;
    for (const SingularPoint& p : got->singular_points)
      wrong += near(p, print.truth.singular_points) ? 0 : 1;
  }
  // What lies at the edge of the print cannot be found.
  EXPECT_GE(found * 3, all * 2) << found << " of " << all;
  EXPECT_LE(wrong, 2);
}

TEST(Extract, ATemplateFitsThePrivateFormatAndSurvivesIt) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto print = extract(synth::impression(synth::finger(seed), seed).image);
    ASSERT_TRUE(print.has_value());
    const auto bytes = encode_template(*print);
    ASSERT_TRUE(bytes.has_value()) << bytes.error().text();
    EXPECT_LE(bytes->size(), kMostTemplateBytes);
    const auto back = decode_template(*bytes);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, *print);
  }
}

// Recorded once with clang -O3 and checked by every compiler and build kind: moving
// one bit of one minutia changes it.
TEST(Extract, GivesTheSameBytesOnEveryCompiler) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto print = extract(synth::impression(synth::finger(seed), seed).image);
    ASSERT_TRUE(print.has_value());
    const auto bytes = encode_template(*print);
    ASSERT_TRUE(bytes.has_value());
    for (const std::uint8_t byte : *bytes) hash = (hash ^ byte) * 1099511628211ULL;
  }
  EXPECT_EQ(hash, 7185015022935751159ULL);
}

Image noise(int width, int height) {
  Image image(width, height, kStandardDpi);
  std::uint32_t state = 1;
  for (std::uint8_t& pixel : image.pixels) {
    state = state * 1664525 + 1013904223;
    pixel = static_cast<std::uint8_t>(state >> 24);
  }
  return image;
}

TEST(Extract, RefusesWhatIsNoFinger) {
  EXPECT_EQ(extract(Image(300, 300, 500, 200)).error().kind, errors::input_blank);
  EXPECT_EQ(extract(noise(300, 300)).error().kind, errors::no_ridges);
  Image ramp(300, 300, 500);
  for (int y = 0; y < 300; ++y)
    for (int x = 0; x < 300; ++x)
      ramp.at(x, y) = static_cast<std::uint8_t>(x * 255 / 299);
  EXPECT_EQ(extract(ramp).error().kind, errors::no_ridges);
  Image stripes(300, 300, 500);
  for (int y = 0; y < 300; ++y)
    for (int x = 0; x < 300; ++x) stripes.at(x, y) = y % 9 < 4 ? 30 : 220;
  EXPECT_EQ(extract(stripes).error().kind, errors::no_ridges);
}

// Soft shapes and shades as in a photograph: bright and dark balls before a gradient.
Image scene() {
  Image image(400, 400, kStandardDpi);
  for (int y = 0; y < 400; ++y)
    for (int x = 0; x < 400; ++x) {
      double value = 120 + y * 0.2;
      for (int ball = 0; ball < 6; ++ball) {
        const double dx = x - (60 + ball * 57 % 300);
        const double dy = y - (70 + ball * 131 % 290);
        const double r = 30 + 9 * ball;
        const double d = std::sqrt(dx * dx + dy * dy);
        if (d < r) value = 60 + 25 * ball + 80 * (1 - d / r) * (dx < dy ? 1.0 : 0.4);
      }
      image.at(x, y) = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
    }
  return image;
}

TEST(Extract, RefusesScenesWithAReason) {
  const auto print = extract(scene());
  ASSERT_FALSE(print.has_value()) << print->minutiae.size() << " minutiae";
  // The rims of the shapes look a little like ridges.
  EXPECT_TRUE(print.error().kind == errors::no_ridges ||
              print.error().kind == errors::print_too_small)
      << print.error().text();
  EXPECT_FALSE(print.error().to_do.empty());
}

// Lines of letters: each a few strokes of `pen` pixels in a box `size` pixels high.
Image page(int size, int pen) {
  Image image(420, 420, kStandardDpi, 245);
  std::uint32_t state = 7;
  const auto below = [&](int bound) {
    state = state * 1664525 + 1013904223;
    return static_cast<int>((state >> 16) % static_cast<unsigned>(bound));
  };
  const auto dot = [&](int x, int y) {
    for (int j = y; j < y + pen; ++j)
      for (int i = x; i < x + pen; ++i)
        if (i >= 0 && j >= 0 && i < 420 && j < 420) image.at(i, j) = 20;
  };
  const int wide = size * 3 / 5;
  for (int top = 10; top + size < 410; top += size * 3 / 2)
    for (int left = 10; left + wide < 410; left += wide + size / 4) {
      if (below(6) == 0) continue;  // between words
      for (int stroke = 0; stroke < 3; ++stroke) {
        const int x0 = below(3) * wide / 2;
        const int y0 = below(3) * size / 2;
        const int x1 = below(3) * wide / 2;
        const int y1 = below(3) * size / 2;
        for (int k = 0; k <= 60; ++k)
          dot(left + x0 + (x1 - x0) * k / 60, top + y0 + (y1 - y0) * k / 60);
      }
    }
  return image;
}

TEST(Extract, RefusesPagesOfText) {
  for (const auto& [size, pen] :
       {std::pair{24, 4}, {32, 5}, {44, 7}, {60, 9}, {80, 12}}) {
    const auto print = extract(page(size, pen));
    ASSERT_FALSE(print.has_value()) << size << ": " << print->minutiae.size();
    EXPECT_EQ(print.error().kind, errors::no_ridges) << print.error().text();
  }
}

TEST(Extract, RefusesSmoothNoiseAndChecks) {
  for (const int blur : {2, 3, 4}) {
    Image smooth = noise(400, 400);
    for (int round = 0; round < 3; ++round) {
      const Image before = smooth;
      for (int y = 0; y < 400; ++y)
        for (int x = 0; x < 400; ++x) {
          int sum = 0;
          int all = 0;
          for (int j = std::max(0, y - blur); j <= std::min(399, y + blur); ++j)
            for (int i = std::max(0, x - blur); i <= std::min(399, x + blur); ++i) {
              sum += before.at(i, j);
              ++all;
            }
          smooth.at(x, y) = static_cast<std::uint8_t>(sum / all);
        }
    }
    for (std::uint8_t& pixel : smooth.pixels)
      pixel = static_cast<std::uint8_t>(std::clamp((pixel - 128) * 8 + 128, 0, 255));
    EXPECT_FALSE(extract(smooth).has_value()) << blur;
  }
  for (const int period : {7, 9, 12}) {
    Image checks(400, 400, kStandardDpi);
    for (int y = 0; y < 400; ++y)
      for (int x = 0; x < 400; ++x)
        checks.at(x, y) = (x / period + y / period) % 2 == 0 ? 30 : 220;
    EXPECT_FALSE(extract(checks).has_value()) << period;
  }
}

TEST(Extract, RefusesBlackAndWhiteAndGlassWithoutAFinger) {
  for (const std::uint8_t shade : {std::uint8_t{0}, std::uint8_t{255}}) {
    EXPECT_EQ(extract(Image(300, 300, 500, shade)).error().kind, errors::input_blank);
  }
  Image grain = noise(300, 300);  // a sensor's grain around one grey
  for (std::uint8_t& pixel : grain.pixels)
    pixel = static_cast<std::uint8_t>(200 + pixel / 64);
  EXPECT_FALSE(extract(grain).has_value());
}

TEST(Extract, RefusesImpossibleSizesAndResolutions) {
  EXPECT_EQ(extract(noise(60, 300)).error().kind, errors::input_too_small);
  EXPECT_EQ(extract(noise(2000, 300)).error().kind, errors::input_too_large);
  EXPECT_EQ(extract(noise(300, 300), {.dpi = 100}).error().kind,
            errors::input_resolution);
}

TEST(Extract, ReadsTheSamePrintAtAnotherResolution) {
  // The same image declared 569 dpi must come out smaller by 500/569.
  const auto image = synth::impression(synth::finger(3), 1).image;
  const auto scaled = extract(image, {.dpi = 569});
  ASSERT_TRUE(scaled.has_value());
  EXPECT_NEAR(scaled->width, image.width * 500.0 / 569, 1);
}

}  // namespace
}  // namespace urna::finger
