// The one writer of a log: turns entries into tiles, signs the checkpoint, publishes.
//
// A signed checkpoint is a promise that can never be taken back, so the order of
// writing is what makes a crash harmless:
//   1. all new tiles, as one staging file, durable in the state folder;
//   2. the checkpoint is signed and swapped into the lock store: now it is the truth;
//   3. the tiles are written to the public folder;
//   4. the checkpoint is published;
//   5. the staging file is removed.
// Before 2 nothing has happened; after 2 open() replays the staging file and ends where
// an undisturbed run would have. When the outcome of the swap is not known, or a step
// after it fails, the sequencer refuses to go on until it is opened anew.
//
// Thread rule: one thread. One process per log: the lock store refuses a second one.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "log/checkpoint.hpp"
#include "log/tile.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace urna::log {

// The latest signed checkpoint and when it was signed (POSIX seconds).
struct LockState {
  std::string note;
  std::int64_t time = 0;
  friend bool operator==(const LockState&, const LockState&) = default;
};

// Keeps one LockState; replacing it is atomic and durable.
class LockStore {
 public:
  virtual ~LockStore() = default;
  [[nodiscard]] virtual Result<std::optional<LockState>> load() = 0;
  // Replaces `expected` by `next`, or fails with lock_lost when the state is another.
  // After any other error the outcome is unknown.
  [[nodiscard]] virtual Result<void> swap(const std::optional<LockState>& expected,
                                          const LockState& next) = 0;
};

// In a SQLite file.
[[nodiscard]] Result<std::unique_ptr<LockStore>> open_sqlite_lock(
    const std::string& path);

struct LogPlaces {
  std::string public_folder;  // checkpoint, tile/..., blob/...: for any web server
  std::string state_folder;   // staging: never published
};

class Sequencer {
 public:
  // Makes an empty log with a signed checkpoint of size 0. Error log_state when there
  // is one already.
  [[nodiscard]] static Result<Sequencer> create(base::FileSystem& files,
                                                LogPlaces places, LockStore& lock,
                                                base::Clock& clock, NoteSigner signer);
  // Opens a log, finishing what an interruption left. Errors: log_state when the public
  // folder does not agree with the lock store, unsigned_note for another key.
  [[nodiscard]] static Result<Sequencer> open(base::FileSystem& files, LogPlaces places,
                                              LockStore& lock, base::Clock& clock,
                                              NoteSigner signer);

  // Appends the entries in order and publishes; the first gets the index that size()
  // had. On success they are durable and covered by the published checkpoint. Errors:
  // entry_too_long (nothing is written), clock_backwards, disk errors.
  [[nodiscard]] Result<void> append(std::span<const Bytes> entries);

  // Publishes the current checkpoint again with these cosignature lines added; each
  // must be by one of the keys and fit the current text.
  [[nodiscard]] Result<void> add_cosignatures(const Note& cosigned,
                                              std::span<const VerifierKey> witnesses);

  [[nodiscard]] std::uint64_t size() const { return checkpoint_.size; }
  [[nodiscard]] const Checkpoint& checkpoint() const { return checkpoint_; }
  [[nodiscard]] const std::string& signed_checkpoint() const { return state_.note; }
  [[nodiscard]] const VerifierKey& key() const { return signer_.verifier(); }

 private:
  // The incomplete tile of a level: what the next leaf continues.
  struct Edge {
    std::vector<Hash32> hashes;
    bool changed = false;
  };
  using Staged = std::vector<std::pair<std::string, Bytes>>;  // path, content

  Sequencer(base::FileSystem& files, LogPlaces places, LockStore& lock,
            base::Clock& clock, NoteSigner signer)
      : files_(&files),
        places_(std::move(places)),
        lock_(&lock),
        clock_(&clock),
        signer_(std::move(signer)) {}

  Result<void> load_edges();
  void add_hash(unsigned level, const Hash32& hash, std::uint64_t index, Staged& out);
  void add_entry(const Bytes& entry, std::uint64_t index, Staged& out);
  void stage_partials(std::uint64_t size, Staged& out);
  [[nodiscard]] Result<Hash32> edge_node(NodeId node) const;

  Result<void> commit(const Checkpoint& next, const Staged& staged);
  Result<void> finish(const Checkpoint& next, const Staged& staged);
  Result<void> replay();
  [[nodiscard]] std::string staging_path() const;

  base::FileSystem* files_;
  LogPlaces places_;
  LockStore* lock_;
  base::Clock* clock_;
  NoteSigner signer_;
  LockState state_;
  Checkpoint checkpoint_;
  std::vector<Edge> edges_;
  std::vector<Bytes> last_bundle_;
  bool broken_ = false;
};

// A log's public folder as a source of tiles.
[[nodiscard]] TileReader folder_tiles(base::FileSystem& files, std::string folder);

}  // namespace urna::log
