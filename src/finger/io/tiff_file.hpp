// TIFF through libtiff: the first page, decoded to grey. Grey pages with 8 bits are
// read as they are; anything else goes through libtiff's RGBA reader. Resolution
// from XResolution and YResolution. Pure functions.
#pragma once

#include "finger/io/picture.hpp"

namespace urna::finger::io {

[[nodiscard]] bool is_tiff(ByteView file);
[[nodiscard]] Result<Picture> read_tiff(ByteView file);

// One strip, uncompressed, 8-bit grey.
[[nodiscard]] Result<Bytes> write_tiff(const Picture& picture);

}  // namespace urna::finger::io
