#include "log/check_folder.hpp"

#include "base/encoding.hpp"
#include "crypto/file_hash.hpp"
#include "log/document.hpp"
#include "log/errors.hpp"
#include "log/tile.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace urna::log {
namespace {

// Names the wrong file by its neighbours: a tile that fits neither what is below it nor
// what is above it is wrong; when only the link to a bundle is broken, the bundle is;
// when all tiles fit each other but not the root, the checkpoint is.
class Checker {
 public:
  Checker(base::FileSystem& files, const std::string& folder, FolderCheck& out)
      : files_(files), folder_(folder), out_(out) {}

  void run(const Checkpoint& checkpoint,
           const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    checkpoint_ = checkpoint;
    if (checkpoint_.size == 0) {
      if (checkpoint_.root != empty_root()) {
        bad("checkpoint", "an empty log has another root");
      }
    } else {
      check_root();
      check_level(0, {}, progress);
      if (!root_fits_ && !edge_named_) {
        bad("checkpoint",
            "its root is not that of the tiles, which agree among "
            "themselves");
      }
    }
    check_other_files();
  }

 private:
  void bad(const std::string& path, std::string why) {
    if (!named_.insert(path).second) return;
    out_.report.problem(errors::bad_tile, {path, 0, ""}, std::move(why),
                        "restore this file from a mirror");
  }

  Result<Bytes> read(const std::string& path) const {
    return base::read_file(files_, base::join_path(folder_, path));
  }

  std::uint64_t hashes_at(unsigned level) const {
    return level >= 8 ? 0 : checkpoint_.size >> (kTileHeight * level);
  }

  // A tile of the right length, or nothing, and then it is named.
  std::optional<Bytes> tile(const TileId& id) {
    auto bytes = read(id.path());
    if (!bytes) {
      bad(id.path(), bytes.error().message);
      return std::nullopt;
    }
    if (bytes->size() != id.width * kTileHash) {
      bad(id.path(), fmt::format("it has {} bytes instead of {}", bytes->size(),
                                 id.width * kTileHash));
      return std::nullopt;
    }
    return std::move(*bytes);
  }

  void check_root() {
    TileNodes nodes(checkpoint_.size,
                    [&](const TileId& id) { return read(id.path()); });
    const auto root =
        tree_root(checkpoint_.size, [&](NodeId node) { return nodes(node); });
    root_fits_ = root && *root == checkpoint_.root;
    if (!root)
      edge_named_ = true;  // a tile that is missing or too short is named below
  }

  // Whether the tile's own hash is what the level above says.
  bool fits_above(const TileId& id, ByteView bytes) {
    if (id.width < kTileWidth) return root_fits_;
    const TileId above = tile_holding(id.level + 1, id.index, checkpoint_.size);
    if (above != above_.first) above_ = {above, read(above.path()).value_or(Bytes{})};
    const std::size_t at = id.index % kTileWidth;
    if (above_.second.size() != above.width * kTileHash)
      return true;  // named elsewhere
    return hash_at(above_.second, at) == tile_root(bytes);
  }

  // The bundle below a level-0 tile, or the roots of the tiles below a higher one.
  bool fits_below(const TileId& id, ByteView bytes, const std::vector<Hash32>& below) {
    for (std::size_t i = 0; i < id.width; ++i) {
      if (below[id.index * kTileWidth + i] != hash_at(bytes, i)) return false;
    }
    return true;
  }

  void check_level(unsigned level, const std::vector<Hash32>& below,
                   const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    const std::uint64_t count = hashes_at(level);
    std::vector<Hash32> roots;  // of the full tiles, as their bytes say
    for (std::uint64_t n = 0; n * kTileWidth < count; ++n) {
      const TileId id = tile_holding(level, n * kTileWidth, checkpoint_.size);
      const auto bytes = tile(id);
      if (!bytes && id.width < kTileWidth) edge_named_ = true;
      if (level == 0) {
        check_bundle(id, bytes);
        if (progress) progress(out_.entries, checkpoint_.size);
      } else if (bytes && !fits_below(id, *bytes, below) && !fits_above(id, *bytes)) {
        if (id.width < kTileWidth) edge_named_ = true;
        bad(id.path(), "it has another hash than the tiles below it");
      }
      if (id.width < kTileWidth) break;
      roots.push_back(bytes ? tile_root(*bytes) : empty_root());
    }
    if (hashes_at(level + 1) > 0) check_level(level + 1, roots, progress);
  }

  // A bundle is wrong when its tile of hashes fits upwards, else the tile is.
  void check_bundle(const TileId& tile_id, const std::optional<Bytes>& hashes) {
    TileId id = tile_id;
    id.entries = true;
    const auto bytes = read(id.path());
    const auto entries =
        bytes ? parse_bundle(*bytes, id.width)
              : Result<std::vector<Bytes>>(std::unexpected(bytes.error()));
    if (!entries) {
      bundles_good_ = false;
      return bad(id.path(), entries.error().message);
    }
    out_.entries += entries->size();
    std::optional<std::uint64_t> differs;
    for (std::size_t i = 0; hashes && i < entries->size(); ++i) {
      if (leaf_hash((*entries)[i]) == hash_at(*hashes, i)) continue;
      differs = id.index * kTileWidth + i;
      break;
    }
    if (differs && fits_above(tile_id, *hashes)) {
      bundles_good_ = false;
      return bad(id.path(),
                 fmt::format("entry {} has another hash than the signed tree "
                             "says",
                             *differs));
    }
    if (differs) {
      if (tile_id.width < kTileWidth) edge_named_ = true;
      bad(tile_id.path(), fmt::format("the hash of entry {} is another", *differs));
    }
    for (const Bytes& entry : *entries) {
      if (const auto document = parse_document(entry)) blobs_.insert(*document);
    }
  }

  void check_blob(const Document& document) {
    const std::string path = blob_path(document.hash);
    const auto hash = hash_of(path);
    if (!hash) return bad(path, hash.error().message);
    ++out_.blobs;
    if (*hash != document.hash) {
      bad(path,
          fmt::format("the {} '{}' has other content", document.kind, document.name));
    }
  }

  Result<Hash32> hash_of(const std::string& path) const {
    return crypto::sha256_file(files_, base::join_path(folder_, path));
  }

  // Blobs, and files under tile/ that the current tree does not need.
  void check_other_files() {
    std::set<Hash32> known;
    for (const Document& document : blobs_) {
      check_blob(document);
      known.insert(document.hash);
    }
    walk("tile");
    const auto names = files_.list(base::join_path(folder_, "blob"));
    for (const std::string& name : names.value_or(std::vector<std::string>{})) {
      const auto hash = base::array_from_hex<32>(name);
      if (hash && known.contains(*hash)) continue;
      const std::string path = "blob/" + name;
      // With a damaged bundle nobody knows which blobs its entries named.
      const auto own = bundles_good_ ? Result<Hash32>(Hash32{}) : hash_of(path);
      if (!hash || bundles_good_) {
        bad(path, "no entry of the log names it");
      } else if (!own || *own != *hash) {
        bad(path, "it has other content than its name says");
      }
    }
  }

  void walk(const std::string& path) {
    const auto names = files_.list(base::join_path(folder_, path));
    for (const std::string& name : names.value_or(std::vector<std::string>{})) {
      const std::string inside = base::join_path(path, name);
      const auto kind = files_.kind(base::join_path(folder_, inside));
      if (kind == base::FileKind::folder) {
        walk(inside);
      } else {
        check_tile_file(inside);
      }
    }
  }

  // An older partial tile must be the beginning of the one that replaced it.
  void check_tile_file(const std::string& path) {
    const auto id = parse_tile_path(path);
    if (!id) return bad(path, "it is no file of a log");
    const std::uint64_t first = id->index * kTileWidth;
    const std::uint64_t count = hashes_at(id->level);
    if (first + id->width > count) return bad(path, "it is beyond the signed tree");
    TileId current = tile_holding(id->level, first, checkpoint_.size);
    current.entries = id->entries;
    if (current == *id) return;
    const auto old = read(path);
    const auto now = read(current.path());
    if (!old) return bad(path, old.error().message);
    if (!now || named_.contains(current.path())) return;
    const bool whole = id->entries ? parse_bundle(*old, id->width).has_value()
                                   : old->size() == id->width * kTileHash;
    if (!whole || old->size() > now->size() ||
        !std::equal(old->begin(), old->end(), now->begin())) {
      bad(path, fmt::format("it is not the beginning of {}", current.path()));
    }
  }

  base::FileSystem& files_;
  const std::string& folder_;
  FolderCheck& out_;
  Checkpoint checkpoint_;
  bool root_fits_ = true;
  bool edge_named_ = false;
  bool bundles_good_ = true;
  std::pair<TileId, Bytes> above_;  // the tile read last for fits_above()
  std::set<std::string> named_;
  std::set<Document> blobs_;
};

}  // namespace

Result<FolderCheck> check_folder(
    base::FileSystem& files, const std::string& folder,
    const std::optional<Policy>& policy,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
  if (files.kind(folder) != base::FileKind::folder) {
    return fail(errors::log_state, fmt::format("there is no folder {}", folder),
                "name the folder that holds the file 'checkpoint'");
  }
  FolderCheck out;
  const std::string path = base::join_path(folder, "checkpoint");
  const auto note = base::read_text(files, path, kMaxNote);
  const auto refuse = [&](const Error& error) -> Result<FolderCheck> {
    out.report.add(error, {"checkpoint", 0, ""});
    return std::move(out);
  };
  if (!note) return refuse(note.error());
  if (policy) {
    const auto witnessed = policy->check(*note);
    if (!witnessed) return refuse(witnessed.error());
    out.checkpoint = witnessed->signed_checkpoint.checkpoint;
    out.witnesses = witnessed->witnesses;
  } else {
    const auto parsed = parse_note(*note);
    if (!parsed) return refuse(parsed.error());
    const auto checkpoint = parse_checkpoint(parsed->text);
    if (!checkpoint) return refuse(checkpoint.error());
    out.checkpoint = *checkpoint;
  }
  const Checkpoint checkpoint = *out.checkpoint;
  Checker(files, folder, out).run(checkpoint, progress);
  return out;
}

}  // namespace urna::log
