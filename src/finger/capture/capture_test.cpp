// The folder scanner and the replay detector.
#include "base/file.hpp"
#include "base/testing/scripted_files.hpp"
#include "finger/capture/folder_scanner.hpp"
#include "finger/capture/replay_detector.hpp"
#include "finger/io/jpeg_file.hpp"
#include "finger/io/pgm.hpp"
#include "finger/io/png_file.hpp"
#include "finger/io_errors.hpp"
#include "finger/synth/impression.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace urna::finger::capture {
namespace {

using namespace std::chrono_literals;

const Image& print(std::uint64_t seed) {
  static std::map<std::uint64_t, Image> made;
  const auto found = made.find(seed);
  if (found != made.end()) return found->second;
  static const synth::Finger finger = synth::finger(11);
  return made.emplace(seed, synth::impression(finger, seed).image).first->second;
}

io::Picture to_picture(const Image& image) {
  io::Picture out = io::make_picture(static_cast<std::uint32_t>(image.width),
                                     static_cast<std::uint32_t>(image.height));
  out.pixels = image.pixels;
  return out;
}

Image to_image(const io::Picture& picture) {
  Image out(static_cast<int>(picture.width), static_cast<int>(picture.height), 500);
  out.pixels = picture.pixels;
  return out;
}

Image shifted(const Image& image, int dx, int dy) {
  Image out(image.width, image.height, 500, image.at(0, 0));
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const int u = x + dx;
      const int v = y + dy;
      if (u >= 0 && v >= 0 && u < image.width && v < image.height) {
        out.at(x, y) = image.at(u, v);
      }
    }
  }
  return out;
}

TEST(FolderScanner, TakesEachPictureOnceInOrderOfName) {
  base::testing::ScriptedFiles files;
  ASSERT_TRUE(files.make_folder("in"));
  const auto put = [&](const std::string& name, std::uint64_t seed) {
    ASSERT_TRUE(base::write_durable(files, "in/" + name,
                                    *io::write_png(to_picture(print(seed)))));
  };
  put("b.png", 2);
  put("a.png", 1);
  put("half.png.tmp", 3);
  FolderScanner scanner(files, "in");
  EXPECT_EQ(*scanner.capture(0ms), print(1));
  EXPECT_EQ(*scanner.capture(0ms), print(2));
  const auto none = scanner.capture(0ms);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, errors::capture_timeout);
  put("0.png", 3);
  EXPECT_EQ(*scanner.capture(0ms), print(3));
}

TEST(FolderScanner, ADamagedPictureIsNamedAndPassedOver) {
  base::testing::ScriptedFiles files;
  ASSERT_TRUE(files.make_folder("in"));
  ASSERT_TRUE(base::write_durable(files, "in/1.png", as_bytes("not a picture")));
  ASSERT_TRUE(
      base::write_durable(files, "in/2.png", *io::write_png(to_picture(print(1)))));
  FolderScanner scanner(files, "in");
  const auto bad = scanner.capture(0ms);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().where, "in/1.png");
  EXPECT_TRUE(scanner.capture(0ms));
}

TEST(FolderScanner, AMissingFolderIsAMissingScanner) {
  base::RealFiles files;
  FolderScanner scanner(files, "/nowhere/at/all");
  const auto none = scanner.capture(0ms);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, errors::no_scanner);
}

TEST(ReplayDetector, TheSamePictureIsRefused) {
  ReplayDetector detector(42);
  EXPECT_TRUE(detector.admit(print(1)));
  const auto again = detector.admit(print(1));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, errors::replayed_image);
  EXPECT_EQ(detector.distance(print(1)), 0);
  EXPECT_EQ(detector.remembered().size(), 1U);
}

TEST(ReplayDetector, ACopyThatWasRecompressedDimmedOrMovedIsRefused) {
  ReplayDetector detector(42);
  ASSERT_TRUE(detector.admit(print(1)));
  EXPECT_FALSE(detector.check(
      to_image(*io::read_jpeg(*io::write_jpeg(to_picture(print(1)), 40)))));
  Image dim = print(1);
  for (auto& pixel : dim.pixels) pixel = static_cast<std::uint8_t>(pixel / 2 + 30);
  EXPECT_FALSE(detector.check(dim));
  EXPECT_FALSE(detector.check(shifted(print(1), 3, -5)));
  EXPECT_FALSE(detector.check(shifted(print(1), -6, 2)));
}

TEST(ReplayDetector, OtherTouchesOfTheSameFingerAreNot) {
  ReplayDetector detector(42);
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    EXPECT_TRUE(detector.admit(print(seed))) << seed;
  }
}

TEST(ReplayDetector, AnotherKeyGivesOtherBits) {
  ReplayDetector a(1);
  ReplayDetector b(2);
  ASSERT_TRUE(a.admit(print(1)));
  ASSERT_TRUE(b.admit(print(1)));
  EXPECT_NE(a.remembered()[0], b.remembered()[0]);
}

TEST(ReplayDetector, BlankPicturesDoNotCrashIt) {
  ReplayDetector detector(1);
  EXPECT_TRUE(detector.admit(Image(60, 60, 500)));
  EXPECT_TRUE(detector.admit(Image(1, 1, 500)).has_value() ||
              !detector.remembered().empty());
}

}  // namespace
}  // namespace urna::finger::capture
