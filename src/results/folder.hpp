// A results site as a folder of the disk. The new site is written beside the old one
// and takes its place when it is whole, so that a web server never shows half of it.
//
// Called by `urna results`. Thread rule: write() from several threads; the rest from
// one. Public data.
#pragma once

#include "base/result.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace urna::results {

class SiteFolder {
 public:
  // Refuses a folder with something else in it than a results site. Error
  // foreign_folder; cannot_write.
  [[nodiscard]] static Result<SiteFolder> begin(const std::string& folder);
  SiteFolder(SiteFolder&& other) noexcept;

  // Pages are many and made anew as a whole: they are not synced one by one.
  [[nodiscard]] Result<void> write(const std::string& path, std::string_view bytes);
  // Copies every file of `from` into the folder `to` of the site.
  [[nodiscard]] Result<void> copy(const std::string& from, const std::string& to);
  // Puts the new site in the place of the old one.
  [[nodiscard]] Result<void> finish();

  [[nodiscard]] std::size_t files() const { return files_; }

 private:
  explicit SiteFolder(std::string folder);

  std::string folder_;
  std::string fresh_;  // where the new site grows
  std::mutex mutex_;
  std::set<std::string> made_;  // folders
  std::atomic<std::size_t> files_{0};
};

}  // namespace urna::results
