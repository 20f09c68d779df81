#include "log/tile.hpp"

#include "log/errors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace urna::log {
namespace {

TEST(Tile, PathsOfTheStandard) {
  EXPECT_EQ((TileId{0, 1234067}).path(), "tile/0/x001/x234/067");
  EXPECT_EQ((TileId{2, 5, 17}).path(), "tile/2/005.p/17");
  EXPECT_EQ((TileId{0, 273, 112, true}).path(), "tile/entries/273.p/112");
}

TEST(Tile, PathsHaveOneSpelling) {
  EXPECT_TRUE(rc::check([] {
    TileId id;
    id.entries = *rc::gen::arbitrary<bool>();
    id.level = id.entries ? 0 : *rc::gen::inRange(0U, 64U);
    id.index = *rc::gen::inRange<std::uint64_t>(0, 1'000'000'000'000);
    id.width = *rc::gen::inRange(1U, 257U);
    RC_ASSERT(parse_tile_path(id.path()).value() == id);
  }));
  for (const char* bad : {"",
                          "tile/",
                          "tile/0/",
                          "tile/64/000",
                          "tile/00/000",
                          "tile/0/0",
                          "tile/0/0000",
                          "tile/0/x000/001",
                          "tile/0/x001",
                          "tile/0/x001/1",
                          "tile/0/000.p/0",
                          "tile/0/000.p/256",
                          "tile/0/000.p/01",
                          "tile/0/000.p/",
                          "tile/0/000/",
                          "/tile/0/000",
                          "tile/8/0/000",
                          "tile/entries/000.p/300",
                          "tile/0/000\n",
                          "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                          "tile/-1/000"}) {
    EXPECT_EQ(parse_tile_path(bad).error().kind, errors::bad_tile_path) << bad;
  }
}

TEST(Tile, WidthsOfTheStandardExample) {
  EXPECT_EQ(partial_width(0, 70000), 112U);
  EXPECT_EQ(partial_width(1, 70000), 17U);
  EXPECT_EQ(partial_width(2, 70000), 1U);
  EXPECT_EQ(partial_width(3, 70000), 0U);
  EXPECT_EQ(new_tiles(0, 70000).size(), 274U + 274U + 2U + 1U);
}

TEST(Tile, GrowingListsExactlyWhatChanged) {
  EXPECT_TRUE(rc::check([] {
    const auto old = *rc::gen::inRange<std::uint64_t>(0, 200'000);
    const auto size = old + *rc::gen::inRange<std::uint64_t>(0, 70'000);
    const auto all = new_tiles(0, size);
    const auto before = new_tiles(0, old);
    const auto added = new_tiles(old, size);
    for (const TileId& id : all) {
      const bool had = std::ranges::find(before, id) != before.end();
      const bool listed = std::ranges::find(added, id) != added.end();
      RC_ASSERT(had != listed);
    }
  }));
}

// Builds the tiles of a tree the slow way and reads every kind of node back.
TEST(Tile, NodesComeBackFromTiles) {
  constexpr std::uint64_t kSize = 1000;
  std::vector<Hash32> leaves;
  TreeHasher tree;
  for (std::uint64_t i = 0; i < kSize; ++i) {
    leaves.push_back(leaf_hash(as_bytes(std::to_string(i))));
    tree.add(leaves.back());
  }
  const TileReader tiles = [&](const TileId& id) -> Result<Bytes> {
    Bytes out;
    for (std::uint64_t i = 0; i < id.width; ++i) {
      const std::uint64_t n = id.index * kTileWidth + i;
      if (id.level == 0) {
        append(out, leaves[n]);
      } else {
        TreeHasher part;
        for (std::uint64_t k = 0; k < kTileWidth; ++k) {
          part.add(leaves[n * kTileWidth + k]);
        }
        append(out, part.root());
      }
    }
    return out;
  };
  EXPECT_EQ(tree_root(kSize, TileNodes(kSize, tiles)).value(), tree.root());
  for (const std::uint64_t i : {0UL, 255UL, 256UL, 511UL, 768UL, 999UL}) {
    const auto proof = inclusion_proof(i, kSize, TileNodes(kSize, tiles)).value();
    EXPECT_TRUE(check_inclusion(i, kSize, leaves[i], proof, tree.root()).has_value());
  }
  const TileReader narrow = [&](const TileId&) -> Result<Bytes> { return Bytes(31); };
  EXPECT_EQ(tree_root(kSize, TileNodes(kSize, narrow)).error().kind, errors::bad_tile);
}

TEST(Bundle, HoldsEntriesUpToTheLimit) {
  const std::vector<Bytes> entries = {{}, {1, 2, 3}, Bytes(kMaxEntry, 7)};
  const Bytes bytes = bundle_bytes(entries);
  EXPECT_EQ(parse_bundle(bytes, 3).value(), entries);
  EXPECT_EQ(parse_bundle(bytes, 2).error().kind, errors::bad_bundle);
  EXPECT_EQ(parse_bundle(bytes, 4).error().kind, errors::bad_bundle);
  EXPECT_EQ(parse_bundle(ByteView(bytes).first(bytes.size() - 1), 3).error().kind,
            errors::bad_bundle);
}

}  // namespace
}  // namespace urna::log
