// Checks that a page of docs/ shows the bytes that the code makes: white space in the
// page does not count. Tests only.
#pragma once

#include "base/encoding.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <string>

namespace urna::crypto::testing {

[[nodiscard]] inline bool page_shows(const std::string& path, ByteView bytes) {
  std::ifstream file(path);
  std::string page{std::istreambuf_iterator<char>(file), {}};
  std::erase_if(page, [](unsigned char c) { return std::isspace(c); });
  return page.find(base::to_hex(bytes)) != std::string::npos;
}

}  // namespace urna::crypto::testing
