#include "base/file.hpp"

#include "base/errors.hpp"

#include <fmt/format.h>

namespace urna::base {

std::string parent_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string join_path(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  return fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name);
}

Result<Bytes> read_file(FileSystem& files, const std::string& path, std::size_t limit) {
  switch (files.kind(path)) {
    case FileKind::missing:
      return fail(errors::file_missing, fmt::format("no file '{}'", path),
                  "check the path");
    case FileKind::file:
      break;
    default:
      return fail(errors::not_a_file, fmt::format("'{}' is not a regular file", path));
  }
  URNA_TRY(const std::unique_ptr<File> file, files.open(path, OpenMode::read));
  URNA_TRY(const std::uint64_t size, file->size());
  if (size > limit) {
    return fail(errors::too_long, fmt::format("'{}' has {} bytes; at most {} are read",
                                              path, size, limit));
  }
  return file->read_at(0, static_cast<std::size_t>(size));
}

Result<std::string> read_text(FileSystem& files, const std::string& path,
                              std::size_t limit) {
  URNA_TRY(const Bytes bytes, read_file(files, path, limit));
  return std::string(as_text(bytes));
}

Result<void> make_folder_durable(FileSystem& files, const std::string& path) {
  if (path == ".") return {};
  const std::string parent = parent_folder(path);
  if (files.kind(path) != FileKind::folder) {
    URNA_CHECK(make_folder_durable(files, parent));
    URNA_CHECK(files.make_folder(path));
  }
  // Also when it was there already: whoever made it may have been killed just then.
  return files.sync_folder(parent);
}

Result<void> write_durable(FileSystem& files, const std::string& path, ByteView bytes) {
  const std::string temporary = path + ".tmp";
  // Left over from an interruption: its content is of no use to anyone.
  if (files.kind(temporary) == FileKind::file) URNA_CHECK(files.remove(temporary));
  const auto write = [&]() -> Result<void> {
    URNA_TRY(const std::unique_ptr<File> file,
             files.open(temporary, OpenMode::create_new));
    URNA_CHECK(file->write_at(0, bytes));
    return file->sync();
  };
  if (Result<void> written = write(); !written) {
    (void)files.remove(temporary);  // the first error is the one to report
    return written;
  }
  URNA_CHECK(files.rename(temporary, path));
  return files.sync_folder(parent_folder(path));
}

}  // namespace urna::base
