#include "finger/io/wsq_tree.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>

namespace urna::finger::io::wsq {
namespace {

// One axis of a split: how long the two halves are. The low-pass half keeps the
// even samples, so it is the longer one when the length is odd.
struct Halves {
  std::uint32_t first;
  std::uint32_t second;
};

Halves halves(std::uint32_t length, bool turned) {
  const std::uint32_t low = (length + 1) / 2;
  const std::uint32_t high = length / 2;
  return turned ? Halves{high, low} : Halves{low, high};
}

// The four children in reading order: upper left, upper right, lower left, right.
std::array<Node, 4> children(const Node& node) {
  const Halves h = halves(node.rect.width, node.turned_x);
  const Halves v = halves(node.rect.height, node.turned_y);
  std::array<Node, 4> out;
  for (std::size_t i = 0; i < 4; ++i) {
    const bool right = i % 2 == 1;
    const bool below = i / 2 == 1;
    out[i] = Node{.rect = {.x = node.rect.x + (right ? h.first : 0),
                           .y = node.rect.y + (below ? v.first : 0),
                           .width = right ? h.second : h.first,
                           .height = below ? v.second : v.first},
                  .turned_x = right,
                  .turned_y = below};
  }
  return out;
}

class TreeBuilder {
 public:
  explicit TreeBuilder(Tree& tree) : tree_(tree) {}

  std::array<Node, 4> split(const Node& node) {
    tree_.splits.push_back(node);
    return children(node);
  }

  void leaf(const Node& node) { tree_.bands[next_++] = node.rect; }

  void split_to_leaves(const Node& node) {
    for (const Node& child : split(node)) leaf(child);
  }

  // Split twice: sixteen leaves.
  void split_twice(const Node& node) {
    for (const Node& child : split(node)) split_to_leaves(child);
  }

 private:
  Tree& tree_;
  std::size_t next_ = 0;
};

// x[i] of a sequence that is mirrored about its first and last sample.
std::size_t mirrored(std::ptrdiff_t i, std::ptrdiff_t length) {
  if (length == 1) return 0;
  const std::ptrdiff_t period = 2 * (length - 1);
  i = ((i % period) + period) % period;
  return static_cast<std::size_t>(i < length ? i : period - i);
}

// Convolves at one position with a symmetric filter.
double symmetric_tap(const std::vector<double>& x, std::ptrdiff_t centre,
                     const std::vector<double>& taps) {
  const auto length = static_cast<std::ptrdiff_t>(x.size());
  const auto reach = static_cast<std::ptrdiff_t>(taps.size()) - 1;
  double sum = taps[0] * x[static_cast<std::size_t>(centre)];
  if (centre >= reach && centre + reach < length) {
    for (std::ptrdiff_t k = 1; k <= reach; ++k) {
      sum +=
          taps[static_cast<std::size_t>(k)] * (x[static_cast<std::size_t>(centre - k)] +
                                               x[static_cast<std::size_t>(centre + k)]);
    }
    return sum;
  }
  for (std::ptrdiff_t k = 1; k <= reach; ++k) {
    sum += taps[static_cast<std::size_t>(k)] *
           (x[mirrored(centre - k, length)] + x[mirrored(centre + k, length)]);
  }
  return sum;
}

// Splits a line: even samples low-passed, odd ones high-passed, then put in the
// order of the plane. A line of one sample passes unchanged.
void analyse_line(std::vector<double>& line, std::vector<double>& work, bool turned,
                  const Filters& filters) {
  const std::size_t n = line.size();
  if (n < 2) return;
  work.resize(n);
  const std::size_t low_at = turned ? n / 2 : 0;
  const std::size_t high_at = turned ? 0 : (n + 1) / 2;
  for (std::size_t i = 0; i < n; ++i) {
    const bool odd = i % 2 == 1;
    work[(odd ? high_at : low_at) + i / 2] = symmetric_tap(
        line, static_cast<std::ptrdiff_t>(i), odd ? filters.high : filters.low);
  }
  line.swap(work);
}

// Undoes analyse_line: the two halves are interleaved again, each filtered with
// the other filter in alternating signs (the biorthogonal partner).
void synthesise_line(std::vector<double>& line, std::vector<double>& low,
                     std::vector<double>& high, bool turned, const Filters& partners) {
  const std::size_t n = line.size();
  if (n < 2) return;
  low.assign(n, 0.0);
  high.assign(n, 0.0);
  const std::size_t low_at = turned ? n / 2 : 0;
  const std::size_t high_at = turned ? 0 : (n + 1) / 2;
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 2 == 0) {
      low[i] = line[low_at + i / 2];
    } else {
      high[i] = line[high_at + i / 2];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    line[i] =
        symmetric_tap(low, at, partners.low) + symmetric_tap(high, at, partners.high);
  }
}

using LineTransform = std::function<void(std::vector<double>&, bool turned)>;

void transform_rows(Plane& plane, const Node& node, const LineTransform& transform) {
  std::vector<double> line(node.rect.width);
  for (std::uint32_t y = 0; y < node.rect.height; ++y) {
    double* row =
        plane.values.data() + std::size_t{node.rect.y + y} * plane.width + node.rect.x;
    std::copy_n(row, line.size(), line.begin());
    transform(line, node.turned_x);
    std::ranges::copy(line, row);
  }
}

void transform_columns(Plane& plane, const Node& node, const LineTransform& transform) {
  std::vector<double> line(node.rect.height);
  for (std::uint32_t x = 0; x < node.rect.width; ++x) {
    double* column =
        plane.values.data() + std::size_t{node.rect.y} * plane.width + node.rect.x + x;
    for (std::size_t y = 0; y < line.size(); ++y) line[y] = column[y * plane.width];
    transform(line, node.turned_y);
    for (std::size_t y = 0; y < line.size(); ++y) column[y * plane.width] = line[y];
  }
}

}  // namespace

// Specification figure 6: the picture is split in four; its lowest quarter in
// sixteen, of which the lowest three are split in sixteen and the lowest of those
// four times more. Numbers run from the lowest frequencies up.
Tree make_tree(std::uint32_t width, std::uint32_t height) {
  Tree tree;
  TreeBuilder build(tree);
  const Node whole{.rect = {.x = 0, .y = 0, .width = width, .height = height}};
  const auto level1 = build.split(whole);
  const auto level2 = build.split(level1[0]);
  const auto level3 = build.split(level2[0]);
  const auto level4 = build.split(level3[0]);
  build.split_to_leaves(level4[0]);                                      // 0-3
  for (std::size_t i = 1; i < 4; ++i) build.leaf(level4[i]);             // 4-6
  for (std::size_t i = 1; i < 4; ++i) build.split_to_leaves(level3[i]);  // 7-18
  build.split_twice(level2[1]);                                          // 19-34
  build.split_twice(level2[2]);                                          // 35-50
  build.leaf(level2[3]);                                                 // 51
  for (std::size_t i = 1; i < 4; ++i) build.split_to_leaves(level1[i]);  // 52-63
  return tree;
}

// Specification table A.1: the Cohen-Daubechies-Feauveau 9/7 pair.
const Filters& standard_filters() {
  static const Filters filters{
      .low = {0.85269867900940344, 0.37740285561265380, -0.11062440441842342,
              -0.02384946501938000, 0.03782845550699546},
      .high = {0.78848561640566439, -0.41809227322221221, -0.04068941760955844,
               0.06453888262893845}};
  return filters;
}

void analyse(Plane& plane, const Tree& tree, const Filters& filters) {
  std::vector<double> work;
  const LineTransform line = [&](std::vector<double>& values, bool turned) {
    analyse_line(values, work, turned, filters);
  };
  for (const Node& node : tree.splits) {
    transform_rows(plane, node, line);
    transform_columns(plane, node, line);
  }
}

void synthesise(Plane& plane, const Tree& tree, const Filters& filters) {
  Filters partners{.low = filters.high, .high = filters.low};
  for (std::size_t k = 1; k < partners.low.size(); k += 2) partners.low[k] *= -1;
  for (std::size_t k = 1; k < partners.high.size(); k += 2) partners.high[k] *= -1;
  std::vector<double> low;
  std::vector<double> high;
  const LineTransform line = [&](std::vector<double>& values, bool turned) {
    synthesise_line(values, low, high, turned, partners);
  };
  for (std::size_t i = tree.splits.size(); i-- > 0;) {
    transform_columns(plane, tree.splits[i], line);
    transform_rows(plane, tree.splits[i], line);
  }
}

}  // namespace urna::finger::io::wsq
