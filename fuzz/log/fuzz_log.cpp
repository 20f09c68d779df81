// Every text and binary reader of the log on any bytes: it refuses, or gives back those
// bytes. The first byte picks the reader, so that each has a corpus of its own.
#include "base/bytes.hpp"
#include "log/document.hpp"
#include "log/merkle.hpp"
#include "log/policy.hpp"
#include "log/receipt.hpp"
#include "log/tile.hpp"

#include <cstdlib>

using namespace urna;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void read_bundle(ByteView bytes) {
  if (bytes.empty()) return;
  const std::size_t count = bytes[0] + std::size_t{1};
  if (const auto entries = log::parse_bundle(bytes.subspan(1), count)) {
    must(equal(log::bundle_bytes(*entries), bytes.subspan(1)));
  }
}

// A proof made of any bytes for any sizes: no crash, and no proof of two roots.
void check_proofs(ByteView bytes) {
  if (bytes.size() < 16 + 32) return;
  std::uint64_t numbers[2] = {};
  for (std::size_t i = 0; i < 16; ++i) {
    numbers[i / 8] = numbers[i / 8] << 8 | bytes[i];
  }
  std::vector<Hash32> hashes;
  for (std::size_t at = 16; at + 32 <= bytes.size(); at += 32) {
    std::ranges::copy(bytes.subspan(at, 32), hashes.emplace_back().begin());
  }
  const Hash32 leaf = hashes.back();
  Hash32 other = leaf;
  other[0] ^= 1;
  for (const Hash32& root : hashes) {
    const bool one =
        log::check_inclusion(numbers[0], numbers[1], leaf, hashes, root).has_value();
    const bool two =
        log::check_inclusion(numbers[0], numbers[1], other, hashes, root).has_value();
    must(!(one && two));
    (void)log::check_consistency(numbers[0], leaf, numbers[1], root, hashes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView bytes(data + 1, size - 1);
  const std::string_view text = as_text(bytes);
  switch (data[0] % 8) {
    case 0:
      if (const auto note = log::parse_note(text)) must(note->format() == text);
      break;
    case 1:
      if (const auto c = log::parse_checkpoint(text)) must(c->text() == text);
      break;
    case 2:
      if (const auto id = log::parse_tile_path(text)) must(id->path() == text);
      break;
    case 3:
      read_bundle(bytes);
      break;
    case 4:
      if (const auto r = log::parse_receipt(text)) must(r->text() == text);
      break;
    case 5:
      if (const auto policy = log::Policy::parse(text)) (void)policy->check(text);
      break;
    case 6:
      if (const auto d = log::parse_document(bytes)) must(equal(d->entry(), bytes));
      break;
    default:
      check_proofs(bytes);
  }
  return 0;
}
