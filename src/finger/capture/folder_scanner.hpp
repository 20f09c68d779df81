// A scanner that is a folder: each capture takes the next picture file in order of
// name that was not taken yet, waiting for one to appear. For vendor programs that save
// pictures, for demonstrations and for tests. Files are left where they are; names that
// begin with a dot or end in ".tmp" are ignored, so that writers can rename into place.
#pragma once

#include "base/file.hpp"
#include "finger/capture/scanner.hpp"
#include "finger/io/read.hpp"

#include <set>

namespace urna::finger::capture {

class FolderScanner final : public Scanner {
 public:
  // `files` must outlive the scanner.
  FolderScanner(base::FileSystem& files, std::string folder,
                io::ReadOptions options = {});

  [[nodiscard]] std::string name() const override;
  [[nodiscard]] Result<Image> capture(std::chrono::milliseconds timeout) override;

 private:
  [[nodiscard]] Result<std::optional<std::string>> next_file();

  base::FileSystem& files_;
  std::string folder_;
  io::ReadOptions options_;
  std::set<std::string> taken_;
};

}  // namespace urna::finger::capture
