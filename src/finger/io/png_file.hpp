// PNG through libpng: every bit depth and colour type becomes 8-bit grey (alpha is
// laid over white), the pHYs chunk gives the resolution. Writes grey pictures, and RGB
// for what the tools draw. Pure functions.
#pragma once

#include "finger/io/picture.hpp"

namespace urna::finger::io {

[[nodiscard]] bool is_png(ByteView file);
[[nodiscard]] Result<Picture> read_png(ByteView file);
[[nodiscard]] Result<Bytes> write_png(const Picture& picture);
// `pixels` holds 3 * width * height bytes, red green blue.
[[nodiscard]] Result<Bytes> write_png_rgb(std::uint32_t width, std::uint32_t height,
                                          ByteView pixels);

}  // namespace urna::finger::io
