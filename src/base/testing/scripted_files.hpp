// A file system in memory that behaves as badly as a real one may: until a file is
// synced, a power cut keeps or loses each of its writes at will; until a folder is
// synced, so it does with creations, renames and removals. It records every change,
// and can fail or lose power at any chosen one. Tests and the simulator only.
//
// A test runs its scenario once to learn how many changes it makes, then once per cut
// point: cut_power_at(n), run until everything fails, then power_on(keep) with a
// choice of which unsynced changes survived, and looks at what is left.
//
// Thread rule: one thread.
#pragma once

#include "base/file.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace urna::base::testing {

class ScriptedFiles final : public FileSystem {
 public:
  ScriptedFiles();

  [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string& path,
                                                   OpenMode mode) override;
  [[nodiscard]] Result<void> rename(const std::string& from,
                                    const std::string& to) override;
  [[nodiscard]] Result<void> remove(const std::string& path) override;
  [[nodiscard]] Result<void> sync_folder(const std::string& path) override;
  [[nodiscard]] Result<void> make_folder(const std::string& path) override;
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& path) override;
  [[nodiscard]] FileKind kind(const std::string& path) override;

  // Changes (writes, creations, renames, removals, syncs) asked for so far.
  [[nodiscard]] std::size_t changes() const { return trace_.size(); }
  [[nodiscard]] const std::vector<std::string>& trace() const { return trace_; }

  // The change with this number (from 0) and all later ones fail: the power is gone.
  void cut_power_at(std::size_t change) { cut_at_ = change; }
  // Only the change with this number fails, with this error kind.
  void fail_at(std::size_t change, ErrorKind kind) { fail_at_ = {change, kind}; }

  // How many changes are not yet durable: each may or may not survive a power cut.
  [[nodiscard]] std::size_t unsynced() const { return pending_.size(); }
  // The program was killed and starts again on a system that kept running: nothing is
  // forgotten, and nothing more has become durable.
  void restart_program() {
    cut_at_.reset();
    fail_at_.reset();
  }
  // The machine starts again; keep(i) says whether unsynced change i survived. A write
  // to a file whose creation was lost is lost with it.
  void power_on(const std::function<bool(std::size_t)>& keep);

 private:
  friend class ScriptedFile;
  using Inode = std::size_t;
  // What a disk holds: entries (path to inode; folders have none) and contents.
  struct Disk {
    std::map<std::string, std::optional<Inode>> entries;
    std::map<Inode, Bytes> contents;
  };
  struct Write {
    Inode inode;
    std::uint64_t offset;
    Bytes bytes;
  };
  // A creation, removal or rename: all its entries change together.
  struct Relink {
    std::string folder;  // whose sync makes it durable
    std::vector<std::string> gone;
    std::map<std::string, std::optional<Inode>> made;
  };
  using Change = std::variant<Write, Relink>;

  // Counts a change; an error when it must fail.
  Result<void> step(std::string what);
  void change(Change change);
  static void apply(const Change& change, Disk& disk);
  // Makes durable, in order, the pending changes that `which` picks.
  void settle(const std::function<bool(const Change&)>& which);

  Disk live_;     // what the running program sees
  Disk durable_;  // what certainly survives a power cut
  std::vector<Change> pending_;
  std::vector<std::string> trace_;
  std::optional<std::size_t> cut_at_;
  std::optional<std::pair<std::size_t, ErrorKind>> fail_at_;
  Inode next_inode_ = 0;
};

}  // namespace urna::base::testing
