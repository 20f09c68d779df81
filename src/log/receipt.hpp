// Offline receipts (c2sp.org/tlog-proof): a text of about two kilobytes that proves,
// without any network, that an entry stands in a log whose checkpoint the witnesses of
// a policy have signed. docs/formats/log-receipt.md.
//
// Thread rule: plain values and pure functions. Public data.
#pragma once

#include "log/policy.hpp"
#include "log/tile.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace urna::log {

struct Receipt {
  std::optional<Bytes> extra;  // not authenticated: a hint, never evidence
  std::uint64_t index = 0;
  std::vector<Hash32> proof;  // RFC 9162 section 2.1.3
  std::string checkpoint;     // the signed note, as it was published

  [[nodiscard]] std::string text() const;
};

inline constexpr std::size_t kMaxProof = 63;

// Error bad_receipt with the line. The note itself is looked at by check_receipt().
[[nodiscard]] Result<Receipt> parse_receipt(std::string_view text);

// From the tiles of the tree that `checkpoint` (a signed note) commits to; index is
// below its size. Errors: bad_note, bad_checkpoint, bad_receipt, those of the reader.
[[nodiscard]] Result<Receipt> make_receipt(const TileReader& tiles,
                                           std::string_view checkpoint,
                                           std::uint64_t index);

// Whether the entry stands in the log, by this policy. Errors: those of Policy::check,
// bad_proof.
[[nodiscard]] Result<WitnessedCheckpoint> check_receipt(const Receipt& receipt,
                                                        ByteView entry,
                                                        const Policy& policy);

}  // namespace urna::log
