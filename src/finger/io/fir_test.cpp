// Finger image records: bytes and meaning in both directions.
#include "finger/io/fir.hpp"

#include "finger/io/read.hpp"
#include "finger/io_errors.hpp"

#include <gtest/gtest.h>

namespace urna::finger::io {
namespace {

Picture wedge(std::uint32_t width, std::uint32_t height) {
  Picture picture = make_picture(width, height);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    picture.pixels[i] = static_cast<std::uint8_t>(i * 5);
  }
  picture.dpi_x = picture.dpi_y = 500;
  return picture;
}

FirRecord record_of(FirVersion version, FirCompression compression, int views = 2) {
  FirRecord record;
  record.version = version;
  record.finger_count = static_cast<std::uint8_t>(views);
  for (int i = 0; i < views; ++i) {
    FirView view = *make_view(wedge(40, 36), compression);
    view.position = static_cast<FingerPosition>(i + 2);
    view.view_number = 1;
    record.views.push_back(view);
  }
  return record;
}

TEST(Fir, RecordsOfBothVersionsComeBackInEveryCompression) {
  for (const auto version : {FirVersion::iso2005, FirVersion::iso2011}) {
    for (const auto compression : {FirCompression::none, FirCompression::wsq,
                                   FirCompression::jpeg, FirCompression::png}) {
      const FirRecord record = record_of(version, compression);
      const auto bytes = write_fir(record);
      ASSERT_TRUE(bytes) << bytes.error().text();
      const auto back = read_fir(*bytes);
      ASSERT_TRUE(back) << back.error().text();
      EXPECT_EQ(*back, record);
      EXPECT_EQ(*write_fir(*back), *bytes);
      const auto picture =
          read_picture(*bytes, {.normalise = {}, .raw = {}, .view = 1});
      ASSERT_TRUE(picture) << picture.error().text();
      EXPECT_EQ(picture->width, 40U);
      EXPECT_EQ(picture->dpi_x, 500);
      if (compression == FirCompression::none || compression == FirCompression::png) {
        EXPECT_EQ(picture->pixels, wedge(40, 36).pixels);
      }
    }
  }
}

TEST(Fir, QualityAndCertificationBlocksOf2011ComeBack) {
  FirRecord record = record_of(FirVersion::iso2011, FirCompression::none, 1);
  record.certified = true;
  record.views[0].certifications = {{1, 2, 3}, {4, 5, 6}};
  record.views[0].quality = {{.score = 77, .vendor = 1, .algorithm = 2},
                             {.score = 255}};
  record.views[0].captured_at = {0x07, 0xEA, 11, 24, 8, 0, 0, 0, 0};
  const auto back = read_fir(*write_fir(record));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, record);
}

TEST(Fir, CentimetreResolutionIsUnderstood) {
  FirRecord record = record_of(FirVersion::iso2005, FirCompression::none, 1);
  record.views[0].resolution = {2, 197, 197, 197, 197};
  const auto picture = read_picture(*write_fir(record));
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->dpi_x, 500.0);
}

TEST(Fir, ViewsThatDoNotFitTheFormatAreNotWritten) {
  FirRecord record = record_of(FirVersion::iso2005, FirCompression::none);
  record.views[1].depth = 4;
  EXPECT_FALSE(write_fir(record));
  record.views.clear();
  EXPECT_FALSE(write_fir(record));
}

TEST(Fir, JpegTwoThousandIsNamedNotGuessed) {
  FirRecord record = record_of(FirVersion::iso2011, FirCompression::none, 1);
  record.views[0].compression = FirCompression::jpeg2000_lossless;
  const auto back = read_fir(*write_fir(record));
  ASSERT_TRUE(back);
  const auto picture = decode_view(back->views[0]);
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().kind, errors::unsupported_image);
}

TEST(Fir, EveryTruncationIsRefusedAndEveryChangeRefusedOrWrittenBackTheSame) {
  for (const auto version : {FirVersion::iso2005, FirVersion::iso2011}) {
    const Bytes file = *write_fir(record_of(version, FirCompression::none));
    for (std::size_t n = 0; n < file.size(); ++n) {
      EXPECT_FALSE(read_fir(ByteView(file).first(n))) << n;
    }
    for (std::size_t at = 0; at < file.size(); ++at) {
      for (const int change : {0x01, 0x40, 0xFF}) {
        Bytes damaged = file;
        damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ change);
        const auto read = read_fir(damaged);
        if (read) {
          EXPECT_EQ(*write_fir(*read), damaged) << at;
        }
      }
    }
  }
}

}  // namespace
}  // namespace urna::finger::io
