// Baseline and progressive JPEG through libjpeg, decoded to grey; the JFIF density
// gives the resolution. Writing is for ISO records and tests. Pure functions.
#pragma once

#include "finger/io/picture.hpp"

namespace urna::finger::io {

[[nodiscard]] bool is_jpeg(ByteView file);
[[nodiscard]] Result<Picture> read_jpeg(ByteView file);

// `quality` 1 to 100 as libjpeg means it; 95 keeps minutiae where they are.
[[nodiscard]] Result<Bytes> write_jpeg(const Picture& picture, int quality = 95);

}  // namespace urna::finger::io
