// How the .cpp files of src/group wrap bytes that libsodium has just produced as
// Elements. Not for use outside this room. Handles secret factors: only libsodium
// looks at them.
#pragma once

#include "group/element.hpp"

namespace urna::group {

struct SodiumElement {
  // 32 little-endian bytes below l.
  [[nodiscard]] static Element base_mul(const std::uint8_t* factor);
  [[nodiscard]] static Element mul(const std::uint8_t* factor, const Element& e);
  [[nodiscard]] static Element wrap(const ByteArray<32>& valid);
};

// Starts libsodium once; ends the process when the system offers no randomness, since
// nothing that needs libsodium may run then.
void ensure_sodium();

}  // namespace urna::group
