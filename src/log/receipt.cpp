#include "log/receipt.hpp"

#include "base/csv.hpp"
#include "base/encoding.hpp"
#include "log/errors.hpp"
#include "log/proof_lines.hpp"

#include <fmt/format.h>

namespace urna::log {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1\n";
constexpr std::size_t kMaxReceipt = 3 * kMaxNote;

std::unexpected<Error> refuse(std::string_view why) {
  return fail(errors::bad_receipt, fmt::format("not a receipt: {}", why),
              "use the receipt as it was given out, unchanged");
}

}  // namespace

Result<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return fail(errors::bad_proof, "the proof ends without an empty line");
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<std::vector<Hash32>> take_proof(std::string_view& text) {
  std::vector<Hash32> out;
  while (true) {
    URNA_TRY(const std::string_view line, take_line(text));
    if (line.empty()) return out;
    const auto bytes = base::from_base64(line);
    if (!bytes || bytes->size() != 32) {
      return fail(errors::bad_proof, fmt::format("line {} of the proof is not the "
                                                 "base64 of 32 bytes",
                                                 out.size() + 1));
    }
    if (out.size() == kMaxProof) {
      return fail(errors::bad_proof,
                  fmt::format("the proof has more than {} lines", kMaxProof));
    }
    Hash32 hash;
    std::ranges::copy(*bytes, hash.begin());
    out.push_back(hash);
  }
}

std::string proof_text(std::span<const Hash32> proof) {
  std::string out;
  for (const Hash32& hash : proof) out += base::to_base64(hash) + "\n";
  return out + "\n";
}

std::string Receipt::text() const {
  std::string out(kFirstLine);
  if (extra) out += fmt::format("extra {}\n", base::to_base64(*extra));
  out += fmt::format("index {}\n", index);
  return out + proof_text(proof) + checkpoint;
}

Result<Receipt> parse_receipt(std::string_view text) {
  if (text.size() > kMaxReceipt) return refuse("it is too long");
  if (!text.starts_with(kFirstLine)) return refuse("the first line is another");
  text.remove_prefix(kFirstLine.size());
  Receipt out;
  if (text.starts_with("extra ")) {
    text.remove_prefix(6);
    const auto line = take_line(text);
    auto bytes = line ? base::from_base64(*line) : Result<Bytes>(Bytes{});
    if (!line || !bytes) return refuse("the extra data is not base64");
    out.extra = std::move(*bytes);
  }
  if (!text.starts_with("index ")) return refuse("it has no index");
  text.remove_prefix(6);
  const auto line = take_line(text);
  const auto index =
      line ? base::parse_count(*line, INT64_MAX) : Result<std::uint64_t>(0);
  if (!line || !index) return refuse("the index is not a number");
  out.index = *index;
  auto proof = take_proof(text);
  if (!proof) return refuse(proof.error().message);
  out.proof = std::move(*proof);
  if (text.empty()) return refuse("it has no checkpoint");
  out.checkpoint = text;
  return out;
}

Result<Receipt> make_receipt(const TileReader& tiles, std::string_view checkpoint,
                             std::uint64_t index) {
  URNA_TRY(const Note note, parse_note(checkpoint));
  URNA_TRY(const Checkpoint opened, parse_checkpoint(note.text));
  if (index >= opened.size) {
    return fail(
        errors::bad_receipt,
        fmt::format("the log has {} entries; there is no entry {}", opened.size, index),
        "entries count from 0");
  }
  TileNodes nodes(opened.size, tiles);
  Receipt out{{}, index, {}, std::string(checkpoint)};
  URNA_TRY(out.proof, inclusion_proof(index, opened.size,
                                      [&](NodeId node) { return nodes(node); }));
  return out;
}

Result<WitnessedCheckpoint> check_receipt(const Receipt& receipt, ByteView entry,
                                          const Policy& policy) {
  URNA_TRY(WitnessedCheckpoint out, policy.check(receipt.checkpoint));
  const Checkpoint& checkpoint = out.signed_checkpoint.checkpoint;
  URNA_CHECK(check_inclusion(receipt.index, checkpoint.size, leaf_hash(entry),
                             receipt.proof, checkpoint.root));
  return out;
}

}  // namespace urna::log
