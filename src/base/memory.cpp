#include "base/memory.hpp"

#include <climits>  // also says whether this is glibc

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace urna::base {

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int kMiB = 1024 * 1024;
  mallopt(M_MMAP_THRESHOLD, 32 * kMiB);  // the most that glibc takes
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 64 * kMiB);
#endif
}

}  // namespace urna::base
