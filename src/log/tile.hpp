// Tiles (c2sp.org/tlog-tiles): the tree cut into files of up to 256 hashes, and the
// entries into bundles of up to 256 entries. A full tile or bundle never changes; a
// partial one is replaced, under another name, when the tree grows.
//
//   tile/<L>/<N>[.p/<W>]        hash i is the root of leaves
//                               [(256 N + i) 256^L, (256 N + i + 1) 256^L)
//   tile/entries/<N>[.p/<W>]    each entry with its big-endian u16 length in front
//
// Pure functions, any thread, public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "log/merkle.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace urna::log {

inline constexpr std::uint64_t kTileWidth = 256;
inline constexpr unsigned kTileHeight = 8;
inline constexpr std::size_t kMaxEntry = 65535;
inline constexpr std::size_t kTileHash = 32;  // bytes of a hash in a tile

struct TileId {
  unsigned level = 0;  // 0 to 63 as the standard counts, 256^level leaves a hash
  std::uint64_t index = 0;
  unsigned width = kTileWidth;  // 1 to 256 hashes
  bool entries = false;         // an entry bundle; level is 0

  [[nodiscard]] std::string path() const;
  friend auto operator<=>(const TileId&, const TileId&) = default;
};

// The one spelling of a tile's path; anything else is bad_tile_path.
[[nodiscard]] Result<TileId> parse_tile_path(std::string_view path);

// How many hashes the last, partial tile of a level holds; 0 when there is none.
[[nodiscard]] unsigned partial_width(unsigned level, std::uint64_t size);

// Every tile and bundle of a tree of `size` leaves that a tree of `old_size` leaves
// does not have, lowest level first.
[[nodiscard]] std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t size);

// The tile that holds a level of the tree at an index, for a tree of `size` leaves.
[[nodiscard]] TileId tile_holding(unsigned level, std::uint64_t hash_index,
                                  std::uint64_t size);

// Hash i of a tile's bytes, which hold it.
[[nodiscard]] Hash32 hash_at(ByteView tile, std::size_t i);
// The root over a tile's own hashes: what the level above says of a full one.
[[nodiscard]] Hash32 tile_root(ByteView tile);

// Gives the bytes of a tile. Errors pass through.
using TileReader = std::function<Result<Bytes>(const TileId&)>;

// Reads the nodes of a tree of `size` leaves from its tiles; remembers the tiles that
// it has read. Error bad_tile when a tile has the wrong length.
class TileNodes {
 public:
  TileNodes(std::uint64_t size, TileReader tiles)
      : size_(size), tiles_(std::move(tiles)) {}
  [[nodiscard]] Result<Hash32> operator()(NodeId node);

 private:
  std::uint64_t size_;
  TileReader tiles_;
  std::map<TileId, Bytes> seen_;
};

// Entries to the bytes of a bundle; each at most kMaxEntry bytes.
[[nodiscard]] Bytes bundle_bytes(const std::vector<Bytes>& entries);
// Exactly `count` entries and nothing after them. Error bad_bundle.
[[nodiscard]] Result<std::vector<Bytes>> parse_bundle(ByteView bytes,
                                                      std::size_t count);

}  // namespace urna::log
