#include "finger/io/normalise.hpp"

#include "finger/io_errors.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace urna::finger::io {
namespace {

constexpr int kWeightBits = 14;

// The source samples that make one target sample, and their weights.
struct Taps {
  std::uint32_t first = 0;
  std::vector<std::int32_t> weights;  // sum to 1 << kWeightBits
};

// Keys' cubic with a = -1/2.
double cubic(double t) {
  t = std::abs(t);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}

std::vector<Taps> make_taps(std::uint32_t from, std::uint32_t to) {
  const double ratio = static_cast<double>(from) / to;
  const double widen = std::max(1.0, ratio);
  std::vector<Taps> out(to);
  for (std::uint32_t i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * ratio - 0.5;
    const double last = static_cast<double>(from) - 1;
    const double begin = std::clamp(std::ceil(centre - 2 * widen), 0.0, last);
    const double end = std::clamp(std::floor(centre + 2 * widen), begin, last);
    std::vector<double> weights;
    double sum = 0;
    for (double x = begin; x <= end; x += 1) {
      weights.push_back(cubic((x - centre) / widen));
      sum += weights.back();
    }
    Taps& taps = out[i];
    taps.first = static_cast<std::uint32_t>(begin);
    std::int32_t left = 1 << kWeightBits;
    for (const double weight : weights) {
      taps.weights.push_back(
          static_cast<std::int32_t>(std::lround(weight / sum * (1 << kWeightBits))));
      left -= taps.weights.back();
    }
    *std::ranges::max_element(taps.weights) += left;
  }
  return out;
}

std::uint8_t to_pixel(std::int32_t sum) {
  const std::int32_t value = (sum + (1 << (kWeightBits - 1))) >> kWeightBits;
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

// The grey level below which `percent` of the pixels lie.
int percentile(const Picture& picture, int percent) {
  std::array<std::uint64_t, 256> histogram{};
  for (const std::uint8_t pixel : picture.pixels) ++histogram[pixel];
  const std::uint64_t want =
      picture.pixels.size() * static_cast<std::uint64_t>(percent) / 100;
  std::uint64_t seen = 0;
  for (std::size_t level = 0; level < 256; ++level) {
    seen += histogram[level];
    if (seen > want) return static_cast<int>(level);
  }
  return 255;
}

Result<void> check_contrast(const Picture& picture) {
  const int low = percentile(picture, 1);
  const int high = percentile(picture, 99);
  if (high - low < 16) {
    return fail(errors::input_blank,
                fmt::format("all grey levels lie between {} and {}", low, high),
                "place the finger on the scanner and capture again");
  }
  return {};
}

}  // namespace

Picture resample(const Picture& picture, std::uint32_t width, std::uint32_t height) {
  if (width == picture.width && height == picture.height) return picture;
  const std::vector<Taps> across = make_taps(picture.width, width);
  const std::vector<Taps> down = make_taps(picture.height, height);
  Picture rows = make_picture(width, picture.height);
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    const std::uint8_t* in = picture.pixels.data() + std::size_t{y} * picture.width;
    std::uint8_t* out = rows.pixels.data() + std::size_t{y} * width;
    for (std::uint32_t x = 0; x < width; ++x) {
      const Taps& taps = across[x];
      std::int32_t sum = 0;
      for (std::size_t k = 0; k < taps.weights.size(); ++k) {
        sum += taps.weights[k] * in[taps.first + k];
      }
      out[x] = to_pixel(sum);
    }
  }
  Picture out = make_picture(width, height);
  std::vector<std::int32_t> sums(width);
  for (std::uint32_t y = 0; y < height; ++y) {
    std::ranges::fill(sums, 0);
    const Taps& taps = down[y];
    for (std::size_t k = 0; k < taps.weights.size(); ++k) {
      const std::uint8_t* in = rows.pixels.data() + (taps.first + k) * width;
      for (std::uint32_t x = 0; x < width; ++x) sums[x] += taps.weights[k] * in[x];
    }
    for (std::uint32_t x = 0; x < width; ++x) {
      out.pixels[std::size_t{y} * width + x] = to_pixel(sums[x]);
    }
  }
  return out;
}

Result<Image> normalise(const Picture& picture, const NormaliseOptions& options) {
  URNA_CHECK(check_size(picture.width, picture.height));
  const double dpi_x =
      options.dpi.value_or(picture.dpi_x.value_or(options.assumed_dpi));
  const double dpi_y =
      options.dpi.value_or(picture.dpi_y.value_or(options.assumed_dpi));
  if (!(dpi_x >= kLeastDpi && dpi_x <= kMostDpi && dpi_y >= kLeastDpi &&
        dpi_y <= kMostDpi)) {
    return fail(errors::input_resolution,
                fmt::format("{:.0f} x {:.0f} dpi; {:.0f} to {:.0f} can be used", dpi_x,
                            dpi_y, kLeastDpi, kMostDpi),
                "give the scanner's true resolution with --dpi");
  }
  const double width = std::round(picture.width * kStandardDpi / dpi_x);
  const double height = std::round(picture.height * kStandardDpi / dpi_y);
  if (width < kLeastSide || height < kLeastSide) {
    return fail(errors::input_too_small,
                fmt::format("{:.0f} x {:.0f} pixels at 500 dpi; at least {} a side",
                            width, height, kLeastSide),
                "use a scanner with a larger window, or give the true resolution");
  }
  URNA_CHECK(check_size(static_cast<std::uint64_t>(width),
                        static_cast<std::uint64_t>(height)));
  URNA_CHECK(check_contrast(picture));
  Picture scaled = resample(picture, static_cast<std::uint32_t>(width),
                            static_cast<std::uint32_t>(height));
  const Polarity polarity =
      options.polarity == Polarity::detect ? detect_polarity(scaled) : options.polarity;
  Image image;
  image.width = static_cast<int>(scaled.width);
  image.height = static_cast<int>(scaled.height);
  image.dpi = kStandardDpi;
  image.pixels = std::move(scaled.pixels);
  if (polarity == Polarity::ridges_bright) {
    for (std::uint8_t& pixel : image.pixels) {
      pixel = static_cast<std::uint8_t>(255 - pixel);
    }
  }
  return image;
}

}  // namespace urna::finger::io
