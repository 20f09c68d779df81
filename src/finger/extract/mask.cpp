#include "finger/extract/mask.hpp"

#include <algorithm>
#include <vector>

namespace urna::finger {
namespace {

// Majority of the (2r+1)^2 neighbourhood, cut off at the border.
Plane<std::uint8_t> majority(const Plane<std::uint8_t>& in, int r, int percent) {
  Plane<std::uint8_t> out(in.width, in.height);
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x) {
      int set = 0;
      int all = 0;
      for (int j = y - r; j <= y + r; ++j)
        for (int i = x - r; i <= x + r; ++i) {
          if (!in.inside(i, j)) continue;
          ++all;
          set += in.at(i, j);
        }
      out.at(x, y) = set * 100 > all * percent ? 1 : 0;
    }
  return out;
}

// Keeps the connected pieces that hold at least a fifth of the largest one.
void keep_large(Plane<std::uint8_t>& mask) {
  Plane<int> label(mask.width, mask.height, -1);
  std::vector<int> size;
  std::vector<std::pair<int, int>> stack;
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x) {
      if (mask.at(x, y) == 0 || label.at(x, y) >= 0) continue;
      const int name = static_cast<int>(size.size());
      size.push_back(0);
      stack.emplace_back(x, y);
      label.at(x, y) = name;
      while (!stack.empty()) {
        const auto [cx, cy] = stack.back();
        stack.pop_back();
        ++size[static_cast<std::size_t>(name)];
        for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
          const int nx = cx + dx;
          const int ny = cy + dy;
          if (!mask.inside(nx, ny) || mask.at(nx, ny) == 0 || label.at(nx, ny) >= 0)
            continue;
          label.at(nx, ny) = name;
          stack.emplace_back(nx, ny);
        }
      }
    }
  if (size.empty()) return;
  const int largest = *std::max_element(size.begin(), size.end());
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x)
      if (label.at(x, y) >= 0 &&
          size[static_cast<std::size_t>(label.at(x, y))] * 5 < largest)
        mask.at(x, y) = 0;
}

}  // namespace

Plane<std::uint8_t> find_mask(const RidgeField& field, const Levelled& image) {
  Plane<std::uint8_t> mask(field.width, field.height);
  for (int y = 0; y < field.height; ++y)
    for (int x = 0; x < field.width; ++x) {
      const RidgeCell& cell = field.at(x, y);
      const float contrast = image.contrast.at(std::min(x, image.contrast.width - 1),
                                               std::min(y, image.contrast.height - 1));
      const bool strong = cell.energy * (0.2F + cell.coherence) > 0.65F;
      mask.at(x, y) =
          strong && cell.coherence > 0.2F && contrast > 0.3F * image.typical_contrast
              ? 1
              : 0;
    }
  mask = majority(mask, 1, 50);
  mask = majority(mask, 2, 50);
  keep_large(mask);
  return mask;
}

}  // namespace urna::finger
