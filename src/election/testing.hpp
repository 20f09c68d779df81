// A definition's files in memory, for tests that change one thing and look at what the
// loader says. Tests only.
#pragma once

#include "base/file.hpp"
#include "election/definition.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace urna::election::testing {

inline DefinitionFiles example(std::string_view name) {
  base::RealFiles disk;
  base::Report report;
  auto files = read_definition_files(
      disk, std::string(URNA_SOURCE_DIR "/examples/") + std::string(name), report);
  EXPECT_TRUE(files) << report.text();
  return files.value_or(DefinitionFiles{});
}

inline std::string& content(DefinitionFiles& files, std::string_view name) {
  for (auto& [file, bytes] : files.files) {
    if (file == name) return bytes;
  }
  files.files.emplace_back(name, "");
  return files.files.back().second;
}

// Replaces the first `from`, which must be there.
inline void replace(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << "the test expects to find: " << from;
  text.replace(at, from.size(), to);
}

inline Definition must_load(const DefinitionFiles& files) {
  base::Report report;
  auto definition = parse_definition(files, report);
  if (!definition) {
    ADD_FAILURE() << report.text();
    std::abort();
  }
  return *definition;
}

}  // namespace urna::election::testing
