// Where a centre keeps the bytes of documents: whole ones under their hash, for good,
// and beside them the beginnings of those that are still on their way.
//
//   blob/<SHA-256>            whole and durable: named only once it is
//   upload/<SHA-256>.<who>    what has arrived so far from one sender; a power cut may
//                             spoil it, which the hash finds, and then it starts anew
//
// Thread rule: any thread, one at a time for one upload (intake.hpp sees to that).
// Public data.
#pragma once

#include "base/file.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace urna::center {

// One upload: what is being sent, and by whom (hexadecimal digits of a certificate).
struct UploadId {
  Hash32 hash{};
  std::string sender;
};

class Shelf {
 public:
  // Makes the folders. `most_uploads`: how many beginnings may lie there at a time.
  [[nodiscard]] static Result<std::unique_ptr<Shelf>> open(base::FileSystem& files,
                                                           std::string folder,
                                                           std::size_t most_uploads);

  // How much of it is here.
  [[nodiscard]] Result<std::uint64_t> offset(const UploadId& id);
  // Goes on at `at`, which must be offset(id): wrong_offset otherwise; centre_busy when
  // there are too many beginnings; disk_full, and then nothing of it is kept.
  [[nodiscard]] Result<void> append(const UploadId& id, std::uint64_t at,
                                    ByteView piece);
  // Everything that has arrived.
  [[nodiscard]] Result<Bytes> arrived(const UploadId& id);
  // The upload is whole and right: from now on a document. Durable when it returns.
  [[nodiscard]] Result<void> keep(const UploadId& id);
  // The same for a document that arrived in one piece.
  [[nodiscard]] Result<void> keep_bytes(const Hash32& hash, ByteView bytes);
  void drop(const UploadId& id);
  // Removes beginnings that have not grown between two calls `age` apart.
  void drop_stale(std::chrono::steady_clock::time_point now, std::chrono::hours age);

  [[nodiscard]] bool has(const Hash32& hash);
  // The bytes of a document, with this hash for sure: hash_differs otherwise.
  [[nodiscard]] Result<Bytes> read(const Hash32& hash);
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  Shelf(base::FileSystem& files, std::string folder, std::size_t most_uploads)
      : files_(files), folder_(std::move(folder)), most_uploads_(most_uploads) {}
  [[nodiscard]] std::string blob(const Hash32& hash) const;
  [[nodiscard]] std::string upload(const UploadId& id) const;
  Result<void> write_piece(const std::string& path, std::uint64_t at, ByteView piece);

  base::FileSystem& files_;
  std::string folder_;
  std::size_t most_uploads_;
  std::mutex mutex_;
  // Paths of the beginnings, with when they last grew.
  std::map<std::string, std::chrono::steady_clock::time_point> uploads_;
};

}  // namespace urna::center
