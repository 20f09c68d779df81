#include "finger/capture/folder_scanner.hpp"

#include "finger/io_errors.hpp"

#include <thread>
#include <utility>

#include <fmt/format.h>

namespace urna::finger::capture {
namespace {

constexpr std::chrono::milliseconds kPoll{50};
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

}  // namespace

FolderScanner::FolderScanner(base::FileSystem& files, std::string folder,
                             io::ReadOptions options)
    : files_(files), folder_(std::move(folder)), options_(std::move(options)) {}

std::string FolderScanner::name() const {
  return fmt::format("folder {}", folder_);
}

Result<std::optional<std::string>> FolderScanner::next_file() {
  URNA_TRY(const std::vector<std::string> names, files_.list(folder_));
  for (const std::string& name : names) {
    if (name.starts_with('.') || name.ends_with(".tmp") || taken_.contains(name))
      continue;
    if (files_.kind(base::join_path(folder_, name)) != base::FileKind::file) continue;
    return std::optional(name);
  }
  return std::optional<std::string>();
}

Result<Image> FolderScanner::capture(std::chrono::milliseconds timeout) {
  for (auto waited = std::chrono::milliseconds{0};; waited += kPoll) {
    auto next = next_file();
    if (!next) {
      return fail(errors::no_scanner, std::move(next.error().message),
                  "the folder must exist and be readable", folder_);
    }
    if (*next) {
      const std::string path = base::join_path(folder_, **next);
      taken_.insert(**next);
      URNA_TRY(const Bytes file, base::read_file(files_, path, kMostBytes));
      auto image = io::read_image(file, options_);
      if (!image) return std::unexpected(std::move(image).error().at(path));
      return image;
    }
    if (waited >= timeout) {
      return fail(errors::capture_timeout, "no new picture in the folder", {}, folder_);
    }
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace urna::finger::capture
