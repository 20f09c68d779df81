#include "finger/image_png.hpp"

#include "finger/errors.hpp"

#include <gtest/gtest.h>

namespace urna::finger {
namespace {

TEST(ImagePng, KeepsPixelsAndResolution) {
  Image image(37, 21, 569);
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    image.pixels[i] = static_cast<std::uint8_t>(i * 7);
  const auto bytes = encode_png({37, 21, 1, 569, image.pixels});
  ASSERT_TRUE(bytes.has_value());
  const auto back = decode_png(*bytes);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, image);
}

TEST(ImagePng, EveryTruncationIsAnError) {
  const Image image(16, 16, 500, 90);
  const auto bytes = encode_png({16, 16, 1, 500, image.pixels});
  ASSERT_TRUE(bytes.has_value());
  // The last 12 bytes are the empty IEND chunk, which libpng does not insist on.
  for (std::size_t length = 0; length + 16 < bytes->size(); ++length) {
    const auto got = decode_png(std::span(*bytes).first(length));
    ASSERT_FALSE(got.has_value()) << length;
    EXPECT_EQ(got.error().kind, errors::bad_png);
  }
}

}  // namespace
}  // namespace urna::finger
