// One way to turn colour into grey for every reader: ITU-R BT.601 weights in
// integers, so that all formats and machines agree. Equal parts give themselves.
#pragma once

#include <cstdint>

namespace urna::finger::io {

[[nodiscard]] constexpr std::uint8_t grey_of(std::uint8_t red, std::uint8_t green,
                                             std::uint8_t blue) {
  return static_cast<std::uint8_t>(
      (19595U * red + 38470U * green + 7471U * blue + 32768U) >> 16);
}

}  // namespace urna::finger::io
