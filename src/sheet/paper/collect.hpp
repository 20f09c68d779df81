// Sheets from whatever people bring: sheet files, photographs, scans and PDF pages,
// single or whole folders of them. Codes are put together across all pictures; the
// same sheet found twice counts once.
//
// Called by the count and by `urna sheet read`. Thread rule: reads pictures on several
// threads; the FileSystem must allow that (it does).
#pragma once

#include "base/file.hpp"
#include "sheet/signed_sheet.hpp"

#include <functional>
#include <string>
#include <vector>

namespace urna::sheet {

struct CollectedSheet {
  SignedSheet sheet;
  std::string source;  // a file, or "pictures"
};

struct Collection {
  std::vector<CollectedSheet> sheets;  // different ones, by station and segment
  std::vector<Error> errors;           // what could not be read, each with its place
  std::vector<std::string> official_signatures;  // texts of further codes and slips
  std::size_t files = 0;
  std::size_t pictures = 0;
  std::size_t codes = 0;
};

// `paths`: files and folders; a folder stands for every file in it and below, except
// hidden ones. Files that are neither sheets nor pictures are errors when named, and
// left alone inside folders. `progress` is told how many files of how many are done.
[[nodiscard]] Collection collect_sheets(
    base::FileSystem& files, const std::vector<std::string>& paths,
    unsigned threads = 0,
    const std::function<void(std::size_t, std::size_t)>& progress = {});

// All codes of one picture or PDF. Errors: those of image.hpp.
[[nodiscard]] Result<std::vector<std::string>> read_codes(base::FileSystem& files,
                                                          const std::string& path);

}  // namespace urna::sheet
