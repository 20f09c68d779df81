#include "finger/extract/prepare.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace urna::finger {
namespace {

// One axis of a resampling: for each output sample the first input sample and the
// weights (16-bit fixed point, summing to 1 << 14) of the samples from there on.
struct Taps {
  int count = 0;
  std::vector<int> first;
  std::vector<std::int32_t> weight;
};

double cubic(double t) {
  t = std::fabs(t);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}

Taps make_taps(int out, double ratio) {  // ratio: input samples per output sample
  const double scale = std::max(1.0, ratio);
  Taps taps;
  taps.count = 2 * static_cast<int>(std::ceil(2 * scale)) + 1;
  for (int o = 0; o < out; ++o) {
    const double centre = (o + 0.5) * ratio - 0.5;
    const int first = static_cast<int>(std::floor(centre)) - taps.count / 2;
    double sum = 0;
    std::vector<double> w(static_cast<std::size_t>(taps.count));
    for (int k = 0; k < taps.count; ++k)
      sum += w[static_cast<std::size_t>(k)] = cubic((first + k - centre) / scale);
    taps.first.push_back(first);
    for (const double value : w)
      taps.weight.push_back(
          static_cast<std::int32_t>(std::floor(value / sum * (1 << 14) + 0.5)));
  }
  return taps;
}

}  // namespace

Image resample(const Image& image, int dpi) {
  if (dpi == kStandardDpi) {
    Image same = image;
    same.dpi = kStandardDpi;
    return same;
  }
  const double ratio = static_cast<double>(dpi) / kStandardDpi;
  const int width = std::max(1, static_cast<int>(image.width / ratio + 0.5));
  const int height = std::max(1, static_cast<int>(image.height / ratio + 0.5));
  const Taps across = make_taps(width, ratio);
  const Taps down = make_taps(height, ratio);

  Plane<std::int32_t> half(width, image.height);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < width; ++x) {
      std::int32_t sum = 0;
      for (int k = 0; k < across.count; ++k) {
        const int at = std::clamp(across.first[static_cast<std::size_t>(x)] + k, 0,
                                  image.width - 1);
        sum += across.weight[static_cast<std::size_t>(x * across.count + k)] *
               image.at(at, y);
      }
      half.at(x, y) = (sum + (1 << 9)) >> 10;  // 4 fraction bits stay
    }
  Image out(width, height, kStandardDpi);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      std::int32_t sum = 0;
      for (int k = 0; k < down.count; ++k) {
        const int at = std::clamp(down.first[static_cast<std::size_t>(y)] + k, 0,
                                  image.height - 1);
        sum +=
            down.weight[static_cast<std::size_t>(y * down.count + k)] * half.at(x, at);
      }
      out.at(x, y) =
          static_cast<std::uint8_t>(std::clamp((sum + (1 << 17)) >> 18, 0, 255));
    }
  return out;
}

namespace {

// Sums of the window of `radius` around each pixel, cut off at the border, for
// values and their squares; exact integers.
template <class T, class Get>
void box_sums(int width, int height, int radius, const Get& get, Plane<T>& out) {
  Plane<T> rows(width, height);
  for (int y = 0; y < height; ++y) {
    T sum = 0;
    for (int x = 0; x < std::min(radius, width); ++x) sum += get(x, y);
    for (int x = 0; x < width; ++x) {
      if (x + radius < width) sum += get(x + radius, y);
      if (x - radius - 1 >= 0) sum -= get(x - radius - 1, y);
      rows.at(x, y) = sum;
    }
  }
  std::vector<T> column(static_cast<std::size_t>(width), 0);
  T* sums = column.data();
  const auto add = [&](int y, T sign) {
    const T* row = rows.row(y);
    for (int x = 0; x < width; ++x) sums[x] += sign * row[x];
  };
  for (int y = 0; y < std::min(radius, height); ++y) add(y, 1);
  for (int y = 0; y < height; ++y) {
    if (y + radius < height) add(y + radius, 1);
    if (y - radius - 1 >= 0) add(y - radius - 1, -1);
    std::copy_n(sums, width, out.row(y));
  }
}

constexpr int kLevelRadius = 10;

}  // namespace

Levelled level(const Image& image) {
  const int width = image.width;
  const int height = image.height;
  Levelled out;
  out.width = width;
  out.height = height;
  out.pixels = Plane<std::int16_t>(width + 2 * kPad, height + 2 * kPad);

  Plane<std::int32_t> sum(width, height);
  Plane<std::int32_t> squares(width, height);
  box_sums(
      width, height, kLevelRadius,
      [&](int x, int y) -> std::int32_t { return image.at(x, y); }, sum);
  box_sums(
      width, height, kLevelRadius,
      [&](int x, int y) -> std::int32_t { return image.at(x, y) * image.at(x, y); },
      squares);

  const auto span = [](int at, int size) {
    return std::min(at + kLevelRadius, size - 1) - std::max(at - kLevelRadius, 0) + 1;
  };
  Plane<float> deviation(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto n = static_cast<float>(span(x, width) * span(y, height));
      const float mean = static_cast<float>(sum.at(x, y)) / n;
      const float variance = static_cast<float>(squares.at(x, y)) / n - mean * mean;
      deviation.at(x, y) = std::sqrt(std::max(variance, 0.0F));
    }

  out.contrast = Plane<float>((width + 7) / 8, (height + 7) / 8);
  std::vector<float> sorted;
  for (int j = 0; j < out.contrast.height; ++j)
    for (int i = 0; i < out.contrast.width; ++i) {
      const float value =
          deviation.at(std::min(8 * i + 4, width - 1), std::min(8 * j + 4, height - 1));
      out.contrast.at(i, j) = value;
      sorted.push_back(value);
    }
  std::sort(sorted.begin(), sorted.end());
  out.typical_contrast = sorted[sorted.size() * 8 / 10];

  // The floor keeps noise in empty areas small: they stay well below one unit.
  const float floor = 0.25F * out.typical_contrast + 1.0F;
  for (int y = 0; y < height; ++y) {
    std::int16_t* row = out.pixels.row(y + kPad) + kPad;
    for (int x = 0; x < width; ++x) {
      const auto n = static_cast<float>(span(x, width) * span(y, height));
      const float mean = static_cast<float>(sum.at(x, y)) / n;
      float value =
          (mean - static_cast<float>(image.at(x, y))) / (deviation.at(x, y) + floor);
      value = std::clamp(value, -2.5F, 2.5F) * kLevelUnit;
      row[x] = static_cast<std::int16_t>(value);
    }
  }
  return out;
}

}  // namespace urna::finger
