#include "record/log_scan.hpp"

#include "base/encoding.hpp"
#include "log/merkle.hpp"
#include "log/tile.hpp"
#include "record/errors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace urna::record {
namespace {

constexpr std::size_t kMaxTile = log::kTileWidth * log::kTileHash;
constexpr std::size_t kMaxBundle = log::kTileWidth * (log::kMaxEntry + 2);

// Rebuilds the tiles of every level from the leaves and compares them with the files.
class TreeScan {
 public:
  TreeScan(base::FileSystem& files, const std::string& folder, LogScan& out)
      : files_(files), folder_(folder), out_(out) {}

  void add(const Hash32& leaf) {
    hasher_.add(leaf);
    push(0, leaf);
  }
  void finish() {
    for (unsigned level = 0; level < levels_.size(); ++level) {
      if (!levels_[level].hashes.empty()) compare(level);
    }
  }
  [[nodiscard]] const log::TreeHasher& hasher() const { return hasher_; }

  // A bundle's own earlier, shorter versions must be beginnings of it.
  void check_old_partials(const log::TileId& id, ByteView content) {
    log::TileId whole = id;
    whole.width = log::kTileWidth;
    const std::string folder = base::join_path(folder_, whole.path() + ".p");
    if (files_.kind(folder) != base::FileKind::folder) return;
    const auto names = files_.list(folder);
    if (!names) return fault(folder, names.error().message);
    for (const std::string& name : *names) {
      const std::string path = whole.path() + ".p/" + name;
      const auto bytes =
          base::read_file(files_, base::join_path(folder_, path), kMaxBundle);
      if (!bytes) {
        fault(path, bytes.error().message);
      } else if (bytes->size() > content.size() ||
                 !equal(*bytes, content.first(bytes->size()))) {
        fault(path, "this older piece differs from the newer one");
      }
    }
  }
  void fault(std::string file, std::string what) {
    out_.faults.push_back({std::move(file), std::move(what)});
  }

 private:
  struct Level {
    std::vector<Hash32> hashes;  // of the tile that is being filled
    std::uint64_t tiles = 0;     // full tiles before it
  };

  void push(unsigned level, const Hash32& hash) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].hashes.push_back(hash);
    if (levels_[level].hashes.size() < log::kTileWidth) return;
    compare(level);
    log::TreeHasher tile;
    for (const Hash32& one : levels_[level].hashes) tile.add(one);
    levels_[level].hashes.clear();
    ++levels_[level].tiles;
    push(level + 1, tile.root());
  }

  void compare(unsigned level) {
    const Level& now = levels_[level];
    const log::TileId id{level, now.tiles, static_cast<unsigned>(now.hashes.size()),
                         false};
    Bytes want;
    for (const Hash32& hash : now.hashes) append(want, hash);
    const auto bytes =
        base::read_file(files_, base::join_path(folder_, id.path()), kMaxTile);
    check_old_partials(id, want);
    if (!bytes) return fault(id.path(), bytes.error().message);
    if (*bytes == want) return;
    const auto [a, b] = std::ranges::mismatch(*bytes, want);
    const std::uint64_t at = static_cast<std::uint64_t>(a - bytes->begin()) / 32;
    fault(id.path(), level == 0 ? fmt::format("its hash of entry {} is not that of the "
                                              "entry in tile/entries",
                                              now.tiles * log::kTileWidth + at)
                                : fmt::format("its hash {} is not that of the tile "
                                              "below it",
                                              at));
  }

  base::FileSystem& files_;
  const std::string& folder_;
  LogScan& out_;
  log::TreeHasher hasher_;
  std::vector<Level> levels_;
};

// The entries of one bundle; none when it cannot be read, which is a fault.
std::vector<Bytes> read_bundle(base::FileSystem& files, const std::string& folder,
                               const log::TileId& id, TreeScan& tree) {
  const std::string path = id.path();
  const auto bytes = base::read_file(files, base::join_path(folder, path), kMaxBundle);
  if (!bytes) {
    tree.fault(path, bytes.error().message);
    return {};
  }
  auto entries = log::parse_bundle(*bytes, id.width);
  if (!entries) {
    tree.fault(path, entries.error().message);
    return {};
  }
  tree.check_old_partials(id, *bytes);
  return *std::move(entries);
}

}  // namespace

Result<RecordCheckpoint> read_checkpoint(base::FileSystem& files,
                                         const std::string& folder) {
  const std::string path = base::join_path(folder, "checkpoint");
  const auto text = base::read_text(files, path, log::kMaxNote);
  if (!text) {
    return fail(errors::not_a_record, text.error().message,
                "a record is a folder with a file `checkpoint`", path);
  }
  auto note = log::parse_note(*text);
  if (!note) return std::unexpected(std::move(note).error().at(path));
  auto checkpoint = log::parse_checkpoint(note->text);
  if (!checkpoint) return std::unexpected(std::move(checkpoint).error().at(path));
  return RecordCheckpoint{*std::move(note), *std::move(checkpoint)};
}

Result<LogScan> scan_log(base::FileSystem& files, const std::string& folder,
                         const std::vector<std::uint64_t>& sizes,
                         const EntrySink& entry) {
  LogScan scan;
  URNA_TRY(RecordCheckpoint top, read_checkpoint(files, folder));
  scan.note = std::move(top.note);
  scan.checkpoint = std::move(top.checkpoint);

  TreeScan tree(files, folder, scan);
  const auto mark = [&] {
    if (std::ranges::find(sizes, tree.hasher().size()) != sizes.end()) {
      scan.roots.emplace(tree.hasher().size(), tree.hasher().root());
    }
  };
  mark();
  bool whole = true;
  for (std::uint64_t at = 0; at < scan.checkpoint.size; at += log::kTileWidth) {
    const auto width = static_cast<unsigned>(
        std::min<std::uint64_t>(log::kTileWidth, scan.checkpoint.size - at));
    std::vector<Bytes> entries =
        read_bundle(files, folder, {0, at / log::kTileWidth, width, true}, tree);
    if (entries.empty()) {
      whole = false;
      break;
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
      tree.add(log::leaf_hash(entries[i]));
      mark();
      entry(at + i, std::move(entries[i]));
    }
  }
  if (!whole) return scan;
  tree.finish();
  if (tree.hasher().root() != scan.checkpoint.root) {
    tree.fault("checkpoint",
               fmt::format("the {} entries give the root {}, the checkpoint says {}",
                           scan.checkpoint.size, base::to_hex(tree.hasher().root()),
                           base::to_hex(scan.checkpoint.root)));
  }
  return scan;
}

}  // namespace urna::record
