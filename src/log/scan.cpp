#include "log/scan.hpp"

#include "base/encoding.hpp"
#include "log/tile.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace urna::log {
namespace {

constexpr std::size_t kMaxTile = kTileWidth * kTileHash;
constexpr std::size_t kMaxBundle = kTileWidth * (kMaxEntry + 2);

class Scanner {
 public:
  Scanner(base::FileSystem& files, const std::string& folder,
          const Checkpoint& checkpoint, const std::vector<std::uint64_t>& sizes,
          const EntrySink& entry)
      : files_(files),
        folder_(folder),
        checkpoint_(checkpoint),
        sizes_(sizes),
        entry_(entry) {}

  Scan run() {
    mark();
    if (checkpoint_.size == 0) {
      if (checkpoint_.root != empty_root()) {
        bad("checkpoint", "an empty log has another root");
      }
      return std::move(out_);
    }
    check_root();
    check_level(0, {});
    if (!root_fits_ && !edge_named_) {
      bad("checkpoint",
          "its root is not that of the tiles, which agree among "
          "themselves");
    }
    return std::move(out_);
  }

 private:
  void bad(const std::string& path, std::string what) {
    if (named_.insert(path).second) out_.faults.push_back({path, std::move(what)});
  }

  Result<Bytes> read(const TileId& id) const {
    return base::read_file(files_, base::join_path(folder_, id.path()),
                           id.entries ? kMaxBundle : kMaxTile);
  }

  std::uint64_t hashes_at(unsigned level) const {
    return level >= 8 ? 0 : checkpoint_.size >> (kTileHeight * level);
  }

  // A tile of the right length, or nothing, and then it is named.
  std::optional<Bytes> tile(const TileId& id) {
    auto bytes = read(id);
    if (!bytes) {
      bad(id.path(), bytes.error().message);
      return std::nullopt;
    }
    if (bytes->size() != id.width * kTileHash) {
      bad(id.path(), fmt::format("it has {} bytes instead of {}", bytes->size(),
                                 id.width * kTileHash));
      return std::nullopt;
    }
    return *std::move(bytes);
  }

  void check_root() {
    TileNodes nodes(checkpoint_.size, [&](const TileId& id) { return read(id); });
    const auto root =
        tree_root(checkpoint_.size, [&](NodeId node) { return nodes(node); });
    root_fits_ = root && *root == checkpoint_.root;
    if (!root) edge_named_ = true;  // a tile that is missing or too short: named below
  }

  // Whether the tile's own hash is what the level above says.
  bool fits_above(const TileId& id, ByteView bytes) {
    if (id.width < kTileWidth) return root_fits_;
    const TileId above = tile_holding(id.level + 1, id.index, checkpoint_.size);
    if (above != above_.first) above_ = {above, read(above).value_or(Bytes{})};
    if (above_.second.size() != above.width * kTileHash)
      return true;  // named elsewhere
    return hash_at(above_.second, id.index % kTileWidth) == tile_root(bytes);
  }

  // `below` are the roots of the full tiles of the level below; of level 0 the bundles
  // are read instead.
  void check_level(unsigned level, const std::vector<Hash32>& below) {
    const std::uint64_t count = hashes_at(level);
    std::vector<Hash32> roots;  // of the full tiles, as their bytes say
    for (std::uint64_t n = 0; n * kTileWidth < count; ++n) {
      const TileId id = tile_holding(level, n * kTileWidth, checkpoint_.size);
      const auto bytes = tile(id);
      if (!bytes && id.width < kTileWidth) edge_named_ = true;
      if (level == 0) {
        check_bundle(id, bytes);
      } else if (bytes && !fits_below(id, *bytes, below) && !fits_above(id, *bytes)) {
        if (id.width < kTileWidth) edge_named_ = true;
        bad(id.path(), "it has another hash than the tiles below it");
      }
      if (bytes) check_older(id, *bytes);
      if (id.width < kTileWidth) break;
      roots.push_back(bytes ? tile_root(*bytes) : empty_root());
    }
    if (hashes_at(level + 1) > 0) check_level(level + 1, roots);
  }

  static bool fits_below(const TileId& id, ByteView bytes,
                         const std::vector<Hash32>& below) {
    for (std::size_t i = 0; i < id.width; ++i) {
      if (below[id.index * kTileWidth + i] != hash_at(bytes, i)) return false;
    }
    return true;
  }

  // A bundle is wrong when its tile of hashes fits upwards, else the tile is.
  void check_bundle(const TileId& tile_id, const std::optional<Bytes>& hashes) {
    TileId id = tile_id;
    id.entries = true;
    const auto bytes = read(id);
    auto entries = bytes ? parse_bundle(*bytes, id.width)
                         : Result<std::vector<Bytes>>(std::unexpected(bytes.error()));
    if (!entries) {
      out_.bundles_good = false;
      return bad(id.path(), entries.error().message);
    }
    std::vector<Hash32> leaves;
    for (const Bytes& entry : *entries) leaves.push_back(leaf_hash(entry));
    out_.entries += entries->size();
    const auto as_tile_says = [&](std::size_t i) {
      return !hashes || leaves[i] == hash_at(*hashes, i);
    };
    std::size_t differs = 0;
    while (differs < leaves.size() && as_tile_says(differs)) ++differs;
    const std::uint64_t first = id.index * kTileWidth;
    const bool wrong_bundle = differs < leaves.size() && fits_above(tile_id, *hashes);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      if (wrong_bundle && !as_tile_says(i)) continue;  // nobody signed this entry
      if (hasher_.size() == first + i) {
        hasher_.add(leaves[i]);
        mark();
      }
      entry_(first + i, std::move((*entries)[i]));
    }
    if (differs == leaves.size()) return check_older(id, *bytes);
    if (wrong_bundle) {
      out_.bundles_good = false;
      return bad(id.path(),
                 fmt::format("entry {} has another hash than the signed tree "
                             "says",
                             first + differs));
    }
    if (tile_id.width < kTileWidth) edge_named_ = true;
    bad(tile_id.path(),
        fmt::format("the hash of entry {} is another", first + differs));
  }

  // Whatever else lies in the folder of older pieces means nothing here.
  void check_older(const TileId& id, ByteView now) {
    if (named_.contains(id.path())) return;  // then nobody knows how it begins
    TileId whole = id;
    whole.width = kTileWidth;
    const std::string folder = base::join_path(folder_, whole.path() + ".p");
    if (files_.kind(folder) != base::FileKind::folder) return;
    const auto names = files_.list(folder);
    if (!names) return bad(whole.path() + ".p", names.error().message);
    for (const std::string& name : *names) {
      const auto old = parse_tile_path(fmt::format("{}.p/{}", whole.path(), name));
      if (!old || old->width >= id.width) continue;
      const auto bytes = read(*old);
      if (!bytes) {
        bad(old->path(), bytes.error().message);
      } else if (!whole_piece(*old, *bytes) || bytes->size() > now.size() ||
                 !equal(*bytes, now.first(bytes->size()))) {
        bad(old->path(), fmt::format("it is not the beginning of {}", id.path()));
      }
    }
  }

  static bool whole_piece(const TileId& id, ByteView bytes) {
    return id.entries ? parse_bundle(bytes, id.width).has_value()
                      : bytes.size() == id.width * kTileHash;
  }

  void mark() {
    if (std::ranges::find(sizes_, hasher_.size()) != sizes_.end()) {
      out_.roots.emplace(hasher_.size(), hasher_.root());
    }
  }

  base::FileSystem& files_;
  const std::string& folder_;
  const Checkpoint& checkpoint_;
  const std::vector<std::uint64_t>& sizes_;
  const EntrySink& entry_;
  Scan out_;
  TreeHasher hasher_;  // over the entries read, up to the first that cannot be
  bool root_fits_ = true;
  bool edge_named_ = false;
  std::pair<TileId, Bytes> above_;  // the tile read last for fits_above()
  std::set<std::string> named_;
};

}  // namespace

Scan scan(base::FileSystem& files, const std::string& folder,
          const Checkpoint& checkpoint, const std::vector<std::uint64_t>& sizes,
          const EntrySink& entry) {
  return Scanner(files, folder, checkpoint, sizes, entry).run();
}

}  // namespace urna::log
