// Every picture format: what is written comes back, claims about resolution survive,
// and damaged files are refused instead of being guessed at.
#include "finger/io/bmp.hpp"
#include "finger/io/jpeg_file.hpp"
#include "finger/io/pgm.hpp"
#include "finger/io/png_file.hpp"
#include "finger/io/read.hpp"
#include "finger/io/tiff_file.hpp"
#include "finger/io/wsq.hpp"
#include "finger/io_errors.hpp"

#include <cstdlib>
#include <functional>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace urna::finger::io {
namespace {

Picture stripes(std::uint32_t width, std::uint32_t height) {
  Picture picture = make_picture(width, height);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      picture.pixels[y * width + x] =
          static_cast<std::uint8_t>((x * 7 + y * 3) % 64 * 4 + (x ^ y) % 3);
    }
  }
  picture.dpi_x = 500;
  picture.dpi_y = 500;
  return picture;
}

struct Codec {
  const char* name;
  std::function<Result<Bytes>(const Picture&)> write;
  std::function<Result<Picture>(ByteView)> read;
  bool resolution;
};

std::vector<Codec> lossless() {
  return {
      {"PNG", [](const Picture& p) { return write_png(p); }, read_png, true},
      {"TIFF", [](const Picture& p) { return write_tiff(p); }, read_tiff, true},
      {"BMP", [](const Picture& p) { return Result<Bytes>(write_bmp(p)); }, read_bmp,
       true},
      {"PGM", [](const Picture& p) { return Result<Bytes>(write_pgm(p)); }, read_pgm,
       false},
  };
}

TEST(ImageFiles, LosslessFormatsReturnEveryPixelAndTheResolution) {
  for (const Codec& codec : lossless()) {
    for (const auto& [w, h] : {std::pair{1U, 1U}, {3U, 5U}, {64U, 1U}, {97U, 61U}}) {
      const Picture picture = stripes(w, h);
      const auto file = codec.write(picture);
      ASSERT_TRUE(file) << codec.name;
      const auto back = codec.read(*file);
      ASSERT_TRUE(back) << codec.name << back.error().text();
      EXPECT_EQ(back->pixels, picture.pixels) << codec.name;
      EXPECT_EQ(back->width, w);
      if (codec.resolution) {
        ASSERT_TRUE(back->dpi_x) << codec.name;
        EXPECT_NEAR(*back->dpi_x, 500, 0.02) << codec.name;
        EXPECT_NEAR(*back->dpi_y, 500, 0.02) << codec.name;
      }
    }
  }
}

TEST(ImageFiles, EveryFormatIsToldApartByItsFirstBytes) {
  const Picture picture = stripes(64, 64);
  EXPECT_EQ(detect_format(*write_png(picture)), Format::png);
  EXPECT_EQ(detect_format(*write_tiff(picture)), Format::tiff);
  EXPECT_EQ(detect_format(*write_jpeg(picture)), Format::jpeg);
  EXPECT_EQ(detect_format(write_bmp(picture)), Format::bmp);
  EXPECT_EQ(detect_format(write_pgm(picture)), Format::pgm);
  EXPECT_EQ(detect_format(*write_wsq(picture)), Format::wsq);
  EXPECT_EQ(detect_format(as_bytes("hello, this is text")), std::nullopt);
  const auto refused = read_picture(as_bytes("hello, this is text"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, errors::unknown_image_format);
}

TEST(ImageFiles, JpegIsCloseAndKeepsItsDensity) {
  Picture picture = make_picture(80, 60);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    picture.pixels[i] = static_cast<std::uint8_t>(60 + (i % 80) * 2);
  }
  picture.dpi_x = picture.dpi_y = 569;
  const auto file = write_jpeg(picture);
  ASSERT_TRUE(file);
  const auto back = read_jpeg(*file);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->dpi_x, 569);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    ASSERT_LE(std::abs(picture.pixels[i] - back->pixels[i]), 4);
  }
}

TEST(ImageFiles, ColourPngsComeBackAsGrey) {
  Bytes pixels;
  for (int k = 0; k < 12 * 5; ++k) {
    const auto value = static_cast<std::uint8_t>(k * 4);
    pixels.insert(pixels.end(), {value, value, value});
  }
  const auto file = write_png_rgb(12, 5, pixels);
  ASSERT_TRUE(file);
  const auto back = read_png(*file);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->width, 12U);
  for (std::size_t k = 0; k < back->pixels.size(); ++k)
    EXPECT_EQ(back->pixels[k], static_cast<std::uint8_t>(k * 4));
  EXPECT_FALSE(write_png_rgb(12, 6, pixels)) << "pixels are missing";
}

TEST(ImageFiles, ScreenResolutionsAreTreatedAsUnknown) {
  Picture picture = stripes(10, 10);
  for (const double dpi : {72.0, 96.0, 1.0}) {
    picture.dpi_x = picture.dpi_y = dpi;
    const auto back = read_png(*write_png(picture));
    ASSERT_TRUE(back);
    EXPECT_FALSE(back->dpi_x) << dpi;
  }
}

// Damaged in every place: never a crash, never a picture of another size. Formats
// with checksums or lengths must refuse truncation outright.
TEST(ImageFiles, EveryTruncationIsRefused) {
  const Picture picture = stripes(17, 13);
  for (const Codec& codec : lossless()) {
    const Bytes file = *codec.write(picture);
    for (std::size_t n = 0; n < file.size(); ++n) {
      const auto read = codec.read(ByteView(file).first(n));
      if (read) {  // only what follows the pixels may be missing
        EXPECT_EQ(read->pixels, picture.pixels) << codec.name << " cut at " << n;
      }
    }
  }
  const Bytes jpeg = *write_jpeg(picture);
  for (std::size_t n = 0; n + 2 < jpeg.size(); ++n) {
    EXPECT_FALSE(read_jpeg(ByteView(jpeg).first(n))) << n;
  }
}

TEST(ImageFiles, SingleByteChangesNeverGiveAPictureOfAnotherShapeThanItSays) {
  const Picture picture = stripes(17, 13);
  std::vector<Codec> codecs = lossless();
  codecs.push_back(
      {"JPEG", [](const Picture& p) { return write_jpeg(p); }, read_jpeg, true});
  for (const Codec& codec : codecs) {
    const Bytes file = *codec.write(picture);
    for (std::size_t at = 0; at < file.size(); ++at) {
      for (const int change : {0x01, 0x80, 0xFF}) {
        Bytes damaged = file;
        damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ change);
        const auto read = codec.read(damaged);
        if (read) {
          ASSERT_EQ(read->pixels.size(), std::size_t{read->width} * read->height);
        }
      }
    }
  }
}

TEST(ImageFiles, HugeHeadersAreRefusedBeforeMemoryIsTaken) {
  const auto refused = [](const Result<Picture>& read) {
    return !read && read.error().kind == errors::input_too_large;
  };
  EXPECT_TRUE(refused(read_pgm(as_bytes("P5\n100000 100000\n255\n"))));
  Bytes bmp = write_bmp(stripes(4, 4));
  bmp[19] = 0x7F;  // width
  bmp[20] = 0x7F;
  EXPECT_TRUE(refused(read_bmp(bmp)));
  EXPECT_TRUE(refused(read_raw(Bytes(10), 1U << 20, 1U << 20)));
}

TEST(ImageFiles, RawPixelsNeedExactlyTheirSize) {
  EXPECT_TRUE(read_raw(Bytes(12), 4, 3));
  const auto refused = read_raw(Bytes(11), 4, 3);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, errors::bad_raw_size);
}

TEST(ImageFiles, TextPgmAndSixteenBitsAreScaledToEight) {
  const auto text = read_pgm(as_bytes("P2 # a comment\n3 1\n# more\n15\n0 7 15\n"));
  ASSERT_TRUE(text) << text.error().text();
  EXPECT_EQ(text->pixels, (Bytes{0, 119, 255}));
  Bytes wide = to_bytes(as_bytes("P5 2 1 65535\n"));
  append(wide, Bytes{0x80, 0x00, 0xFF, 0xFF});
  const auto read = read_pgm(wide);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->pixels, (Bytes{128, 255}));
}

RC_GTEST_PROP(ImageFiles, RandomBytesAfterAKnownBeginningNeverCrash,
              (const Bytes& tail)) {
  const std::vector<std::string_view> heads{{"\x89PNG\r\n\x1a\n", 8},
                                            {"II*\0", 4},
                                            {"\xFF\xD8\xFF", 3},
                                            {"BM", 2},
                                            {"P5 ", 3},
                                            {"\xFF\xA0\xFF\xA4", 4}};
  for (const auto head : heads) {
    Bytes file = to_bytes(as_bytes(head));
    append(file, tail);
    const auto read = read_picture(file);
    if (read) RC_ASSERT(read->pixels.size() == std::size_t{read->width} * read->height);
  }
}

}  // namespace
}  // namespace urna::finger::io
