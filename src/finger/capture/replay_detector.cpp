#include "finger/capture/replay_detector.hpp"

#include "finger/io_errors.hpp"
#include "finger/synth/maths.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include <fmt/format.h>

namespace urna::finger::capture {
namespace {

constexpr int kShrink = 2;  // texture pixels are 2 x 2 picture pixels
constexpr int kHalf = 64;   // the texture window reaches this far from its centre
constexpr int kReach = 3;   // texture pixels of shift that are tried, and half pixels
constexpr int kWindow =
    6;  // half the side of the neighbourhood a pixel is held against

// The sign of each texture pixel against its neighbourhood: -1 dark, 1 light, 0 flat.
struct Texture {
  int width = 0;
  int height = 0;
  std::vector<std::int8_t> values;
  int centre_x = 0;  // of all that is not flat
  int centre_y = 0;

  [[nodiscard]] int at(int x, int y) const {
    if (x < 0 || y < 0 || x >= width || y >= height) return 0;
    return values[static_cast<std::size_t>(y * width + x)];
  }
};

std::vector<int> shrink(const Image& image, int width, int height, int px, int py) {
  std::vector<int> out;
  out.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int u = 2 * x + px;
      const int v = 2 * y + py;
      out.push_back(image.at(u, v) + image.at(u + 1, v) + image.at(u, v + 1) +
                    image.at(u + 1, v + 1));
    }
  }
  return out;
}

// Sums over all rectangles from the corner: entry (x, y) covers [0, x) x [0, y).
std::vector<std::int64_t> integrate(const std::vector<int>& values, int width,
                                    int height) {
  const auto w = static_cast<std::size_t>(width) + 1;
  std::vector<std::int64_t> out(w * (static_cast<std::size_t>(height) + 1), 0);
  for (std::size_t y = 1; y <= static_cast<std::size_t>(height); ++y) {
    std::int64_t row = 0;
    for (std::size_t x = 1; x < w; ++x) {
      row += values[(y - 1) * (w - 1) + x - 1];
      out[y * w + x] = out[(y - 1) * w + x] + row;
    }
  }
  return out;
}

// Where half of all counts lie before: less moved by a stray edge than the mean.
int middle(const std::vector<int>& counts) {
  std::int64_t total = 0;
  for (const int count : counts) total += count;
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    seen += counts[i];
    if (2 * seen > total) return static_cast<int>(i);
  }
  return static_cast<int>(counts.size() / 2);
}

// Flat is what stays below a quarter of the strong contrasts of this picture, so that
// brightness and contrast do not matter.
void sign_and_centre(const std::vector<int>& differences, Texture& out) {
  if (differences.empty()) return;
  std::vector<int> sizes;
  sizes.reserve(differences.size());
  for (const int d : differences) sizes.push_back(std::abs(d));
  const auto strong =
      sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() * 9 / 10);
  std::ranges::nth_element(sizes, strong);
  const int flat = std::max(16, *strong / 4);
  std::vector<int> columns(static_cast<std::size_t>(out.width), 0);
  std::vector<int> rows(static_cast<std::size_t>(out.height), 0);
  out.values.reserve(differences.size());
  for (std::size_t i = 0; i < differences.size(); ++i) {
    const int sign = differences[i] > flat ? 1 : differences[i] < -flat ? -1 : 0;
    out.values.push_back(static_cast<std::int8_t>(sign));
    if (sign == 0) continue;
    ++columns[i % columns.size()];
    ++rows[i / columns.size()];
  }
  out.centre_x = middle(columns);
  out.centre_y = middle(rows);
}

// `px` and `py` are 0 or 1: where the first 2 x 2 cell begins.
Texture make_texture(const Image& image, int px, int py) {
  Texture out;
  out.width = (image.width - px) / kShrink;
  out.height = (image.height - py) / kShrink;
  const std::vector<int> small = shrink(image, out.width, out.height, px, py);
  const std::vector<std::int64_t> sums = integrate(small, out.width, out.height);
  const auto sum = [&](int x0, int y0, int x1, int y1) {
    const auto w = static_cast<std::size_t>(out.width) + 1;
    const auto at = [&](int x, int y) {
      return sums[static_cast<std::size_t>(y) * w + static_cast<std::size_t>(x)];
    };
    return at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0);
  };
  std::vector<int> differences;
  differences.reserve(small.size());
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int x0 = std::max(0, x - kWindow);
      const int y0 = std::max(0, y - kWindow);
      const int x1 = std::min(out.width, x + kWindow + 1);
      const int y1 = std::min(out.height, y + kWindow + 1);
      const std::int64_t area = std::int64_t{x1 - x0} * (y1 - y0);
      const std::int64_t mean = sum(x0, y0, x1, y1) / area;
      differences.push_back(small[static_cast<std::size_t>(y * out.width + x)] -
                            static_cast<int>(mean));
    }
  }
  sign_and_centre(differences, out);
  return out;
}

int differing(const BitRow& a, const BitRow& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += std::popcount(a[i] ^ b[i]);
  return count;
}

}  // namespace

ReplayDetector::ReplayDetector(std::uint64_t key) {
  synth::Random random(key);
  taps_.reserve(512 * kTaps);
  for (int i = 0; i < 512 * kTaps; ++i) {
    taps_.push_back({static_cast<std::int16_t>(random.below(2 * kHalf) - kHalf),
                     static_cast<std::int16_t>(random.below(2 * kHalf) - kHalf),
                     static_cast<std::int16_t>(random.chance(0.5) ? 1 : -1)});
  }
}

// The bits of the picture shifted by every offset up to `reach`; the unshifted first.
std::vector<BitRow> ReplayDetector::bits_around(const Image& image, Anchor anchor,
                                                int px, int py, int reach) const {
  const Texture texture = make_texture(image, px, py);
  const int cx = anchor == Anchor::print ? texture.centre_x : texture.width / 2;
  const int cy = anchor == Anchor::print ? texture.centre_y : texture.height / 2;
  const int side = 2 * kHalf + 2 * reach;
  std::vector<std::int8_t> window;
  window.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      window.push_back(static_cast<std::int8_t>(
          texture.at(cx - kHalf - reach + x, cy - kHalf - reach + y)));
    }
  }
  std::vector<BitRow> out;
  const auto project = [&](int dx, int dy) {
    BitRow bits{};
    const Tap* tap = taps_.data();
    for (std::size_t bit = 0; bit < 512; ++bit) {
      int sum = 0;
      for (int i = 0; i < kTaps; ++i, ++tap) {
        const int at =
            (tap->y + kHalf + reach + dy) * side + tap->x + kHalf + reach + dx;
        sum += tap->sign * window[static_cast<std::size_t>(at)];
      }
      if (sum > 0) bits[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
    out.push_back(bits);
  };
  project(0, 0);
  for (int dy = -reach; dy <= reach; ++dy) {
    for (int dx = -reach; dx <= reach; ++dx) {
      if (dx != 0 || dy != 0) project(dx, dy);
    }
  }
  return out;
}

int ReplayDetector::distance(const Image& image) const {
  if (seen_.empty()) return 512;
  int least = 512;
  for (const Anchor anchor : {Anchor::picture, Anchor::print}) {
    for (int phase = 0; phase < 4; ++phase) {
      for (const BitRow& shifted :
           bits_around(image, anchor, phase % 2, phase / 2, kReach)) {
        for (const PictureBits& known : seen_) {
          const BitRow& row = anchor == Anchor::print ? known.print : known.picture;
          least = std::min(least, differing(shifted, row));
        }
      }
    }
  }
  return least;
}

Result<void> ReplayDetector::check(const Image& image) const {
  const int least = distance(image);
  if (least > kSamePicture) return {};
  return fail(errors::replayed_image,
              fmt::format("{} of 512 bits differ from a picture seen before", least),
              "ask the person to lift the finger and place it again");
}

Result<void> ReplayDetector::admit(const Image& image) {
  URNA_CHECK(check(image));
  remember({.picture = bits_around(image, Anchor::picture, 0, 0, 0).front(),
            .print = bits_around(image, Anchor::print, 0, 0, 0).front()});
  return {};
}

}  // namespace urna::finger::capture
