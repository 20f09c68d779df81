// Which implementation of the bulk arithmetic runs: chosen once, when the program
// first asks, by what the CPU can do. URNA_FORCE_PORTABLE=1 in the environment forces
// the portable one (valgrind needs it, and tests compare the two); building with
// -DURNA_PORTABLE_ONLY=ON leaves the others out. Both give identical bytes.
#pragma once

#include <string_view>

namespace urna::group {

enum class CpuPath {
  portable,     // 51-bit limbs, 128-bit products
  avx512_ifma,  // eight lanes of 52-bit products
};

[[nodiscard]] CpuPath cpu_path();
[[nodiscard]] std::string_view cpu_path_name();

namespace testing {
// For tests and benchmarks that compare the paths in one process: from now on this
// path runs, or the portable one where the CPU lacks it. Not thread-safe.
void use_cpu_path(CpuPath path);
}  // namespace testing

}  // namespace urna::group
