// Portable grey maps: P5 (binary) and P2 (text), up to 16 bits; and headerless raw
// pixels, whose size the caller must know. Neither carries a resolution.
#pragma once

#include "finger/io/picture.hpp"

namespace urna::finger::io {

[[nodiscard]] bool is_pgm(ByteView file);
[[nodiscard]] Result<Picture> read_pgm(ByteView file);
[[nodiscard]] Bytes write_pgm(const Picture& picture);

// Exactly width x height bytes, or bad_raw_size.
[[nodiscard]] Result<Picture> read_raw(ByteView pixels, std::uint32_t width,
                                       std::uint32_t height);

}  // namespace urna::finger::io
