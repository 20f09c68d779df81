#include "group/cpu_path.hpp"

#include <cstdlib>

namespace urna::group {
namespace {

bool has_ifma() {
#ifdef URNA_PORTABLE_ONLY
  return false;
#else
  return __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0 &&
         __builtin_cpu_supports("avx512ifma") != 0;
#endif
}

CpuPath choose() {
  const char* forced = std::getenv("URNA_FORCE_PORTABLE");
  if (forced != nullptr && *forced == '1') return CpuPath::portable;
  return has_ifma() ? CpuPath::avx512_ifma : CpuPath::portable;
}

CpuPath& chosen() {
  static CpuPath path = choose();
  return path;
}

}  // namespace

CpuPath cpu_path() {
  return chosen();
}

std::string_view cpu_path_name() {
  return chosen() == CpuPath::avx512_ifma ? "avx512-ifma" : "portable";
}

namespace testing {
void use_cpu_path(CpuPath path) {
  chosen() = path == CpuPath::avx512_ifma && !has_ifma() ? CpuPath::portable : path;
}
}  // namespace testing

}  // namespace urna::group
