// The port to the disk. Programs use RealFiles; tests and the simulator use
// testing::ScriptedFiles, which forgets unsynced data and fails on demand. All paths
// are plain strings with '/' between folders.
//
// Most code needs only two functions: read_file() and write_durable(). Stores that
// update a file in place (the vote store) use File.
//
// Thread rule: a FileSystem may be used from several threads, a File from one.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace urna::base {

// An open file. Errors: disk_full, file_access; not_durable when the disk did not
// confirm a sync: then nothing about the file's unsynced content is known any more,
// and the caller must stop using it (retrying fsync can report success for lost data).
class File {
 public:
  virtual ~File() = default;
  // Exactly `count` bytes from `offset`; short_input when the file is shorter.
  [[nodiscard]] virtual Result<Bytes> read_at(std::uint64_t offset,
                                              std::size_t count) = 0;
  [[nodiscard]] virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;
  [[nodiscard]] virtual Result<std::uint64_t> size() = 0;
  // Flushes content and size to the device.
  [[nodiscard]] virtual Result<void> sync() = 0;
};

enum class OpenMode {
  read,        // must exist
  update,      // must exist; read and write
  create_new,  // must not exist; read and write
};

enum class FileKind { missing, file, folder, other };

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const std::string& path,
                                                           OpenMode mode) = 0;
  // Replaces `to` when it exists, atomically.
  [[nodiscard]] virtual Result<void> rename(const std::string& from,
                                            const std::string& to) = 0;
  [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;
  // Makes the folder's own entries (creations, renames, removals) durable.
  [[nodiscard]] virtual Result<void> sync_folder(const std::string& path) = 0;
  // The folder and its parents; fine when it is there already.
  [[nodiscard]] virtual Result<void> make_folder(const std::string& path) = 0;
  // Names inside a folder, sorted bytewise.
  [[nodiscard]] virtual Result<std::vector<std::string>> list(
      const std::string& path) = 0;
  // Symbolic links are not followed: they are FileKind::other.
  [[nodiscard]] virtual FileKind kind(const std::string& path) = 0;
};

// The disk of this machine.
class RealFiles final : public FileSystem {
 public:
  [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string& path,
                                                   OpenMode mode) override;
  [[nodiscard]] Result<void> rename(const std::string& from,
                                    const std::string& to) override;
  [[nodiscard]] Result<void> remove(const std::string& path) override;
  [[nodiscard]] Result<void> sync_folder(const std::string& path) override;
  [[nodiscard]] Result<void> make_folder(const std::string& path) override;
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& path) override;
  [[nodiscard]] FileKind kind(const std::string& path) override;
};

// The folder part of a path ("." when there is none) and a path inside a folder.
[[nodiscard]] std::string parent_folder(const std::string& path);
[[nodiscard]] std::string join_path(std::string_view folder, std::string_view name);

// A whole regular file. Errors: file_missing, not_a_file, file_access, and too_long
// above `limit` bytes (checked before anything is read).
[[nodiscard]] Result<Bytes> read_file(FileSystem& files, const std::string& path,
                                      std::size_t limit = std::size_t{1} << 30);
[[nodiscard]] Result<std::string> read_text(FileSystem& files, const std::string& path,
                                            std::size_t limit = std::size_t{1} << 30);

// Makes a folder and the parents it lacks so that they survive a power cut.
[[nodiscard]] Result<void> make_folder_durable(FileSystem& files,
                                               const std::string& path);

// Writes a whole file so that after any interruption `path` holds either the old
// content or the new: `path.tmp`, write, fsync, rename, fsync of the folder. When it
// returns success the content survives a power cut.
[[nodiscard]] Result<void> write_durable(FileSystem& files, const std::string& path,
                                         ByteView bytes);

}  // namespace urna::base
