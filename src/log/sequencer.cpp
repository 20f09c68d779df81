#include "log/sequencer.hpp"

#include "base/binary.hpp"
#include "log/errors.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

namespace urna::log {
namespace {

constexpr std::string_view kStagingTag = "urna-log-staging-1";
constexpr std::size_t kMaxStaging = std::size_t{1} << 31;

struct Staging {
  std::string checkpoint_text;
  std::vector<std::pair<std::string, Bytes>> files;
};

Bytes staging_bytes(const Staging& staging) {
  base::Writer w;
  w.text(kStagingTag);
  w.text(staging.checkpoint_text);
  w.u32(static_cast<std::uint32_t>(staging.files.size()));
  for (const auto& [path, bytes] : staging.files) {
    w.text(path);
    w.var_bytes(bytes);
  }
  return std::move(w).take();
}

Result<Staging> parse_staging(ByteView bytes) {
  base::Reader r(bytes);
  URNA_TRY(const std::string tag, r.text(64));
  if (tag != kStagingTag) return fail(errors::log_state, "not a staging file");
  Staging out;
  URNA_TRY(out.checkpoint_text, r.text(kMaxNote));
  URNA_TRY(const std::uint32_t count, r.u32());
  for (std::uint32_t i = 0; i < count; ++i) {
    URNA_TRY(std::string path, r.text(256));
    URNA_TRY(const ByteView content, r.var_bytes(kTileWidth * (kMaxEntry + 2)));
    out.files.emplace_back(std::move(path), to_bytes(content));
  }
  URNA_CHECK(r.finish());
  return out;
}

std::unexpected<Error> wrong_state(std::string what) {
  return fail(
      errors::log_state, std::move(what),
      "do not write to this log; run `urna log check` and restore from a mirror");
}

}  // namespace

TileReader folder_tiles(base::FileSystem& files, std::string folder) {
  return [&files, folder = std::move(folder)](const TileId& id) -> Result<Bytes> {
    return base::read_file(files, base::join_path(folder, id.path()));
  };
}

std::string Sequencer::staging_path() const {
  return base::join_path(places_.state_folder, "staging");
}

Result<Sequencer> Sequencer::create(base::FileSystem& files, LogPlaces places,
                                    LockStore& lock, base::Clock& clock,
                                    NoteSigner signer) {
  Sequencer out(files, std::move(places), lock, clock, std::move(signer));
  URNA_TRY(const auto state, lock.load());
  const std::string published =
      base::join_path(out.places_.public_folder, "checkpoint");
  if (state || files.kind(published) != base::FileKind::missing) {
    return fail(
        errors::log_state,
        fmt::format("there is a log in '{}' already", out.places_.public_folder),
        "open it, or choose another folder");
  }
  URNA_CHECK(base::make_folder_durable(files, out.places_.public_folder));
  URNA_CHECK(base::make_folder_durable(files, out.places_.state_folder));
  URNA_CHECK(out.commit({out.key().name(), 0, empty_root(), {}}, {}));
  return out;
}

Result<Sequencer> Sequencer::open(base::FileSystem& files, LogPlaces places,
                                  LockStore& lock, base::Clock& clock,
                                  NoteSigner signer) {
  Sequencer out(files, std::move(places), lock, clock, std::move(signer));
  URNA_TRY(const auto state, lock.load());
  if (!state) {
    return fail(errors::log_state,
                fmt::format("there is no log in '{}'", out.places_.state_folder),
                "create it first");
  }
  out.state_ = *state;
  URNA_TRY(SignedCheckpoint opened, open_checkpoint(state->note, out.key()));
  out.checkpoint_ = std::move(opened.checkpoint);
  URNA_CHECK(out.replay());
  URNA_CHECK(out.load_edges());
  return out;
}

// Finishes an interrupted append whose checkpoint is the truth, and forgets one whose
// checkpoint never was.
Result<void> Sequencer::replay() {
  if (files_->kind(staging_path()) == base::FileKind::file) {
    URNA_TRY(const Bytes bytes, base::read_file(*files_, staging_path(), kMaxStaging));
    const auto staging = parse_staging(bytes);
    if (staging && staging->checkpoint_text == checkpoint_.text()) {
      return finish(checkpoint_, staging->files);
    }
    URNA_CHECK(files_->remove(staging_path()));
    URNA_CHECK(files_->sync_folder(places_.state_folder));
  }
  // The published checkpoint may have cosignatures added; its text must be the same.
  const std::string path = base::join_path(places_.public_folder, "checkpoint");
  const auto published = base::read_text(*files_, path, kMaxNote);
  if (!published) {
    if (checkpoint_.size != 0) return wrong_state(published.error().message);
    return base::write_durable(*files_, path, as_bytes(state_.note));
  }
  URNA_TRY(const SignedCheckpoint opened, open_checkpoint(*published, key()));
  if (opened.checkpoint != checkpoint_) {
    return wrong_state(
        fmt::format("the published checkpoint (size {}) is not the one in the lock "
                    "store (size {})",
                    opened.checkpoint.size, checkpoint_.size));
  }
  return {};
}

// Reads the incomplete tiles and checks that they lead to the signed root.
Result<void> Sequencer::load_edges() {
  const TileReader tiles = folder_tiles(*files_, places_.public_folder);
  edges_.clear();
  for (unsigned level = 0; level < 8; ++level) {
    const std::uint64_t hashes = checkpoint_.size >> (kTileHeight * level);
    if (hashes == 0) break;
    Edge edge;
    if (const unsigned width = partial_width(level, checkpoint_.size); width > 0) {
      URNA_TRY(const Bytes bytes, tiles({level, hashes / kTileWidth, width, false}));
      if (bytes.size() != std::size_t{width} * kTileHash) {
        return wrong_state(fmt::format("a tile of level {} has a wrong size", level));
      }
      edge.hashes.resize(width);
      for (std::size_t i = 0; i < width; ++i) edge.hashes[i] = hash_at(bytes, i);
    }
    edges_.push_back(std::move(edge));
  }
  last_bundle_.clear();
  if (const unsigned width = partial_width(0, checkpoint_.size); width > 0) {
    URNA_TRY(const Bytes bytes, tiles({0, checkpoint_.size / kTileWidth, width, true}));
    URNA_TRY(last_bundle_, parse_bundle(bytes, width));
  }
  URNA_TRY(const Hash32 root, tree_root(checkpoint_.size, [this](NodeId node) {
             return edge_node(node);
           }));
  if (root != checkpoint_.root) {
    return wrong_state("the tiles do not lead to the signed root");
  }
  return {};
}

// Nodes at the right edge, which is all that the root needs.
Result<Hash32> Sequencer::edge_node(NodeId node) const {
  const unsigned level = node.level / kTileHeight;
  const std::size_t width = std::size_t{1} << (node.level % kTileHeight);
  const std::size_t first = (node.index * width) % kTileWidth;
  if (level >= edges_.size() || first + width > edges_[level].hashes.size()) {
    return fail(errors::log_state, "a node beside the right edge was asked for");
  }
  TreeHasher tree;
  for (std::size_t i = 0; i < width; ++i) tree.add(edges_[level].hashes[first + i]);
  return tree.root();
}

void Sequencer::add_hash(unsigned level, const Hash32& hash, std::uint64_t index,
                         Staged& out) {
  if (edges_.size() <= level) edges_.resize(level + 1);
  Edge& edge = edges_[level];
  edge.hashes.push_back(hash);
  edge.changed = true;
  if (edge.hashes.size() < kTileWidth) return;
  Bytes tile;
  TreeHasher tree;
  for (const Hash32& one : edge.hashes) {
    urna::append(tile, one);
    tree.add(one);
  }
  const std::uint64_t number = index / kTileWidth;
  out.emplace_back(TileId{level, number}.path(), std::move(tile));
  edge = {};
  add_hash(level + 1, tree.root(), number, out);
}

void Sequencer::add_entry(const Bytes& entry, std::uint64_t index, Staged& out) {
  last_bundle_.push_back(entry);
  if (last_bundle_.size() == kTileWidth) {
    out.emplace_back(TileId{0, index / kTileWidth, kTileWidth, true}.path(),
                     bundle_bytes(last_bundle_));
    last_bundle_.clear();
  }
  add_hash(0, leaf_hash(entry), index, out);
}

void Sequencer::stage_partials(std::uint64_t size, Staged& out) {
  if (!last_bundle_.empty()) {
    const auto width = static_cast<unsigned>(last_bundle_.size());
    out.emplace_back(TileId{0, size / kTileWidth, width, true}.path(),
                     bundle_bytes(last_bundle_));
  }
  for (unsigned level = 0; level < edges_.size(); ++level) {
    Edge& edge = edges_[level];
    if (!edge.changed) continue;
    edge.changed = false;
    Bytes tile;
    for (const Hash32& one : edge.hashes) urna::append(tile, one);
    const std::uint64_t number = (size >> (kTileHeight * level)) / kTileWidth;
    const auto width = static_cast<unsigned>(edge.hashes.size());
    out.emplace_back(TileId{level, number, width}.path(), std::move(tile));
  }
}

Result<void> Sequencer::append(std::span<const Bytes> entries) {
  if (broken_) {
    return fail(errors::log_state, "an earlier step failed and its outcome is unknown",
                "open the log anew");
  }
  for (const Bytes& entry : entries) {
    if (entry.size() > kMaxEntry) {
      return fail(
          errors::entry_too_long,
          fmt::format("an entry has {} bytes; at most {} fit", entry.size(), kMaxEntry),
          "put its content in a blob and log the hash");
    }
  }
  if (entries.empty()) return {};
  // From here on the edges in memory run ahead of the disk.
  broken_ = true;
  Checkpoint next{checkpoint_.origin, checkpoint_.size, {}, {}};
  Staged staged;
  for (const Bytes& entry : entries) add_entry(entry, next.size++, staged);
  stage_partials(next.size, staged);
  URNA_TRY(next.root, tree_root(next.size, [this](NodeId n) { return edge_node(n); }));
  URNA_CHECK(commit(next, staged));
  broken_ = false;
  return {};
}

Result<void> Sequencer::commit(const Checkpoint& next, const Staged& staged) {
  const std::int64_t now = clock_->unix_seconds();
  if (now < state_.time) {
    return fail(errors::clock_backwards,
                fmt::format("the clock says {}, but a checkpoint was signed at {}",
                            base::utc_text(now), base::utc_text(state_.time)),
                "set the clock right, then open the log anew");
  }
  URNA_CHECK(base::write_durable(*files_, staging_path(),
                                 staging_bytes({next.text(), staged})));
  Note note{next.text(), {signer_.sign(next.text())}};
  LockState state{note.format(), now};
  const std::optional<LockState> expected =
      state_.note.empty() ? std::nullopt : std::optional(state_);
  URNA_CHECK(lock_->swap(expected, state));
  state_ = std::move(state);
  return finish(next, staged);
}

Result<void> Sequencer::finish(const Checkpoint& next, const Staged& staged) {
  for (const auto& [path, bytes] : staged) {
    const std::string full = base::join_path(places_.public_folder, path);
    URNA_CHECK(base::make_folder_durable(*files_, base::parent_folder(full)));
    URNA_CHECK(base::write_durable(*files_, full, bytes));
  }
  URNA_CHECK(base::write_durable(*files_,
                                 base::join_path(places_.public_folder, "checkpoint"),
                                 as_bytes(state_.note)));
  checkpoint_ = next;
  URNA_CHECK(files_->remove(staging_path()));
  return files_->sync_folder(places_.state_folder);
}

Result<void> Sequencer::add_cosignatures(const Note& cosigned,
                                         std::span<const VerifierKey> witnesses) {
  if (cosigned.text != checkpoint_.text()) {
    return fail(errors::bad_checkpoint,
                "the cosignatures are of another checkpoint than the current one");
  }
  URNA_TRY(const auto signers, check_note(cosigned, witnesses));
  URNA_TRY(Note note, parse_note(state_.note));
  for (const NoteSignature& signature : cosigned.signatures) {
    const bool known = std::ranges::any_of(signers, [&](const VerifiedSignature& v) {
      return v.key.name() == signature.name && v.key.id() == signature.key_id;
    });
    if (known) note.signatures.push_back(signature);
  }
  return base::write_durable(*files_,
                             base::join_path(places_.public_folder, "checkpoint"),
                             as_bytes(note.format()));
}

}  // namespace urna::log
