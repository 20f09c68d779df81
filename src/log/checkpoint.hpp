// Checkpoints (c2sp.org/tlog-checkpoint): what a log commits to. The text of a signed
// note: the log's origin, the number of entries, the root hash, one a line.
//
// Thread rule: plain values, public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "log/note.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace urna::log {

struct Checkpoint {
  std::string origin;  // such as example.org/election-2020; also the key's name
  std::uint64_t size = 0;
  Hash32 root{};
  std::vector<std::string> extensions;  // further lines; we write none

  [[nodiscard]] std::string text() const;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Error bad_checkpoint. Sizes have no leading zeros and stay below 2^63; the root is
// exactly 32 bytes; extension lines are not empty.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view text);

struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
};

// Parses a note whose text is a checkpoint of the log with this key, signed by it.
// Errors: bad_note, bad_checkpoint, bad_note_signature, unsigned_note.
[[nodiscard]] Result<SignedCheckpoint> open_checkpoint(std::string_view note,
                                                       const VerifierKey& log_key);

}  // namespace urna::log
