#include "results/folder.hpp"

#include "base/file.hpp"
#include "results/errors.hpp"

#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

namespace urna::results {
namespace {

namespace fs = std::filesystem;

// Every site has this file.
constexpr std::string_view kMark = "data/site.json";

std::unexpected<Error> cannot_write(const std::string& path, const std::string& why) {
  return fail(errors::cannot_write, why, "check the folder and the space left", path);
}

}  // namespace

SiteFolder::SiteFolder(std::string folder)
    : folder_(std::move(folder)), fresh_(folder_ + ".new") {}

SiteFolder::SiteFolder(SiteFolder&& other) noexcept
    : folder_(std::move(other.folder_)),
      fresh_(std::move(other.fresh_)),
      made_(std::move(other.made_)),
      files_(other.files_.load()) {}

Result<SiteFolder> SiteFolder::begin(const std::string& folder) {
  std::string plain = folder;
  while (plain.size() > 1 && plain.ends_with('/')) plain.pop_back();
  std::error_code error;
  if (fs::exists(plain, error) && !fs::is_empty(plain, error) &&
      !fs::exists(fs::path(plain) / kMark, error))
    return fail(errors::foreign_folder,
                "the folder holds something else than a results site",
                "name a new folder", plain);
  SiteFolder site(plain);
  fs::remove_all(site.fresh_, error);
  if (!fs::create_directories(site.fresh_, error) && error)
    return cannot_write(site.fresh_, error.message());
  return site;
}

Result<void> SiteFolder::write(const std::string& path, std::string_view bytes) {
  const std::string full = base::join_path(fresh_, path);
  {
    const std::lock_guard lock(mutex_);
    if (const std::string parent = base::parent_folder(full);
        made_.insert(parent).second) {
      std::error_code error;
      fs::create_directories(parent, error);
      if (error) return cannot_write(parent, error.message());
    }
  }
  std::FILE* file = std::fopen(full.c_str(), "wb");
  const bool ok = file != nullptr &&
                  std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if ((file != nullptr && std::fclose(file) != 0) || !ok)
    return cannot_write(full, "the page cannot be written");
  ++files_;
  return {};
}

Result<void> SiteFolder::copy(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::copy(from, fs::path(fresh_) / to, fs::copy_options::recursive, error);
  if (error) return cannot_write(from, error.message());
  return {};
}

Result<void> SiteFolder::finish() {
  const std::string old = folder_ + ".old";
  std::error_code error;
  fs::remove_all(old, error);
  if (fs::exists(folder_, error)) {
    fs::rename(folder_, old, error);
    if (error) return cannot_write(folder_, error.message());
  }
  fs::rename(fresh_, folder_, error);
  if (error) return cannot_write(folder_, error.message());
  fs::remove_all(old, error);
  return {};
}

}  // namespace urna::results
