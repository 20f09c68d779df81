// An array of fixed-size slots in one file that never tells when, or in which order,
// its slots were used. The file is written full of random bytes once and never grows;
// a new entry goes to a free slot that the operating system's randomness picks; a used
// slot and a free one look alike without the store's key. The arrays of the vote store
// are made of this (vote_store.hpp); docs/formats/vote-store.md has the bytes.
//
// A slot has two cells and, where entries are large, a body. The body is written once,
// when the entry is made. What changes afterwards (the state and a short content) goes
// to the two cells in turn: the cell that is not valid now is written and synced, and
// the valid cell with the higher step counts. So no assumption is made about how much
// a disk writes at once: a half-written cell does not open, and the other one stands.
//
// Every write is synced before the call returns. After an error nothing is known about
// the slot, and the caller must stop using the array until it is opened again.
//
// Thread rule: one thread. Holds the array's key, which is secret.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "crypto/secret.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace urna::machine {

// Everything is laid out in multiples of this, the smallest sector of common disks.
inline constexpr std::size_t kSector = 512;

// Arrays of one store share a key: guarded pages are few.
using SlotKey = std::shared_ptr<const crypto::SecretBytes>;

struct SlotShape {
  std::uint32_t count = 0;    // slots in the file
  std::uint32_t content = 0;  // most bytes of content beside the state
  std::uint32_t body = 0;     // bytes of the body; 0: no body

  [[nodiscard]] std::size_t cell_size() const;
  [[nodiscard]] std::size_t body_size() const;  // on disk; 0 without a body
  [[nodiscard]] std::size_t slot_size() const { return 2 * cell_size() + body_size(); }
  friend bool operator==(const SlotShape&, const SlotShape&) = default;
};

// What a used slot says. The state's meaning is the array's; never 0.
struct SlotValue {
  std::uint8_t state = 0;
  Bytes content;
};

class SlotArray {
 public:
  // Writes the file full of random bytes and syncs it; it must not exist.
  [[nodiscard]] static Result<void> create(base::FileSystem& files,
                                           base::Random& random,
                                           const std::string& path,
                                           const SlotShape& shape);

  // Reads every cell. `name` (with the store's id) binds cells to this array.
  [[nodiscard]] static Result<SlotArray> open(base::FileSystem& files,
                                              base::Random& random,
                                              const std::string& path, Bytes name,
                                              const SlotShape& shape, SlotKey key);

  [[nodiscard]] const SlotShape& shape() const { return shape_; }
  [[nodiscard]] std::uint32_t used() const { return used_; }
  [[nodiscard]] std::uint32_t count(std::uint8_t state) const;
  // The slots in this state, ascending.
  [[nodiscard]] std::vector<std::uint32_t> in_state(std::uint8_t state) const;
  // 0 when the slot is free.
  [[nodiscard]] std::uint8_t state(std::uint32_t slot) const {
    return steps_[slot].state;
  }

  // A free slot, all equally likely. Error store_full.
  [[nodiscard]] Result<std::uint32_t> random_free();

  // Makes an entry in a free slot: body first, then its first cell, then one sync.
  [[nodiscard]] Result<void> put(std::uint32_t slot, std::uint8_t state,
                                 ByteView content, ByteView body = {});
  // Changes state and content of a used slot.
  [[nodiscard]] Result<void> change(std::uint32_t slot, std::uint8_t state,
                                    ByteView content);
  // Overwrites all of a slot with fresh random bytes: free again.
  [[nodiscard]] Result<void> wipe(std::uint32_t slot);
  // The same for the whole file.
  [[nodiscard]] Result<void> wipe_all();

  [[nodiscard]] Result<SlotValue> read(std::uint32_t slot);
  // Nothing when the body does not open: the entry's making was interrupted.
  [[nodiscard]] Result<std::optional<Bytes>> read_body(std::uint32_t slot);

 private:
  // What the array remembers of a slot; its content stays on disk.
  struct Step {
    std::uint8_t state = 0;
    std::uint8_t step = 0;
    std::uint8_t cell = 0;  // the one that counts
  };

  SlotArray(base::Random& random, std::unique_ptr<base::File> file, Bytes name,
            const SlotShape& shape, SlotKey key);

  [[nodiscard]] Bytes context(std::uint32_t slot, std::uint8_t part) const;
  [[nodiscard]] std::uint64_t offset(std::uint32_t slot, std::uint8_t part) const;
  [[nodiscard]] Result<void> write_cell(std::uint32_t slot, const Step& step,
                                        ByteView content);
  [[nodiscard]] std::optional<Bytes> open_cell(std::uint32_t slot, std::uint8_t cell,
                                               ByteView sealed) const;

  base::Random* random_;
  std::unique_ptr<base::File> file_;
  Bytes name_;
  SlotShape shape_;
  SlotKey key_;
  std::vector<Step> steps_;
  std::uint32_t used_ = 0;
};

}  // namespace urna::machine
