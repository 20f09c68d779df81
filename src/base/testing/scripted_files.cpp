#include "base/testing/scripted_files.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace urna::base::testing {

class ScriptedFile final : public File {
 public:
  ScriptedFile(ScriptedFiles& disk, std::size_t inode, std::string path)
      : disk_(disk), inode_(inode), path_(std::move(path)) {}

  Result<Bytes> read_at(std::uint64_t offset, std::size_t count) override {
    const Bytes& content = disk_.live_.contents[inode_];
    if (offset > content.size() || count > content.size() - offset) {
      return fail(errors::short_input, fmt::format("'{}' ends too early", path_));
    }
    const auto begin = content.begin() + static_cast<std::ptrdiff_t>(offset);
    return Bytes(begin, begin + static_cast<std::ptrdiff_t>(count));
  }

  Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
    URNA_CHECK(disk_.step(fmt::format("write {} {}+{}", path_, offset, bytes.size())));
    disk_.change(ScriptedFiles::Write{inode_, offset, to_bytes(bytes)});
    return {};
  }

  Result<std::uint64_t> size() override { return disk_.live_.contents[inode_].size(); }

  Result<void> sync() override {
    URNA_CHECK(disk_.step(fmt::format("sync {}", path_)));
    disk_.settle([&](const ScriptedFiles::Change& change) {
      const auto* write = std::get_if<ScriptedFiles::Write>(&change);
      return write != nullptr && write->inode == inode_;
    });
    return {};
  }

 private:
  ScriptedFiles& disk_;
  std::size_t inode_;
  std::string path_;
};

ScriptedFiles::ScriptedFiles() {
  live_.entries["."] = std::nullopt;
  live_.entries["/"] = std::nullopt;
  durable_ = live_;
}

Result<void> ScriptedFiles::step(std::string what) {
  const std::size_t number = trace_.size();
  trace_.push_back(what);
  if (cut_at_ && number >= *cut_at_) {
    return fail(errors::file_access, fmt::format("scripted power cut at {}", what));
  }
  if (fail_at_ && fail_at_->first == number) {
    return fail(fail_at_->second, fmt::format("scripted failure of {}", what));
  }
  return {};
}

void ScriptedFiles::apply(const Change& change, Disk& disk) {
  if (const auto* write = std::get_if<Write>(&change)) {
    Bytes& content = disk.contents[write->inode];
    const std::size_t end =
        static_cast<std::size_t>(write->offset) + write->bytes.size();
    if (content.size() < end) content.resize(end);
    std::ranges::copy(write->bytes,
                      content.begin() + static_cast<std::ptrdiff_t>(write->offset));
    return;
  }
  const auto& relink = std::get<Relink>(change);
  for (const std::string& path : relink.gone) disk.entries.erase(path);
  for (const auto& [path, inode] : relink.made) disk.entries[path] = inode;
}

void ScriptedFiles::change(Change change) {
  apply(change, live_);
  pending_.push_back(std::move(change));
}

void ScriptedFiles::settle(const std::function<bool(const Change&)>& which) {
  std::vector<Change> left;
  for (Change& change : pending_) {
    if (which(change)) {
      apply(change, durable_);
    } else {
      left.push_back(std::move(change));
    }
  }
  pending_ = std::move(left);
}

void ScriptedFiles::power_on(const std::function<bool(std::size_t)>& keep) {
  std::size_t index = 0;
  settle([&](const Change&) { return keep(index++); });
  pending_.clear();
  live_ = durable_;
  cut_at_.reset();
  fail_at_.reset();
}

Result<std::unique_ptr<File>> ScriptedFiles::open(const std::string& path,
                                                  OpenMode mode) {
  if (cut_at_ && trace_.size() > *cut_at_) {
    return fail(errors::file_access, "scripted: the power is gone");
  }
  const FileKind there = kind(path);
  if (mode != OpenMode::create_new) {
    if (there != FileKind::file) {
      return fail(errors::file_missing, fmt::format("no file '{}'", path));
    }
    return std::make_unique<ScriptedFile>(*this, *live_.entries[path], path);
  }
  URNA_CHECK(step(fmt::format("create {}", path)));
  if (there != FileKind::missing || kind(parent_folder(path)) != FileKind::folder) {
    return fail(errors::file_access, fmt::format("cannot create '{}'", path));
  }
  const Inode inode = next_inode_++;
  change(Relink{parent_folder(path), {}, {{path, inode}}});
  return std::make_unique<ScriptedFile>(*this, inode, path);
}

Result<void> ScriptedFiles::rename(const std::string& from, const std::string& to) {
  URNA_CHECK(step(fmt::format("rename {} {}", from, to)));
  if (kind(from) != FileKind::file || kind(parent_folder(to)) != FileKind::folder) {
    return fail(errors::file_missing, fmt::format("cannot rename '{}'", from));
  }
  change(Relink{parent_folder(to), {from}, {{to, live_.entries[from]}}});
  return {};
}

Result<void> ScriptedFiles::remove(const std::string& path) {
  URNA_CHECK(step(fmt::format("remove {}", path)));
  if (kind(path) == FileKind::missing) {
    return fail(errors::file_missing, fmt::format("no file '{}'", path));
  }
  change(Relink{parent_folder(path), {path}, {}});
  return {};
}

Result<void> ScriptedFiles::sync_folder(const std::string& path) {
  URNA_CHECK(step(fmt::format("sync folder {}", path)));
  settle([&](const Change& change) {
    const auto* relink = std::get_if<Relink>(&change);
    return relink != nullptr && relink->folder == path;
  });
  return {};
}

Result<void> ScriptedFiles::make_folder(const std::string& path) {
  if (path.empty() || kind(path) == FileKind::folder) return {};
  URNA_CHECK(make_folder(parent_folder(path)));
  URNA_CHECK(step(fmt::format("make folder {}", path)));
  change(Relink{parent_folder(path), {}, {{path, std::nullopt}}});
  return {};
}

Result<std::vector<std::string>> ScriptedFiles::list(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& [entry, inode] : live_.entries) {
    if (entry != path && parent_folder(entry) == path) {
      names.push_back(entry.substr(entry.rfind('/') + 1));
    }
  }
  return names;
}

FileKind ScriptedFiles::kind(const std::string& path) {
  const auto found = live_.entries.find(path);
  if (found == live_.entries.end()) return FileKind::missing;
  return found->second ? FileKind::file : FileKind::folder;
}

}  // namespace urna::base::testing
