// Marks the place where a value that was computed from secrets becomes public: when it
// is written into the ballot, or when it says only "this input was refused". Under the
// constant-time test (valgrind, secrets undefined) nothing may branch on a secret
// before it passes here; in a normal run these are a few instructions without effect.
// Every call is a place to review. Thread rule: pure.
#pragma once

#include <cstddef>

#include <valgrind/memcheck.h>

namespace urna::ballot {

template <class T>
void declassify(const T& value) {
  VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
}

}  // namespace urna::ballot
