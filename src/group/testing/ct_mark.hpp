// Marks memory for the constant-time tests: under valgrind, secret bytes are declared
// undefined, and every branch or index that depends on them is then reported. Without
// valgrind the marks do nothing, and running_under_valgrind() says so. Tests only.
#pragma once

#include <cstdint>
#include <span>

#include <valgrind/memcheck.h>

namespace urna::group::testing {

inline void mark_secret(std::span<const std::uint8_t> bytes) {
  VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size());
}

inline void mark_public(std::span<const std::uint8_t> bytes) {
  VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size());
}

[[nodiscard]] inline bool running_under_valgrind() {
  return RUNNING_ON_VALGRIND != 0;
}

// Errors that valgrind has reported so far in this process.
[[nodiscard]] inline unsigned long reported_errors() {
  return VALGRIND_COUNT_ERRORS;
}

}  // namespace urna::group::testing
