// Proofs as text: one base64 hash a line, then an empty line. The common part of
// receipts and of what is sent to a witness; inside this room only.
//
// Thread rule: pure functions. Public data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace urna::log {

// Takes one line, without its line feed, off the front. Error bad_proof.
[[nodiscard]] Result<std::string_view> take_line(std::string_view& text);

// Takes up to 63 hashes and the empty line off the front. Error bad_proof.
[[nodiscard]] Result<std::vector<Hash32>> take_proof(std::string_view& text);

[[nodiscard]] std::string proof_text(std::span<const Hash32> proof);

}  // namespace urna::log
