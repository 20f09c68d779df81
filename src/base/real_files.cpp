#include "base/errors.hpp"
#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace urna::base {
namespace {

// The error for errno after a failed call on `path`.
std::unexpected<Error> system_error(std::string_view doing, const std::string& path) {
  const int code = errno;
  const std::string what =
      fmt::format("cannot {} '{}': {}", doing, path, std::strerror(code));
  if (code == ENOSPC || code == EDQUOT) {
    return fail(errors::disk_full, what, "free some space and try again");
  }
  if (code == ENOENT) return fail(errors::file_missing, what, "check the path");
  return fail(errors::file_access, what,
              "check that the path exists and that you may read or write it");
}

// Repeats a system call that a signal interrupted.
template <class Call>
auto retry(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result == -1 && errno == EINTR);
  return result;
}

class RealFile final : public File {
 public:
  RealFile(int descriptor, std::string path)
      : descriptor_(descriptor), path_(std::move(path)) {}
  RealFile(const RealFile&) = delete;
  RealFile& operator=(const RealFile&) = delete;
  ~RealFile() override { ::close(descriptor_); }

  Result<Bytes> read_at(std::uint64_t offset, std::size_t count) override {
    Bytes out(count);
    std::size_t done = 0;
    while (done < count) {
      const ssize_t got = retry([&] {
        return ::pread(descriptor_, out.data() + done, count - done,
                       static_cast<off_t>(offset + done));
      });
      if (got < 0) return system_error("read", path_);
      if (got == 0) {
        return fail(errors::short_input,
                    fmt::format("'{}' ends {} bytes too early", path_, count - done));
      }
      done += static_cast<std::size_t>(got);
    }
    return out;
  }

  Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t put = retry([&] {
        return ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                        static_cast<off_t>(offset + done));
      });
      if (put < 0) return system_error("write", path_);
      done += static_cast<std::size_t>(put);
    }
    return {};
  }

  Result<std::uint64_t> size() override {
    struct stat info{};
    if (::fstat(descriptor_, &info) != 0) return system_error("examine", path_);
    return static_cast<std::uint64_t>(info.st_size);
  }

  // Not retried on failure: after a failed fsync Linux may drop the dirty pages and
  // report success the next time, though nothing was written.
  Result<void> sync() override {
    if (::fsync(descriptor_) == 0) return {};
    return fail(errors::not_durable,
                fmt::format("the disk did not confirm writing '{}': {}", path_,
                            std::strerror(errno)),
                "stop using this disk; its latest content is uncertain");
  }

 private:
  int descriptor_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<File>> RealFiles::open(const std::string& path, OpenMode mode) {
  const int flags = mode == OpenMode::read     ? O_RDONLY
                    : mode == OpenMode::update ? O_RDWR
                                               : O_RDWR | O_CREAT | O_EXCL;
  // Only the owner may read what we create; publishing widens it on purpose.
  const int descriptor =
      retry([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0600); });
  if (descriptor < 0) return system_error("open", path);
  return std::make_unique<RealFile>(descriptor, path);
}

Result<void> RealFiles::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return system_error("rename to", to);
  return {};
}

Result<void> RealFiles::remove(const std::string& path) {
  if (::remove(path.c_str()) != 0) return system_error("remove", path);
  return {};
}

Result<void> RealFiles::sync_folder(const std::string& path) {
  const int descriptor =
      retry([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (descriptor < 0) return system_error("open folder", path);
  return RealFile(descriptor, path).sync();
}

Result<void> RealFiles::make_folder(const std::string& path) {
  if (path.empty() || kind(path) == FileKind::folder) return {};
  if (const std::string parent = parent_folder(path); parent != path && parent != ".") {
    URNA_CHECK(make_folder(parent));
  }
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    return system_error("make folder", path);
  }
  if (kind(path) != FileKind::folder) {
    return fail(errors::file_access,
                fmt::format("'{}' is in the way: it is not a folder", path));
  }
  return {};
}

Result<std::vector<std::string>> RealFiles::list(const std::string& path) {
  DIR* folder = ::opendir(path.c_str());
  if (folder == nullptr) return system_error("list", path);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(folder);
  std::ranges::sort(names);
  return names;
}

FileKind RealFiles::kind(const std::string& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) return FileKind::missing;
  if (S_ISREG(info.st_mode)) return FileKind::file;
  return S_ISDIR(info.st_mode) ? FileKind::folder : FileKind::other;
}

}  // namespace urna::base
