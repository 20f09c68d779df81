// A file system whose writes are not atomic: every write to an existing file is split
// into sectors that a power cut keeps or loses one by one. Wraps ScriptedFiles. Tests
// only.
#pragma once

#include "base/file.hpp"
#include "machine/slots.hpp"

#include <algorithm>

namespace urna::machine::testing {

class TornFiles final : public base::FileSystem {
 public:
  explicit TornFiles(base::FileSystem& disk) : disk_(disk) {}

  Result<std::unique_ptr<base::File>> open(const std::string& path,
                                           base::OpenMode mode) override {
    URNA_TRY(auto file, disk_.open(path, mode));
    if (mode == base::OpenMode::create_new) return file;
    return std::unique_ptr<base::File>(std::make_unique<Torn>(std::move(file)));
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return disk_.rename(from, to);
  }
  Result<void> remove(const std::string& path) override { return disk_.remove(path); }
  Result<void> sync_folder(const std::string& path) override {
    return disk_.sync_folder(path);
  }
  Result<void> make_folder(const std::string& path) override {
    return disk_.make_folder(path);
  }
  Result<std::vector<std::string>> list(const std::string& path) override {
    return disk_.list(path);
  }
  base::FileKind kind(const std::string& path) override { return disk_.kind(path); }

 private:
  class Torn final : public base::File {
   public:
    explicit Torn(std::unique_ptr<base::File> file) : file_(std::move(file)) {}
    Result<Bytes> read_at(std::uint64_t offset, std::size_t count) override {
      return file_->read_at(offset, count);
    }
    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
      while (!bytes.empty()) {
        const std::size_t part = std::min(bytes.size(), kSector);
        URNA_CHECK(file_->write_at(offset, bytes.first(part)));
        offset += part;
        bytes = bytes.subspan(part);
      }
      return {};
    }
    Result<std::uint64_t> size() override { return file_->size(); }
    Result<void> sync() override { return file_->sync(); }

   private:
    std::unique_ptr<base::File> file_;
  };

  base::FileSystem& disk_;
};

}  // namespace urna::machine::testing
