#include "log/mirror.hpp"

#include "base/encoding.hpp"
#include "crypto/file_hash.hpp"
#include "log/document.hpp"
#include "log/errors.hpp"
#include "log/tile.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace urna::log {
namespace {

Bytes first_bytes(const Bytes& bytes, std::size_t count) {
  return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
}

class Run {
 public:
  Run(RecordSource& source, base::FileSystem& files, const std::string& folder,
      const Policy& policy, const MirrorOptions& options)
      : source_(source),
        files_(files),
        folder_(folder),
        policy_(policy),
        options_(options) {}

  Result<MirrorSummary> run() {
    URNA_CHECK(base::make_folder_durable(files_, folder_));
    URNA_TRY(const auto note, read_whole(source_, "checkpoint", kMaxNote));
    if (!note) return missing("checkpoint");
    URNA_TRY(const WitnessedCheckpoint witnessed, policy_.check(as_text(*note)));
    checkpoint_ = witnessed.signed_checkpoint.checkpoint;
    summary_.size = checkpoint_.size;
    summary_.witnesses = witnessed.witnesses;
    URNA_CHECK(read_own());
    if (own_ && own_->size > checkpoint_.size) {
      // An old checkpoint of the same history is no contradiction, only stale.
      return fail(errors::mirror_source,
                  fmt::format("{} is behind: it has {} entries, the mirror has {}",
                              source_.name(), checkpoint_.size, own_->size),
                  "ask again later, or another source");
    }
    if (own_ && own_->size == checkpoint_.size && own_->root != checkpoint_.root) {
      return contradiction(*note);
    }
    URNA_CHECK(check_history(*note));
    URNA_CHECK(fetch_tiles());
    URNA_CHECK(fetch_entries());
    URNA_CHECK(write("checkpoint", *note));
    if (files_.kind(full(".partial-of")) != base::FileKind::missing) {
      URNA_CHECK(files_.remove(full(".partial-of")));
    }
    return summary_;
  }

 private:
  std::string full(const std::string& path) const {
    return base::join_path(folder_, path);
  }

  std::unexpected<Error> missing(const std::string& path) const {
    return fail(errors::mirror_source,
                fmt::format("{} has no file {}", source_.name(), path),
                "ask another source; what was fetched so far is kept");
  }

  std::unexpected<Error> wrong(const std::string& path, std::string_view why) const {
    return fail(errors::mirror_source,
                fmt::format("{} of {} is not what the checkpoint commits to: {}", path,
                            source_.name(), why),
                "it was not kept; ask another source");
  }

  Result<void> read_own() {
    const auto own = base::read_text(files_, full("checkpoint"), kMaxNote);
    if (!own) return {};
    own_note_ = *own;
    URNA_TRY(const WitnessedCheckpoint opened, policy_.check(*own));
    own_ = opened.signed_checkpoint.checkpoint;
    summary_.old_size = own_->size;
    return {};
  }

  Result<MirrorSummary> contradiction(const Bytes& note) {
    const std::string path = full("split-view.txt");
    const std::string text = fmt::format(
        "The log signed two histories.\n\nThe mirror's checkpoint:\n\n{}\n"
        "What {} gives:\n\n{}",
        own_note_, source_.name(), as_text(note));
    URNA_CHECK(base::write_durable(files_, path, as_bytes(text)));
    return fail(errors::split_view,
                fmt::format("{} does not continue the history of this mirror; both "
                            "signed checkpoints are in {}",
                            source_.name(), path),
                "publish that file: it is evidence against the log");
  }

  // Reads a file into .partial, going on where an earlier transfer broke off.
  Result<bool> fetch_partial(const std::string& path, std::uint64_t limit) {
    // .partial-of names the file that .partial belongs to.
    const std::string part = full(".partial");
    const std::string label = full(".partial-of");
    const auto of = base::read_text(files_, label, 4096);
    if (!of || *of != path) {
      if (files_.kind(part) != base::FileKind::missing) URNA_CHECK(files_.remove(part));
      URNA_CHECK(base::write_durable(files_, label, as_bytes(path)));
    }
    unsigned attempt = 0;
    while (true) {
      const bool exists = files_.kind(part) == base::FileKind::file;
      URNA_TRY(const auto file, files_.open(part, exists ? base::OpenMode::update
                                                         : base::OpenMode::create_new));
      URNA_TRY(std::uint64_t at, file->size());
      const std::uint64_t start = at;
      const RecordSource::Sink sink{[&](ByteView piece) -> Result<void> {
                                      URNA_CHECK(file->write_at(at, piece));
                                      at += piece.size();
                                      summary_.bytes += piece.size();
                                      return {};
                                    },
                                    [&]() -> Result<void> {
                                      at = 0;
                                      return {};
                                    }};
      const auto done = source_.read(path, start, limit, sink);
      if (done) {
        URNA_CHECK(file->sync());
        return *done;
      }
      if (!source_.passing(done.error())) return std::unexpected(done.error());
      attempt = at > start ? 0 : attempt + 1;
      if (attempt >= options_.attempts) return std::unexpected(done.error());
      if (options_.pause) options_.pause(attempt);
    }
  }

  Result<void> drop_partial() {
    if (files_.kind(full(".partial")) == base::FileKind::missing) return {};
    return files_.remove(full(".partial"));
  }

  // A checked file takes its place.
  Result<void> keep_partial(const std::string& path) {
    URNA_CHECK(base::make_folder_durable(files_, base::parent_folder(full(path))));
    URNA_CHECK(files_.rename(full(".partial"), full(path)));
    ++summary_.files;
    return files_.sync_folder(base::parent_folder(full(path)));
  }

  Result<void> write(const std::string& path, ByteView bytes) {
    URNA_CHECK(base::make_folder_durable(files_, base::parent_folder(full(path))));
    return base::write_durable(files_, full(path), bytes);
  }

  // The content of a tile or bundle, from the mirror when it is there and right, else
  // from the source. A partial one that the source has dropped is cut from the full.
  using Check = std::function<Result<void>(const Bytes&)>;
  Result<Bytes> obtain(const TileId& id, std::uint64_t limit, const Check& check) {
    const std::string path = id.path();
    const auto own = base::read_file(files_, full(path), limit);
    if (own && check(*own)) return *own;
    URNA_TRY(const bool there, fetch_partial(path, limit));
    Bytes bytes;
    if (there) {
      URNA_TRY(bytes, base::read_file(files_, full(".partial"), limit));
    } else {
      URNA_CHECK(drop_partial());
      URNA_TRY(bytes, cut_from_full(id));
    }
    if (const auto good = check(bytes); !good) {
      URNA_CHECK(drop_partial());
      return wrong(path, good.error().message);
    }
    if (there) {
      URNA_CHECK(keep_partial(path));
    } else {
      URNA_CHECK(write(path, bytes));
    }
    return bytes;
  }

  Result<Bytes> cut_from_full(TileId id) {
    const unsigned width = id.width;
    const std::string wanted = id.path();
    if (width == kTileWidth) return missing(wanted);
    id.width = kTileWidth;
    const std::uint64_t limit = kTileWidth * (id.entries ? kMaxEntry + 2 : kTileHash);
    URNA_TRY(const auto whole, read_whole(source_, id.path(), limit));
    if (!whole) return missing(wanted);
    if (!id.entries) {
      if (whole->size() < width * kTileHash) return wrong(id.path(), "it is too short");
      return first_bytes(*whole, width * kTileHash);
    }
    auto entries = parse_bundle(*whole, kTileWidth);
    if (!entries) return wrong(id.path(), entries.error().message);
    entries->resize(width);
    return bundle_bytes(*entries);
  }

  // All tiles of hashes, from the top down, so that each is checked against one that is
  // known to be right. The incomplete tiles of all levels together give the root.
  Result<void> fetch_tiles() {
    if (checkpoint_.size == 0) {
      if (checkpoint_.root != empty_root()) {
        return wrong("checkpoint", "an empty log has another root");
      }
      return {};
    }
    unsigned levels = 0;
    while (levels < 8 && checkpoint_.size >> (kTileHeight * levels) > 0) ++levels;
    // The second time everything comes from the source: what the mirror had was wrong.
    auto edges = fetch_edges(levels);
    if (!edges && edges.error().kind == errors::bad_tile) edges = fetch_edges(levels);
    if (!edges) return std::unexpected(std::move(edges).error());
    // Full tiles, level by level downwards.
    for (unsigned level = levels; level-- > 0;) URNA_CHECK(fetch_full(level));
    return {};
  }

  // Error bad_tile when together they do not give the root: nothing says which of them
  // is wrong, so none is kept.
  Result<void> fetch_edges(unsigned levels) {
    std::map<TileId, Bytes> edges;
    std::string names;
    for (unsigned level = levels; level-- > 0;) {
      const unsigned width = partial_width(level, checkpoint_.size);
      if (width == 0) continue;
      const std::uint64_t index =
          (checkpoint_.size >> (kTileHeight * level)) / kTileWidth;
      const TileId id{level, index, width};
      names += (names.empty() ? "" : ", ") + id.path();
      URNA_TRY(edges[id], obtain(id, width * kTileHash, [&](const Bytes& bytes) {
                 return right_length(bytes, width);
               }));
    }
    TileNodes nodes(checkpoint_.size, [&](const TileId& id) -> Result<Bytes> {
      const auto found = edges.find(id);
      if (found == edges.end()) return fail(errors::bad_tile, "not an edge tile");
      return found->second;
    });
    const auto root =
        tree_root(checkpoint_.size, [&](NodeId node) { return nodes(node); });
    if (root && *root == checkpoint_.root) return {};
    for (const auto& [id, bytes] : edges) URNA_CHECK(files_.remove(full(id.path())));
    return fail(
        errors::bad_tile,
        fmt::format("{} of {} do not give the signed root", names, source_.name()),
        "they were not kept; ask another source");
  }

  static Result<void> right_length(const Bytes& bytes, unsigned width) {
    if (bytes.size() == width * kTileHash) return {};
    return fail(errors::bad_tile,
                fmt::format("{} bytes instead of {}", bytes.size(), width * kTileHash));
  }

  Result<void> fetch_full(unsigned level) {
    const std::uint64_t count =
        (checkpoint_.size >> (kTileHeight * level)) / kTileWidth;
    Bytes parent;
    for (std::uint64_t n = 0; n < count; ++n) {
      if (n % kTileWidth == 0) {
        const TileId above = tile_holding(level + 1, n, checkpoint_.size);
        URNA_TRY(parent, base::read_file(files_, full(above.path())));
      }
      const Hash32 want = hash_at(parent, n % kTileWidth);
      const auto check = [&](const Bytes& bytes) -> Result<void> {
        URNA_CHECK(right_length(bytes, kTileWidth));
        if (tile_root(bytes) == want) return {};
        return fail(errors::bad_tile, "its hash is another");
      };
      URNA_CHECK(obtain({level, n}, kTileWidth * kTileHash, check));
    }
    return {};
  }

  // The mirror's own tree must be the beginning of the new one. Shown before anything
  // is written, by a proof from the source's tiles that leads to the signed root: tiles
  // that are merely damaged lead nowhere and are no contradiction.
  Result<void> check_history(const Bytes& note) {
    if (!own_ || own_->size == 0 || own_->size == checkpoint_.size) return {};
    TileNodes tiles(checkpoint_.size, [&](const TileId& id) -> Result<Bytes> {
      URNA_TRY(auto bytes, read_whole(source_, id.path(), kTileWidth * kTileHash));
      if (!bytes) return cut_from_full(id);
      return *std::move(bytes);
    });
    const auto nodes = [&](NodeId node) { return tiles(node); };
    URNA_TRY(const auto proof, consistency_proof(own_->size, checkpoint_.size, nodes));
    const auto leads_from = [&](const Hash32& old_root) {
      return check_consistency(own_->size, old_root, checkpoint_.size, checkpoint_.root,
                               proof);
    };
    if (leads_from(own_->root)) return {};
    URNA_TRY(const Hash32 theirs, tree_root(own_->size, nodes));
    if (!leads_from(theirs)) {
      return wrong("tile", "its tiles do not give the signed root");
    }
    URNA_CHECK(contradiction(note));
    return {};
  }

  Result<void> fetch_entries() {
    for (std::uint64_t n = 0; n * kTileWidth < checkpoint_.size; ++n) {
      const std::uint64_t width =
          std::min(checkpoint_.size - n * kTileWidth, kTileWidth);
      TileId id{0, n, static_cast<unsigned>(width)};
      URNA_TRY(const Bytes hashes, base::read_file(files_, full(id.path())));
      id.entries = true;
      std::vector<Bytes> entries;
      const auto check = [&](const Bytes& bytes) -> Result<void> {
        URNA_TRY(entries, parse_bundle(bytes, width));
        for (std::size_t i = 0; i < width; ++i) {
          if (leaf_hash(entries[i]) == hash_at(hashes, i)) continue;
          return fail(errors::bad_bundle,
                      fmt::format("entry {} has another hash", n * kTileWidth + i));
        }
        return {};
      };
      URNA_CHECK(obtain(id, width * (kMaxEntry + 2), check));
      for (const Bytes& entry : entries) {
        if (const auto document = parse_document(entry)) {
          URNA_CHECK(fetch_blob(*document));
        }
      }
      if (options_.progress) {
        options_.progress(n * kTileWidth + width, checkpoint_.size);
      }
    }
    return {};
  }

  Result<void> fetch_blob(const Document& document) {
    const std::string path = blob_path(document.hash);
    if (files_.kind(full(path)) == base::FileKind::file) {
      URNA_TRY(const Hash32 own, crypto::sha256_file(files_, full(path)));
      if (own == document.hash) return {};
    }
    URNA_TRY(const bool there, fetch_partial(path, options_.blob_limit));
    if (!there) {
      URNA_CHECK(drop_partial());
      return missing(path);
    }
    URNA_TRY(const Hash32 got, crypto::sha256_file(files_, full(".partial")));
    if (got != document.hash) {
      URNA_CHECK(drop_partial());
      return wrong(path, fmt::format("the {} '{}' has another hash", document.kind,
                                     document.name));
    }
    return keep_partial(path);
  }

  RecordSource& source_;
  base::FileSystem& files_;
  const std::string& folder_;
  const Policy& policy_;
  const MirrorOptions& options_;
  Checkpoint checkpoint_;
  std::string own_note_;
  std::optional<Checkpoint> own_;
  MirrorSummary summary_;
};

}  // namespace

Result<MirrorSummary> mirror(RecordSource& source, base::FileSystem& files,
                             const std::string& folder, const Policy& policy,
                             const MirrorOptions& options) {
  return Run(source, files, folder, policy, options).run();
}

}  // namespace urna::log
