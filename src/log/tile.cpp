#include "log/tile.hpp"

#include "base/binary.hpp"
#include "base/csv.hpp"
#include "log/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::log {
namespace {

// 1234067 -> "x001/x234/067".
std::string index_path(std::uint64_t index) {
  std::string out = fmt::format("{:03}", index % 1000);
  for (index /= 1000; index > 0; index /= 1000) {
    out = fmt::format("x{:03}/{}", index % 1000, out);
  }
  return out;
}

std::uint64_t hashes_at_level(unsigned level, std::uint64_t size) {
  return level >= 8 ? 0 : size >> (kTileHeight * level);
}

std::unexpected<Error> bad_path(std::string_view path) {
  return fail(errors::bad_tile_path,
              fmt::format("'{}' is not the path of a tile", path.substr(0, 80)),
              "tiles are named as in tile/0/x001/234.p/17");
}

}  // namespace

std::string TileId::path() const {
  std::string out = entries ? "tile/entries/" : fmt::format("tile/{}/", level);
  out += index_path(index);
  if (width != kTileWidth) out += fmt::format(".p/{}", width);
  return out;
}

Result<TileId> parse_tile_path(std::string_view path) {
  TileId tile;
  std::string_view rest = path;
  if (!rest.starts_with("tile/")) return bad_path(path);
  rest.remove_prefix(5);
  if (rest.starts_with("entries/")) {
    tile.entries = true;
    rest.remove_prefix(8);
  } else {
    const std::size_t slash = rest.find('/');
    const auto level = base::parse_count(rest.substr(0, slash), 63);
    if (!level || slash == std::string_view::npos) return bad_path(path);
    tile.level = static_cast<unsigned>(*level);
    rest.remove_prefix(slash + 1);
  }
  if (const std::size_t partial = rest.find(".p/"); partial != std::string_view::npos) {
    const auto width = base::parse_count(rest.substr(partial + 3), kTileWidth - 1);
    if (!width || *width == 0) return bad_path(path);
    tile.width = static_cast<unsigned>(*width);
    rest = rest.substr(0, partial);
  }
  // Up to six groups of three digits; that covers every index below 2^56.
  std::string digits;
  for (const char c : rest) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.empty() || digits.size() > 18) return bad_path(path);
  for (const char c : digits) {
    tile.index = 10 * tile.index + static_cast<std::uint64_t>(c - '0');
  }
  // Writing it again catches every other spelling.
  if (tile.path() != path) return bad_path(path);
  return tile;
}

unsigned partial_width(unsigned level, std::uint64_t size) {
  return static_cast<unsigned>(hashes_at_level(level, size) % kTileWidth);
}

std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t size) {
  std::vector<TileId> out;
  const auto add = [&](unsigned level, bool entries) {
    const std::uint64_t before = hashes_at_level(level, old_size);
    const std::uint64_t after = hashes_at_level(level, size);
    if (before == after) return;
    for (std::uint64_t n = before / kTileWidth; n * kTileWidth < after; ++n) {
      const std::uint64_t width = std::min(after - n * kTileWidth, kTileWidth);
      out.push_back({level, n, static_cast<unsigned>(width), entries});
    }
  };
  add(0, true);
  for (unsigned level = 0; hashes_at_level(level, size) > 0; ++level) add(level, false);
  return out;
}

TileId tile_holding(unsigned level, std::uint64_t hash_index, std::uint64_t size) {
  const std::uint64_t n = hash_index / kTileWidth;
  const std::uint64_t width =
      std::min(hashes_at_level(level, size) - n * kTileWidth, kTileWidth);
  return {level, n, static_cast<unsigned>(width), false};
}

Hash32 hash_at(ByteView tile, std::size_t i) {
  Hash32 out;
  std::ranges::copy(tile.subspan(i * kTileHash, kTileHash), out.begin());
  return out;
}

Hash32 tile_root(ByteView tile) {
  TreeHasher tree;
  for (std::size_t i = 0; i < tile.size() / kTileHash; ++i) tree.add(hash_at(tile, i));
  return tree.root();
}

Result<Hash32> TileNodes::operator()(NodeId node) {
  // The node is the root of 2^below hashes of the tile at this level.
  const unsigned level = node.level / kTileHeight;
  const unsigned below = node.level % kTileHeight;
  const std::uint64_t first = node.index << below;
  const TileId id = tile_holding(level, first, size_);
  auto found = seen_.find(id);
  if (found == seen_.end()) {
    URNA_TRY(Bytes bytes, tiles_(id));
    if (bytes.size() != std::size_t{id.width} * kTileHash) {
      return fail(errors::bad_tile,
                  fmt::format("{} has {} bytes, {} expected", id.path(), bytes.size(),
                              id.width * kTileHash));
    }
    found = seen_.emplace(id, std::move(bytes)).first;
  }
  std::vector<Hash32> hashes(std::size_t{1} << below);
  const std::size_t start = first % kTileWidth;
  if ((start + hashes.size()) * kTileHash > found->second.size()) {
    return fail(errors::bad_tile, fmt::format("{} is too narrow", id.path()));
  }
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    hashes[i] = hash_at(found->second, start + i);
  }
  for (; hashes.size() > 1; hashes.resize(hashes.size() / 2)) {
    for (std::size_t i = 0; i < hashes.size() / 2; ++i) {
      hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
    }
  }
  return hashes[0];
}

Bytes bundle_bytes(const std::vector<Bytes>& entries) {
  base::Writer w;
  for (const Bytes& entry : entries) {
    w.u16_be(static_cast<std::uint16_t>(entry.size()));
    w.fixed(entry);
  }
  return std::move(w).take();
}

Result<std::vector<Bytes>> parse_bundle(ByteView bytes, std::size_t count) {
  base::Reader r(bytes);
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto length = r.u16_be();
    const auto entry =
        length ? r.fixed(*length) : Result<ByteView>(std::unexpected(length.error()));
    if (!entry) {
      return fail(errors::bad_bundle,
                  fmt::format("the bundle ends inside entry {} of {}", i + 1, count));
    }
    out.push_back(to_bytes(*entry));
  }
  if (r.left() != 0) {
    return fail(errors::bad_bundle,
                fmt::format("{} bytes follow the last entry of the bundle", r.left()));
  }
  return out;
}

}  // namespace urna::log
