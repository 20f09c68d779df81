#include "finger/extract/ridge_count.hpp"

#include "finger/match/match.hpp"
#include "finger/synth/impression.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

namespace urna::finger {
namespace {

// Upright ridges every nine pixels, the first with its middle at x = 0.
Extraction grating() {
  Extraction out;
  out.image = Image(200, 200, kStandardDpi);
  out.tiles = TileField(50, 50);
  for (Tile& tile : out.tiles.data) tile.inside = true;
  out.enhanced = Plane<std::int16_t>(200 + 2 * kPad, 200 + 2 * kPad);
  for (int y = 0; y < out.enhanced.height; ++y)
    for (int x = 0; x < out.enhanced.width; ++x)
      out.enhanced.at(x, y) =
          static_cast<std::int16_t>(1000 * std::cos(2 * 3.14159265 * (x - kPad) / 9.0));
  return out;
}

TEST(RidgeCount, CountsWholeRidgesOfAGrating) {
  const Extraction found = grating();
  EXPECT_EQ(ridges_between(found, 18, 100, 63, 100), 4);  // from ridge 2 to ridge 7
  EXPECT_EQ(ridges_between(found, 63, 100, 18, 100), 4);  // and back
  EXPECT_EQ(ridges_between(found, 22.5F, 100, 67.5F, 100), 5);  // valley to valley
  EXPECT_EQ(ridges_between(found, 18, 40, 63, 85), 4);          // slanting
  EXPECT_EQ(ridges_between(found, 18, 40, 18, 140), 0);         // along a ridge
}

TEST(RidgeCount, StopsWhereThePrintEnds) {
  Extraction found = grating();
  found.tiles.at(10, 25).inside = false;
  EXPECT_EQ(ridges_between(found, 18, 100, 63, 100), -1);
}

// Two impressions of a finger count the same ridges between the same minutiae.
TEST(RidgeCount, IsTheSameInTwoImpressionsOfAFinger) {
  int same = 0;
  int near = 0;
  int all = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto finger = synth::finger(seed);
    const auto a = extract_all(synth::impression(finger, 2 * seed).image);
    const auto b = extract_all(synth::impression(finger, 2 * seed + 1).image);
    ASSERT_TRUE(a.has_value() && b.has_value());
    // Prepared keeps minutiae by quality, as the extractor writes them.
    const Prepared pa = prepare(a->result);
    const Prepared pb = prepare(b->result);
    Matcher matcher;
    (void)matcher.compare(pa, pb);
    std::vector<int> partner(a->result.minutiae.size(), -1);
    for (const MinutiaPair& pair : matcher.alignment().pairs)
      partner[static_cast<std::size_t>(pair.a)] = pair.b;
    for (const RidgeCount& edge : count_ridges(*a)) {
      if (partner[edge.from] < 0 || partner[edge.to] < 0) continue;
      const auto at = [&](int k, const std::vector<float>& from) {
        return from[static_cast<std::size_t>(k)];
      };
      const int other =
          ridges_between(*b, at(partner[edge.from], pb.x), at(partner[edge.from], pb.y),
                         at(partner[edge.to], pb.x), at(partner[edge.to], pb.y));
      if (other < 0) continue;
      ++all;
      same += other == edge.count ? 1 : 0;
      near += std::abs(other - edge.count) <= 1 ? 1 : 0;
    }
  }
  ASSERT_GT(all, 100);
  EXPECT_GT(same * 100, all * 60) << same << " of " << all;
  EXPECT_GT(near * 100, all * 90) << near << " of " << all;
}

}  // namespace
}  // namespace urna::finger
