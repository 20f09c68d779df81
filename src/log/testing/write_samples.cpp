// Writes logs of the sizes where trees change shape, with signatures, cosignatures,
// receipts and consistency proofs, for another implementation to judge
// (go_check/main.go). Usage: write_samples FOLDER
#include "base/encoding.hpp"
#include "log/receipt.hpp"
#include "log/testing/made_log.hpp"
#include "log/tile.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include <fmt/format.h>

using namespace urna;

namespace {

void put(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path out = argv[1];
  const std::uint64_t sizes[] = {0,   1,      2,      255,    256,
                                 257, 65'535, 65'536, 65'537, 70'000};
  const auto signer =
      log::testing::test_signer("example.org/log", log::KeyType::ed25519, 1);
  const auto witness =
      log::testing::test_signer("witness.example", log::KeyType::cosignature, 2);
  put(out / "log-key", signer.verifier().text());
  put(out / "witness-key", witness.verifier().text());
  const auto entries = log::testing::test_entries(70'000);
  for (const std::uint64_t size : sizes) {
    const auto folder = out / std::to_string(size);
    const log::testing::MadeLog made = log::testing::make_log(
        {entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(size)}, signer,
        {&witness}, 1'606'000'000);
    for (const auto& [path, bytes] : made.files) put(folder / path, as_text(bytes));
    const log::TileReader tiles = [&](const log::TileId& id) -> Result<Bytes> {
      return made.files.at(id.path());
    };
    log::TileNodes nodes(size, tiles);
    const auto reader = [&](log::NodeId node) { return nodes(node); };
    for (const std::uint64_t old : sizes) {
      if (old == 0 || old > size) continue;
      std::string lines;
      const auto proof = log::consistency_proof(old, size, reader).value();
      for (const Hash32& hash : proof) {
        lines += base::to_base64(hash) + "\n";
      }
      put(folder / "consistency" / std::to_string(old), lines);
    }
    std::set<std::uint64_t> indices;
    for (std::uint64_t i = 0; i < size; i += size / 50 + 1) indices.insert(i);
    if (size > 0) indices.insert(size - 1);
    for (const std::uint64_t i : indices) {
      put(folder / "receipts" / std::to_string(i),
          log::make_receipt(tiles, made.note, i).value().text());
    }
  }
  fmt::print("{} logs written\n", std::size(sizes));
  return 0;
}
