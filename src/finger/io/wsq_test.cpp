// WSQ without outside samples: the decoder against our own encoder, and both against
// properties of the specification that can be checked by hand.
#include "finger/io/wsq.hpp"

#include "finger/io/wsq_codes.hpp"
#include "finger/io/wsq_tree.hpp"
#include "finger/io_errors.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace urna::finger::io {
namespace {

Picture ridges(std::uint32_t width, std::uint32_t height) {
  Picture picture = make_picture(width, height);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const double r = std::hypot(x - width / 3.0, y - height / 2.5);
      picture.pixels[y * width + x] = static_cast<std::uint8_t>(
          128 + 80 * std::cos(r * 0.7) + (x * 31 + y * 17) % 11);
    }
  }
  picture.dpi_x = picture.dpi_y = 500;
  return picture;
}

double psnr(const Picture& a, const Picture& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    const double d = a.pixels[i] - b.pixels[i];
    sum += d * d;
  }
  return 10 * std::log10(255.0 * 255.0 * static_cast<double>(a.pixels.size()) /
                         std::max(sum, 1e-9));
}

TEST(Wsq, TheBandsTileThePlaneForAnySize) {
  for (const auto& [w, h] :
       {std::pair{256U, 256U}, {388U, 374U}, {97U, 131U}, {33U, 32U}}) {
    const wsq::Tree tree = wsq::make_tree(w, h);
    std::vector<int> cover(std::size_t{w} * h, 0);
    for (const wsq::Rect& band : tree.bands) {
      for (std::uint32_t y = 0; y < band.height; ++y) {
        for (std::uint32_t x = 0; x < band.width; ++x) {
          ++cover[std::size_t{band.y + y} * w + band.x + x];
        }
      }
    }
    EXPECT_TRUE(std::ranges::all_of(cover, [](int n) { return n == 1; }))
        << w << "x" << h;
  }
}

TEST(Wsq, TheBandsOfAPowerOfTwoAreWhereTheSpecificationDrawsThem) {
  const wsq::Tree tree = wsq::make_tree(512, 512);
  const auto is = [&](std::size_t k, std::uint32_t x, std::uint32_t y,
                      std::uint32_t side) {
    const wsq::Rect& r = tree.bands[k];
    return r.x == x && r.y == y && r.width == side && r.height == side;
  };
  EXPECT_TRUE(is(0, 0, 0, 16));
  EXPECT_TRUE(is(3, 16, 16, 16));
  EXPECT_TRUE(is(4, 32, 0, 32));
  EXPECT_TRUE(is(6, 32, 32, 32));
  EXPECT_TRUE(is(7, 64, 0, 32));
  EXPECT_TRUE(is(18, 96, 96, 32));
  EXPECT_TRUE(is(19, 128, 0, 32));
  EXPECT_TRUE(is(34, 224, 96, 32));
  EXPECT_TRUE(is(35, 0, 128, 32));
  EXPECT_TRUE(is(51, 128, 128, 128));
  EXPECT_TRUE(is(52, 256, 0, 128));
  EXPECT_TRUE(is(63, 384, 384, 128));
}

// A filter bank that does not reconstruct perfectly would look like bad pictures.
RC_GTEST_PROP(Wsq, TheTransformIsUndoneForAnySize, ()) {
  const auto w = *rc::gen::inRange<std::uint32_t>(1, 90);
  const auto h = *rc::gen::inRange<std::uint32_t>(1, 90);
  const auto seed = *rc::gen::inRange(0U, 1000U);
  wsq::Plane plane{w, h, {}};
  for (std::uint32_t i = 0; i < w * h; ++i) {
    plane.values.push_back(static_cast<double>((i * 2654435761U + seed) % 255U) - 127);
  }
  const std::vector<double> before = plane.values;
  const wsq::Tree tree = wsq::make_tree(w, h);
  wsq::analyse(plane, tree, wsq::standard_filters());
  wsq::synthesise(plane, tree, wsq::standard_filters());
  for (std::size_t i = 0; i < before.size(); ++i) {
    RC_ASSERT(std::abs(before[i] - plane.values[i]) < 1e-6);
  }
}

// Annex A: the low-pass filter sums to sqrt 2, so a flat picture of value v ends as
// 32 v in the lowest band (five levels in two dimensions) and zero elsewhere.
TEST(Wsq, AFlatPictureEndsInTheLowestBand) {
  const wsq::Tree tree = wsq::make_tree(128, 96);
  wsq::Plane plane{128, 96, std::vector<double>(128 * 96, 3.0)};
  wsq::analyse(plane, tree, wsq::standard_filters());
  for (std::uint32_t y = 0; y < 96; ++y) {
    for (std::uint32_t x = 0; x < 128; ++x) {
      const bool lowest = x < tree.bands[0].width && y < tree.bands[0].height;
      ASSERT_NEAR(plane.values[y * 128 + x], lowest ? 96.0 : 0.0, 1e-6);
    }
  }
}

// Positions in the plane are ordered by frequency: a wave of frequency f (of the
// sampling rate) has its energy in the column band that contains 2 f.
TEST(Wsq, AWaveFallsIntoTheBandOfItsFrequency) {
  constexpr std::uint32_t kSize = 512;
  const wsq::Tree tree = wsq::make_tree(kSize, kSize);
  for (const double f : {0.02, 0.055, 0.0703125, 0.085, 0.1015625, 0.117, 0.18, 0.22}) {
    wsq::Plane plane{kSize, kSize, {}};
    plane.values.resize(std::size_t{kSize} * kSize);
    for (std::uint32_t y = 0; y < kSize; ++y) {
      for (std::uint32_t x = 0; x < kSize; ++x) {
        plane.values[y * kSize + x] = 100 * std::cos(2 * 3.14159265358979 * f * x);
      }
    }
    wsq::analyse(plane, tree, wsq::standard_filters());
    double best = 0;
    wsq::Rect where;
    for (const wsq::Rect& band : tree.bands) {
      double energy = 0;
      for (std::uint32_t y = 0; y < band.height; ++y) {
        for (std::uint32_t x = 0; x < band.width; ++x) {
          const double v = plane.values[std::size_t{band.y + y} * kSize + band.x + x];
          energy += v * v;
        }
      }
      if (energy > best) {
        best = energy;
        where = band;
      }
    }
    const double at = 2 * f * kSize;
    EXPECT_LE(where.x, at) << f;
    EXPECT_GE(where.x + where.width, at) << f;
    EXPECT_EQ(where.y, 0U);
  }
}

TEST(Wsq, PicturesComeBackCloseAndSmall) {
  const Picture picture = ridges(388, 374);
  for (const auto& [rate, least] : {std::pair{0.75, 25.0}, {2.25, 34.0}}) {
    const auto file = write_wsq(picture, rate);
    ASSERT_TRUE(file) << file.error().text();
    const auto back = read_wsq(*file);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(back->width, picture.width);
    EXPECT_EQ(back->dpi_x, 500);
    EXPECT_GT(psnr(picture, *back), least) << rate;
    EXPECT_LT(static_cast<double>(file->size()) * 8,
              1.35 * rate * picture.width * picture.height);
  }
}

TEST(Wsq, OddSizesAndFlatPicturesSurvive) {
  for (const auto& [w, h] : {std::pair{33U, 97U}, {101U, 35U}, {255U, 257U}}) {
    const Picture picture = ridges(w, h);
    const auto back = read_wsq(*write_wsq(picture, 2.25));
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_GT(psnr(picture, *back), 25.0) << w << "x" << h;
  }
  Picture flat = make_picture(64, 64);
  std::ranges::fill(flat.pixels, std::uint8_t{200});
  const auto back = read_wsq(*write_wsq(flat));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->pixels, flat.pixels);
}

TEST(Wsq, TinyPicturesAreNotEncoded) {
  EXPECT_FALSE(write_wsq(make_picture(31, 100)));
}

RC_GTEST_PROP(Wsq, SymbolsCarryAnyValues, ()) {
  const auto values = *rc::gen::container<std::vector<std::int32_t>>(rc::gen::oneOf(
      rc::gen::just(0), rc::gen::inRange(-80, 81), rc::gen::inRange(-65535, 65536)));
  std::vector<std::int32_t> with_runs;
  for (const auto v : values) {
    if (v == 17) with_runs.insert(with_runs.end(), 70000, 0);
    with_runs.push_back(v);
  }
  const auto symbols = wsq::to_symbols(with_runs);
  std::array<std::uint64_t, 256> counts{};
  counts[1] = 1;
  for (const auto& s : symbols) ++counts[s.code];
  const auto spec = wsq::make_table(counts);
  const auto decoder = wsq::HuffmanDecoder::make(spec);
  RC_ASSERT(decoder.has_value());
  std::vector<std::int32_t> back;
  RC_ASSERT(decoder->decode(wsq::encode_symbols(symbols, spec), with_runs.size(), back)
                .has_value());
  RC_ASSERT(back == with_runs);
}

TEST(Wsq, HuffmanTablesThatCannotBeAreRefused) {
  wsq::HuffmanSpec spec;
  spec.counts[0] = 2;  // both one-bit codes: the all-ones code is not free
  spec.symbols = {1, 2};
  EXPECT_FALSE(wsq::HuffmanDecoder::make(spec));
  spec.counts[0] = 1;
  EXPECT_FALSE(wsq::HuffmanDecoder::make(spec));  // two symbols for one code
  spec.symbols = {255};
  EXPECT_FALSE(wsq::HuffmanDecoder::make(spec));  // a symbol without meaning
  spec.symbols = {7};
  EXPECT_TRUE(wsq::HuffmanDecoder::make(spec));
}

TEST(Wsq, TablesThatCallForOtherCoefficientsThanTheBlocksBringAreRefused) {
  const Bytes file = *write_wsq(ridges(48, 40));
  const auto find = [&](std::uint8_t marker) {
    const Bytes mark{0xFF, marker};
    return std::ranges::search(file, mark).begin();
  };
  Bytes no_blocks(file.begin(), find(0xA6));
  append(no_blocks, Bytes{0xFF, 0xA1});
  EXPECT_FALSE(read_wsq(no_blocks));
  // A second quantisation table after the blocks would change their meaning.
  Bytes second(file.begin(), file.end() - 2);
  second.insert(second.end(), find(0xA5), find(0xA2));
  append(second, Bytes{0xFF, 0xA1});
  EXPECT_FALSE(read_wsq(second));
}

TEST(Wsq, EveryTruncationAndSingleByteChangeIsRefusedOrHarmless) {
  const Picture picture = ridges(48, 40);
  const Bytes file = *write_wsq(picture);
  for (std::size_t n = 0; n < file.size(); ++n) {
    EXPECT_FALSE(read_wsq(ByteView(file).first(n))) << n;
  }
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const int change : {0x01, 0x10, 0xFF}) {
      Bytes damaged = file;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ change);
      const auto read = read_wsq(damaged);
      if (read) {
        ASSERT_EQ(read->pixels.size(), std::size_t{read->width} * read->height);
      }
    }
  }
}

}  // namespace
}  // namespace urna::finger::io
