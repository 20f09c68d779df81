// Normalisation: resolution, polarity and refusals.
#include "finger/io/normalise.hpp"

#include "base/file.hpp"
#include "base/testing/shared_data.hpp"
#include "finger/io/read.hpp"
#include "finger/io_errors.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

namespace urna::finger::io {
namespace {

// Dark ridges of a period of nine pixels inside a disc, on a light ground.
Picture disc(std::uint32_t size, double dpi = 500) {
  Picture picture = make_picture(size, size);
  const double scale = dpi / 500;
  for (std::uint32_t y = 0; y < size; ++y) {
    for (std::uint32_t x = 0; x < size; ++x) {
      const double dx = x + 0.5 - size / 2.0;
      const double dy = y + 0.5 - size / 2.0;
      const bool inside = dx * dx + dy * dy < size * size * 0.16;
      const double wave =
          std::cos(2 * 3.14159265358979 * (dx + 0.3 * dy) / (9 * scale));
      picture.pixels[y * size + x] =
          static_cast<std::uint8_t>(inside ? 130 + 90 * wave : 225);
    }
  }
  picture.dpi_x = picture.dpi_y = dpi;
  return picture;
}

TEST(Normalise, ScalesToFiveHundredDpiFromWhatTheFileSays) {
  const auto image = normalise(disc(600, 1000));
  ASSERT_TRUE(image) << image.error().text();
  EXPECT_EQ(image->width, 300);
  EXPECT_EQ(image->dpi, 500);
  const auto want = normalise(disc(300, 500));
  ASSERT_TRUE(want);
  double error = 0;
  for (std::size_t i = 0; i < want->pixels.size(); ++i) {
    error += std::abs(want->pixels[i] - image->pixels[i]);
  }
  EXPECT_LT(error / static_cast<double>(want->pixels.size()), 6.0);
}

TEST(Normalise, TheCallersResolutionWins) {
  const auto image = normalise(disc(569), {.dpi = 569});
  ASSERT_TRUE(image);
  EXPECT_EQ(image->width, 500);
}

TEST(Normalise, AspectIsCorrectedWhenTheAxesDiffer) {
  Picture picture = disc(400);
  picture.dpi_x = 500;
  picture.dpi_y = 1000;
  const auto image = normalise(picture);
  ASSERT_TRUE(image);
  EXPECT_EQ(image->width, 400);
  EXPECT_EQ(image->height, 200);
}

TEST(Normalise, BrightRidgesAreTurnedDark) {
  Picture picture = disc(300);
  for (auto& pixel : picture.pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
  EXPECT_EQ(detect_polarity(picture), Polarity::ridges_bright);
  EXPECT_EQ(*normalise(picture), *normalise(disc(300)));
  const auto kept = normalise(picture, {.polarity = Polarity::ridges_dark});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->pixels, picture.pixels);
}

TEST(Normalise, RefusesWithTheReason) {
  const auto kind = [](const Result<Image>& image) {
    return image ? 0 : image.error().kind.number;
  };
  EXPECT_EQ(kind(normalise(make_picture(300, 300))), errors::input_blank.number);
  EXPECT_EQ(kind(normalise(disc(40))), errors::input_too_small.number);
  EXPECT_EQ(kind(normalise(disc(100, 1000))), errors::input_too_small.number);
  EXPECT_EQ(kind(normalise(disc(300), {.dpi = 100})), errors::input_resolution.number);
  EXPECT_EQ(kind(normalise(disc(300), {.dpi = std::nan("")})),
            errors::input_resolution.number);
  Picture huge;
  huge.width = huge.height = 100000;
  EXPECT_EQ(kind(normalise(huge)), errors::input_too_large.number);
}

TEST(Normalise, ResamplingKeepsConstantAreasAndIsExactAtTheSameSize) {
  Picture flat = make_picture(50, 40);
  std::ranges::fill(flat.pixels, std::uint8_t{77});
  for (const auto& [w, h] : {std::pair{13U, 100U}, {99U, 7U}, {1U, 1U}}) {
    const Picture out = resample(flat, w, h);
    EXPECT_TRUE(std::ranges::all_of(out.pixels, [](auto p) { return p == 77; }));
  }
  EXPECT_EQ(resample(disc(64), 64, 64), disc(64));
}

// Real prints must be read as they are, and their negatives turned round: at most one
// in 500 and one in 50 wrong (wet prints on a grey ground).
TEST(Normalise, PolarityOfEveryRealPrintIsRecognised) {
  URNA_NEEDS_SHARED_DATA("fingerprints");
  base::RealFiles disk;
  int images = 0;
  int wrong = 0;
  int negative_wrong = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           base::testing::shared_data("fingerprints"))) {
    if (entry.path().extension() != ".png") continue;
    const auto file = base::read_file(disk, entry.path().string());
    ASSERT_TRUE(file);
    auto picture = read_picture(*file);
    ASSERT_TRUE(picture) << entry.path();
    ++images;
    if (detect_polarity(*picture) != Polarity::ridges_dark) ++wrong;
    for (auto& pixel : picture->pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
    if (detect_polarity(*picture) != Polarity::ridges_bright) ++negative_wrong;
  }
  RecordProperty("images", images);
  RecordProperty("wrong", wrong);
  RecordProperty("negative_wrong", negative_wrong);
  EXPECT_LE(wrong, images / 500) << "of " << images;
  EXPECT_LE(negative_wrong, images / 50) << "of " << images;
}

}  // namespace
}  // namespace urna::finger::io
