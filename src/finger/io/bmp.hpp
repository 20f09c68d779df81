// Windows bitmaps: uncompressed, 8 bits with palette, 24 or 32 bits. What old
// scanner software exports. Pure functions.
#pragma once

#include "finger/io/picture.hpp"

namespace urna::finger::io {

[[nodiscard]] bool is_bmp(ByteView file);
[[nodiscard]] Result<Picture> read_bmp(ByteView file);

// 8-bit grey with the resolution in pixels per metre.
[[nodiscard]] Bytes write_bmp(const Picture& picture);

}  // namespace urna::finger::io
