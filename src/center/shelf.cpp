#include "center/shelf.hpp"

#include "base/encoding.hpp"
#include "base/errors.hpp"
#include "center/errors.hpp"
#include "crypto/sha256.hpp"
#include "log/document.hpp"

#include <fmt/format.h>

namespace urna::center {

Result<std::unique_ptr<Shelf>> Shelf::open(base::FileSystem& files, std::string folder,
                                           std::size_t most_uploads) {
  std::unique_ptr<Shelf> out(new Shelf(files, std::move(folder), most_uploads));
  const std::string uploads = base::join_path(out->folder_, "upload");
  URNA_CHECK(base::make_folder_durable(files, base::join_path(out->folder_, "blob")));
  URNA_CHECK(base::make_folder_durable(files, uploads));
  URNA_TRY(const auto names, files.list(uploads));
  for (const std::string& name : names) {
    out->uploads_.emplace(base::join_path(uploads, name),
                          std::chrono::steady_clock::now());
  }
  return out;
}

std::string Shelf::blob(const Hash32& hash) const {
  return base::join_path(folder_, log::blob_path(hash));
}

std::string Shelf::upload(const UploadId& id) const {
  return base::join_path(folder_,
                         fmt::format("upload/{}.{}", base::to_hex(id.hash), id.sender));
}

Result<std::uint64_t> Shelf::offset(const UploadId& id) {
  const std::string path = upload(id);
  if (files_.kind(path) == base::FileKind::missing) return 0;
  URNA_TRY(const auto file, files_.open(path, base::OpenMode::read));
  return file->size();
}

Result<void> Shelf::write_piece(const std::string& path, std::uint64_t at,
                                ByteView piece) {
  URNA_TRY(const auto file, files_.open(path, at == 0 ? base::OpenMode::create_new
                                                      : base::OpenMode::update));
  return file->write_at(at, piece);
}

Result<void> Shelf::append(const UploadId& id, std::uint64_t at, ByteView piece) {
  const std::string path = upload(id);
  URNA_TRY(const std::uint64_t here, offset(id));
  if (at != here) {
    return fail(errors::wrong_offset,
                fmt::format("{} bytes are here; the piece begins at {}", here, at),
                fmt::format("go on at {}", here));
  }
  {
    const std::lock_guard lock(mutex_);
    if (!uploads_.contains(path) && uploads_.size() >= most_uploads_) {
      return fail(errors::centre_busy,
                  fmt::format("{} uploads are under way", uploads_.size()),
                  "try again a little later");
    }
    uploads_[path] = std::chrono::steady_clock::now();
  }
  // An empty file of an interrupted beginning is in the way of a new one.
  if (at == 0 && files_.kind(path) != base::FileKind::missing) {
    URNA_CHECK(files_.remove(path));
  }
  auto written = write_piece(path, at, piece);
  if (!written) drop(id);  // a piece that is half there would only be found out later
  return written;
}

Result<Bytes> Shelf::arrived(const UploadId& id) {
  return base::read_file(files_, upload(id));
}

Result<void> Shelf::keep(const UploadId& id) {
  const std::string from = upload(id);
  const std::string to = blob(id.hash);
  {
    URNA_TRY(const auto file, files_.open(from, base::OpenMode::update));
    URNA_CHECK(file->sync());
  }
  URNA_CHECK(files_.rename(from, to));
  const std::lock_guard lock(mutex_);
  uploads_.erase(from);
  return files_.sync_folder(base::parent_folder(to));
}

Result<void> Shelf::keep_bytes(const Hash32& hash, ByteView bytes) {
  // Whatever an interrupted run left under this name was whole: it is written last.
  return base::write_durable(files_, blob(hash), bytes);
}

void Shelf::drop(const UploadId& id) {
  const std::string path = upload(id);
  (void)files_.remove(path);  // what stays is found by its hash, or by drop_stale()
  const std::lock_guard lock(mutex_);
  if (files_.kind(path) == base::FileKind::missing) uploads_.erase(path);
}

void Shelf::drop_stale(std::chrono::steady_clock::time_point now,
                       std::chrono::hours age) {
  const std::lock_guard lock(mutex_);
  for (auto at = uploads_.begin(); at != uploads_.end();) {
    const bool stale = now - at->second > age;
    if (stale) (void)files_.remove(at->first);
    at = stale ? uploads_.erase(at) : std::next(at);
  }
}

bool Shelf::has(const Hash32& hash) {
  return files_.kind(blob(hash)) == base::FileKind::file;
}

Result<Bytes> Shelf::read(const Hash32& hash) {
  URNA_TRY(Bytes bytes, base::read_file(files_, blob(hash)));
  if (crypto::sha256(bytes) != hash) {
    return fail(errors::hash_differs, "the bytes on the shelf are not those received",
                "restore the file from the station's own copy", blob(hash));
  }
  return bytes;
}

}  // namespace urna::center
