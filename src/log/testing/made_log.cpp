#include "log/testing/made_log.hpp"

#include "log/tile.hpp"

#include <fmt/format.h>

namespace urna::log::testing {

NoteSigner test_signer(std::string name, KeyType type, std::uint8_t seed) {
  ByteArray<32> bytes;
  bytes.fill(seed);
  return NoteSigner::make(std::move(name), type, crypto::SigningKey::from_seed(bytes))
      .value();
}

std::vector<Bytes> test_entries(std::size_t count, std::size_t fork) {
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(
        to_bytes(as_bytes(fmt::format("{} {}", i < fork ? "entry" : "fork", i))));
  }
  return out;
}

MadeLog make_log(const std::vector<Bytes>& entries, const NoteSigner& log,
                 const std::vector<const NoteSigner*>& witnesses, std::uint64_t time) {
  MadeLog out;
  std::vector<std::vector<Hash32>> levels(1);
  for (const Bytes& entry : entries) levels[0].push_back(leaf_hash(entry));
  while (levels.back().size() >= kTileWidth) {
    const auto& below = levels.back();
    std::vector<Hash32> above;
    for (std::size_t n = 0; n + kTileWidth <= below.size(); n += kTileWidth) {
      TreeHasher tree;
      for (std::size_t i = 0; i < kTileWidth; ++i) tree.add(below[n + i]);
      above.push_back(tree.root());
    }
    levels.push_back(std::move(above));
  }
  for (const TileId& id : new_tiles(0, entries.size())) {
    Bytes& file = out.files[id.path()];
    const std::size_t first = id.index * kTileWidth;
    if (id.entries) {
      const auto from = entries.begin() + static_cast<std::ptrdiff_t>(first);
      file = bundle_bytes({from, from + id.width});
      continue;
    }
    for (std::size_t i = 0; i < id.width; ++i) {
      append(file, levels[id.level][first + i]);
    }
  }
  TreeHasher tree;
  for (const Hash32& leaf : levels[0]) tree.add(leaf);
  out.checkpoint = {log.verifier().name(), entries.size(), tree.root(), {}};
  Note note{out.checkpoint.text(), {log.sign(out.checkpoint.text())}};
  for (const NoteSigner* witness : witnesses) {
    note.signatures.push_back(witness->sign(note.text, time));
  }
  out.note = note.format();
  out.files["checkpoint"] = to_bytes(as_bytes(out.note));
  return out;
}

}  // namespace urna::log::testing
