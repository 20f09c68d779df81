// Key files that open at once, for tests and the simulator only: a guess costs next to
// nothing, so programs refuse to read them.
#pragma once

#include "crypto/key_file.hpp"

namespace urna::crypto {

struct CheapKeyFiles {
  [[nodiscard]] static KeyFileCost cost() { return {1, 8}; }
};

}  // namespace urna::crypto
