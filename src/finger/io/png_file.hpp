// PNG through libpng: every bit depth and colour type becomes 8-bit grey (alpha is
// laid over white), the pHYs chunk gives the resolution. Pure functions.
#pragma once

#include "finger/io/picture.hpp"

namespace urna::finger::io {

[[nodiscard]] bool is_png(ByteView file);
[[nodiscard]] Result<Picture> read_png(ByteView file);
[[nodiscard]] Result<Bytes> write_png(const Picture& picture);

}  // namespace urna::finger::io
