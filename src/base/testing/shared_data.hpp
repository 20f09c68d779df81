// Where the real inputs lie that some tests use and the project does not ship: the
// folder named by URNA_SHARED_DATA, else `shared/data` beside the checkout. Tests
// that need one start with URNA_NEEDS_SHARED_DATA("seats"), which skips the test and
// says so when the data is absent. Tests only.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <gtest/gtest.h>

namespace urna::base::testing {

inline std::filesystem::path shared_data(std::string_view inside) {
  if (const char* named = std::getenv("URNA_SHARED_DATA")) {
    return std::filesystem::path(named) / inside;
  }
  return std::filesystem::path(URNA_SOURCE_DIR) / "../shared/data" / inside;
}

}  // namespace urna::base::testing

#define URNA_NEEDS_SHARED_DATA(inside)                                               \
  do {                                                                               \
    if (!std::filesystem::exists(::urna::base::testing::shared_data(inside))) {      \
      GTEST_SKIP() << "the shared data '" << (inside) << "' is not on this machine"; \
    }                                                                                \
  } while (false)
