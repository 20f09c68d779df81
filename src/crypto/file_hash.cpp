#include "crypto/file_hash.hpp"

#include "crypto/sha256.hpp"

#include <algorithm>

namespace urna::crypto {

Result<Hash32> sha256_file(base::FileSystem& files, const std::string& path) {
  URNA_TRY(const auto file, files.open(path, base::OpenMode::read));
  URNA_TRY(const std::uint64_t size, file->size());
  Sha256 hash;
  constexpr std::uint64_t kPiece = 1 << 18;
  for (std::uint64_t at = 0; at < size; at += kPiece) {
    URNA_TRY(const Bytes piece,
             file->read_at(at, std::min<std::uint64_t>(kPiece, size - at)));
    hash.update(piece);
  }
  return hash.finish();
}

}  // namespace urna::crypto
