// What the OpenSSL-backed files of this room share. Private to src/crypto.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace urna::crypto::detail {

// OpenSSL calls that cannot fail unless memory or the installation is broken: there is
// no answer to give and nothing to clean up, so the program stops and says where.
inline void must(bool succeeded, const char* what) {
  if (succeeded) return;
  std::fprintf(stderr, "fatal: OpenSSL failed in %s\n", what);
  std::abort();
}

}  // namespace urna::crypto::detail
