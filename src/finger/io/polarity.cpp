// Are the ridges of a picture dark or bright? Declared in normalise.hpp.
#include "finger/io/normalise.hpp"

#include <algorithm>
#include <cstdlib>

namespace urna::finger::io {
namespace {

constexpr std::uint32_t kBlock = 12;  // about one ridge period at 500 dpi
constexpr int kNear = 4;              // blocks

enum class Kind : std::uint8_t { between, print, flat, ground };

struct Block {
  std::int64_t mean = 0;
  std::int64_t deviation = 0;  // mean absolute, both in 1/16 grey level
  Kind kind = Kind::between;
};

struct Blocks {
  int columns = 0;
  int rows = 0;
  std::vector<Block> cells;

  [[nodiscard]] Block& at(int x, int y) {
    return cells[static_cast<std::size_t>(y * columns + x)];
  }
};

Block measure(const Picture& picture, std::uint32_t left, std::uint32_t top) {
  constexpr std::int64_t kArea = kBlock * kBlock;
  std::int64_t sum = 0;
  for (std::uint32_t y = 0; y < kBlock; ++y) {
    for (std::uint32_t x = 0; x < kBlock; ++x) sum += picture.at(left + x, top + y);
  }
  Block out{.mean = sum * 16 / kArea};
  for (std::uint32_t y = 0; y < kBlock; ++y) {
    for (std::uint32_t x = 0; x < kBlock; ++x) {
      out.deviation +=
          std::abs(std::int64_t{picture.at(left + x, top + y)} * 16 - out.mean);
    }
  }
  out.deviation /= kArea;
  return out;
}

Blocks measure_all(const Picture& picture) {
  Blocks out{.columns = static_cast<int>(picture.width / kBlock),
             .rows = static_cast<int>(picture.height / kBlock),
             .cells = {}};
  for (int y = 0; y < out.rows; ++y) {
    for (int x = 0; x < out.columns; ++x) {
      out.cells.push_back(measure(picture, static_cast<std::uint32_t>(x) * kBlock,
                                  static_cast<std::uint32_t>(y) * kBlock));
    }
  }
  return out;
}

// Print has at least half the contrast of the best tenth, flat less than a sixth.
// Flat parts that reach the border are the ground; others may be the middle of a wet
// print.
std::int64_t classify(Blocks& blocks) {
  std::vector<std::int64_t> deviations;
  for (const Block& block : blocks.cells) deviations.push_back(block.deviation);
  std::ranges::sort(deviations);
  const std::int64_t strong = deviations[deviations.size() * 9 / 10];
  for (Block& block : blocks.cells) {
    if (block.deviation * 2 >= strong) block.kind = Kind::print;
    if (block.deviation * 6 <= strong) block.kind = Kind::flat;
  }
  std::vector<std::pair<int, int>> front;
  const auto reach = [&](int x, int y) {
    if (x < 0 || y < 0 || x >= blocks.columns || y >= blocks.rows) return;
    Block& block = blocks.at(x, y);
    if (block.kind != Kind::flat) return;
    block.kind = Kind::ground;
    front.emplace_back(x, y);
  };
  for (int x = 0; x < blocks.columns; ++x) {
    reach(x, 0);
    reach(x, blocks.rows - 1);
  }
  for (int y = 0; y < blocks.rows; ++y) {
    reach(0, y);
    reach(blocks.columns - 1, y);
  }
  while (!front.empty()) {
    const auto [x, y] = front.back();
    front.pop_back();
    reach(x - 1, y);
    reach(x + 1, y);
    reach(x, y - 1);
    reach(x, y + 1);
  }
  return strong;
}

}  // namespace

// Each piece of ground is compared with the print near it, so that a ground that
// darkens towards the corners does not mislead. Bright ridges need four fifths of the
// comparisons, because nearly all scanners give dark ones.
Polarity detect_polarity(const Picture& picture) {
  Blocks blocks = measure_all(picture);
  if (blocks.cells.empty()) return Polarity::ridges_dark;
  const std::int64_t strong = classify(blocks);
  int darker = 0;
  int lighter = 0;
  for (int y = 0; y < blocks.rows; ++y) {
    for (int x = 0; x < blocks.columns; ++x) {
      if (blocks.at(x, y).kind != Kind::ground) continue;
      for (int v = std::max(0, y - kNear); v <= std::min(blocks.rows - 1, y + kNear);
           ++v) {
        for (int u = std::max(0, x - kNear);
             u <= std::min(blocks.columns - 1, x + kNear); ++u) {
          if (blocks.at(u, v).kind != Kind::print) continue;
          const std::int64_t difference = blocks.at(x, y).mean - blocks.at(u, v).mean;
          if (difference * 4 < -strong) ++darker;
          if (difference * 4 > strong) ++lighter;
        }
      }
    }
  }
  return darker > 4 * lighter && darker > 20 ? Polarity::ridges_bright
                                             : Polarity::ridges_dark;
}

}  // namespace urna::finger::io
